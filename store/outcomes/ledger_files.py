"""Where does a ledger lie, which of its versions is in use, and what does it say of itself?"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from store.artifacts import written_whole
from store.errors import Busy, NotFound
from store.locks import Lock
from store.outcomes.columns import Attribute

FORMAT = 1
KEPT_VERSIONS = 3
RECORDS, MANIFEST, CURRENT = "records.parquet", "manifest.json", "current"
_WORKING = "working-"


class LoadLine(BaseModel):
    """One delivery that went into a ledger."""

    source: str = Field(description="The file's name, or `records` for what was sent.")
    shape: str
    loaded_at: str
    rows: int
    recorded: int
    replaced: int = Field(description="Records that were there already.")


class LedgerManifest(BaseModel):
    """What a version of a ledger says of itself."""

    format: int = FORMAT
    version: str
    loaded_at: str
    records: int
    units: dict[str, int] = Field(description="Records of each kind of unit.")
    outcomes: dict[str, int]
    currencies: dict[str, int] = Field(description="Records with an amount in each currency.")
    attributes: list[Attribute]
    data_hash: str = Field(description="SHA-256 of all that is recorded, whatever the order of the loads.")
    loads: list[LoadLine]


class LedgerFolder:
    """The versions of one warehouse's ledger: each written whole, and put in use by one rename."""

    def __init__(self, folder: Path, warehouse: str) -> None:
        self.folder, self.warehouse = folder, warehouse

    @property
    def exists(self) -> bool:
        return (self.folder / CURRENT).exists()

    @property
    def current(self) -> Path:
        """The folder of the version in use. Raises NotFound when nothing was recorded yet."""
        try:
            version = (self.folder / CURRENT).read_text().strip()
        except FileNotFoundError:
            raise NotFound(
                f"`{self.warehouse}` has no outcomes yet",
                where="warehouse",
                instead=f"Load some: `fieldmark outcomes load FILE --warehouse {self.warehouse}`.",
            ) from None
        return self.folder / "versions" / version

    def manifest(self, version: Path) -> LedgerManifest:
        """What the version in this folder says of itself. Raises NotFound for another format."""
        try:
            return LedgerManifest.model_validate_json((version / MANIFEST).read_bytes())
        except (FileNotFoundError, ValidationError):
            raise NotFound(
                f"The outcomes of `{self.warehouse}` are not of the form that this version reads",
                where="warehouse",
                instead="Load them again.",
            ) from None

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """A folder to work in, for one writer at a time; it is removed afterwards. Raises Busy."""
        lock = Lock(self.folder / "outcomes.lock")
        if not lock.taken():
            raise Busy(
                f"Outcomes of `{self.warehouse}` are being loaded already",
                where="warehouse",
                instead="Wait for it to end, then load again.",
            )
        try:
            for left in self.folder.glob(f"{_WORKING}*"):  # of a writer that was killed
                shutil.rmtree(left)
            working = self.folder / f"{_WORKING}{os.getpid()}"
            working.mkdir()
            try:
                yield working
            finally:
                shutil.rmtree(working, ignore_errors=True)
        finally:
            lock.let_go()

    def new_version(self, now: datetime) -> str:
        """A name for a version made now, which sorts after those made before."""
        stem = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        same = [path.name for path in (self.folder / "versions").glob(f"{stem}*")]
        numbers = [int(name.removeprefix(stem).lstrip("-") or 1) for name in same]
        return f"{stem}-{max(numbers) + 1}" if numbers else stem

    def put_in_use(self, made: Path, version: str) -> None:
        """Make the version in this folder the one in use, and forget old ones."""
        versions = self.folder / "versions"
        versions.mkdir(exist_ok=True)
        made.rename(versions / version)
        with written_whole(self.folder / CURRENT) as beside, beside.open("w") as file:
            file.write(version)
            file.flush()
            os.fsync(file.fileno())
        old = sorted(versions.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for folder in [path for path in old if path.name != version][KEPT_VERSIONS - 1 :]:
            shutil.rmtree(folder)
