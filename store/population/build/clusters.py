"""Which clusters a staged source holds, and how many people each has."""

from dataclasses import dataclass

import duckdb

from store.errors import BadFile
from store.population.build.staging import Staged, staged_name
from store.population.catalogue import Cluster
from store.population.mapping.bins import bin_labels, bin_sql
from store.population.mapping.model import CLUSTERED, Column, Kind, Mapping
from store.population.mapping.periods import period_labels
from store.population.phrases import label_of, phrase_of
from store.population.source.engine import name_sql, text_sql

MAX_CLUSTERS = 200_000
RANGED: frozenset[Kind] = frozenset({"number", "date"})  # a cluster for each bin, numbered


@dataclass(frozen=True)
class Attribute:
    """One clustered attribute, as shard builds need it."""

    name: str
    staged: str  # its staged column
    kind: str
    bins: tuple[float, ...]
    codes: dict[str, int]  # value -> cluster code; of ranges the values are bin numbers as text


def find_clusters(
    connection: duckdb.DuckDBPyConnection, staged: Staged, mapping: Mapping
) -> tuple[list[Cluster], list[Attribute]]:
    """Every cluster of the staged rows, coded in the order of the mapping, and the attributes they make."""
    table = f"read_parquet({text_sql(str(staged.folder) + '/*/*.parquet')}, hive_partitioning = false)"
    clusters: list[Cluster] = []
    attributes: list[Attribute] = []
    for column in mapping.columns.values():
        if column.kind not in CLUSTERED:
            continue
        sizes = _sizes(connection, table, column)
        labels = _labels(connection, table, column)
        codes = {}
        for value, size in sizes:
            codes[value] = len(clusters)
            label, rank = (labels[int(value)], int(value)) if labels else (value, _rank(column, value))
            clusters.append(_cluster(len(clusters), column, label, size, rank))
        attributes.append(
            Attribute(column.attribute, staged_name(column), column.kind, tuple(column.bins), codes)
        )
    if len(clusters) > MAX_CLUSTERS:
        raise BadFile(
            f"The source makes {len(clusters):,} clusters; {MAX_CLUSTERS:,} is the most",
            instead="Map columns with many distinct values as `field` or `ignore`.",
        )
    return clusters, attributes


def _sizes(connection: duckdb.DuckDBPyConnection, table: str, column: Column) -> list[tuple[str, int]]:
    if column.kind in RANGED and not column.bins:
        return []
    cell = name_sql(staged_name(column))
    value = {
        "number": bin_sql(cell, column.bins),
        "date": bin_sql(cell, column.bins),
        "list": f"unnest({cell})",
        "flag": f"CASE {cell} WHEN true THEN 'Yes' WHEN false THEN 'No' END",
    }.get(column.kind, cell)
    rows = connection.execute(
        f"SELECT value, count(*) FROM (SELECT {value} AS value FROM {table}) "
        "WHERE value IS NOT NULL GROUP BY value"
    ).fetchall()
    return [(str(value), size) for value, size in sorted(rows)]


def _labels(connection: duckdb.DuckDBPyConnection, table: str, column: Column) -> list[str]:
    """How the ranges are written; whole numbers read `18-24`, others `1.5 to 2.5`, dates `Q3 2023`."""
    if not column.bins:
        return []
    if column.kind == "date" and column.read_as == "date":
        return period_labels(column.bins)
    cell = name_sql(staged_name(column))
    [[whole]] = connection.execute(
        f"SELECT coalesce(bool_and({cell} = floor({cell})), true) FROM {table}"
    ).fetchall()
    return bin_labels(column.bins, integer=whole, unit=column.unit)


def _rank(column: Column, value: str) -> int:
    """The value's position among those that the mapping puts in an order; -1 for the others."""
    return column.order.index(value) if value in column.order else -1


def _cluster(code: int, column: Column, value: str, size: int, rank: int) -> Cluster:
    return Cluster(
        code=code,
        name=column.attribute,
        value=value,
        domain=column.domain,
        size=size,
        label=label_of(column),
        phrase=phrase_of(column, value),
        sensitive=column.sensitive or "",
        mined=column.mine and column.kind != "outcome",
        rank=rank,
    )
