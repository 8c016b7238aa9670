"""Did two runs find the same? A digest of a result without what each run has for itself."""

import hashlib
from typing import Any

import orjson
from pydantic import BaseModel

# Of a result: ids and times that each run has for itself, and what was done with it afterwards.
OWN = {
    "analysis_id",
    "approved",
    "audience_id",
    "briefing_id",
    "created_at",
    "expires_at",
    "from_cache",
    "is_dry_run",
    "model_id",
    "outcome_analysis_id",
    "recipients",
    "replaces",
    "synced",
    "tool_trace_id",
    "url",
    "workflow_id",
}


def found_in(result: BaseModel) -> Any:
    """What a result says that another run of the same inputs says too, as plain JSON."""
    said = orjson.loads(orjson.dumps(result.model_dump(mode="json", warnings=False)))
    return _without_own(said)


def result_hash(result: BaseModel) -> str:
    """A digest of what was found, without the ids and times that each run has for itself."""
    return digest(found_in(result))


def digest(said: Any) -> str:
    """SHA-256 of plain JSON, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _without_own(said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _without_own(value) for name, value in said.items() if name not in OWN}
    return [_without_own(value) for value in said] if isinstance(said, list) else said
