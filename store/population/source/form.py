"""What form a file is of, told by its name, and whether there is one to read at all."""

from dataclasses import dataclass
from pathlib import Path

from store.errors import BadFile
from store.population.source.part import Format

_ENDINGS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_READ = "Files of these names are read: .csv, .tsv, .jsonl, .ndjson (each also with .gz) and .parquet."
_ADVICE = {
    ".xlsx": "Save the sheet as CSV in UTF-8.",
    ".xls": "Save the sheet as CSV in UTF-8.",
    ".json": "Write one object a line and name the file .jsonl.",
    ".zip": "Unpack it first.",
    ".txt": "Name it .csv or .tsv when its lines are rows of columns.",
}
# First bytes of files that are often misnamed, and what such a file is.
_MAGIC: dict[bytes, tuple[str, str]] = {
    b"PK\x03\x04": ("a zip archive or an Excel workbook", "Save the sheet as CSV in UTF-8, or unpack it."),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook", "Save the sheet as CSV in UTF-8."),
    b"PAR1": ("a Parquet file", "Name it .parquet."),
    b"\x1f\x8b": ("a gzip archive", "Add .gz to its name."),
    b"%PDF": ("a PDF", "Export the table as CSV."),
    b"SQLite format 3": ("an SQLite database", "Export the table as CSV or Parquet."),
}


@dataclass(frozen=True)
class Form:
    """The form of a file."""

    format: Format
    compressed: bool
    tabbed: bool


def form_of(path: Path) -> Form:
    """The form of the file at `path`. Raises BadFile when it is not there, not a file, empty or unknown."""
    _refuse_missing(path)
    endings = [ending.lower() for ending in path.suffixes[-2:]]
    compressed = endings[-1:] == [".gz"]
    ending = (endings[:-1] if compressed else endings)[-1:]
    format = _ENDINGS.get(ending[0]) if ending else None
    if format is None or (compressed and format == "parquet"):
        raise BadFile(
            f"A file named {''.join(ending) or 'without an ending'} is not read",
            where=str(path),
            instead=f"{_ADVICE.get(''.join(ending), '')} {_READ}".strip(),
        )
    _refuse_misnamed(path, format, compressed)
    return Form(format, compressed, tabbed=ending == [".tsv"])


def _refuse_missing(path: Path) -> None:
    where = str(path)
    if path.is_dir():
        raise BadFile("This is a folder", where=where, instead="Name the files in it.")
    if not path.exists():
        raise BadFile("There is no such file", where=where, instead="Check the name and the folder.")
    if not path.is_file():
        raise BadFile("This is not a regular file", where=where, instead="Save it as a file first.")
    if not path.stat().st_size:
        raise BadFile(
            "The file is empty", where=where, instead="It needs a line of column names and rows under it."
        )


def _refuse_misnamed(path: Path, format: Format, compressed: bool) -> None:
    try:
        with path.open("rb") as file:
            first = file.read(16)
    except OSError as error:
        raise BadFile(
            f"The file cannot be opened: {error.strerror}",
            where=str(path),
            instead="Give the account that runs this the right to read it.",
        ) from None
    for magic, (what, instead) in _MAGIC.items():
        right = (compressed and magic == b"\x1f\x8b") or (format == "parquet" and magic == b"PAR1")
        if first.startswith(magic) and not right:
            raise BadFile(f"The file is {what}, not what its name says", where=str(path), instead=instead)
