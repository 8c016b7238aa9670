"""Are the outcomes that a run was made from still there, when newer ones were loaded since?

A ledger forgets all but its last few versions. Those that a recipe names are kept beside them, as links to
the same files: they take no room as long as the ledger has them too.
"""

import os
import shutil
from pathlib import Path

from agent.history.state import erasures_digest
from store.outcomes.ledger_files import MANIFEST, LedgerFolder, LedgerManifest
from store.warehouse import Warehouse
from store.workspace import Workspace

MOST = 60  # versions of a ledger that are kept for recipes, those that were used last: a year of weeks
MOST_BYTES = 2 << 30  # that they may take, however few that leaves; the last one always stays
KEPT, VERSIONS, ERASED = "kept", "versions", "erased"


def keep_ledger(workspace: Workspace, version: str) -> None:
    """Keep a version of the ledger for the recipes that name it; drop those of which somebody was erased."""
    folder = _folder(workspace.warehouse) / KEPT
    source = _folder(workspace.warehouse) / VERSIONS / version
    if not version or not source.is_dir():
        return
    erased = erasures_digest(workspace)
    if folder.is_dir():
        _drop_with_erased(folder, erased)
    kept = folder / version
    if not kept.is_dir():
        _linked(source, kept, erased)
    os.utime(kept)
    _drop_old(folder)


def ledger_folder(warehouse: Warehouse, version: str) -> Path | None:
    """Where a version of the ledger lies, or None where it is gone."""
    for part in (VERSIONS, KEPT):
        found = _folder(warehouse) / part / version
        if (found / MANIFEST).exists():
            return found
    return None


def ledger_manifest(warehouse: Warehouse, folder: Path) -> LedgerManifest:
    """What the version in this folder says of itself. Raises NotFound for one of another format."""
    return LedgerFolder(_folder(warehouse), warehouse.name).manifest(folder)


def _folder(warehouse: Warehouse) -> Path:
    return warehouse.folder / "outcomes"


def _linked(source: Path, kept: Path, erased: str) -> None:
    beside = kept.with_name(f"{kept.name}.{os.getpid()}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for file in source.iterdir():
        try:
            os.link(file, beside / file.name)
        except OSError:  # a disk without links
            shutil.copyfile(file, beside / file.name)
    (beside / ERASED).write_text(erased)
    try:
        beside.rename(kept)
    except OSError:  # another run was first
        shutil.rmtree(beside, ignore_errors=True)


def _drop_with_erased(folder: Path, erased: str) -> None:
    """Records of persons are not kept longer than the ledger keeps them once somebody was erased."""
    for kept in folder.iterdir():
        mark = kept / ERASED
        if mark.exists() and mark.read_text() != erased and b'"person"' in (kept / MANIFEST).read_bytes():
            shutil.rmtree(kept, ignore_errors=True)


def _drop_old(folder: Path) -> None:
    kept = sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    taken = 0
    for at, version in enumerate(kept):
        taken += sum(file.stat().st_size for file in version.iterdir())
        if at >= MOST or (at and taken > MOST_BYTES):
            shutil.rmtree(version, ignore_errors=True)
