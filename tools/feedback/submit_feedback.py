"""Keep what somebody says of an answer."""

from typing import Literal

from pydantic import Field, model_validator

from store.records import Feedback, Trace
from store.workspace import Workspace
from tools.clusters.listing import found_cluster
from tools.declaration import PersonId, ToolQuery, ToolResult


class FeedbackQuery(ToolQuery):
    """What it is about, and what is said."""

    tool_trace_id: str | None = Field(default=None, max_length=80, description="The call it is about.")
    kind: Literal[
        "wrong_match", "wrong_attribute", "missing_data", "stale_data", "bad_segment", "bad_score", "other"
    ]
    message: str = Field(min_length=1, max_length=4_000)
    person_id: PersonId | None = None
    cluster: str | None = Field(default=None, max_length=40, description="A cluster id or hash.")

    @model_validator(mode="after")
    def _about(self) -> "FeedbackQuery":
        if self.workflow_id is None and self.tool_trace_id is None:
            raise ValueError("say what it is about: `workflow_id` or `tool_trace_id`")
        return self


class FeedbackResult(ToolResult):
    """Where it is kept."""

    feedback_id: str


def submit_feedback(workspace: Workspace, query: FeedbackQuery) -> FeedbackResult:
    """Keep feedback on a workflow or a call; it is listed, and counted in the next briefing."""
    cluster = found_cluster(workspace.population.catalogue, query.cluster) if query.cluster else None
    call = workspace.database.get(Trace, query.tool_trace_id) if query.tool_trace_id else None
    feedback = Feedback(
        feedback_id=f"feedback_{workspace.new_id()}",
        warehouse=workspace.warehouse.name,
        workflow_id=call.workflow_id if call else query.workflow_id or "",
        tool_trace_id=query.tool_trace_id or "",
        kind=query.kind,
        message=query.message,
        person_id=query.person_id,
        cluster_hash=cluster.cluster_hash if cluster else "",
        created_at=workspace.now(),
    )
    workspace.database.add(feedback)
    return FeedbackResult(feedback_id=feedback.feedback_id)
