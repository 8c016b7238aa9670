"""What one file of a source holds and how it is read, and which columns it may have."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from store.errors import BadFile

Format = Literal["csv", "parquet", "jsonl"]

MAX_COLUMNS = 10_000
MAX_CELL_BYTES = 1 << 20
MAX_LINE_BYTES = 4 << 20
MAX_NAME = 200
# Names that the source adds to every row.
RESERVED = ("source_row", "source_file")
# More columns than this at once and DuckDB's vectors alone fill its memory.
BATCH = 1_000


@dataclass(frozen=True)
class Part:
    """One file, checked: `scan_sql` reads it, `cells` gives each column from that, `row_sql` the row."""

    path: Path
    format: Format
    rows: int
    columns: dict[str, str]  # name -> text, integer, decimal, boolean, date, timestamp or list
    scan_sql: str
    cells: dict[str, str]
    row_sql: str = "row_number() OVER ()"
    encoding: str = ""
    left_out: dict[str, str] = field(default_factory=dict)  # column -> why it is not read


def refuse_wide(columns: int, where: str) -> None:
    """Raise BadFile above 10,000 columns."""
    if columns > MAX_COLUMNS:
        raise BadFile(
            f"The file has more than {MAX_COLUMNS:,} columns",
            where=where,
            instead="Leave out columns, or turn them into one list column.",
        )


def check_names(names: Sequence[str], where: str) -> None:
    """Raise BadFile for names that are blank, too long, repeated in any case of letters, or ours."""
    refuse_wide(len(names), where)
    _refuse_blank(names, where)
    _refuse_repeated(names, where)
    taken = [name for name in names if name.casefold() in RESERVED]
    if taken:
        raise BadFile(
            f"{', '.join(taken)} is the name of a column that reading adds",
            where=where,
            instead="Rename it in the file.",
        )


def _refuse_blank(names: Sequence[str], where: str) -> None:
    blank = [at for at, name in enumerate(names, 1) if not name.strip()]
    if blank:
        raise BadFile(
            f"{len(blank)} of {len(names)} columns have no name: {_listed('column', blank)}",
            where=where,
            instead="Give every column a name, or take the column out.",
        )
    long = [at for at, name in enumerate(names, 1) if len(name) > MAX_NAME]
    if long:
        raise BadFile(
            f"A column's name is longer than {MAX_NAME} characters: {_listed('column', long)}",
            where=where,
            instead="Check that the first line holds short names of columns.",
        )


def _refuse_repeated(names: Sequence[str], where: str) -> None:
    places: dict[str, list[int]] = {}
    for at, name in enumerate(names, 1):
        places.setdefault(name.casefold(), []).append(at)
    repeated = [(names[at[0] - 1], at) for at in places.values() if len(at) > 1]
    if repeated:
        told = "; ".join(f'"{name}" at {_listed("columns", at)}' for name, at in repeated[:5])
        raise BadFile(
            f"Columns share a name (upper and lower case are one): {told}",
            where=where,
            instead="Rename or drop all but one of each.",
        )


def _listed(noun: str, places: Sequence[int], most: int = 5) -> str:
    more = f" and {len(places) - most} more" if len(places) > most else ""
    return f"{noun} {', '.join(map(str, places[:most]))}{more}"
