"""What did the records of a warehouse say at a moment of the past?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel, col, select

from store.records import (
    Analysis,
    BriefingDelivery,
    Correction,
    Database,
    Feedback,
    IcpProfile,
    KeptResult,
    LearnedModel,
    ModelCall,
    ProfileRevision,
    Recipient,
    Schedule,
    StandingAudience,
    StandingChange,
)

# What runs read. Traces, usage, exports, webhooks and audits are not among it: a replay leaves none.
OF_A_WAREHOUSE: tuple[Any, ...] = (
    Analysis,
    BriefingDelivery,
    Correction,
    Feedback,
    KeptResult,
    LearnedModel,
    Schedule,
    StandingAudience,
    StandingChange,
)
OF_THE_HOUSE: tuple[Any, ...] = (IcpProfile, ProfileRevision, Recipient)
KEYS = ("analysis_id", "result_id", "model_id", "change_id", "run_id", "briefing_id")


@dataclass(frozen=True)
class Then:
    """The moment when a run began, and which models were in use."""

    now: datetime
    warehouse: str
    models: dict[str, str]  # by kind, the id


def copy_records(of: Database, to: Database, then: Then, run_id: str) -> None:
    """Copy what the records said then; of what the run itself wrote only its requests to a model."""
    own = run_id.partition("_")[2]
    rows: list[SQLModel] = []
    with of.session() as session:
        for table in (*OF_A_WAREHOUSE, *OF_THE_HOUSE):
            asked = select(table).where(col(table.created_at) <= then.now)
            if table in OF_A_WAREHOUSE:
                asked = asked.where(table.warehouse == then.warehouse)
            rows += [row for row in session.exec(asked) if not _is_of_run(row, own)]
        words = select(ModelCall).where(col(ModelCall.run_id).endswith(own, autoescape=True))
        rows += session.exec(words)
    with to.session() as session:
        for row in _as_then(rows, then):
            session.add(row)


def _is_of_run(row: SQLModel, own: str) -> bool:
    return any(own in str(getattr(row, key, "")) for key in KEYS)


def _as_then(rows: Sequence[SQLModel], then: Then) -> Iterator[SQLModel]:
    newest: dict[str, ProfileRevision] = {}
    for row in rows:
        if isinstance(row, ProfileRevision):
            known = newest.get(row.profile_id)
            newest[row.profile_id] = row if known is None or row.number > known.number else known
    for row in rows:
        said = _rewound(row, then, newest)
        # From what it says, not the row itself, which belongs to the other session.
        yield type(row)(**row.model_dump() | said)


def _rewound(row: SQLModel, then: Then, newest: dict[str, ProfileRevision]) -> dict[str, Any]:
    """What was said otherwise then."""
    match row:
        case LearnedModel():
            was_used = then.models.get(row.kind) == row.model_id
            not_used = "retired" if row.status == "published" else row.status
            return {"status": "published" if was_used else not_used}
        case Feedback() if row.decided_at and row.decided_at > then.now:
            return {"status": "new", "decided_at": None, "decided_by": "", "reason": "", "effect": {}}
        case Correction() if row.undone_at and row.undone_at > then.now:
            return {"undone_at": None, "undone_by": ""}
        case IcpProfile():
            return _profile_then(row, then, newest.get(row.profile_id))
    return {}


def _profile_then(row: IcpProfile, then: Then, newest: ProfileRevision | None) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if row.deleted_at and row.deleted_at > then.now:
        said["deleted_at"] = None
    if newest is not None and newest.number != row.revision:
        name = newest.document.get("name", row.name)
        number, changed_at = newest.number, newest.created_at
        said |= {"revision": number, "shared": newest.shared, "name": name, "changed_at": changed_at}
    return said
