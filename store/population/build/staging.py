"""The source's rows, cleaned, placed on the curve and parted into shards: what each shard is built from."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.func import PythonUDFType

from store.errors import BadFile
from store.places import zip_centroids
from store.population.curve import hilbert
from store.population.domains import IDENTIFIER_TYPES, PERSONAL
from store.population.fields import CONTACTS
from store.population.mapping.model import Column, Mapping
from store.population.source import Source
from store.population.source.cells import (
    flag_sql,
    list_sql,
    missing_sql,
    number_sql,
    person_id_sql,
    timestamp_sql,
    value_sql,
)
from store.population.source.dates import date_sql
from store.population.source.engine import name_sql, text_sql

SHARD_PERSONS = 1 << 20
NOWHERE = 1 << 32  # added to the row number of those without a place: they come last, in source order
FLUSHED_ROWS = 1 << 14  # rows of a shard that wait in memory while they are staged
PARQUET = "(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 65536"
GROUP = 1 << 12  # width of a step of the histogram from which shard edges are taken
ZIP_AT_END = r"(\d{5})(?:-\d{4})?[\s,]*(?:USA|US|United States)?[\s.]*$"


@dataclass(frozen=True)
class Staged:
    """The rows of each shard in a folder of Parquet files, with the columns of `staged_sql`."""

    folder: Path

    @property
    def parts(self) -> list[Path]:
        """The folder of each shard, in order; one whose persons were all erased has none."""
        return sorted(self.folder.iterdir(), key=lambda part: int(part.name.partition("=")[2]))


def stage(
    source: Source,
    mapping: Mapping,
    folder: Path,
    is_erased: Callable[[str, str], bool] | None = None,
    shard_persons: int = SHARD_PERSONS,
) -> Staged:
    """Write the source's rows to `folder/shard=K/*.parquet`, near people in the same shard.

    is_erased(type, value) is asked of every person id and personal identifier when it is given; rows
    for which it says yes are left out. Raises BadFile when that leaves nobody.
    """
    connection = source.connection
    _register(connection, is_erased)
    edges = _shard_edges(source, mapping, shard_persons)
    connection.create_function(
        "shard_of",
        lambda key: pa.array(np.searchsorted(edges, key.to_numpy(), side="right")),
        ["BIGINT"],
        "BIGINT",
        type=PythonUDFType.ARROW,
    )
    select = staged_sql(source, mapping, erased=is_erased is not None)
    _write(connection, select, folder, parted=len(edges) > 0)
    staged = Staged(folder)
    if not staged.parts:
        raise BadFile("Everybody in the source was erased", instead="Load a source with other people in it.")
    return staged


def _write(connection: duckdb.DuckDBPyConnection, select: str, folder: Path, *, parted: bool) -> None:
    """Write the rows under `folder/shard=K`; one shard alone is written as it comes, at half the cost."""
    first = folder / "shard=0"
    (folder if parted else first).mkdir(parents=True)
    if not parted:
        file = text_sql(str(first / "rows.parquet"))
        written = connection.execute(f"COPY ({select}) TO {file} {PARQUET})").fetchone()
        if written == (0,):
            shutil.rmtree(first)
        return
    # By default half a million rows of each shard wait in memory.
    connection.execute(f"SET partitioned_write_flush_threshold = {FLUSHED_ROWS}")
    connection.execute(
        f"COPY (SELECT *, shard_of(place_key) AS shard FROM ({select})) "
        f"TO {text_sql(str(folder))} {PARQUET}, PARTITION_BY (shard))"
    )


def _register(connection: duckdb.DuckDBPyConnection, is_erased: Callable[[str, str], bool] | None) -> None:
    zips, latitudes, longitudes = zip_centroids()
    table = pa.table({"zip": zips.astype(str), "latitude": latitudes, "longitude": longitudes})
    connection.register("zip_places", table)
    connection.create_function(
        "curve_position",
        lambda lat, lon: pa.array(hilbert(lat.to_numpy(), lon.to_numpy())),
        ["DOUBLE", "DOUBLE"],
        "BIGINT",
        type=PythonUDFType.ARROW,
    )
    if is_erased is not None:
        connection.create_function("is_erased", is_erased, ["VARCHAR", "VARCHAR"], "BOOLEAN")


def staged_sql(source: Source, mapping: Mapping, *, erased: bool = False) -> str:
    """The query whose rows are staged: typed, cleaned, with `place_key` for the order of persons."""
    people = (
        f"SELECT source_row, {_columns_sql(source, mapping)}, {_zip_sql(mapping)} AS zip5 FROM {source.sql}"
    )
    given = bool(mapping.of_kind("latitude"))
    # Both from one place: half a place given is none.
    place = "CASE WHEN p.given_latitude + p.given_longitude IS NOT NULL THEN p.given_{0} ELSE z.{0} END"
    latitude, longitude = ((place if given else "z.{0}").format(name) for name in ("latitude", "longitude"))
    keep = " AND ".join(_not_erased_sql(mapping)) if erased else "true"
    placed = (
        f"SELECT p.*, {latitude} AS latitude, {longitude} AS longitude "
        f"FROM ({people}) p LEFT JOIN zip_places z ON p.zip5 = z.zip WHERE {keep}"
    )
    return f"SELECT *, {_key_sql()} AS place_key FROM ({placed})"


def _key_sql() -> str:
    return f"coalesce(curve_position(latitude, longitude), {NOWHERE} + source_row)"


def _columns_sql(source: Source, mapping: Mapping) -> str:
    person = next(iter(mapping.of_kind("person_id")), None)
    parts = [f"{person_id_sql(person, mapping)} AS person_id" if person else "source_row AS person_id"]
    parts += [f"{sql} AS given_{kind}" for kind, sql in _given_sql(mapping)]
    parts += [
        f"{_attribute_sql(name, column, mapping, source.columns[name])} AS {name_sql(staged_name(column))}"
        for name, column in mapping.columns.items()
        if staged_name(column)
    ]
    parts += [f"{sql} AS {name_sql(name)}" for name, sql in identifier_columns(mapping).items()]
    return ", ".join(parts)


def _given_sql(mapping: Mapping) -> list[tuple[str, str]]:
    numbers = [
        (column.kind, number_sql(name, mapping))
        for name, column in mapping.of_kind("latitude", "longitude", "quality").items()
    ]
    times = mapping.of_kind("last_modified")
    return numbers + [("last_modified", timestamp_sql(name, mapping)) for name in times]


def staged_name(column: Column) -> str:
    """The staged column of an attribute or field, or blank for kinds that are staged otherwise."""
    prefix = {
        "category": "c:",
        "flag": "c:",
        "outcome": "c:",
        "number": "n:",
        "date": "n:",
        "list": "l:",
        "field": "f:",
    }
    return prefix[column.kind] + column.attribute if column.kind in prefix else ""


def _attribute_sql(name: str, column: Column, mapping: Mapping, type_name: str) -> str:
    if column.kind == "number":
        return number_sql(name, mapping)
    if column.kind == "date":
        return date_sql(name, mapping)
    if column.kind == "list":
        return list_sql(name, mapping, type_name)
    if column.kind == "flag":
        # A byte a cell: most columns of a wide source are flags.
        return f"({flag_sql(name, mapping)} = 'Yes')"
    return value_sql(name, mapping)


def identifier_columns(mapping: Mapping) -> dict[str, str]:
    """SQL of each identifier column as it is staged (`email1` …), three at most of each type."""
    columns: dict[str, str] = {}
    for kind in IDENTIFIER_TYPES:
        cells = [
            missing_sql(name, mapping)
            for name, column in mapping.of_kind("identifier").items()
            if column.identifier == kind and not column.part
        ]
        if kind == "address" and (parts := _address_sql(mapping)):
            cells.append(parts)
        columns |= {f"{kind}{slot}": cell for slot, cell in enumerate(cells[:CONTACTS], start=1)}
    return columns


def _address_sql(mapping: Mapping) -> str:
    """One line of the columns that are parts of an address; blank when there is no street among them."""
    parts = {
        column.part: missing_sql(name, mapping)
        for name, column in mapping.of_kind("identifier").items()
        if column.part
    }
    if "street" not in parts:
        return ""
    names = ("street", "unit", "city", "state", "zip")
    street, unit, city, state, zip_code = (parts.get(name, "NULL") for name in names)
    # A column of numbers leaves ".0" behind, and no leading zeros.
    zip_code = f"regexp_replace({zip_code}, '\\.0+$', '')"
    tail = f"concat_ws(' ', {state}, lpad({zip_code}, CAST(greatest(5, length({zip_code})) AS INTEGER), '0'))"
    line = f"concat_ws(', ', concat_ws(' ', {street}, {unit}), {city}, nullif({tail}, ''))"
    return f"CASE WHEN {street} IS NOT NULL THEN {line} END"


def _zip_sql(mapping: Mapping) -> str:
    for name, column in mapping.of_kind("identifier").items():
        if column.part == "zip":
            return f"lpad(regexp_extract({missing_sql(name, mapping)}, '^[0-9]+'), 5, '0')"
    address = identifier_columns(mapping).get("address1")
    return f"regexp_extract({address}, {text_sql(ZIP_AT_END)}, 1)" if address else "CAST(NULL AS VARCHAR)"


def _not_erased_sql(mapping: Mapping) -> list[str]:
    columns = {name: name.rstrip("123") for name in identifier_columns(mapping)}
    asked = [(kind, name) for name, kind in columns.items() if kind in PERSONAL]
    if mapping.of_kind("person_id"):
        asked.append(("person_id", "CAST(person_id AS VARCHAR)"))
    return [f"NOT coalesce(is_erased({text_sql(kind)}, {value}), false)" for kind, value in asked] or ["true"]


def _shard_edges(source: Source, mapping: Mapping, shard_persons: int) -> np.ndarray:
    """Keys at which the shards after the first begin, so that each holds about shard_persons."""
    if source.rows <= shard_persons:
        return np.empty(0, dtype=np.int64)
    rows = source.connection.execute(
        f"SELECT place_key // {GROUP} AS step, count(*) AS persons FROM ({staged_sql(source, mapping)}) "
        "GROUP BY step ORDER BY step"
    ).fetchnumpy()
    steps, counts = np.asarray(rows["step"], dtype=np.int64), np.asarray(rows["persons"], dtype=np.int64)
    wanted = np.ceil(source.rows / shard_persons)
    filled = (np.cumsum(counts) - counts) // np.ceil(source.rows / wanted)
    starts = np.flatnonzero(np.diff(filled)) + 1
    return steps[starts] * GROUP
