"""Where is a run made again, so that nothing of the house is changed?

A folder of its own in the house, with links to the snapshots and to the outcomes of then, artifacts over the
house's, and a copy of the records as they were. It is removed afterwards; links are removed, never followed.
"""

import itertools
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from agent.history.inputs import Inputs
from agent.history.kept_ledgers import ledger_folder
from agent.history.replaying.overlay import Hidden, Overlay
from store.artifacts import Artifacts
from store.errors import NotFound
from store.exports import Exports
from store.model_access import ModelAccess
from store.records import Database
from store.records.records_then import Then, copy_records
from store.signing import Signer
from store.tariff import Tariff
from store.warehouse import ERASURES, Warehouse
from store.workspace import Workspace

FOLDER = "replays"  # of the house
LEFT_SECONDS = 86_400  # the folder of a replay that was killed is removed by a later one
CACHES = ("outcome_answers",)  # answers that are found again by what was asked: a replay finds those of then
NOBODY = "http://127.0.0.1:9"  # the port of discard: a model that is asked all the same is not there


@contextmanager
def scratch_of(workspace: Workspace, inputs: Inputs, run_id: str) -> Iterator[Workspace]:
    """A workspace as it was when the run began, by the clock of then; it is removed when the block ends."""
    root = workspace.home / FOLDER
    root.mkdir(parents=True, exist_ok=True)
    _remove_left(root)
    home = Path(tempfile.mkdtemp(dir=root))  # its owner's alone
    database = Database(home / "fieldmark.db")
    try:
        _lay_out(workspace, inputs, home)
        then = Then(inputs.now, inputs.warehouse, inputs.models)
        copy_records(workspace.database, database, then, run_id)
        artifacts = Overlay(
            home / "artifacts", workspace.artifacts, _hidden(workspace.artifacts, inputs, run_id)
        )
        numbers = itertools.count()
        yield Workspace(
            home=home,
            warehouse=Warehouse(home, inputs.warehouse),
            database=database,
            artifacts=artifacts,
            exports=Exports(home / "exports", database, Signer(home / "secret.key"), ""),
            now=lambda: inputs.now,
            new_id=lambda: str(uuid.uuid5(uuid.NAMESPACE_OID, f"{run_id} {next(numbers)}")),
            model=ModelAccess(NOBODY, inputs.model, timeout_seconds=1.0) if inputs.model else None,
            actor=workspace.actor,
            tariff=Tariff(),
        )
    finally:
        database.close()
        shutil.rmtree(home, ignore_errors=True)


def seed_people(of: Artifacts, to: Artifacts, run_id: str) -> None:
    """Give a run the people whom its identifiers led to. Raises NotFound where they are not kept."""
    to.save_document("match", run_id, of.document("match", run_id))
    for kind in ("customers", "lost"):
        to.save_people(kind, run_id, of.people(kind, run_id))


def _lay_out(workspace: Workspace, inputs: Inputs, home: Path) -> None:
    """The folder of the warehouse: what was in use then is in use here."""
    house, own = workspace.warehouse.folder, home / "warehouses" / inputs.warehouse
    (own / "snapshots").mkdir(parents=True)
    for snapshot in (house / "snapshots").glob("[0-9]*"):
        (own / "snapshots" / snapshot.name).symlink_to(snapshot.resolve())
    if inputs.snapshot_id:
        (own / "current").write_text(inputs.snapshot_id)
    if (house / ERASURES).exists():
        shutil.copyfile(house / ERASURES, own / ERASURES)
    if (house / "behaviour").is_dir():
        (own / "behaviour").symlink_to((house / "behaviour").resolve())
    version = ledger_folder(workspace.warehouse, inputs.ledger_version) if inputs.ledger_version else None
    if version is not None:
        (own / "outcomes" / "versions").mkdir(parents=True)
        (own / "outcomes" / "versions" / inputs.ledger_version).symlink_to(version.resolve())
        (own / "outcomes" / "current").write_text(inputs.ledger_version)
    cache = workspace.home / "cache"
    if cache.is_dir():  # what the embedding made of the same words: files named by their content
        (home / "cache").symlink_to(cache.resolve())


def _hidden(artifacts: Artifacts, inputs: Inputs, run_id: str) -> Hidden:
    """What came of the run itself, and what was found by others since it began."""
    own = run_id.partition("_")[2]

    def is_hidden(kind: str, key: str) -> bool:
        return own in key or (kind in CACHES and not _is_older(artifacts, kind, key, inputs.now))

    return is_hidden


def _is_older(artifacts: Artifacts, kind: str, key: str, now: datetime) -> bool:
    try:
        answer = artifacts.document("outcome_analysis", artifacts.document(kind, key)["run_id"])
    except NotFound:
        return False
    return datetime.fromisoformat(answer["created_at"]) < now


def _remove_left(root: Path) -> None:
    for folder in root.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - os.stat(folder).st_mtime > LEFT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
