"""Where does a command work: on this machine's house, or on one that is served?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from agent import CATALOGUE
from agent.analyze_customers import start_analysis
from agent.analyze_outcomes import start_outcomes
from agent.generate_audience import start_audience
from agent.planner.plan import Plan, Uploaded
from agent.run_briefing import start_briefing
from agent.state import Progress
from api.jobs import queue
from api.jobs.attempt import trace_id
from api.jobs.kinds import kind_named
from api.jobs.one_call import OneCall, require_kept
from api.settings import Settings
from store.records.runs import Run, run_named, runs_of
from store.records.trace_tree import TraceTree, trace_of
from store.workspace import House, Workspace
from tools.calls import call, checked, tool_named, traced
from tools.declaration import ToolResult

STARTED: dict[str, Callable[..., Any]] = {
    "analyze_customers": start_analysis,
    "analyze_outcomes": start_outcomes,
    "generate_audience": start_audience,
    "run_briefing": start_briefing,
}
Row = dict[str, Any]


class Reach(Protocol):
    """A house, wherever it is. What is refused there is refused here, in the same words."""

    def call(self, tool: str, arguments: Row, progress: Progress | None = None) -> Any:
        """The tool's result; progress hears the steps of one that has some."""
        ...

    def plan(self, sentence: str, file: str | None) -> Plan:
        """What would be done for a sentence."""
        ...

    def analyses(self) -> list[Row]:
        """The analyses of the warehouse, newest first."""
        ...

    def feedback(self) -> list[Row]:
        """What was said of the warehouse's answers, newest first."""
        ...

    def trace(self, workflow_id: str) -> TraceTree:
        """All that happened under a workflow."""
        ...

    def submit(self, tool: str, arguments: Row, key: str | None, asks: bool) -> Run:
        """The job, queued."""
        ...

    def jobs(self, warehouse: str | None) -> list[Run]:
        """The last jobs, newest first."""
        ...

    def job(self, run_id: str) -> tuple[Run, ToolResult | None]:
        """A job, and what came of it if it is done."""
        ...

    def cancel(self, run_id: str) -> Run:
        """The job, which stops."""
        ...

    def approve(self, run_id: str, approved: bool) -> Run:
        """The job, queued again with the decision."""
        ...


@contextmanager
def reached(warehouse: str | None) -> Iterator[Reach]:
    """The server of FIELDMARK_SERVER where one is set, else this machine's house; closed afterwards."""
    settings = Settings.read()
    if settings.server:
        from api.cli.served import There  # the client takes a moment to import
        from api.client import Fieldmark

        named = warehouse or settings.warehouse or None
        with Fieldmark(settings.server, settings.api_key, warehouse=named) as fieldmark:
            yield There(fieldmark)
        return
    house = settings.house()
    try:
        yield Here(settings, house, warehouse)
    finally:
        house.close()


class Here:
    """This machine's house."""

    def __init__(self, settings: Settings, house: House, warehouse: str | None) -> None:
        self._settings, self._house, self._warehouse = settings, house, warehouse

    @property
    def _workspace(self) -> Workspace:
        return self._house.workspace(self._settings.warehouse_named(self._warehouse))

    def call(self, tool: str, arguments: Row, progress: Progress | None = None) -> Any:
        workspace, declared = self._workspace, tool_named(CATALOGUE, tool)
        if progress is None or tool not in STARTED:
            return call(declared, workspace, arguments)
        query = checked(declared, arguments)
        return traced(tool, workspace, query, lambda: STARTED[tool](workspace, query, progress))

    def plan(self, sentence: str, file: str | None) -> Plan:
        from agent.planner.planner import plan  # the embedding takes a second to import

        name = self._settings.warehouse_if_any(self._warehouse)
        workspace = self._house.workspace(name) if name else None
        return plan(sentence, file=Uploaded(name=file) if file else None, workspace=workspace)

    def analyses(self) -> list[Row]:
        workspace = self._workspace
        return [
            kept.model_dump(mode="json") for kept in workspace.database.analyses(workspace.warehouse.name)
        ]

    def feedback(self) -> list[Row]:
        workspace = self._workspace
        return [
            said.model_dump(mode="json") for said in workspace.database.feedback(workspace.warehouse.name)
        ]

    def trace(self, workflow_id: str) -> TraceTree:
        return trace_of(self._house.database, workflow_id)

    def submit(self, tool: str, arguments: Row, key: str | None, asks: bool) -> Run:
        name = self._settings.warehouse_named(self._warehouse)
        return queue.submit(self._house, self._settings, tool, arguments, name, key, asks=asks)

    def jobs(self, warehouse: str | None) -> list[Run]:
        return runs_of(self._house.database, warehouse)

    def job(self, run_id: str) -> tuple[Run, ToolResult | None]:
        run = run_named(self._house.database, run_id)
        if run.status != "done":
            return run, None
        kind = kind_named(run.kind)
        if isinstance(kind, OneCall):
            require_kept(self._house.artifacts, run.run_id, run.ended_at, self._house.now())
        result = kind.saved(self._house.workspace(run.warehouse), run.run_id)
        result.workflow_id, result.tool_trace_id = run.workflow_id, trace_id(run.run_id)
        return run, result

    def cancel(self, run_id: str) -> Run:
        return queue.cancel(self._house, run_id)

    def approve(self, run_id: str, approved: bool) -> Run:
        return queue.answer(self._house.database, run_id, approved)
