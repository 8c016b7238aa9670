"""Opening a user's files as one table that DuckDB reads, of any size, with bounded memory."""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import duckdb

from store.errors import BadFile
from store.population.source.delimited import open_delimited
from store.population.source.engine import connect, name_sql, text_sql, told
from store.population.source.form import Form, form_of
from store.population.source.json_lines import open_json_lines
from store.population.source.parquet import open_parquet
from store.population.source.part import BATCH, Part
from store.population.source.types import type_of

# What is looked at to tell the types of text columns.
LOOKED_ROWS, LOOKED_CELLS = 10_000, 400_000


@dataclass(frozen=True)
class Source:
    """The rows of one or several checked files. Close it, or use it in a `with`."""

    connection: duckdb.DuckDBPyConnection
    parts: tuple[Part, ...]
    columns: dict[str, str]  # name -> text, integer, decimal, boolean, date, timestamp or list
    rows: int
    sql: str  # stands after FROM; has the columns, source_row (from 1, over all files) and source_file
    _open: ExitStack

    def describe(self) -> list[dict[str, Any]]:
        """Each file's facts, for a snapshot to remember; reads it once more for its SHA-256.

        `left_out` names the columns that are not read, and why.
        """
        return [
            {
                "file": str(part.path),
                "format": part.format,
                "size_bytes": part.path.stat().st_size,
                "sha256": _sha256(part.path),
                "rows": part.rows,
                "encoding": part.encoding,
                "left_out": part.left_out,
            }
            for part in self.parts
        ]

    def place(self, row: int) -> str:
        """Where a source_row is, for a message: "row 17", with the file's name where there are several."""
        if len(self.parts) == 1:
            return f"row {row:,}"
        ends = list(accumulate(part.rows for part in self.parts))
        at = bisect_left(ends, row)
        return f"{self.parts[at].path.name} row {row - ends[at] + self.parts[at].rows:,}"

    def close(self) -> None:
        """End the connection and remove what was written beside the files."""
        self._open.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_source(files: Sequence[Path], *, memory_limit: str = "1GB", temp: Path | None = None) -> Source:
    """The files' rows as one table, read by the names of columns, after everything was checked.

    CSV and JSON Lines give every cell as text, so that nothing is coerced; Parquet keeps its types.
    `temp` is where copies in UTF-8 and spilled rows go. Raises BadFile with file, line and column.
    """
    forms = _forms(files)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="fieldmark-source-", dir=temp)))
        connection = stack.enter_context(connect(memory_limit, folder / "spill"))
        parts = tuple(_part(connection, path, form, folder) for path, form in forms.items())
        for part in parts[1:]:
            _refuse_other_columns(parts[0], part)
        sql = _union_sql(parts)
        columns = _columns(connection, parts)
        return Source(connection, parts, columns, sum(part.rows for part in parts), sql, stack.pop_all())


def _forms(files: Sequence[Path]) -> dict[Path, Form]:
    if not files:
        raise BadFile("No file was given", instead="Name one or more files of one format.")
    forms: dict[Path, Form] = {}
    for path in files:
        if any(path.exists() and path.samefile(other) for other in forms):
            raise BadFile("The file is given twice", where=str(path), instead="Name each file once.")
        forms[path] = form_of(path)
    formats = sorted({form.format for form in forms.values()})
    if len(formats) > 1:
        raise BadFile(
            f"The files are of several formats: {', '.join(formats)}",
            where=", ".join(map(str, files)),
            instead="Load files of one format at a time.",
        )
    return forms


def _part(connection: duckdb.DuckDBPyConnection, path: Path, form: Form, folder: Path) -> Part:
    if form.format == "csv":
        return open_delimited(connection, path, form, folder)
    if form.format == "jsonl":
        return open_json_lines(connection, path, form, folder)
    return open_parquet(connection, path, folder)


def _refuse_other_columns(first: Part, part: Part) -> None:
    lacks = [name for name in first.columns if name not in part.columns]
    adds = [name for name in part.columns if name not in first.columns]
    if lacks or adds:
        lists = {"lacks": lacks, "adds": adds}
        differences = " and ".join(f"{word} {', '.join(names[:5])}" for word, names in lists.items() if names)
        raise BadFile(
            f"The files have different columns: this one {differences}",
            where=f"{part.path}, against {first.path}",
            instead="Give every file the same names of columns, in any order, or load them apart.",
        )
    for name, type in first.columns.items():
        types = {type, part.columns[name]}
        if len(types) > 1 and types != {"integer", "decimal"}:
            raise BadFile(
                f'Column "{name}" is {part.columns[name]} here and {type} there',
                where=f"{part.path}, against {first.path}",
                instead="Write it with one type.",
            )


def _union_sql(parts: Sequence[Part]) -> str:
    """All parts one after another, in order; a window over one file alone keeps the others parallel."""
    before = accumulate((part.rows for part in parts), initial=0)
    selects = []
    for part, offset in zip(parts, before, strict=False):
        cells = ", ".join(f"{part.cells[name]} AS {name_sql(name)}" for name in parts[0].columns)
        selects.append(
            f"SELECT {cells}, {part.row_sql} + {offset} AS source_row,"
            f" {text_sql(str(part.path))} AS source_file FROM {part.scan_sql}"
        )
    return f"({' UNION ALL '.join(selects)})"


def _columns(connection: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> dict[str, str]:
    """The columns with their types; of text files as the first rows look."""
    merged = {
        name: "decimal" if any(part.columns[name] == "decimal" for part in parts) else type
        for name, type in parts[0].columns.items()
    }
    if parts[0].format != "parquet":
        texts = [name for name, type in merged.items() if type == "text"]
        for start in range(0, len(texts), BATCH):
            merged |= _looks(connection, parts[0], texts[start : start + BATCH])
    return merged


def _looks(connection: duckdb.DuckDBPyConnection, part: Part, names: Sequence[str]) -> dict[str, str]:
    cells = ", ".join(part.cells[name] for name in names)
    rows = max(100, min(LOOKED_ROWS, LOOKED_CELLS // len(part.columns)))
    with told(str(part.path)):
        found = connection.execute(f"SELECT {cells} FROM {part.scan_sql} LIMIT {rows}").fetchall()
    return {name: type_of(column) for name, column in zip(names, zip(*found, strict=True), strict=True)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
