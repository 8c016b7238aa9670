"""One organisation's data set: its snapshots, which one is current, and who was erased."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel

from store.artifacts import written_whole
from store.erasures import Erasures, read_erasures, write_erasures
from store.errors import BadInput, Busy, NotFound
from store.population.build import BuildReport, build_snapshot
from store.population.build.snapshot import Progress, told_when_full
from store.population.build.staging import SHARD_PERSONS
from store.population.mapping import Mapping
from store.population.population import Manifest, Population, read_manifest
from store.population.source import open_source

TEMPORARY = "fieldmark-source-"  # how open_source begins the names of its folders

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
SNAPSHOT = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
KEPT_SNAPSHOTS = 3
RECORDS = ("outcomes", "behaviour")  # folders of what is kept beside the people
ERASURES = "erasures.json"


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
                "A warehouse name is 1 to 63 lower-case letters, digits, - and _",
                where="warehouse",
                instead="Take a name such as `customers-2026`.",
            )
        self.name = name
        self.folder = home / "warehouses" / name
        self._open: tuple[tuple[str, int, int], Population] | None = None

    @property
    def exists(self) -> bool:
        return (self.folder / "current").exists()

    @property
    def has_records(self) -> bool:
        """Whether outcomes or events were loaded, with people or without."""
        return any((self.folder / part).is_dir() for part in RECORDS)

    def require_loaded(self) -> None:
        """Raise NotFound when neither people nor outcomes nor events were loaded yet."""
        if not self.exists and not self.has_records:
            _ = self.current_id

    @property
    def current_id(self) -> str:
        """The id of the snapshot in use. Raises NotFound when nothing was loaded yet."""
        try:
            return (self.folder / "current").read_text().strip()
        except FileNotFoundError:
            raise NotFound(
                f"There is no warehouse `{self.name}`",
                where="warehouse",
                instead=f"Load one: `fieldmark load FILE --warehouse {self.name}`.",
            ) from None

    @property
    def population(self) -> Population:
        """The current snapshot, opened; a newer one, or a new erasure, is picked up by the next call."""
        current = self.current_id
        version = current, *self._erasures_version()
        if self._open is None or self._open[0] != version:
            self._open = version, self.snapshot(current)
        return self._open[1]

    def snapshot(self, snapshot_id: str) -> Population:
        """A snapshot that is still kept, opened. Raises NotFound."""
        erasures = self.erasures
        folder = self.folder / "snapshots" / snapshot_id
        return Population(folder, erasures.ids(snapshot_id), frozenset(erasures.digests))

    def _erasures_version(self) -> tuple[int, int]:
        # Asked on every call, so the file is not read for it. It only ever grows.
        try:
            file = (self.folder / ERASURES).stat()
        except FileNotFoundError:
            return 0, 0
        return file.st_mtime_ns, file.st_size

    @property
    def erasures(self) -> Erasures:
        return read_erasures(self.folder / ERASURES)

    def load(
        self,
        files: Sequence[Path],
        mapping: Mapping,
        now: datetime,
        *,
        progress: Progress,
        memory_limit: str = "1GB",
        processes: int | None = None,
        shard_persons: int = SHARD_PERSONS,
        code_version: str = "",
    ) -> BuildReport:
        """Build a snapshot from these files and swap it in by one rename.

        Raises BadFile, BadMapping, NoRoom or Busy; then the snapshot in use is as it was.
        """
        with (
            self._building(),
            told_when_full(),
            open_source(files, memory_limit=memory_limit, temp=self.folder) as source,
        ):
            now = now.astimezone(UTC)
            snapshot_id = self._new_id(now)
            beside = self.folder / "snapshots" / f"building-{snapshot_id}"
            erasures = self.erasures
            report = build_snapshot(
                source,
                mapping,
                beside,
                snapshot_id,
                now,
                is_erased=erasures.is_erased if erasures.person_ids or erasures.digests else None,
                processes=processes,
                shard_persons=shard_persons,
                code_version=code_version,
                progress=progress,
            )
            self._swap_in(beside, snapshot_id)
            self._forget_old()
        return report

    def _swap_in(self, beside: Path, snapshot_id: str) -> None:
        built = self.folder / "snapshots" / snapshot_id
        try:
            beside.rename(built)
            self.use(snapshot_id)
        except BaseException:  # also on an interrupt no half-swapped snapshot stays
            if not self.exists or self.current_id != snapshot_id:
                shutil.rmtree(beside, ignore_errors=True)
                shutil.rmtree(built, ignore_errors=True)
            raise

    def _new_id(self, now: datetime) -> str:
        stem = now.strftime("%Y%m%dT%H%M%SZ")
        same = [path.name for path in (self.folder / "snapshots").glob(f"{stem}*")]
        # One more than the last, not the first that is free: the older ones of a second are forgotten.
        numbers = [int(name.removeprefix(stem).lstrip("-") or 1) for name in same]
        return f"{stem}-{max(numbers) + 1}" if numbers else stem

    @contextmanager
    def _building(self) -> Iterator[None]:
        """One build at a time; what a killed build left is removed."""
        (self.folder / "snapshots").mkdir(parents=True, exist_ok=True)
        with self._locked("build.lock", wait=False):
            left = [*(self.folder / "snapshots").glob("building-*"), *self.folder.glob(f"{TEMPORARY}*")]
            for folder in left:
                shutil.rmtree(folder)
            yield

    @contextmanager
    def _locked(self, name: str, *, wait: bool) -> Iterator[None]:
        """Hold a lock against other threads and processes; raises Busy where it may not wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / name).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(
                    f"Another build of `{self.name}` is running",
                    where="warehouse",
                    instead="Wait for it to end, then load again.",
                ) from None
            yield

    def use(self, snapshot_id: str) -> None:
        """Make this snapshot the current one, by one rename."""
        manifest = self.folder / "snapshots" / snapshot_id / "manifest.json"
        if not SNAPSHOT.fullmatch(snapshot_id) or not manifest.exists():
            raise NotFound(
                f"There is no snapshot `{snapshot_id}` in `{self.name}`",
                instead=f"`fieldmark snapshots --warehouse {self.name}` lists them.",
            )
        with written_whole(self.folder / "current") as beside, beside.open("w") as file:
            file.write(snapshot_id)
            file.flush()
            os.fsync(file.fileno())

    def snapshots(self) -> list[SnapshotLine]:
        """Every snapshot, newest first."""
        current = self.current_id
        found = (self.folder / "snapshots").glob("[0-9]*/manifest.json")
        manifests = sorted((read_manifest(path.parent) for path in found), key=_age, reverse=True)
        return [
            SnapshotLine(
                **manifest.model_dump(include={"snapshot_id", "created_at", "persons", "clusters"}),
                current=manifest.snapshot_id == current,
                sources=[source["file"] for source in manifest.sources],
            )
            for manifest in manifests
        ]

    def _forget_old(self) -> None:
        """Keep the newest few, and always the current one."""
        for line in self.snapshots()[KEPT_SNAPSHOTS:]:
            if not line.current:
                shutil.rmtree(self.folder / "snapshots" / line.snapshot_id)

    def erase(self, person_id: int, identifiers: dict[str, list[str]]) -> None:
        """Never answer this person again, nor let a later delivery bring them back."""
        # Another erasure at the same time would write over this one.
        with self._locked("erasures.lock", wait=True):
            erasures = self.erasures
            population = self.population
            own_ids = any(c["kind"] == "person_id" for c in population.manifest.mapping["columns"].values())
            erasures.add(person_id, identifiers, None if own_ids else population.snapshot_id)
            write_erasures(erasures, self.folder / ERASURES)


def _age(manifest: Manifest) -> tuple[str, int, str]:
    # The second snapshot of a second ends in -2, the tenth in -10.
    return manifest.created_at, len(manifest.snapshot_id), manifest.snapshot_id


def warehouse_names(home: Path) -> list[str]:
    """Names of the warehouses that hold people, outcomes or events, sorted."""
    kept = (home / "warehouses").glob("*")
    return sorted(path.name for path in kept if any((path / part).exists() for part in ("current", *RECORDS)))
