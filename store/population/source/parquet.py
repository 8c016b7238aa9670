"""Reading Parquet: its columns by type, every page read once before it is trusted."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from store.errors import BadFile
from store.population.source.engine import name_sql, text_sql, told
from store.population.source.part import BATCH, MAX_CELL_BYTES, Part, check_names

_AGAIN = "Write the file again, or copy it whole."


def open_parquet(connection: duckdb.DuckDBPyConnection, path: Path, folder: Path) -> Part:
    """The file with its footer, columns and pages checked. Raises BadFile for what cannot be read."""
    where = str(path)
    metadata, schema = _footer(path)
    check_names(schema.names, where)
    if not metadata.num_rows:
        raise BadFile("The file has columns and no rows", where=where, instead="Write rows into it.")
    types = {field.name: simple_type(field.type) for field in schema}
    columns = {name: type for name, type in types.items() if type}
    if not columns:
        raise BadFile("No column holds plain values", where=where, instead="Flatten its nested columns.")
    _refuse_large_cells(metadata, where)
    link = folder / f"{len(list(folder.iterdir()))}.parquet"
    link.symlink_to(path.resolve())
    part = Part(
        path,
        "parquet",
        metadata.num_rows,
        columns,
        f"read_parquet({text_sql(str(link))}, file_row_number = true, hive_partitioning = false)",
        {name: _cell_sql(name, type) for name, type in columns.items()},
        "file_row_number + 1",
        left_out={name: f"holds {schema.field(name).type}" for name, type in types.items() if not type},
    )
    for start in range(0, len(columns), BATCH):
        _check_pages(connection, part, list(columns)[start : start + BATCH])
    return part


def simple_type(type: pa.DataType) -> str:
    """The type in our words; blank for nested and binary columns, which cannot be read."""
    if pa.types.is_dictionary(type):
        return simple_type(type.value_type)
    for name, is_of_it in _TYPES.items():
        if is_of_it(type):
            return name
    if isinstance(type, pa.ListType | pa.LargeListType | pa.FixedSizeListType):
        return "list" if simple_type(type.value_type) not in ("", "list") else ""
    return ""


_TYPES = {
    "boolean": pa.types.is_boolean,
    "integer": pa.types.is_integer,
    "decimal": lambda type: pa.types.is_floating(type) or pa.types.is_decimal(type),
    "date": pa.types.is_date,
    "timestamp": pa.types.is_timestamp,
    "text": lambda type: (
        pa.types.is_string(type)
        or pa.types.is_large_string(type)
        or pa.types.is_string_view(type)
        or pa.types.is_time(type)
        or pa.types.is_null(type)
    ),
}


def _footer(path: Path) -> tuple[pq.FileMetaData, pa.Schema]:
    try:
        with pq.ParquetFile(path) as file:
            return file.metadata, file.schema_arrow
    except (pa.ArrowException, OSError):
        raise BadFile(
            "The file is not Parquet, or its footer is cut off or broken", where=str(path), instead=_AGAIN
        ) from None


def _refuse_large_cells(metadata: pq.FileMetaData, where: str) -> None:
    """Cells that are too large on average are seen in the footer, before any is read."""
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            if chunk.total_uncompressed_size > 2 * MAX_CELL_BYTES * max(1, chunk.num_values):
                _refuse_cell(where, f'column "{chunk.path_in_schema.split(".")[0]}"')


def _refuse_cell(where: str, place: str) -> None:
    raise BadFile(
        "A cell is too large",
        where=f"{where}, {place}",
        instead=f"A cell may hold {MAX_CELL_BYTES >> 20} MiB; take it out.",
    )


def _cell_sql(name: str, type: str) -> str:
    cast = {"text": "VARCHAR", "list": "VARCHAR[]"}.get(type)
    return f"CAST({name_sql(name)} AS {cast})" if cast else name_sql(name)


def _check_pages(connection: duckdb.DuckDBPyConnection, part: Part, names: Sequence[str]) -> None:
    """Read every page. A hash, since a count or a maximum would be answered from the footer."""
    try:
        longest = _measured(connection, part, names)
    except BadFile:
        for name in names:
            _measured(connection, part, [name], f', column "{name}"')
        raise
    for name, length in longest.items():
        if part.columns[name] == "text" and (length or 0) > MAX_CELL_BYTES:
            sql = (
                f"SELECT {part.row_sql} FROM {part.scan_sql} WHERE strlen({part.cells[name]}) >"
                f" {MAX_CELL_BYTES} LIMIT 1"
            )
            [(row,)] = connection.execute(sql).fetchall()
            _refuse_cell(str(part.path), f'row {row:,}, column "{name}"')


def _measured(
    connection: duckdb.DuckDBPyConnection, part: Part, names: Sequence[str], place: str = ""
) -> Mapping[str, int]:
    measures = ", ".join(
        f"max({'strlen' if part.columns[name] == 'text' else 'hash'}({part.cells[name]}))" for name in names
    )
    with told(f"{part.path}{place}"):
        [found] = connection.execute(f"SELECT {measures} FROM {part.scan_sql}").fetchall()
    return dict(zip(names, found, strict=True))
