"""The commands' work on this machine's house."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent import CATALOGUE
from agent.analyze_customers import start_analysis
from agent.analyze_outcomes import start_outcomes
from agent.generate_audience import start_audience
from agent.planner.plan import Plan, Uploaded
from agent.run_briefing import start_briefing
from agent.state import Progress
from api.cli.reaching import Row
from api.jobs import queue
from api.jobs.attempt import trace_id
from api.jobs.kinds import kind_named, kind_of_run
from api.jobs.one_call import OneCall, require_kept
from api.settings import Settings
from store.access import LOCAL
from store.artifacts import written_whole
from store.exports import ExportLink, Exports
from store.outcomes.ledger import ledger_of
from store.outcomes.outcome_table import UnitKind
from store.records import Export
from store.records.newest import newest
from store.records.runs import Run, run_named, runs_of
from store.records.trace_tree import TraceTree, trace_of
from store.tariff import Tariff
from store.workspace import House, Workspace
from tools.calls import call, checked, tool_named, traced
from tools.declaration import ToolResult
from tools.outcomes.record_summary import OutcomeSummary, summarise
from tools.scoring.leads.against import scorer_named
from tools.scoring.leads.files import read_leads
from tools.scoring.score_leads import ScoredLeads, scored_leads
from tools.usage.usage_report import By, UsageReport, usage_report

if TYPE_CHECKING:
    from agent.conversation.conversation import Conversation

STARTED: dict[str, Callable[..., Any]] = {
    "analyze_customers": start_analysis,
    "analyze_outcomes": start_outcomes,
    "generate_audience": start_audience,
    "run_briefing": start_briefing,
}


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
        if tool == "analyze_outcomes":
            _ = ledger_of(workspace.warehouse).manifest  # refuses, and says how to record some
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

    def resume(self, run_id: str, progress: Progress) -> ToolResult | None:
        workspace, workflow = self._workspace, kind_of_run(run_id)
        job = workspace.database.get(Run, run_id)
        if job and job.status != "done":
            queue.go_on(workspace.database, run_id)
            return None
        return workflow.resume(workspace, run_id, progress)

    def calls(self, workflow_id: str) -> tuple[list[Row], list[Row]]:
        database = self._workspace.database
        return (
            [each.model_dump(mode="json") for each in database.traces(workflow_id)],
            [each.model_dump(mode="json") for each in database.exports(workflow_id)],
        )

    def score(self, file: Path, given: Row, out: Path | None) -> ScoredLeads:
        workspace = self._workspace
        query = checked(tool_named(CATALOGUE, "score_leads"), given | {"rows": []})  # they are the file's

        def answer() -> ScoredLeads:
            scorers = [scorer_named(workspace, name) for name in query.profiles()]
            leads = read_leads(workspace, file, scorers[0], self._settings.memory)
            return scored_leads(workspace, query, leads, scorers)

        found = traced("score_leads", workspace, query, answer)
        if out and found.export:
            self.fetch(found.export, out)
        return found

    def fetch(self, link: ExportLink, out: Path) -> None:
        keep_copy(self._house.exports, link, out)

    def talk(self, conversation_id: str | None) -> "Conversation":
        from agent.conversation.conversation import Conversation  # only who talks waits for it

        return Conversation(self._workspace, conversation_id)

    def outcomes(self, last_days: int | None, unit: UnitKind | None) -> OutcomeSummary:
        workspace = self._workspace
        ledger = ledger_of(workspace.warehouse)
        found = summarise(ledger.read(workspace.now(), last_days, unit))
        found.data_hash, found.warnings = ledger.manifest.data_hash, ledger.warnings()
        return found

    def exports(self, warehouse: str | None, most: int) -> tuple[list[Row], datetime]:
        at, key = Export.created_at, Export.export_id
        kept = newest(self._house.database, Export, at, key, most, warehouse=warehouse)[:most]
        rows = [each.model_dump(mode="json", exclude={"organisation_id"}) for each in kept]
        return rows, self._house.now()

    def revoke(self, export_id: str) -> None:
        self._house.exports.revoke(export_id, self._house.now(), LOCAL)

    def usage(self, first: date | None, last: date | None, by: By) -> UsageReport:
        tariff = Tariff(self._settings.credits_per_row, self._settings.credits_per_month)
        return usage_report(self._house.database, tariff, self._house.now(), first=first, last=last, by=by)


def keep_copy(exports: Exports, link: ExportLink, out: Path) -> None:
    """A copy of an export, whose own file is gone after an hour."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(out) as beside:
        shutil.copyfile(exports.path(link), beside)
