"""How is a graph run as a tool: begun from its request, gone on with, and read when it has ended?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from agent.state import Progress, RunContext, silent
from store.errors import NotFound, ToolRefused
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult

if TYPE_CHECKING:
    from agent.runs.running import Graph

Query = TypeVar("Query", bound=ToolQuery)
Result = TypeVar("Result", bound=ToolResult)


# LangGraph and what the steps need take a second to import: a look at the catalogue need not wait for them.
@dataclass(frozen=True)
class Workflow(Generic[Query, Result]):
    """A graph, the tool that it is, and what its runs leave behind."""

    tool: str
    noun: str  # what a run of it makes
    prefix: str  # how the ids of its runs begin
    query: type[Query]
    graph: "Callable[[], Graph]"
    first_state: Callable[[Workspace, str, Query], dict[str, Any]]
    result: type[Result]
    result_kind: str  # of the artifact that the last step saves under the run's id

    def start(
        self,
        workspace: Workspace,
        query: Query,
        progress: Progress = silent,
        context: RunContext | None = None,
    ) -> Result:
        """What comes of a new run. One that is refused leaves nothing to go on with."""
        run_id = f"{self.prefix}{workspace.new_id()}"
        self.keep_request(workspace, run_id, query)
        try:
            return self.finish(run_id, context or RunContext(workspace), progress)
        except ToolRefused:
            self.forget(workspace, run_id)
            raise

    def resume(
        self,
        workspace: Workspace,
        run_id: str,
        progress: Progress = silent,
        context: RunContext | None = None,
    ) -> Result:
        """Go on with a run that was killed or cancelled, at the step it was in. Raises NotFound."""
        from agent.runs.running import is_under_way

        if not run_id.startswith(self.prefix):
            raise _unknown(f"The id of an {self.noun} begins with `{self.prefix}`.")
        if not (is_under_way(run_id, workspace) or self._has_ended(workspace, run_id)):
            raise _unknown("`fieldmark analyses` lists the analyses that ended.")
        return self.finish(run_id, context or RunContext(workspace), progress)

    def keep_request(self, workspace: Workspace, run_id: str, query: Query) -> None:
        """Keep the request of a run that has not begun; it is removed when it is resolved, or at the end."""
        workspace.artifacts.save_document("request", run_id, query.model_dump(mode="json"))

    def finish(
        self, run_id: str, context: RunContext, progress: Progress = silent, answer: Any = None
    ) -> Result:
        """What comes of a run, which begins here, goes on, or has ended; asking twice does nothing twice.

        Raises NotFound for one without a request, Cancelled, and NeedsApproval unless the answer is given.
        """
        from agent.history.recipe import keep_inputs, keep_recipe
        from agent.runs.remembering import remember
        from agent.runs.running import is_under_way, resume, run

        workspace = context.workspace
        if is_under_way(run_id, workspace):
            resume(self.graph(), run_id, context, progress, answer=answer)
        elif not self._has_ended(workspace, run_id):
            query = self.query.model_validate(workspace.artifacts.document("request", run_id))
            keep_inputs(workspace, run_id, self.tool, query)
            run(self.graph(), self.first_state(workspace, run_id, query), context, progress)
        workspace.artifacts.remove("request", run_id, "json")
        result = self.saved(workspace, run_id)
        remember(workspace, run_id, result)
        keep_recipe(workspace, run_id, self.tool, result)
        return result

    def saved(self, workspace: Workspace, run_id: str) -> Result:
        """What came of a run that has ended. Raises NotFound."""
        return self.result.model_validate(workspace.artifacts.document(self.result_kind, run_id))

    def forget(self, workspace: Workspace, run_id: str) -> None:
        """Drop the request and the checkpoints of a run that nobody will go on with."""
        from agent.history.recipe import forget_inputs
        from agent.runs.running import forget

        forget_inputs(workspace, run_id)
        workspace.artifacts.remove("request", run_id, "json")
        forget(run_id, workspace)

    def _has_ended(self, workspace: Workspace, run_id: str) -> bool:
        return workspace.artifacts.path(self.result_kind, run_id, "json").exists()


def _unknown(instead: str) -> NotFound:
    return NotFound("There is no such run", where="run_id", instead=instead)
