"""A file of outcomes between being looked at and being recorded: where does it wait, and whose is it?"""

from pathlib import Path
from typing import NamedTuple

from api.access.visit import Visit
from store.errors import NotFound
from store.uploads import Uploads, safe_name

KIND = "outcome_upload"
ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".jsonl", ".parquet")


class Held(NamedTuple):
    """A file that waits."""

    upload_id: str
    warehouse: str
    name: str
    path: Path


def hold(visit: Visit, warehouse: str, name: str, content: bytes) -> Held:
    """Keep the file until it is recorded or dropped. Raises BadFile for an empty one."""
    upload_id = f"outcomes-{visit.house.new_id()}"
    path = Uploads(visit.house.home).save(upload_id, name, content)
    shown = name.replace("\\", "/").rsplit("/", 1)[-1][-100:] or safe_name(name)
    record = {"warehouse": warehouse, "name": shown, "path": str(path), "actor": visit.principal.actor}
    visit.house.artifacts.save_document(KIND, upload_id, record)
    return Held(upload_id, warehouse, shown, path)


def held(visit: Visit, upload_id: str) -> Held:
    """The file of this id. Raises NotFound where it is gone, or somebody else's."""
    gone = NotFound("The file does not wait here any more", where="file", instead="Choose it again.")
    try:
        kept = visit.house.artifacts.document(KIND, upload_id)
    except NotFound:
        raise gone from None
    path = Path(kept["path"])
    if kept["actor"] != visit.principal.actor or not path.exists():
        raise gone
    return Held(upload_id, kept["warehouse"], kept["name"], path)


def drop(visit: Visit, found: Held) -> None:
    """Remove the file."""
    Uploads(visit.house.home).remove(found.upload_id)
    visit.house.artifacts.remove(KIND, found.upload_id, "json")
