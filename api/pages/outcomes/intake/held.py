"""A file of outcomes between being looked at and being recorded: where does it wait, and whose is it?"""

from pathlib import Path
from typing import BinaryIO, NamedTuple

import orjson

from api.access.visit import Visit
from store.artifacts import written_whole
from store.errors import BadFile, NotFound
from store.uploads import PREFIX as WAITING
from store.uploads import Uploads, safe_name
from store.workbook import Sheets

ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".jsonl", ".parquet", ".xlsx", ".xlsm", ".xls")
RECORD = "held/record.json"  # beside the file: whose it is; who sweeps the one sweeps the other
PREFIX = f"{WAITING}outcomes-"


class Held(NamedTuple):
    """A file that waits."""

    upload_id: str
    warehouse: str
    name: str
    path: Path
    sheets: Sheets | None = None  # of a workbook


def hold(visit: Visit, warehouse: str, name: str, content: BinaryIO) -> Held:
    """Keep the file until it is recorded or dropped; of a workbook the first sheet that holds rows is read.

    Raises BadFile for an empty one, for a workbook that cannot be read, and for another kind of file.
    """
    if not name.lower().endswith(ENDINGS):
        raise BadFile("This kind of file is not read here", where="file", instead=", ".join(ENDINGS))
    upload_id = f"{PREFIX}{visit.house.new_id()}"
    uploads = Uploads(visit.house.home)
    path = uploads.save_from(upload_id, name, content)
    shown = name.replace("\\", "/").rsplit("/", 1)[-1][-100:] or safe_name(name)
    with written_whole(path.parent / RECORD) as beside:
        beside.write_bytes(
            orjson.dumps({"warehouse": warehouse, "name": shown, "actor": visit.principal.actor})
        )
    return Held(upload_id, warehouse, shown, path, uploads.sheets_of(upload_id))


def held(visit: Visit, upload_id: str) -> Held:
    """The file of this id. Raises NotFound where it is gone, or somebody else's."""
    uploads = Uploads(visit.house.home)
    path = uploads.file_of(upload_id) if upload_id.startswith(PREFIX) else None
    record = path.parent / RECORD if path else None
    kept = orjson.loads(record.read_bytes()) if record and record.exists() else None
    if path is None or kept is None or kept["actor"] != visit.principal.actor:
        raise NotFound("The file does not wait here any more", where="file", instead="Choose it again.")
    return Held(upload_id, kept["warehouse"], kept["name"], path, uploads.sheets_of(upload_id))


def choose_sheet(visit: Visit, found: Held, sheet: str) -> Held:
    """The same with another sheet of the workbook. Raises NotFound and BadFile."""
    uploads = Uploads(visit.house.home)
    path = uploads.choose_sheet(found.upload_id, sheet)
    return found._replace(path=path, sheets=uploads.sheets_of(found.upload_id))


def drop(visit: Visit, found: Held) -> None:
    """Remove the file."""
    Uploads(visit.house.home).remove(found.upload_id)
