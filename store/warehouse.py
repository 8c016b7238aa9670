"""One organisation's data set: its snapshots, which one is current, and who was erased."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from store.erasures import Erasures, read_erasures, write_erasures
from store.errors import BadInput, Busy, NotFound
from store.population.build import BuildReport, build_snapshot
from store.population.build.snapshot import Progress
from store.population.mapping import Mapping
from store.population.population import Population, read_manifest
from store.population.source import open_source

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
KEPT_SNAPSHOTS = 3


class SnapshotLine(BaseModel):
    """One snapshot, as a list shows it."""

    snapshot_id: str
    current: bool
    created_at: str
    persons: int
    clusters: int
    sources: list[str]


class Warehouse:
    """The folder of one data set under FIELDMARK_HOME."""

    def __init__(self, home: Path, name: str) -> None:
        if not NAME.fullmatch(name):
            raise BadInput(
                "A warehouse name is 1 to 63 lower-case letters, digits, - and _", where="warehouse",
                instead="Take a name such as `customers-2026`.",
            )  # fmt: skip
        self.name = name
        self.folder = home / "warehouses" / name
        self._open: Population | None = None

    @property
    def exists(self) -> bool:
        return (self.folder / "current").exists()

    @property
    def current_id(self) -> str:
        """The id of the snapshot in use. Raises NotFound when nothing was loaded yet."""
        try:
            return (self.folder / "current").read_text().strip()
        except FileNotFoundError:
            raise NotFound(
                f"There is no warehouse `{self.name}`", where="warehouse",
                instead=f"Load one: `fieldmark load FILE --warehouse {self.name}`.",
            ) from None  # fmt: skip

    @property
    def population(self) -> Population:
        """The current snapshot, opened; a newer one is picked up by the next call."""
        current, erased = self.current_id, self.erasures
        if (
            self._open is None
            or self._open.snapshot_id != current
            or len(self._open.erased_ids) != len(erased.person_ids)
        ):
            self._open = Population(self.folder / "snapshots" / current, erased.ids())
        return self._open

    @property
    def erasures(self) -> Erasures:
        return read_erasures(self.folder / "erasures.json")

    def load(
        self, files: Sequence[Path], mapping: Mapping, now: datetime, *, progress: Progress,
        memory_limit: str = "1GB", processes: int | None = None, code_version: str = "",
    ) -> BuildReport:  # fmt: skip
        """Build a snapshot from these files and swap it in by one rename.

        Raises BadFile, BadMapping, NoRoom or Busy; then the snapshot in use is as it was.
        """
        with self._building(), open_source(files, memory_limit=memory_limit, temp=self.folder) as source:
            snapshot_id = self._new_id(now)
            beside = self.folder / "snapshots" / f"building-{snapshot_id}"
            erasures = self.erasures
            report = build_snapshot(
                source, mapping, beside, snapshot_id, now,
                is_erased=erasures.is_erased if erasures.person_ids else None,
                processes=processes, code_version=code_version, progress=progress,
            )  # fmt: skip
            beside.rename(self.folder / "snapshots" / snapshot_id)
            self.use(snapshot_id)
            self._forget_old()
        return report

    def _new_id(self, now: datetime) -> str:
        stem = now.strftime("%Y%m%dT%H%M%SZ")
        taken = {path.name for path in (self.folder / "snapshots").glob("*")}
        return next(name for n in range(1, 1000) if (name := stem if n == 1 else f"{stem}-{n}") not in taken)

    @contextmanager
    def _building(self) -> Iterator[None]:
        """One build at a time; what a killed build left is removed."""
        (self.folder / "snapshots").mkdir(parents=True, exist_ok=True)
        with (self.folder / "build.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(
                    f"Another build of `{self.name}` is running", where="warehouse",
                    instead="Wait for it to end, then load again.",
                ) from None  # fmt: skip
            for left in (self.folder / "snapshots").glob("building-*"):
                shutil.rmtree(left)
            yield

    def use(self, snapshot_id: str) -> None:
        """Make this snapshot the current one, by one rename."""
        if not (self.folder / "snapshots" / snapshot_id / "manifest.json").exists():
            raise NotFound(
                f"There is no snapshot `{snapshot_id}` in `{self.name}`",
                instead=f"`fieldmark snapshots --warehouse {self.name}` lists them.",
            )
        beside = self.folder / "current.new"
        with beside.open("w") as file:
            file.write(snapshot_id)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.folder / "current")

    def snapshots(self) -> list[SnapshotLine]:
        """Every snapshot, newest first."""
        current = self.current_id
        manifests = [read_manifest(path.parent) for path in (self.folder / "snapshots").glob("[0-9]*/manifest.json")]
        return [
            SnapshotLine(
                **m.model_dump(include={"snapshot_id", "created_at", "persons", "clusters"}),
                current=m.snapshot_id == current,
                sources=[source["file"] for source in m.sources],
            )
            for m in sorted(manifests, key=lambda m: m.snapshot_id, reverse=True)
        ]

    def _forget_old(self) -> None:
        """Keep the newest few, and always the current one."""
        for line in self.snapshots()[KEPT_SNAPSHOTS:]:
            if not line.current:
                shutil.rmtree(self.folder / "snapshots" / line.snapshot_id)

    def erase(self, person_id: int, identifiers: dict[str, list[str]]) -> None:
        """Never answer this person again, nor let a later delivery bring them back."""
        erasures = self.erasures
        erasures.add(person_id, identifiers)
        write_erasures(erasures, self.folder / "erasures.json")


def warehouse_names(home: Path) -> list[str]:
    """Names of the warehouses that have a snapshot, sorted."""
    return sorted(path.parent.name for path in (home / "warehouses").glob("*/current"))
