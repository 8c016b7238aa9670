"""Is this a workbook that may be opened? Told by its zip directory, before anything in it is unpacked."""

import zipfile
from pathlib import Path

from store.errors import BadFile, TooMany

MOST_UNPACKED = 512 << 20  # bytes of all entries together
MOST_RATIO = 200  # of unpacked to packed bytes, above SMALL: tables of text pack 5 to 40 times
SMALL = 16 << 20
MOST_ENTRIES = 2_000
OLE = b"\xd0\xcf\x11\xe0"  # old workbooks, and new ones under a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
AS_CSV = "Save the sheet as CSV in UTF-8 and send that."


def require_openable(path: Path) -> None:
    """Raise BadFile for what is no workbook of today, TooMany for one that unpacks to too much."""
    with path.open("rb") as file:
        first = file.read(8)
    if first.startswith(OLE):
        raise _of_ole(path)
    if not first.startswith(b"PK"):
        raise BadFile("The file is no Excel workbook", where=path.name, instead=AS_CSV)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError):
        raise BadFile("The workbook is cut off or broken", where=path.name, instead=AS_CSV) from None
    _require_bounded(path, entries)
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        what = (
            "an Excel workbook in binary form" if "xl/workbook.bin" in names else "a zip archive, no workbook"
        )
        raise BadFile(f"The file is {what}", where=path.name, instead=AS_CSV)


def _of_ole(path: Path) -> BadFile:
    if ENCRYPTED in path.read_bytes():
        return BadFile(
            "The workbook is protected by a password",
            where=path.name,
            instead="Save it without one, or as CSV in UTF-8.",
        )
    return BadFile(
        "The file is an Excel workbook of before 2007 (.xls)",
        where=path.name,
        instead="Save it as .xlsx, or the sheet as CSV in UTF-8.",
    )


def _require_bounded(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, path.stat().st_size)
    if len(entries) > MOST_ENTRIES:
        raise TooMany(
            f"The workbook has {len(entries):,} parts; {MOST_ENTRIES:,} is the most",
            where=path.name,
            instead=AS_CSV,
        )
    if unpacked > MOST_UNPACKED or (unpacked > SMALL and unpacked / packed > MOST_RATIO):
        raise TooMany(
            f"The workbook would unpack to {unpacked >> 20:,} MB, {unpacked // packed:,} times its size",
            where=path.name,
            instead=f"{MOST_UNPACKED >> 20} MB and {MOST_RATIO} times are the most. {AS_CSV}",
        )
