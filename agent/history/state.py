"""What was said, corrected and erased in a warehouse until now, as digests that tell whether it changed?"""

import hashlib
from typing import Any

import numpy as np
import orjson

from store.records import Correction, Feedback, StandingAudience
from store.records.learned import learned_models
from store.records.recipes import rows_of
from store.workspace import Workspace

DIGITS = 16
# Of each table: what a run could read of it.
READ: dict[str, tuple[Any, tuple[str, ...]]] = {
    "feedback": (Feedback, ("feedback_id", "status", "decided_at")),
    "corrections": (Correction, ("correction_id", "undone_at")),
    "standing": (StandingAudience, ("standing_id", "query", "destination", "is_paused")),
}


def state_of(workspace: Workspace) -> dict[str, str]:
    """A digest each of erasures, feedback, corrections and standing audiences; empty where there are none."""
    found = {part: _rows(workspace, *asked) for part, asked in READ.items()}
    return {"erasures": erasures_digest(workspace)} | found


def erasures_digest(workspace: Workspace) -> str:
    """A digest of who was erased, which names nobody; empty where nobody was."""
    erased = workspace.warehouse.erasures
    rows = {snapshot: sorted(ids) for snapshot, ids in sorted(erased.rows.items())}
    if not (erased.person_ids or rows or erased.digests):
        return ""
    return _digest([sorted(erased.person_ids), rows, sorted(erased.digests)])


def models_in_use(workspace: Workspace) -> dict[str, str]:
    """The id of the model in use of each kind."""
    known = learned_models(workspace.database, workspace.warehouse.name)
    return {one.kind: one.model_id for one in reversed(known) if one.status == "published"}


def people_digest(person_ids: np.ndarray) -> str:
    """A digest of a list of people, whatever its order."""
    return hashlib.sha256(np.sort(person_ids).astype("<i8").tobytes()).hexdigest()[:DIGITS]


def _rows(workspace: Workspace, table: Any, columns: tuple[str, ...]) -> str:
    found = rows_of(workspace.database, table, workspace.warehouse.name, columns)
    return _digest(found) if found else ""


def _digest(what: Any) -> str:
    return hashlib.sha256(orjson.dumps(what, option=orjson.OPT_SORT_KEYS)).hexdigest()[:DIGITS]
