"""What is a run made from?"""

import hashlib
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from agent.analyze_customers import IDENTIFYING
from agent.history.state import models_in_use, state_of
from agent.history.versions import code_digest, library_versions, text_versions
from agent.requests import AnalyzeQuery, RunBriefing
from agent.version import CODE_VERSION
from store.errors import NotFound
from store.outcomes.ledger import ledger_of
from store.records.recipients import ID as RECIPIENT
from store.workspace import Workspace
from tools.declaration import ToolQuery

KINDS = ("analyze_customers", "generate_audience", "analyze_outcomes", "run_briefing")
NOT_KEPT = {"workflow_id", "recipients"}  # ids of its own, and what may be an address
HASH_DIGITS = 16
# asked: the request says whose the run is. kept: it came with identifiers or ids, which are removed; the
# people whom they led to are an artifact.
People = Literal["asked", "kept"]


class Inputs(BaseModel):
    """All that a result depends on, but the people's values."""

    kind: str
    warehouse: str
    now: datetime = Field(description="The time by the run's clock when it began.")
    snapshot_id: str = Field(default="", description="Of the people; empty where there were none.")
    snapshot_hash: str = Field(default="", description="Of what the snapshot says of itself.")
    ledger_version: str = Field(default="", description="Of the outcomes; empty where there were none.")
    ledger_hash: str = Field(default="", description="Of all outcome records.")
    settings: dict[str, Any] = Field(description="The request without identifiers.")
    people: People = "asked"
    customers: int | None = Field(default=None, description="Of an analysis: how many they were.")
    customers_hash: str = Field(default="", description="Of an analysis: of who they were.")
    seed: int = 0
    code_version: str
    code_digest: str
    texts: dict[str, str] = Field(description="The version of each prompt and file of pieces.")
    libraries: dict[str, str]
    model: str = Field(default="", description="The language model that was asked; empty for none.")
    words: int = Field(default=0, description="Requests to it that are kept.")
    models: dict[str, str] = Field(
        default_factory=dict, description="The learned model in use, of each kind, when it began."
    )
    state: dict[str, str] = Field(description="Digests of erasures, feedback, corrections, audiences kept.")


def inputs_of(workspace: Workspace, kind: str, query: ToolQuery) -> Inputs:
    """What a run that begins now is made from."""
    snapshot_id = workspace.warehouse.current_id if workspace.warehouse.exists else ""
    ledger_version, ledger_hash = _ledger_in_use(workspace)
    return Inputs(
        kind=kind,
        warehouse=workspace.warehouse.name,
        now=workspace.now(),
        snapshot_id=snapshot_id,
        snapshot_hash=snapshot_hash(workspace, snapshot_id),
        ledger_version=ledger_version,
        ledger_hash=ledger_hash,
        settings=settings_of(query),
        people="kept" if isinstance(query, AnalyzeQuery) and _is_identifying(query) else "asked",
        seed=getattr(query, "seed", 0),
        code_version=CODE_VERSION,
        code_digest=code_digest(),
        texts=text_versions(),
        libraries=library_versions(),
        model=workspace.model.model if workspace.model else "",
        models=models_in_use(workspace),
        state=state_of(workspace),
    )


def settings_of(query: ToolQuery) -> dict[str, Any]:
    """The request without identifiers, ids of people and addresses."""
    if isinstance(query, RunBriefing):
        known = [each for each in query.recipients if RECIPIENT.fullmatch(each)]
        return query.model_dump(mode="json", exclude=NOT_KEPT) | {"recipients": known}
    if not isinstance(query, AnalyzeQuery):
        return query.model_dump(mode="json", exclude=NOT_KEPT)
    settings = query.model_dump(mode="json", exclude=IDENTIFYING | {"lost", "recorded"})
    if query.recorded is not None:
        settings["recorded"] = query.recorded
    if query.lost is not None and query.lost.outcome is not None:
        settings["lost"] = {"outcome": query.lost.outcome.model_dump()}
    if query.outcome is None and query.recorded is None:
        settings["person_ids"] = []
    return settings


def _is_identifying(query: AnalyzeQuery) -> bool:
    named = query.outcome is None and query.recorded is None
    return named or (query.lost is not None and query.lost.outcome is None)


def snapshot_hash(workspace: Workspace, snapshot_id: str) -> str:
    """A digest of what a snapshot says of itself; empty where it is gone."""
    manifest = workspace.warehouse.folder / "snapshots" / snapshot_id / "manifest.json"
    try:
        return hashlib.sha256(manifest.read_bytes()).hexdigest()[:HASH_DIGITS]
    except FileNotFoundError:
        return ""


def _ledger_in_use(workspace: Workspace) -> tuple[str, str]:
    """The version and the hash of the outcomes; empty where there are none."""
    try:
        manifest = ledger_of(workspace.warehouse).manifest
    except NotFound:
        return "", ""
    return manifest.version, manifest.data_hash
