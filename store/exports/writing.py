"""How are batches of rows written as a file, in constant memory?"""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, TypeAlias

import orjson
import pyarrow as pa
import pyarrow.csv as pacsv

from store.exports.formulas import without_formulas

Format = Literal["csv", "json", "jsonl"]
Row: TypeAlias = dict[str, Any]
KEY = "person_id"  # what a batch calls the id of each row's person
# Texts by column; under KEY whose they are, which is written nowhere.
Columns: TypeAlias = dict[str, Any]
Batch: TypeAlias = pa.Table | list[Row] | Columns


def write_csv(
    path: Path, columns: list[str], batches: Iterable[Batch], flat: Callable[[Row], Row], header: list[str]
) -> int:
    """Write a CSV as the batches come; returns how many rows. header: what the columns are called there."""
    schema = pa.schema([(name, pa.string()) for name in columns])
    options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(header)
    with path.open("ab") as file:
        for batch in batches:
            table = _table(batch, flat, schema)
            pacsv.write_csv(without_formulas(table.select(columns)), file, options)
            rows += len(table)
    return rows


def _table(batch: Batch, flat: Callable[[Row], Row], schema: pa.Schema) -> pa.Table:
    if isinstance(batch, dict):
        return pa.table({name: pa.array(batch[name], pa.string()) for name in schema.names})
    if not isinstance(batch, list):
        return batch
    return pa.Table.from_pylist(
        [{name: _text(value) for name, value in flat(row).items()} for row in batch], schema=schema
    )


def _text(value: Any) -> str | None:
    # As Arrow writes a boolean, so that both kinds of batches read the same.
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def write_json(path: Path, batches: Iterable[Batch], shaped: Callable[[Row], Row], *, lines: bool) -> int:
    """Write a JSON list, or JSON Lines, as the batches come; returns how many rows."""
    rows = 0
    between = b"\n" if lines else b",\n"
    with path.open("wb") as file:
        file.write(b"" if lines else b"[\n")
        for batch in batches:
            found = _rows(batch, shaped)
            if not found:
                continue
            file.write((between if rows else b"") + between.join(map(_json, found)))
            rows += len(found)
        file.write(b"\n" if lines and rows else b"" if lines else b"\n]\n")
    return rows


def _rows(batch: Batch, shaped: Callable[[Row], Row]) -> list[Row]:
    if isinstance(batch, list):
        return batch
    table: pa.Table = batch
    if isinstance(batch, dict):
        table = pa.table({name: values for name, values in batch.items() if name != KEY})
    return [shaped(row) for row in table.to_pylist()]


def _json(row: Row) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_SERIALIZE_NUMPY)
