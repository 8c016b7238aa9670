"""A list between being chosen and being scored: where does its file wait?"""

from pathlib import Path
from typing import BinaryIO, NamedTuple

from agent.conversation.looking import SeenFile, seen
from api.access.visit import Visit
from store.errors import NotFound
from store.uploads import PREFIX as WAITING
from store.uploads import Uploads
from store.workbook import Sheets

PREFIX = f"{WAITING}list-"
DEFAULT_NAME = "leads.csv"


class WaitingList(NamedTuple):
    """A file that waits."""

    upload_id: str
    path: Path
    sheets: Sheets | None  # of a workbook


def wait_with(visit: Visit, name: str, content: BinaryIO) -> WaitingList:
    """Keep the file until it is scored, or for a day; of a workbook the first sheet that holds rows is read.

    Raises BadFile for an empty one, and for a workbook that cannot be read.
    """
    upload_id = f"{PREFIX}{visit.house.new_id()}"
    Uploads(visit.house.home).save_from(upload_id, name or DEFAULT_NAME, content)
    return waiting(visit, upload_id)


def waiting(visit: Visit, upload_id: str) -> WaitingList:
    """The file of this id. Raises NotFound where it is gone."""
    uploads = Uploads(visit.house.home)
    path = uploads.file_of(upload_id) if upload_id.startswith(PREFIX) else None
    if path is None:
        raise NotFound("The file is no longer here", where="file", instead="Choose it again.")
    return WaitingList(upload_id, path, uploads.sheets_of(upload_id))


def another_sheet(visit: Visit, upload_id: str, sheet: str) -> WaitingList:
    """The same with another sheet of its workbook. Raises NotFound and BadFile."""
    Uploads(visit.house.home).choose_sheet(waiting(visit, upload_id).upload_id, sheet)
    return waiting(visit, upload_id)


def looked_at(found: WaitingList) -> SeenFile:
    """The file as it may be shown: its columns, and its rows masked. Raises BadFile and TooMany."""
    return seen(found.path)


def drop(visit: Visit, upload_id: str) -> None:
    """Remove the file; no error where it is gone."""
    if upload_id.startswith(PREFIX):
        Uploads(visit.house.home).remove(upload_id)
