"""What does the population know of these people, as columns that models read?"""

from collections.abc import Sequence

import numpy as np

from store.features import UNKNOWN, Feature, FeatureTable
from store.population.catalogue import Cluster
from store.population.fields import RAW
from store.population.population import Population
from store.population.shard import Shard


def population_features(
    population: Population, person_ids: np.ndarray, *, sensitive: bool = False
) -> FeatureTable:
    """The traits of these people, one row each in the order given.

    A number that is kept raw is a number; an attribute of which people have several values is a set; the
    others are categories. Outcomes, contacts and what the mapping keeps out of mining are left out, and
    sensitive attributes unless asked for. Somebody whom the population lacks is unknown throughout.
    """
    ids = np.asarray(person_ids, dtype=np.int64)
    codes = population.catalogue.minable(sensitive=sensitive)
    owners, flat = _held(population, ids, codes)
    numeric = _numeric(population)
    names: dict[str, list[Cluster]] = {}
    for code in codes.tolist():
        cluster = population.catalogue[code]
        names.setdefault(cluster.name, []).append(cluster)
    several = _several(population)
    # Of the type of `flat`: else each search would turn all of it into another.
    ends = np.searchsorted(flat, np.arange(len(population.catalogue.clusters) + 1).astype(flat.dtype))
    columns = []
    for name, clusters in names.items():
        if name in numeric:
            columns.append(_number(population, ids, clusters[0], numeric[name]))
        else:
            columns.append(_coded(clusters, owners, ends, len(ids), name in several))
    return FeatureTable(len(ids), tuple(columns))


def _held(population: Population, ids: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and the codes they have, of the codes wanted, by code and then by row."""
    parts = population.ask(_codes_of, ids, codes)
    rows = np.concatenate([part[0] for part in parts])
    flat = np.concatenate([part[1] for part in parts])
    order = np.lexsort((rows, flat))
    return rows[order], flat[order]


def _codes_of(shard: Shard, ids: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    asked, numbers = shard.numbers_of(ids)
    flat, starts = shard.profiles.of(numbers)
    rows = np.repeat(asked, np.diff(starts))
    kept = np.isin(flat, wanted)
    return rows[kept], flat[kept]


def _numeric(population: Population) -> dict[str, str]:
    """Attributes that are kept as numbers, and their units."""
    return {
        column.get("attribute") or name: column.get("unit", "years" if column.get("as") == "age" else "")
        for name, column in population.manifest.mapping["columns"].items()
        if column["kind"] == "number" or column.get("as") == "age"
    }


def _several(population: Population) -> set[str]:
    columns = population.manifest.mapping["columns"].items()
    return {column.get("attribute") or name for name, column in columns if column["kind"] == "list"}


def _number(population: Population, ids: np.ndarray, cluster: Cluster, unit: str) -> Feature:
    values = np.full(len(ids), np.nan)
    for asked, found in population.ask(_raw_of, ids, cluster.name):
        values[asked] = found
    return Feature(cluster.name, "number", values, label=cluster.label, unit=unit, domain=cluster.domain)


def _raw_of(shard: Shard, ids: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    asked, numbers = shard.numbers_of(ids)
    values = shard.fields.take(numbers, [RAW + name])[RAW + name]
    return asked, np.array(values, dtype=np.float64)


def _coded(
    clusters: Sequence[Cluster], owners: np.ndarray, ends: np.ndarray, rows: int, several: bool
) -> Feature:
    """The column of one attribute, from rows in the order of codes and where each code begins."""
    mine = [
        (level, owners[ends[cluster.code] : ends[cluster.code + 1]]) for level, cluster in enumerate(clusters)
    ]
    levels = tuple(cluster.value for cluster in clusters)
    name, label, domain = clusters[0].name, clusters[0].label, clusters[0].domain
    if not several:
        values = np.full(rows, UNKNOWN, dtype=np.int32)
        for level, having in mine:
            values[having] = level
        return Feature(name, "category", values, levels, label=label, domain=domain)
    codes = np.concatenate([np.full(len(having), level, dtype=np.int32) for level, having in mine])
    holders = np.concatenate([having for _, having in mine])
    starts = np.concatenate(([0], np.cumsum(np.bincount(holders, minlength=rows)))).astype(np.int64)
    by_row = codes[np.argsort(holders, kind="stable")]
    return Feature(name, "set", by_row, levels, starts, label=label, domain=domain)
