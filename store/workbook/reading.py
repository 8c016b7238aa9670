"""A sheet of a workbook as a CSV file, and which sheets there are."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import orjson

from store.errors import BadFile, TooMany
from store.workbook.checking import AS_CSV, require_openable

ENDINGS = (".xlsx", ".xlsm", ".xls")
CHILD = Path(__file__).with_name("child.py")
MOST_ROWS = 1_000_000
MOST_MB, MOST_SECONDS = 3_072, 120  # of the process that reads: memory, and time of a processor


class Sheets(NamedTuple):
    """The sheets that can be seen, and the one that was read."""

    names: list[str]
    read: str
    rows: int


def is_workbook(name: str) -> bool:
    """Whether a file of this name is taken for a workbook."""
    return name.lower().endswith(ENDINGS)


def written_as_csv(path: Path, csv: Path, sheet: str = "") -> Sheets:
    """Write the sheet of this name, or the first that holds rows, to `csv` in UTF-8.

    The names of the columns are the first row that is as full as the table; rows above it, rows without any
    cell, and columns without name and cells are left out. Raises BadFile and TooMany.
    """
    require_openable(path)
    limits = [str(MOST_ROWS), str(MOST_MB), str(MOST_SECONDS)]
    try:
        ended = subprocess.run(  # our own script; the name of a sheet is one argument
            [sys.executable, "-I", str(CHILD), str(path), str(csv), *limits, sheet],
            capture_output=True,
            timeout=2 * MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _broken(path) from None
    if ended.returncode not in (0, 1) or not ended.stdout.startswith(b"{"):
        raise _broken(path)
    found = orjson.loads(ended.stdout)
    if "problem" in found:
        raise _refusal(path, found)
    return Sheets(found["sheets"], found["sheet"], found["rows"])


def _broken(path: Path) -> BadFile:
    return BadFile("The workbook is broken, or its sheet is too large", where=path.name, instead=AS_CSV)


def _refusal(path: Path, found: dict[str, object]) -> BadFile | TooMany:
    if found["problem"] == "rows":
        return TooMany(
            f"The sheet has {found['rows']:,} rows; {MOST_ROWS:,} is the most",
            where=path.name,
            instead="Split it, or load it with `fieldmark load`.",
        )
    if found["problem"] == "empty":
        return BadFile(
            "No sheet of the workbook holds a table",
            where=path.name,
            instead="A sheet needs a row with the names of its columns, and rows under it.",
        )
    return _broken(path)
