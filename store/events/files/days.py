"""Which day is a file of? events_YYYYMMDD, or events_intraday_YYYYMMDD of a day still running."""

import gzip
import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, Field

from store.errors import BadFile, BadInput

TABLE = re.compile(r"events_(intraday_)?(\d{8})(?!\d)")
ENDINGS = {".parquet": "parquet", ".json": "json", ".jsonl": "json", ".ndjson": "json"}
GZIP = b"\x1f\x8b"


class SourceFile(BaseModel):
    """One file as it was when it was read."""

    path: Path
    size: int = Field(description="Bytes.")
    mtime_ns: int
    sha256: str = ""

    def is_same(self, older: "SourceFile") -> bool:
        """Whether nothing changed since; the content decides where only the time did."""
        if self.size != older.size:
            return False
        return self.mtime_ns == older.mtime_ns or digest(self.path) == older.sha256


class SourceDay(BaseModel):
    """The files of one day, in the order of their names."""

    day: date
    intraday: bool = Field(description="Whether the day was still running when it was exported.")
    files: list[SourceFile]


def source_days(files: Sequence[Path]) -> list[SourceDay]:
    """The days of these files, oldest first; where a day has both, its intraday files are left out.

    Raises BadFile for a file that is not there, of no known ending, or whose name tells no day.
    """
    found: dict[tuple[date, bool], dict[Path, SourceFile]] = {}
    for path in files:
        day, intraday = _day_of(path)
        state = _state(path)
        found.setdefault((day, intraday), {})[path.absolute()] = SourceFile(
            path=path.absolute(), size=state[0], mtime_ns=state[1]
        )
    if not found:
        raise BadInput(
            "No file was named", where="files", instead="Name files such as events_20260131.parquet."
        )
    return [
        SourceDay(day=day, intraday=intraday, files=[of_day[path] for path in sorted(of_day)])
        for (day, intraday), of_day in sorted(found.items())
        if not (intraday and (day, False) in found)
    ]


def form_of(path: Path) -> str:
    """`parquet` or `json`, by the ending; `.gz` is read through."""
    name = path.name.removesuffix(".gz")
    ending = ENDINGS.get(Path(name).suffix.lower())
    # BigQuery names the parts of a large export events_20260131.json-000000000000 when told so.
    if ending is None and (inner := re.search(r"\.(parquet|json|jsonl|ndjson)", name.lower())):
        ending = ENDINGS[inner.group()]
    if ending is None:
        raise BadFile(
            "A file of events is Parquet or newline-delimited JSON",
            where=str(path),
            instead="Name it .parquet, .json, .jsonl or .ndjson (JSON also with .gz).",
        )
    return ending


def is_gzip(path: Path) -> bool:
    """Whether the file is compressed, by its first bytes: BigQuery does not always name it so."""
    with path.open("rb") as file:
        return file.read(2) == GZIP


def first_line(path: Path) -> bytes:
    """The first line of a JSON file that is not blank, or nothing."""
    with gzip.open(path) if is_gzip(path) else path.open("rb") as file:
        return next((line.strip() for line in file if line.strip()), b"")


def digest(path: Path) -> str:
    """The sha256 of the file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _day_of(path: Path) -> tuple[date, bool]:
    form_of(path)
    told = TABLE.search(path.name) or TABLE.search(path.parent.name)
    try:
        if told:
            return datetime.strptime(told[2], "%Y%m%d").date(), bool(told[1])  # a calendar day has no zone
    except ValueError:
        pass
    raise BadFile(
        "The name of the file, or of its folder, does not tell its day",
        where=str(path),
        instead="Name it as the export names its tables: events_YYYYMMDD, or events_intraday_YYYYMMDD.",
    )


def _state(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        raise BadFile("There is no such file", where=str(path), instead="Check the path.") from None
    if not path.is_file():
        raise BadFile("This is no file", where=str(path), instead="Name the files in it.")
    return state.st_size, state.st_mtime_ns
