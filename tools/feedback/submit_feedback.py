"""Keep what somebody says of an answer."""

from typing import Literal, get_args

from pydantic import Field, model_validator

from store.records import Feedback, Trace
from store.workspace import Workspace
from tools.clusters.listing import found_cluster
from tools.declaration import PersonId, ToolQuery, ToolResult
from tools.feedback.effects import CHANGE, LEAD, TEXT
from tools.identity.corrections.known_again import snapshot_of_ids

FeedbackKind = Literal[
    "wrong_match",
    "wrong_attribute",
    "useless_cluster",
    "missing_data",
    "stale_data",
    "bad_segment",
    "bad_score",
    "bad_text",
    "other",
]
ONE_LINE = r"^[^\x00-\x1f\x7f]+$"
KINDS: tuple[FeedbackKind, ...] = get_args(FeedbackKind)


class FeedbackQuery(ToolQuery):
    """What it is about, and what is said."""

    tool_trace_id: str | None = Field(default=None, max_length=80, description="The call it is about.")
    kind: FeedbackKind
    message: str = Field(min_length=1, max_length=4_000)
    person_id: PersonId | None = None
    cluster: str | None = Field(default=None, max_length=40, description="A cluster id or hash.")
    segment: str | None = Field(
        default=None, max_length=200, pattern=ONE_LINE, description="A segment of the analysis, by its name."
    )
    lead: str | None = Field(
        default=None, max_length=200, pattern=ONE_LINE, description="A row of a score: its account or lead."
    )
    subject: str | None = Field(
        default=None,
        max_length=120,
        pattern=ONE_LINE,
        description="Which text: `headline`, `segment-0`, `anti_pattern-1` …",
    )
    change: str | None = Field(
        default=None,
        max_length=200,
        pattern=ONE_LINE,
        description="A change that a briefing told, by its key.",
    )

    @model_validator(mode="after")
    def _about(self) -> "FeedbackQuery":
        if self.workflow_id is None and self.tool_trace_id is None:
            raise ValueError("say what it is about: `workflow_id` or `tool_trace_id`")
        if sum(each is not None for each in (self.lead, self.subject, self.change)) > 1:
            raise ValueError("give one of `lead`, `subject` and `change` at most")
        return self

    def about(self) -> str:
        """What else it is about, as the record keeps it; empty for nothing."""
        said = ((LEAD, self.lead), (TEXT, self.subject), (CHANGE, self.change))
        return next((f"{begins}{value}" for begins, value in said if value is not None), "")


class FeedbackResult(ToolResult):
    """Where it is kept."""

    feedback_id: str


def submit_feedback(workspace: Workspace, query: FeedbackQuery) -> FeedbackResult:
    """Keep feedback on a workflow or a call; it is listed, and counted in the next briefing.

    It can name a person, a cluster, a segment, a row of a score, a text or a change. Nothing changes until
    somebody accepts it: `decide_feedback`.
    """
    cluster = found_cluster(workspace.population.catalogue, query.cluster) if query.cluster else None
    call = workspace.database.get(Trace, query.tool_trace_id) if query.tool_trace_id else None
    people = query.person_id is not None and workspace.warehouse.exists
    feedback = Feedback(
        feedback_id=f"feedback_{workspace.new_id()}",
        warehouse=workspace.warehouse.name,
        workflow_id=call.workflow_id if call else query.workflow_id or "",
        tool_trace_id=query.tool_trace_id or "",
        kind=query.kind,
        message=query.message,
        person_id=query.person_id,
        cluster_hash=cluster.cluster_hash if cluster else "",
        segment=query.segment or "",
        subject=query.about(),
        snapshot_id=snapshot_of_ids(workspace.population) if people else "",
        created_by=workspace.actor,
        created_at=workspace.now(),
    )
    workspace.database.add(feedback)
    return FeedbackResult(feedback_id=feedback.feedback_id)
