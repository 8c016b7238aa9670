"""How is a tool that is no workflow done as a job: in one step, and once, though its worker is killed?"""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from agent.state import NeedsApproval, Progress, RunContext, silent
from store.artifacts import Artifacts
from store.errors import Expired
from store.records import Database
from store.workspace import Workspace
from tools.declaration import Tool, ToolQuery, ToolResult

RESULT = "call_result"  # the kind of artifact; such an answer can hold people's identifiers
KEPT = timedelta(days=1)
NAMES = uuid.UUID("6f6b3d0c-9f0e-5d0a-8a39-6f9a6a6f3f0b")  # of the ids that are made of a run's id


@dataclass(frozen=True)
class OneCall:
    """One call of a tool: what it asks for is kept until it is done, what it answers for a day."""

    declared: Tool[Any, Any]
    prefix: ClassVar[str] = "call_"

    @property
    def tool(self) -> str:
        return self.declared.name

    def keep_request(self, workspace: Workspace, run_id: str, query: ToolQuery) -> None:
        """Keep the request of a job that has not begun; it is removed when it is done."""
        workspace.artifacts.save_document("request", run_id, query.model_dump(mode="json"))

    def finish(
        self, run_id: str, context: RunContext, progress: Progress = silent, answer: Any = None
    ) -> ToolResult:
        """What the tool answers; asked again it is read. Raises Cancelled, NeedsApproval, and refusals."""
        workspace = context.workspace
        if not self.has_ended(workspace.artifacts, run_id):
            context.stop_if_cancelled()
            given = workspace.artifacts.document("request", run_id)
            query = self._decided(run_id, self.declared.query.model_validate(given), context, answer)
            progress(self.tool, 0, 1)
            result = self.declared.run(_begun_before(workspace, run_id), query)
            result.workflow_id, result.tool_trace_id = query.workflow_id or "", f"trace_{run_id}"
            said = result.model_dump(mode="json", exclude_none=True, warnings=False)
            workspace.artifacts.save_document(RESULT, run_id, said)
            progress(self.tool, 1, 1)
        workspace.artifacts.remove("request", run_id, "json")
        return self.saved(workspace, run_id)

    def _decided(self, run_id: str, query: ToolQuery, context: RunContext, answer: Any) -> ToolQuery:
        """The request, without its file where somebody said no to it."""
        wanted = getattr(query, "format", "none")
        if context.approval != "ask" or wanted == "none":
            return query
        if answer is None:
            raise NeedsApproval(run_id, {"action": "export", "format": wanted})
        return query if answer["approved"] else query.model_copy(update={"format": "none"})

    def saved(self, workspace: Workspace, run_id: str) -> ToolResult:
        """What the tool answered. Raises NotFound."""
        return self.declared.result.model_validate(workspace.artifacts.document(RESULT, run_id))

    def has_ended(self, artifacts: Artifacts, run_id: str) -> bool:
        """Whether its answer is there."""
        return artifacts.path(RESULT, run_id, "json").exists()

    def forget(self, workspace: Workspace, run_id: str) -> None:
        """Drop the request of a job that nobody will go on with."""
        workspace.artifacts.remove("request", run_id, "json")


def require_kept(artifacts: Artifacts, run_id: str, ended_at: datetime | None, now: datetime) -> None:
    """Raise Expired where the day of an answer is over, and remove it then."""
    is_there = artifacts.path(RESULT, run_id, "json").exists()
    if is_there and ended_at is not None and now < ended_at + KEPT:
        return
    artifacts.remove(RESULT, run_id, "json")
    raise Expired(
        "The answer of this job was kept for a day, and is gone",
        where="job",
        instead="Ask for it again; exports and analyses that it made have their own times.",
    )


def _begun_before(workspace: Workspace, run_id: str) -> Workspace:
    """The workspace of a call that may have been begun before: with the same ids, and replacing its own."""
    return replace(workspace, new_id=_ids_of(run_id), database=cast(Database, _Replacing(workspace.database)))


def _ids_of(run_id: str) -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: str(uuid.uuid5(NAMES, f"{run_id} {next(numbers)}"))


class _Replacing:
    """The records, to which a call adds what an earlier try of it may have added under the same id."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.add = database.keep

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)
