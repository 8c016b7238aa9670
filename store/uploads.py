"""Files that came with a message, until they have been read."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import orjson

from store.artifacts import KEY, written_whole
from store.errors import BadFile, BadInput, NotFound, ToolRefused
from store.locks import Lock
from store.workbook import Sheets, is_workbook, written_as_csv

LONGEST_NAME = 100
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
PREFIX = "up_"  # how the ids begin of files that no conversation has yet
ORIGINAL, SHEETS = "workbook", "sheets.json"  # beside the table: what it was written from
ROLES = ".roles.json"  # at the end of a file's name: what its columns were said to be


class Uploads:
    """The uploaded files of one FIELDMARK_HOME, one a conversation."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "uploads"

    def save(self, key: str, name: str, content: bytes) -> Path:
        """Keep the file in the place of an earlier one. Raises BadFile for an empty one.

        Of a workbook the first sheet that holds rows is kept as CSV, and that is returned.
        """
        if not content:
            raise BadFile("The file is empty", where="file", instead="Send the file with its rows.")
        path = self._place(key, name)
        with written_whole(path) as beside:
            beside.write_bytes(content)
        return self._as_table(key, path)

    def save_from(self, key: str, name: str, content: BinaryIO) -> Path:
        """The same for a file that is too large to hold in memory."""
        path = self._place(key, name)
        with written_whole(path) as beside, beside.open("wb") as file:
            shutil.copyfileobj(content, file)
        if not path.stat().st_size:
            self.remove(key)
            raise BadFile("The file is empty", where="file", instead="Send the file with its rows.")
        return self._as_table(key, path)

    def _place(self, key: str, name: str) -> Path:
        self.remove(key)
        safe = safe_name(name)
        return self._folder / key / ORIGINAL / safe if is_workbook(safe) else self._folder / key / safe

    def _as_table(self, key: str, path: Path) -> Path:
        if path.parent.name != ORIGINAL:
            return path
        try:
            return self._written(key, path, "")
        except BaseException:  # what cannot be read is not kept
            self.remove(key)
            raise

    def _written(self, key: str, workbook: Path, sheet: str) -> Path:
        csv = self._folder / key / f"{workbook.stem}.csv"
        with written_whole(csv) as beside:
            sheets = written_as_csv(workbook, beside, sheet)
        (workbook.parent / SHEETS).write_bytes(orjson.dumps(sheets._asdict()))
        csv.with_name(csv.name + ROLES).unlink(missing_ok=True)  # they were said of another sheet
        return csv

    def sheets_of(self, key: str) -> Sheets | None:
        """The sheets of the workbook that was uploaded; None for another file."""
        kept = self._folder / key / ORIGINAL / SHEETS
        return Sheets(**orjson.loads(kept.read_bytes())) if kept.exists() else None

    def choose_sheet(self, key: str, sheet: str) -> Path:
        """The table of another sheet in the place of the one that was read. Raises NotFound and BadFile."""
        sheets = self.sheets_of(key)
        if sheets is None or sheet not in sheets.names:
            raise NotFound("There is no such sheet", where="sheet")
        workbook = next(one for one in (self._folder / key / ORIGINAL).iterdir() if one.name != SHEETS)
        return self._written(key, workbook, sheet)

    def file_of(self, key: str) -> Path | None:
        """The file that lies under a key, as it will be read; None where there is none."""
        folder = self._folder / key
        if not KEY.fullmatch(key) or not folder.is_dir():
            return None
        files = (one for one in folder.iterdir() if one.is_file() and not one.name.endswith((ROLES, ".part")))
        return next(files, None)

    def hand_over(self, upload_id: str, key: str) -> Path:
        """The file that was uploaded under an id of its own, now of a conversation. Raises NotFound."""
        if self.waiting(upload_id) is None:
            raise NotFound(
                "The file is no longer here", where="file", instead="Choose it again; files wait for a day."
            )
        self.remove(key)
        (self._folder / upload_id).rename(self._folder / key)
        found = self.file_of(key)
        if found is None:
            raise NotFound("The file is no longer here", where="file", instead="Choose it again.")
        return found

    def waiting(self, upload_id: str) -> Path | None:
        """The file that was uploaded under an id of its own and that no conversation has taken yet."""
        return self.file_of(upload_id) if upload_id.startswith(PREFIX) else None

    def remove(self, key: str) -> None:
        """Remove the file; no error when there is none."""
        if not KEY.fullmatch(key):
            raise BadInput("This is no place of a file", where="file")
        shutil.rmtree(self._folder / key, ignore_errors=True)

    def has(self, path: Path) -> bool:
        """Whether this file was uploaded, and is not somebody's own."""
        return path.is_relative_to(self._folder)

    def sweep(self, before: datetime) -> int:
        """Remove the files that came before a time, but of no conversation that is held; how many went."""
        gone = 0
        for folder in self._folder.glob("*"):
            if folder.stat().st_mtime < before.timestamp():
                gone += self._swept(folder)
        return gone

    def _swept(self, folder: Path) -> bool:
        """Remove a folder unless a turn of its conversation runs."""
        lock = Lock(self._folder.parent / "conversations" / f"{folder.name}.lock")
        is_ours = not folder.name.startswith(PREFIX)
        if is_ours and not lock.taken():
            return False
        shutil.rmtree(folder, ignore_errors=True)
        if is_ours:
            lock.let_go()
        return True


@contextmanager
def named_alone(path: Path | None) -> Iterator[None]:
    """Let a refusal name the file, and not the folder of this house in which it lies."""
    try:
        yield
    except ToolRefused as refusal:
        if path is not None:
            refusal.where = refusal.where.replace(f"{path.parent}/", "")
            refusal.what = refusal.what.replace(f"{path.parent}/", "")
        raise


def safe_name(name: str) -> str:
    """The name as a file of ours may have it: its last part, plain letters, its ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return UNSAFE.sub("_", last)[-LONGEST_NAME:].lstrip(".") or "file"
