"""Where does a command work: on this machine's house, or on one that is served?"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from agent.conversation.turn import Reply, Watch
from agent.planner.plan import Plan
from agent.state import Progress
from api.settings import Settings
from store.exports import ExportLink
from store.outcomes.outcome_table import UnitKind
from store.records.runs import Run
from store.records.trace_tree import TraceTree
from store.warehouse import warehouse_names
from tools.declaration import ToolResult
from tools.outcomes.record_summary import OutcomeSummary
from tools.scoring.score_leads import ScoredLeads
from tools.usage.usage_report import By, UsageReport

Row = dict[str, Any]


class Talk(Protocol):
    """A conversation, wherever it is kept."""

    @property
    def conversation_id(self) -> str:
        """Its id; empty as long as a server has not heard of it."""
        ...

    def say(self, message: str, file: Path | None, approved: bool | None, watch: Watch) -> Reply:
        """What comes of a message; watch hears each event as it comes."""
        ...


class Reach(Protocol):
    """A house, wherever it is. What is refused there is refused here, in the same words."""

    def call(self, tool: str, arguments: Row, progress: Progress | None = None) -> Any:
        """The tool's result; progress hears the steps of one that has some."""
        ...

    def plan(self, sentence: str, file: str | None) -> Plan:
        """What would be done for a sentence."""
        ...

    def talk(self, conversation_id: str | None) -> Talk:
        """A new conversation, or the one of this id."""
        ...

    def score(self, file: Path, given: Row, out: Path | None) -> ScoredLeads:
        """The leads of a file, scored, and all of them in out; given are the other arguments."""
        ...

    def fetch(self, link: ExportLink, out: Path) -> None:
        """The file of an export, which is now at out, whole."""
        ...

    def outcomes(self, last_days: int | None, unit: UnitKind | None) -> OutcomeSummary:
        """What is recorded of deals."""
        ...

    def analyses(self) -> list[Row]:
        """The analyses of the warehouse, newest first."""
        ...

    def feedback(self) -> list[Row]:
        """What was said of the warehouse's answers, newest first."""
        ...

    def exports(self, warehouse: str | None, most: int) -> tuple[list[Row], datetime]:
        """The last exports, newest first, and what time it is there."""
        ...

    def revoke(self, export_id: str) -> None:
        """Remove an export at once."""
        ...

    def usage(self, first: date | None, last: date | None, by: By) -> UsageReport:
        """What was used."""
        ...

    def trace(self, workflow_id: str) -> TraceTree:
        """All that happened under a workflow."""
        ...

    def calls(self, workflow_id: str) -> tuple[list[Row], list[Row]]:
        """The calls and the exports made under a workflow; none for an unknown one."""
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

    def resume(self, run_id: str, progress: Progress) -> ToolResult | None:
        """What came of a run, gone on with; None for a job that is queued again."""
        ...


@contextmanager
def reached(warehouse: str | None, *, anywhere: bool = False) -> Iterator[Reach]:
    """The server of FIELDMARK_SERVER where one is set, else this machine's house; closed afterwards.

    anywhere: where no warehouse is named and there are several, any will do.
    """
    settings = Settings.read()
    if settings.server:
        from api.cli.served import There  # the client takes a moment to import
        from api.client import Fieldmark

        named = warehouse or settings.warehouse or None
        with Fieldmark(settings.server, settings.api_key, warehouse=named) as fieldmark:
            yield There(fieldmark, anywhere=anywhere)
        return
    from api.cli.here import Here

    house = settings.house()
    try:
        if anywhere and not (warehouse or settings.warehouse):
            warehouse = next(iter(warehouse_names(house.home)), None)
        yield Here(settings, house, warehouse)
    finally:
        house.close()
