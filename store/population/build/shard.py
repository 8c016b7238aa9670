"""One shard's files, from its staged rows."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyroaring import BitMap

from store.identifiers.address import building_of
from store.population.bitmaps import write_bitmaps, write_having
from store.population.build.clusters import RANGED, Attribute
from store.population.domains import IDENTIFIER_TYPES
from store.population.fields import CONTACTS, RAW, write_fields
from store.population.geography import write_geography
from store.population.lookup import BUILDING, normal_form, write_keys
from store.population.mapping.bins import bin_of
from store.population.profiles import write_profiles
from store.population.shard import write_person_ids

STEP = 1 << 16  # values normalised at a time


@dataclass
class ShardCounts:
    """What a built shard holds."""

    persons: int = 0
    with_place: int = 0
    sizes: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    identifiers: dict[str, int] = field(default_factory=dict)
    malformed: dict[str, int] = field(default_factory=dict)


class StagedRows:
    """A shard's staged rows in the order of their numbers, read a column at a time."""

    def __init__(self, folder: Path) -> None:
        self.files = [pq.ParquetFile(path) for path in sorted(folder.glob("*.parquet"))]
        self.names = self.files[0].schema_arrow.names
        self.order = np.lexsort((self._read("source_row").to_numpy(), self._read("place_key").to_numpy()))

    def _read(self, name: str) -> pa.ChunkedArray:
        return pa.concat_tables([file.read(columns=[name]) for file in self.files]).column(0)

    def column(self, name: str) -> pa.Array:
        """One column, in number order."""
        return self._read(name).combine_chunks().take(pa.array(self.order))

    def numbers(self, name: str) -> np.ndarray:
        """One numeric column as float64, NaN where missing."""
        return self.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False)


def build_shard(staged: Path, folder: Path, attributes: list[Attribute], clusters: int) -> ShardCounts:
    """Write one shard's files into `folder`; returns what it holds."""
    folder.mkdir(parents=True)
    rows = StagedRows(staged)
    counts = ShardCounts(persons=len(rows.order))
    write_person_ids(rows.column("person_id").to_numpy(), folder)
    latitude, longitude = rows.numbers("latitude"), rows.numbers("longitude")
    counts.with_place = int((~np.isnan(latitude)).sum())
    write_geography(latitude, longitude, folder)
    counts.sizes, quality = _write_membership(rows, attributes, clusters, folder)
    if "given_quality" in rows.names:
        given = rows.numbers("given_quality")
        quality = np.where(np.isnan(given), quality, given)
    _write_fields(rows, np.round(quality, 2), folder)
    _write_identifiers(rows, folder, counts)
    shutil.rmtree(staged)
    return counts


def _write_membership(
    rows: StagedRows, attributes: list[Attribute], clusters: int, folder: Path
) -> tuple[np.ndarray, np.ndarray]:
    """Write bitmaps and profiles; returns cluster sizes, and the share of attributes each person has.

    Of attributes that have clusters: a number without ranges is not counted.
    """
    single: list[np.ndarray] = []
    several: list[tuple[np.ndarray, np.ndarray]] = []
    for attribute in attributes:
        if attribute.kind == "list":
            several.append(_list_codes(rows.column(attribute.staged), attribute.codes))
        else:
            single.append(_codes(rows, attribute))
    sizes = write_bitmaps(_bitmaps(attributes, single, several), clusters, folder)
    codes, starts = _row_wise(len(rows.order), single, several)
    write_profiles(codes, starts, clusters, folder)
    has = np.zeros(len(rows.order))
    for column in single:
        has += column >= 0
    for _, each in several:
        has += np.diff(each) > 0
    return sizes, has / max(1, sum(bool(attribute.codes) for attribute in attributes))


def _codes(rows: StagedRows, attribute: Attribute) -> np.ndarray:
    """Cluster code of each person, -1 where the attribute is missing."""
    if attribute.kind == "flag":
        answers = np.array([attribute.codes.get(value, -1) for value in ("No", "Yes")] + [-1], dtype=np.int32)
        cells = rows.column(attribute.staged).cast(pa.int8()).fill_null(2)
        return answers[cells.to_numpy(zero_copy_only=False)]
    if attribute.kind not in RANGED:
        return _text_codes(rows.column(attribute.staged), attribute.codes)
    table = np.full(len(attribute.bins) + 2, -1, dtype=np.int32)  # its last for the missing, range -1
    for value, code in attribute.codes.items():
        table[int(value)] = code
    return table[bin_of(rows.numbers(attribute.staged), attribute.bins)]


