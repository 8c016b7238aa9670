"""Reading CSV: every cell as text, with nothing guessed and no row lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import duckdb

from store.errors import BadFile
from store.population.source.dialect import Dialect, detect_dialect, header_names, refuse_wide_head
from store.population.source.engine import name_sql, text_sql, told
from store.population.source.form import Form
from store.population.source.part import BATCH, MAX_CELL_BYTES, MAX_LINE_BYTES, Part
from store.population.source.quotes import QuoteError, QuoteScan
from store.population.source.scan import TooLongError
from store.population.source.text import Text, opened, settled

_SHOWN = 5
_LARGE = f"A cell may hold {MAX_CELL_BYTES >> 20} MiB and a row {MAX_LINE_BYTES >> 20} MiB; take it out."


def open_delimited(connection: duckdb.DuckDBPyConnection, path: Path, form: Form, folder: Path) -> Part:
    """The file with its structure checked. Raises BadFile for whatever does not hold together."""
    where = str(path)
    text = opened(path, form.compressed, folder)
    dialect = detect_dialect(text.head(), form.tabbed)
    refuse_wide_head(text.head(), dialect, where)
    names = header_names(text.head(), dialect, where)
    text, quotes = _settled(text, dialect, names, folder)
    names = header_names(text.head(), dialect, where)  # again, from what may be another encoding now
    reader = _Reader(connection, text, names, dialect)
    rows = reader.checked_rows()
    if not rows:
        raise BadFile("The file has column names and no rows", where=where, instead="Add rows under them.")
    _refuse_lost(quotes, rows, names, where)
    return Part(
        path,
        "csv",
        rows,
        dict.fromkeys(names, "text"),
        reader.scan_sql(),
        {name: name_sql(name) for name in names},
        encoding=text.encoding,
    )


def _settled(text: Text, dialect: Dialect, names: Sequence[str], folder: Path) -> tuple[Text, QuoteScan]:
    quotes = QuoteScan(dialect.delimiter, dialect.quote, dialect.escape)
    try:
        text, seen = settled(text, b"\r\n" + dialect.delimiter.encode(), folder, quotes.fresh)
    except TooLongError as error:
        place = _place(text, dialect, names, error.offset)
        raise BadFile(
            "A cell or a row is too large, or a quote or a line end is missing", where=place, instead=_LARGE
        ) from None
    except QuoteError as error:
        raise BadFile(
            "A quote is not closed, or text follows the closing one, in the cell that begins here",
            where=_place(text, dialect, names, error.offset),
            instead=f"Close it, and write a {dialect.quote} within a quoted cell twice.",
        ) from None
    return text, seen or quotes


def _place(text: Text, dialect: Dialect, names: Sequence[str], offset: int) -> str:
    """The file, the line and the column of the cell that begins at the offset."""
    [line] = text.lines_at([offset])
    before = text.between(max(0, offset - MAX_LINE_BYTES), offset).decode("latin-1")
    cells = dialect.rows(before[before.rfind("\n") + 1 :] + "x")
    at = len(cells[0]) if cells else 1
    return f"{text.path}, line {line:,}" + (
        f', column "{names[at - 1]}"' if line > 1 and at <= len(names) else ""
    )


def _refuse_lost(quotes: QuoteScan, rows: int, names: Sequence[str], where: str) -> None:
    """Two readers must agree on the number of rows; blank lines are rows of a single column only."""
    least = quotes.rows - 1
    if not least <= rows <= least + (quotes.blanks if len(names) == 1 else 0):
        raise BadFile(
            f"The file has {least:,} rows but {rows:,} of them can be read",
            where=where,
            instead="Check its line ends and quotes, or export it again as plain CSV in UTF-8.",
        )


@dataclass(frozen=True)
class _Reject:
    """A place where a row does not hold together."""

    line_start: int
    kind: str
    found: int


class _Reader:
    """A file with its dialect pinned: DuckDB guesses nothing."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, text: Text, names: Sequence[str], dialect: Dialect
    ) -> None:
        self.connection, self.text, self.names, self.dialect = connection, text, names, dialect
        self.where = str(text.path)

    def scan_sql(self, more: str = "") -> str:
        """A FROM-able scan that gives every cell as text."""
        columns = ", ".join(f"{text_sql(name)}: 'VARCHAR'" for name in self.names)
        return (
            f"read_csv({text_sql(str(self.text.at))}, auto_detect = false, header = true, all_varchar = true,"
            f" delim = {text_sql(self.dialect.delimiter)}, quote = {text_sql(self.dialect.quote)},"
            f" escape = {text_sql(self.dialect.escape)}, max_line_size = {MAX_LINE_BYTES},"
            f" compression = '{'gzip' if self.text.compressed else 'none'}',"
            f" columns = {{{columns}}}{more})"
        )

    def checked_rows(self) -> int:
        """The number of rows, after all cells were parsed. Raises BadFile for ragged or unclosed rows."""
        rows = 0
        for start in range(0, len(self.names), BATCH):
            batch = self.names[start : start + BATCH]
            rows, longest, rejects = self._scanned(batch)
            if rejects:
                # Once more in one thread: of many rejects, threads keep not always the first.
                self._refuse(self._scanned(batch, ", parallel = false")[2] or rejects)
            for name, length in zip(batch, longest, strict=True):
                if (length or 0) > MAX_CELL_BYTES:
                    self._refuse_cell(name)
        return rows

    def _scanned(self, names: Sequence[str], more: str = "") -> tuple[int, Sequence[int], list[_Reject]]:
        longest = ", ".join(f"max(strlen({name_sql(name)}))" for name in names)
        limit = max(1_000, _SHOWN * len(self.names))
        rejecting = (
            f", store_rejects = true, rejects_table = 'rejects', rejects_scan = 'reject_scans',"
            f" rejects_limit = {limit}{more}"
        )
        with told(self.where):
            sql = f"SELECT count(*), {longest} FROM {self.scan_sql(rejecting)}"
            [(rows, *lengths)] = self.connection.execute(sql).fetchall()
            rejects = self.connection.execute(
                "SELECT line_byte_position - 1, error_type, error_message FROM rejects ORDER BY ALL"
            ).fetchall()
            self.connection.execute("DROP TABLE rejects; DROP TABLE reject_scans")
        return rows, lengths, [_reject(*reject) for reject in rejects]

    def _refuse(self, rejects: list[_Reject]) -> NoReturn:
        first: dict[int, _Reject] = {}
        for reject in rejects:
            known = first.setdefault(reject.line_start, reject)
            if _outweighs(reject, known):
                first[reject.line_start] = reject
        shown = list(first.values())
        if shown[0].kind in ("MISSING COLUMNS", "TOO MANY COLUMNS"):
            self._refuse_ragged([reject for reject in shown if reject.found])
        [line] = self.text.lines_at([shown[0].line_start])
        where = f"{self.where}, line {line:,}"
        if shown[0].kind == "LINE SIZE OVER MAXIMUM":
            raise BadFile("A row is too large, or a quote in it is not closed", where=where, instead=_LARGE)
        raise BadFile(
            "A quote in the row that begins here is not closed, or text follows a closing quote",
            where=where,
            instead=f"Close it, and write a {self.dialect.quote} within a quoted cell twice.",
        )

    def _refuse_ragged(self, ragged: list[_Reject]) -> NoReturn:
        shown = ragged[:_SHOWN]
        lines = self.text.lines_at([reject.line_start for reject in shown])
        told = ", ".join(
            f"line {line:,} has {reject.found:,}" for line, reject in zip(lines, shown, strict=True)
        )
        columns = "1 column" if len(self.names) == 1 else f"{len(self.names):,} columns"
        raise BadFile(
            f"Rows do not have the {columns} that line 1 names: {told}",
            where=self.where,
            instead="Give every row as many cells; quote cells that hold the delimiter or a line end.",
        )

    def _refuse_cell(self, name: str) -> NoReturn:
        with told(self.where):
            sql = (
                "SELECT row FROM (SELECT row_number() OVER () AS row, strlen("
                f"{name_sql(name)}) AS length FROM {self.scan_sql()}) WHERE length > {MAX_CELL_BYTES} LIMIT 1"
            )
            [(row,)] = self.connection.execute(sql).fetchall()
        raise BadFile(
            "A cell is too large", where=f'{self.where}, row {row:,}, column "{name}"', instead=_LARGE
        )


def _reject(line_start: int, kind: str, message: str) -> _Reject:
    found = re.search(r"Found: (\d+)", message)
    return _Reject(max(0, line_start), kind, int(found[1]) if found else 0)


def _outweighs(reject: _Reject, known: _Reject) -> bool:
    """Of the rejects of one line, the least found tells what is missing, the most what is too many."""
    if reject.kind != known.kind:
        return False
    return (reject.found < known.found) == (reject.kind == "MISSING COLUMNS") and reject.found != known.found
