"""Files that leave the house: written as a stream, fetched through a signed link for one hour."""

import csv
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from pydantic import BaseModel

from store.access import LOCAL
from store.artifacts import written_whole
from store.errors import Expired, NotFound
from store.records import Database, Export
from store.signing import Signer

Format = Literal["csv", "json", "jsonl"]
Row: TypeAlias = dict[str, Any]
Batch: TypeAlias = pa.Table | list[Row]
LIFE = timedelta(hours=1)
FORMULA = r"^[=@\t\r\n+-]"  # a cell that a spreadsheet would run (OWASP, "CSV Injection")
# A number with its sign, such as a phone: no spreadsheet runs it.
SIGNED_NUMBER = r"^[+-]\d[\d .]*([eE][+-]?\d+)?$"


class ExportLink(BaseModel):
    """Where an export can be fetched, and until when."""

    url: str
    format: Format
    rows: int
    size_bytes: int
    expires_at: datetime


class Exports:
    """The exports of one FIELDMARK_HOME."""

    def __init__(self, folder: Path, database: Database, signer: Signer, base_url: str) -> None:
        self._folder, self._database, self._signer, self._base_url = folder, database, signer, base_url

    def write(
        self,
        export_id: str,
        format: Format,
        columns: list[str],
        batches: Iterable[Batch],
        *,
        warehouse: str,
        workflow_id: str,
        now: datetime,
        actor: str = LOCAL,
        flat: Callable[[Row], Row] = dict,
        shaped: Callable[[Row], Row] = dict,
    ) -> ExportLink:
        """Write the batches to disk as they come and return the link; nothing stays of one that fails.

        An export of this id that was written before, and has not expired, is answered as it is.
        Batches are Arrow tables of flat rows, which `shaped` nests for JSON, or nested rows, which `flat`
        flattens for CSV. `columns` is the header of a CSV.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._forget_expired(now)
        path = self._folder / f"{export_id}.{format}"
        kept = self._database.get(Export, export_id)
        if kept and now < kept.expires_at and path.exists():
            return self._link(kept)
        with written_whole(path) as beside:
            if format == "csv":
                rows = _write_csv(beside, columns, batches, flat)
            else:
                rows = _write_json(beside, batches, shaped, lines=format == "jsonl")
            size = beside.stat().st_size
            os.utime(beside, (now.timestamp(), now.timestamp()))  # its hour is counted from here
        record = Export(
            export_id=export_id,
            workflow_id=workflow_id,
            warehouse=warehouse,
            format=format,
            rows=rows,
            size_bytes=size,
            actor=actor,
            created_at=now,
            expires_at=now + LIFE,
        )
        try:
            self._database.keep(record)
        except BaseException:  # also on an interrupt no file stays that no record names
            path.unlink(missing_ok=True)
            raise
        return self._link(record)

    def _link(self, record: Export) -> ExportLink:
        name = f"{record.export_id}.{record.format}"
        signature = self._signer.sign(name, record.expires_at)
        query = urlencode({"expires": int(record.expires_at.timestamp()), "signature": signature})
        return ExportLink(
            url=f"{self._base_url}/v1/exports/{name}?{query}",
            **record.model_dump(include={"format", "rows", "size_bytes", "expires_at"}),
        )

    def fetch(self, name: str, expires: int, signature: str, now: datetime) -> Path:
        """The file of a signed link. Raises NotFound for a link we did not make, Expired after its hour."""
        try:
            expires_at = datetime.fromtimestamp(expires, UTC)
        except (OverflowError, OSError, ValueError):
            raise _unknown() from None
        if not self._signer.is_signed(name, expires_at, signature):
            raise _unknown()
        path = self._folder / name
        if now >= expires_at or not path.exists():
            raise Expired(
                "This export's hour is over and its file is gone",
                where="export",
                instead="Run the request again; its workflow_id finds what it was.",
            )
        return path

    def _forget_expired(self, now: datetime) -> None:
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):  # another call removed it first
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) + LIFE <= now:
                    path.unlink()


def _unknown() -> NotFound:
    return NotFound(
        "There is no such export",
        where="export",
        instead="Use the link as it was given, with its expires and signature.",
    )


def _write_csv(path: Path, columns: list[str], batches: Iterable[Batch], flat: Callable[[Row], Row]) -> int:
    schema = pa.schema([(name, pa.string()) for name in columns])
    options = pacsv.WriteOptions(include_header=False, quoting_style="needed")
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(columns)
    with path.open("ab") as file:
        for batch in batches:
            table = _flat_table(batch, flat, schema) if isinstance(batch, list) else batch
            pacsv.write_csv(_without_formulas(table.select(columns)), file, options)
            rows += len(table)
    return rows


def _flat_table(batch: list[Row], flat: Callable[[Row], Row], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: _text(value) for name, value in flat(row).items()} for row in batch], schema=schema
    )


def _text(value: Any) -> str | None:
    # As Arrow writes a boolean, so that both kinds of batches read the same.
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _without_formulas(table: pa.Table) -> pa.Table:
    for index, name in enumerate(table.column_names):
        column = table.column(name)
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        runs = pc.match_substring_regex(column, FORMULA)  # type: ignore[attr-defined]  # pyarrow has no stubs for its kernels
        if pc.any(runs).as_py():  # type: ignore[attr-defined]  # as above
            runs = pc.and_(runs, pc.invert(pc.match_substring_regex(column, SIGNED_NUMBER)))  # type: ignore[attr-defined]  # as above
            mark, nothing = pa.scalar("'", column.type), pa.scalar("", column.type)
            guarded = pc.binary_join_element_wise(mark, column, nothing)  # type: ignore[attr-defined]  # as above
            safe = pc.if_else(runs, guarded, column)  # type: ignore[attr-defined]  # as above
            table = table.set_column(index, name, safe)
    return table


def _write_json(path: Path, batches: Iterable[Batch], shaped: Callable[[Row], Row], *, lines: bool) -> int:
    rows = 0
    between = b"\n" if lines else b",\n"
    with path.open("wb") as file:
        file.write(b"" if lines else b"[\n")
        for batch in batches:
            found = batch if isinstance(batch, list) else [shaped(row) for row in batch.to_pylist()]
            if not found:
                continue
            file.write((between if rows else b"") + between.join(map(_json, found)))
            rows += len(found)
        file.write(b"\n" if lines and rows else b"" if lines else b"\n]\n")
    return rows


def _json(row: Row) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_SERIALIZE_NUMPY)
