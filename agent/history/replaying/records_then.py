"""What did the records of a warehouse say when a run began?"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import SQLModel, col, select

from agent.history.inputs import Inputs
from store.records import (
    Analysis,
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

# What runs read. Traces, usage, exports, deliveries and audits are not among it: a replay leaves none.
OF_A_WAREHOUSE: tuple[Any, ...] = (
    Analysis,
    Correction,
    Feedback,
    KeptResult,
    LearnedModel,
    Schedule,
    StandingAudience,
    StandingChange,
)
OF_THE_HOUSE: tuple[Any, ...] = (IcpProfile, ProfileRevision, Recipient)
KEYS = ("analysis_id", "result_id", "model_id", "change_id", "run_id")


def copy_records(of: Database, to: Database, inputs: Inputs, run_id: str) -> None:
    """Copy what the records said then; of what the run itself wrote only its requests to a model."""
    own = run_id.partition("_")[2]
    rows: list[SQLModel] = []
    with of.session() as session:
        for table in (*OF_A_WAREHOUSE, *OF_THE_HOUSE):
            asked = select(table).where(col(table.created_at) <= inputs.now)
            if table in OF_A_WAREHOUSE:
                asked = asked.where(table.warehouse == inputs.warehouse)
            rows += [row for row in session.exec(asked) if not _is_of_run(row, own)]
        words = select(ModelCall).where(col(ModelCall.run_id).endswith(own, autoescape=True))
        rows += session.exec(words)
    with to.session() as session:
        for row in _as_then(rows, inputs):
            session.add(row)


def _is_of_run(row: SQLModel, own: str) -> bool:
    return any(own in str(getattr(row, key, "")) for key in KEYS)


def _as_then(rows: Sequence[SQLModel], inputs: Inputs) -> Iterator[SQLModel]:
    newest: dict[str, ProfileRevision] = {}
    for row in rows:
        if isinstance(row, ProfileRevision):
            known = newest.get(row.profile_id)
            newest[row.profile_id] = row if known is None or row.number > known.number else known
    for row in rows:
        said = _rewound(row, inputs, newest)
        # From what it says, not the row itself, which belongs to the other session.
        yield type(row)(**row.model_dump() | said)


def _rewound(row: SQLModel, inputs: Inputs, newest: dict[str, ProfileRevision]) -> dict[str, Any]:
    """What was said otherwise then."""
    match row:
        case LearnedModel():
            was_used = inputs.models.get(row.kind) == row.model_id
            not_used = "retired" if row.status == "published" else row.status
            return {"status": "published" if was_used else not_used}
        case Feedback() if row.decided_at and row.decided_at > inputs.now:
            return {"status": "new", "decided_at": None, "decided_by": "", "reason": "", "effect": {}}
        case Correction() if row.undone_at and row.undone_at > inputs.now:
            return {"undone_at": None, "undone_by": ""}
        case IcpProfile():
            return _profile_then(row, inputs, newest.get(row.profile_id))
    return {}


def _profile_then(row: IcpProfile, inputs: Inputs, then: ProfileRevision | None) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if row.deleted_at and row.deleted_at > inputs.now:
        said["deleted_at"] = None
    if then is not None and then.number != row.revision:
        name = then.document.get("name", row.name)
        said |= {"revision": then.number, "shared": then.shared, "name": name, "changed_at": then.created_at}
    return said
