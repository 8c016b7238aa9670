"""What was said of the answers, and what would come of it?"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from store.errors import BadInput
from store.records import Feedback
from store.records.feedback import RECORD_ID, FeedbackStatus, feedback_named
from store.records.newest import Place, newest
from store.workspace import Workspace
from tools.declaration import PersonId, ToolQuery, ToolResult
from tools.feedback.effects import CHANGE, LEAD, TEXT, effect_preview
from tools.feedback.submit_feedback import FeedbackKind


class ListFeedback(ToolQuery):
    """Which feedback: of a status, of a kind, or one."""

    status: FeedbackStatus | None = None
    kind: FeedbackKind | None = None
    feedback_id: str | None = Field(default=None, pattern=RECORD_ID, description="This one alone.")
    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    cursor: str | None = Field(
        default=None, pattern=RECORD_ID, description="`next_cursor` of the page before."
    )


class FeedbackLine(BaseModel):
    """What somebody said, and what came of it."""

    feedback_id: str
    warehouse: str
    workflow_id: str
    tool_trace_id: str
    kind: str
    message: str
    person_id: PersonId | None = None
    cluster_hash: str
    segment: str = ""
    lead: str = Field(default="", description="A row of a score.")
    subject: str = Field(default="", description="Which text.")
    change: str = Field(default="", description="A change that a briefing told, by its key.")
    created_by: str = ""
    created_at: datetime
    status: str
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    effect: dict[str, Any] = Field(
        default_factory=dict, description="What accepting it did, typed by `kind`."
    )
    effect_preview: str = Field(default="", description="What accepting it would do; empty once decided.")


class FeedbackList(ToolResult):
    """Feedback, newest first."""

    feedback: list[FeedbackLine]
    next_cursor: str | None = None


def list_feedback(workspace: Workspace, query: ListFeedback) -> FeedbackList:
    """Feedback on this warehouse, newest first, each with what accepting it would do."""
    database, name = workspace.database, workspace.warehouse.name
    if query.feedback_id is not None:
        return FeedbackList(feedback=[line_of(feedback_named(database, query.feedback_id, name))])
    rows = newest(
        database,
        Feedback,
        Feedback.created_at,
        Feedback.feedback_id,
        query.limit,
        _after(workspace, query.cursor),
        warehouse=name,
        status=query.status,
        kind=query.kind,
    )
    shown = rows[: query.limit]
    return FeedbackList(
        feedback=[line_of(row) for row in shown],
        next_cursor=shown[-1].feedback_id if len(rows) > query.limit else None,
    )


def line_of(row: Feedback) -> FeedbackLine:
    """A feedback as a list shows it; digests that its effect keeps are not shown."""
    kept = row.model_dump(include=set(FeedbackLine.model_fields) - {"subject", "effect"})
    subjects = {"lead": LEAD, "subject": TEXT, "change": CHANGE}
    about: dict[str, Any] = {
        name: row.subject.removeprefix(begins)
        for name, begins in subjects.items()
        if row.subject.startswith(begins)
    }
    effect = {name: value for name, value in row.effect.items() if name != "known_by"}
    preview = effect_preview(row) if row.status == "new" else ""
    return FeedbackLine(**kept, **about, effect=effect, effect_preview=preview)


def _after(workspace: Workspace, cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    row = workspace.database.get(Feedback, cursor)
    if row is None or row.warehouse != workspace.warehouse.name:
        raise BadInput(
            "The cursor is none of ours", where="cursor", instead="Send `next_cursor` as it came, or none."
        )
    return Place(row.created_at, row.feedback_id)
