"""The commands' work on a house that is served."""

from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from agent import CATALOGUE
from agent.planner.plan import Plan
from agent.state import Progress
from api.cli.here import STARTED
from api.cli.reaching import Row
from api.client import Fieldmark
from api.client.chat import Chat
from api.client.jobs import Job
from api.client.leads import score_file
from store.errors import BadInput, NotFound
from store.exports import ExportLink
from store.outcomes.outcome_table import UnitKind
from store.records import Trace
from store.records.runs import Run
from store.records.trace_tree import TraceNode, TraceTree
from tools.calls import checked, tool_named
from tools.declaration import ToolResult
from tools.outcomes.record_summary import OutcomeSummary
from tools.scoring.score_leads import ScoredLeads
from tools.usage.usage_report import By, UsageReport

NO_COUNTS = ("request_bytes", "answer_bytes", "attempts")
MOST = 200  # items of a page


class There:
    """A served house."""

    def __init__(self, fieldmark: Fieldmark, *, anywhere: bool = False) -> None:
        """anywhere: where no warehouse is named, the server's first one will do."""
        self._fieldmark = fieldmark
        if anywhere and fieldmark.warehouse is None:
            fieldmark.warehouse = next(iter(self._warehouses()), None)

    def call(self, tool: str, arguments: Row, progress: Progress | None = None) -> ToolResult:
        if progress is None or tool not in STARTED:
            return self._fieldmark.call(tool, arguments)
        checked(tool_named(CATALOGUE, tool), arguments)  # what does not fit need not go there
        job = self._fieldmark.jobs.submit(tool, arguments)
        return self._followed(job.job_id, progress)

    def _followed(self, job_id: str, progress: Progress) -> ToolResult:
        jobs = self._fieldmark.jobs
        try:
            for state in jobs.follow(job_id):
                if state.get("step"):
                    progress(state["step"], state["done"], state["of"])
        except KeyboardInterrupt:
            jobs.cancel(job_id)
            raise
        return jobs.result(job_id)

    def plan(self, sentence: str, file: str | None) -> Plan:
        body: Row = {"message": sentence, "warehouse": self._fieldmark.warehouse}
        body |= {"file": {"name": file}} if file else {}
        return Plan.model_validate_json(self._fieldmark.connection.ask("POST", "/v1/chat/plan", body).content)

    def talk(self, conversation_id: str | None) -> Chat:
        return Chat(self._fieldmark, conversation_id)

    def score(self, file: Path, given: Row, out: Path | None) -> ScoredLeads:
        checked(tool_named(CATALOGUE, "score_leads"), given | {"rows": []})  # as above
        return score_file(self._fieldmark, file, given, out)

    def fetch(self, link: ExportLink, out: Path) -> None:
        self._fieldmark.download(link, out)

    def outcomes(self, last_days: int | None, unit: UnitKind | None) -> OutcomeSummary:
        asked = {"last_days": last_days, "unit": unit}
        path = f"/v1/warehouses/{quote(self._warehouse(), safe='')}/outcomes"
        return OutcomeSummary.model_validate_json(
            self._fieldmark.connection.ask("GET", path, params=asked).content
        )

    def analyses(self) -> list[Row]:
        return list(self._fieldmark.listed("/v1/analyses", warehouse=self._fieldmark.warehouse))

    def feedback(self) -> list[Row]:
        return list(self._fieldmark.listed("/v1/feedback", warehouse=self._fieldmark.warehouse))

    def exports(self, warehouse: str | None, most: int) -> tuple[list[Row], datetime]:
        asked = {"warehouse": warehouse, "limit": min(most, MOST)}
        answer = self._fieldmark.connection.ask("GET", "/v1/exports", params=asked)
        return answer.json()["items"], parsedate_to_datetime(answer.headers["date"])

    def revoke(self, export_id: str) -> None:
        self._fieldmark.connection.ask("DELETE", f"/v1/exports/{quote(export_id, safe='')}")

    def usage(self, first: date | None, last: date | None, by: By) -> UsageReport:
        asked = {"from": first and first.isoformat(), "to": last and last.isoformat(), "by": by}
        answer = self._fieldmark.connection.ask("GET", "/v1/usage", params=asked)
        return UsageReport.model_validate_json(answer.content)

    def trace(self, workflow_id: str) -> TraceTree:
        found = self._fieldmark.connection.ask("GET", f"/v1/traces/{quote(workflow_id, safe='')}")
        return TraceTree.model_validate_json(found.content)

    def calls(self, workflow_id: str) -> tuple[list[Row], list[Row]]:
        try:
            nodes = list(_walk(self.trace(workflow_id).nodes))
        except NotFound:
            return [], []
        calls = [_trace(node, workflow_id) for node in nodes if node.kind in ("call", "job")]
        exports = [_export(node, workflow_id) for node in nodes if node.kind == "export"]
        return calls, exports

    def submit(self, tool: str, arguments: Row, key: str | None, asks: bool) -> Run:
        return _run(self._fieldmark.jobs.submit(tool, arguments, key=key, asks=asks))

    def jobs(self, warehouse: str | None) -> list[Run]:
        page = self._fieldmark.connection.ask("GET", "/v1/jobs", params={"warehouse": warehouse}).json()
        return [_run(Job.model_validate(each)) for each in page["items"]]

    def job(self, run_id: str) -> tuple[Run, ToolResult | None]:
        job = self._fieldmark.jobs.get(run_id)
        return _run(job), self._fieldmark.jobs.result(run_id) if job.status == "done" else None

    def cancel(self, run_id: str) -> Run:
        return _run(self._fieldmark.jobs.cancel(run_id))

    def approve(self, run_id: str, approved: bool) -> Run:
        return _run(self._fieldmark.jobs.approve(run_id, approved))

    def resume(self, run_id: str, progress: Progress) -> ToolResult | None:
        job = self._fieldmark.jobs.get(run_id)
        if job.status == "done":
            return self._fieldmark.jobs.result(run_id)
        self._fieldmark.jobs.resume(run_id)
        return None

    def _warehouses(self) -> list[str]:
        return [each["name"] for each in self._fieldmark.listed("/v1/warehouses")]

    def _warehouse(self) -> str:
        """The warehouse that is named, or the server's only one. Raises BadInput when unclear."""
        names = [self._fieldmark.warehouse] if self._fieldmark.warehouse else self._warehouses()
        if len(names) == 1:
            return names[0]
        raise BadInput(
            "Which warehouse?" if names else "There is no warehouse yet",
            where="warehouse",
            instead=f"Name one of {', '.join(names)}." if names else "Load one where the house is.",
        )


