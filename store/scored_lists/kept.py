"""Which lists are kept, whose is each, and until when?"""

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import BaseModel, Field, ValidationError

from store.artifacts import written_whole
from store.errors import BadFile, Conflict, Expired, NotFound
from store.uploads import safe_name

PREFIX = "list_"
KEY = re.compile(r"list_[A-Za-z0-9-]{1,60}")
LONGEST_NAME = 100
State = Literal["new", "reading", "scoring", "writing", "scored"]


class ListColumn(BaseModel):
    """A column of the leads that a score reads; its values lie in the rows under `stored`."""

    name: str
    stored: str
    kind: Literal["number", "category", "set"]


class HeldAgainst(BaseModel):
    """One of the profiles that the list was scored against."""

    id: str
    name: str
    revision: int | None = None
    criteria: int = Field(description="Dimensions that enter the score.")
    tiers: dict[str, int] = Field(description="Rows in each tier.")


class KeptList(BaseModel):
    """What is known of a list without its rows."""

    list_id: str
    name: str = Field(description="Of the file, as a reader calls it.")
    warehouse: str
    creator: str
    created_at: datetime
    expires_at: datetime
    file: str = Field(default="", description="What came; empty once it is not kept any more.")
    state: State = "new"
    profiles: list[str] = Field(default_factory=list, description="What it was asked to be scored against.")
    rows: int = 0
    against: list[HeldAgainst] = Field(default_factory=list)
    columns: list[ListColumn] = Field(default_factory=list)
    figures: list[str] = Field(default_factory=list, description="Chances and amounts that each row has.")
    notes: list[str] = Field(default_factory=list)
    snapshot_id: str = Field(default="", description="Of the ids of people among the rows.")
    scored_at: datetime | None = None


class KeptLists:
    """The lists of one organisation, a folder each, under its home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "scored_lists"

    def add(self, kept: KeptList, name: str, source: Path, now: datetime) -> KeptList:
        """Keep a new list and the file that it came as, by copying it. Raises BadFile for an empty one."""
        self.remove_expired(now)
        if not source.stat().st_size:
            raise BadFile("The file is empty", where="file", instead="Send the file with its rows.")
        kept = kept.model_copy(update={"file": safe_name(name), "name": (kept.name or name)[-LONGEST_NAME:]})
        with written_whole(self.folder(kept.list_id) / kept.file) as beside:
            shutil.copyfile(source, beside)
        self.keep(kept)
        return kept

    def keep(self, kept: KeptList) -> None:
        """Keep what is known of the list as it is now."""
        with written_whole(self.folder(kept.list_id) / "list.json") as beside:
            beside.write_text(kept.model_dump_json())

    def named(self, list_id: str, now: datetime) -> KeptList:
        """The list. Raises NotFound, and Expired where its time is over; it is removed then."""
        kept = self._read(self.folder(list_id))
        if kept is None:
            raise _unknown()
        if kept.expires_at <= now:
            self.remove(list_id)
            raise Expired(
                "The time of this list is over, and it was removed",
                where="list",
                instead="Score the file again.",
            )
        return kept

    def newest(self, now: datetime) -> list[KeptList]:
        """Every list whose time is not over, the newest first."""
        found = [kept for kept in self._all() if kept.expires_at > now]
        return sorted(found, key=lambda each: (each.created_at, each.list_id), reverse=True)

    def given(self, kept: KeptList) -> Path:
        """The file that came. Raises Expired where it is not kept any more."""
        path = self.folder(kept.list_id) / kept.file
        if not kept.file or not path.exists():
            raise Expired(
                "The file of this list is not kept any more",
                where="list",
                instead="Send the file again to score it anew.",
            )
        return path

    def rows(self, kept: KeptList) -> Path:
        """Where its rows lie. Raises Conflict where it has not been scored."""
        path = self.folder(kept.list_id) / "rows.parquet"
        if not path.exists():
            raise Conflict(
                "The list has not been scored yet", where="list", instead="Wait for the job, or start it."
            )
        return path

    def is_scored(self, kept: KeptList) -> bool:
        """Whether there are rows to look at."""
        return (self.folder(kept.list_id) / "rows.parquet").exists()

    def keep_document(self, list_id: str, name: str, document: Any) -> None:
        """Keep a JSON document beside the rows."""
        with written_whole(self.folder(list_id) / f"{name}.json") as beside:
            beside.write_bytes(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))

    def document(self, list_id: str, name: str) -> Any:
        """A document that was kept beside the rows. Raises NotFound."""
        try:
            return orjson.loads((self.folder(list_id) / f"{name}.json").read_bytes())
        except FileNotFoundError:
            raise _unknown() from None

    def run_of(self, list_id: str) -> str:
        """The id of the last job that scores it; empty where none was asked for."""
        try:
            return str(self.document(list_id, "run")["run_id"])
        except NotFound:
            return ""

    def ask_to_stop(self, list_id: str) -> None:
        """Let whoever scores it stop before its next step."""
        (self.folder(list_id) / "stop").touch()

    def go_on(self, list_id: str) -> None:
        """Forget that it was asked to stop."""
        (self.folder(list_id) / "stop").unlink(missing_ok=True)

    def is_stopped(self, list_id: str) -> bool:
        """Whether it was asked to stop, or is gone."""
        folder = self.folder(list_id)
        return (folder / "stop").exists() or not (folder / "list.json").exists()

    def forget_given(self, kept: KeptList) -> KeptList:
        """The list without the file that it came as, which is removed."""
        if kept.file:
            (self.folder(kept.list_id) / kept.file).unlink(missing_ok=True)
            kept = kept.model_copy(update={"file": ""})
            self.keep(kept)
        return kept

    def remove(self, list_id: str) -> None:
        """Remove a list with all that it holds; no error where it is gone already."""
        folder = self.folder(list_id)
        (folder / "list.json").unlink(missing_ok=True)  # first, so that half of one is none
        shutil.rmtree(folder, ignore_errors=True)

    def remove_expired(self, now: datetime) -> int:
        """Remove the lists whose time is over; how many they were."""
        over = [kept.list_id for kept in self._all() if kept.expires_at <= now]
        for list_id in over:
            self.remove(list_id)
        return len(over)

    def folder(self, list_id: str) -> Path:
        """Where a list lies. Raises NotFound for what cannot be an id of one."""
        if not KEY.fullmatch(list_id):
            raise _unknown()
        return self._folder / list_id

    def _all(self) -> Iterator[KeptList]:
        for folder in self._folder.glob(f"{PREFIX}*"):
            kept = self._read(folder)
            if kept is not None:
                yield kept

    def _read(self, folder: Path) -> KeptList | None:
        with suppress(FileNotFoundError, NotADirectoryError, ValidationError):
            return KeptList.model_validate_json((folder / "list.json").read_bytes())
        return None


def until(now: datetime, days: int) -> datetime:
    """When the time of a list that is kept so many days is over."""
    return now + timedelta(days=days)


def _unknown() -> NotFound:
    return NotFound(
        "There is no such list", where="list", instead="The lists that are kept are at `/profiles/lists`."
    )