def _text_codes(column: pa.Array, codes: dict[str, int]) -> np.ndarray:
    encoded = pc.dictionary_encode(column)  # type: ignore[attr-defined]  # pyarrow has no stubs for its kernels
    table = np.array([codes[value] for value in encoded.dictionary.to_pylist()] + [-1], dtype=np.int32)
    return table[encoded.indices.fill_null(len(table) - 1).to_numpy(zero_copy_only=False)]


def _list_codes(column: pa.Array, codes: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Codes of everyone one after the other, and where each person's start."""
    lengths = pc.list_value_length(column).fill_null(0).to_numpy(zero_copy_only=False)  # type: ignore[attr-defined]  # as above
    starts = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
    return _text_codes(pc.list_flatten(column), codes), starts  # type: ignore[attr-defined]  # as above


def _row_wise(
    persons: int, single: list[np.ndarray], several: list[tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """All codes of each person together: codes, and where each person's start."""
    lengths = sum(((column >= 0).astype(np.int64) for column in single), np.zeros(persons, dtype=np.int64))
    for _, starts in several:
        lengths = lengths + np.diff(starts)
    ends = np.concatenate(([0], np.cumsum(lengths)))
    codes = np.empty(ends[-1], dtype=np.int32)
    at = ends[:-1].copy()
    for column in single:
        have = column >= 0
        codes[at[have]] = column[have]
        at += have
    for values, starts in several:
        counts = np.diff(starts)
        codes[np.repeat(at - starts[:-1], counts) + np.arange(len(values))] = values
        at += counts
    return codes, ends


def _bitmaps(
    attributes: list[Attribute], single: list[np.ndarray], several: list[tuple[np.ndarray, np.ndarray]]
) -> Iterator[tuple[int, BitMap]]:
    """Each cluster's persons, in rising order of code: attributes are coded one after the other."""
    singles, lists = iter(single), iter(several)
    for attribute in attributes:
        if attribute.kind == "list":
            codes, starts = next(lists)
            persons = np.repeat(np.arange(len(starts) - 1, dtype=np.uint32), np.diff(starts))
        else:
            codes = next(singles)
            persons = np.flatnonzero(codes >= 0).astype(np.uint32)
            codes = codes[persons]
        if not attribute.codes:
            continue
        low, high = min(attribute.codes.values()), max(attribute.codes.values())
        narrow = (codes - low).astype(np.uint16 if high - low < 1 << 16 else np.int32)
        order = np.argsort(narrow, kind="stable")
        edges = np.searchsorted(narrow[order], np.arange(high - low + 2))
        persons = persons[order]
        for offset in range(high - low + 1):
            yield low + offset, BitMap(persons[edges[offset] : edges[offset + 1]])


def _write_fields(rows: StagedRows, quality: np.ndarray, folder: Path) -> None:
    columns = {"quality_score": pa.array(quality.astype(np.float32))}
    if "given_last_modified" in rows.names:
        columns["last_modified"] = rows.column("given_last_modified")
    for name in rows.names:
        if name.startswith("f:"):
            columns[name.removeprefix("f:")] = rows.column(name)
        elif name.startswith("n:"):
            columns[RAW + name.removeprefix("n:")] = rows.column(name)
        elif name[:-1] in IDENTIFIER_TYPES and name[-1:].isdigit():
            columns[name] = rows.column(name)
    write_fields(pa.table(columns), folder)


def _write_identifiers(rows: StagedRows, folder: Path, counts: ShardCounts) -> None:
    for id_type in IDENTIFIER_TYPES:
        columns = [f"{id_type}{slot}" for slot in range(1, CONTACTS + 1) if f"{id_type}{slot}" in rows.names]
        found = [_normal_forms(rows.column(name), id_type) for name in columns]
        if not found:
            continue
        people = np.concatenate([numbers for numbers, _, _ in found])
        slots = np.repeat(np.arange(len(found)), [len(numbers) for numbers, _, _ in found])
        normals = [form for _, forms, _ in found for form in forms]
        write_keys(id_type, normals, people, slots, folder)
        write_having(id_type, people, folder)
        if id_type == "address":
            write_keys(BUILDING, [building_of(form) for form in normals], people, slots, folder)
        counts.identifiers[id_type] = len(normals)
        counts.malformed[id_type] = sum(malformed for _, _, malformed in found)


def _normal_forms(column: pa.Array, id_type: str) -> tuple[np.ndarray, list[str], int]:
    """Whose values are well formed, their normal forms, and how many are not."""
    numbers: list[int] = []
    forms: list[str] = []
    malformed = 0
    for start in range(0, len(column), STEP):
        for number, value in enumerate(column.slice(start, STEP).to_pylist(), start=start):
            if value is None:
                continue
            normal = normal_form(id_type, value)
            if normal is None:
                malformed += 1
            else:
                numbers.append(number)
                forms.append(normal)
    return np.array(numbers, dtype=np.int64), forms, malformed