def _walk(nodes: list[TraceNode]) -> Iterator[TraceNode]:
    for node in nodes:
        yield node
        yield from _walk(node.children)


def _run(job: Job) -> Run:
    """The record that the server tells of, as far as it tells."""
    told = job.model_dump(exclude={"job_id"})
    return Run(run_id=job.job_id, request_hash="", **told)


def _trace(node: TraceNode, workflow_id: str) -> Row:
    """The record of a call, as far as the tree tells of it."""
    counts = {name: value for name, value in node.figures.items() if name not in NO_COUNTS}
    return Trace(
        tool_trace_id=node.id,
        workflow_id=workflow_id,
        tool=node.name,
        warehouse="",
        started_at=node.started_at,
        milliseconds=node.milliseconds or 0.0,
        outcome="ok" if node.outcome == "done" else node.outcome,
        message=node.message,
        counts=counts,
        request_bytes=int(node.figures.get("request_bytes", 0)),
        answer_bytes=int(node.figures.get("answer_bytes", 0)),
    ).model_dump(mode="json", exclude_unset=True, exclude={"warehouse"})


def _export(node: TraceNode, workflow_id: str) -> Row:
    return {
        "export_id": node.id,
        "workflow_id": workflow_id,
        "format": node.name,
        "rows": int(node.figures["rows"]),
        "size_bytes": int(node.figures["size_bytes"]),
        "created_at": node.started_at.isoformat(),
    }
