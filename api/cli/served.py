"""The commands' work on a house that is served."""

from agent import CATALOGUE
from agent.planner.plan import Plan
from agent.state import Progress
from api.cli.reaching import STARTED, Row
from api.client import Fieldmark
from api.client.jobs import Job
from store.records.runs import Run
from store.records.trace_tree import TraceTree
from tools.calls import checked, tool_named
from tools.declaration import ToolResult


class There:
    """A served house."""

    def __init__(self, fieldmark: Fieldmark) -> None:
        self._fieldmark = fieldmark

    def call(self, tool: str, arguments: Row, progress: Progress | None = None) -> ToolResult:
        if progress is None or tool not in STARTED:
            return self._fieldmark.call(tool, arguments)
        checked(tool_named(CATALOGUE, tool), arguments)  # what does not fit need not go there
        jobs = self._fieldmark.jobs
        job = jobs.submit(tool, arguments)
        try:
            for state in jobs.follow(job.job_id):
                if state.get("step"):
                    progress(state["step"], state["done"], state["of"])
        except KeyboardInterrupt:
            jobs.cancel(job.job_id)
            raise
        return jobs.result(job.job_id)

    def plan(self, sentence: str, file: str | None) -> Plan:
        body: Row = {"message": sentence, "warehouse": self._fieldmark.warehouse}
        body |= {"file": {"name": file}} if file else {}
        return Plan.model_validate_json(self._fieldmark.connection.ask("POST", "/v1/chat/plan", body).content)

    def analyses(self) -> list[Row]:
        return list(self._fieldmark.listed("/v1/analyses", warehouse=self._fieldmark.warehouse))

    def feedback(self) -> list[Row]:
        return list(self._fieldmark.listed("/v1/feedback", warehouse=self._fieldmark.warehouse))

    def trace(self, workflow_id: str) -> TraceTree:
        found = self._fieldmark.connection.ask("GET", f"/v1/traces/{workflow_id}")
        return TraceTree.model_validate_json(found.content)

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


def _run(job: Job) -> Run:
    """The record that the server tells of, as far as it tells."""
    told = job.model_dump(exclude={"job_id"})
    return Run(run_id=job.job_id, request_hash="", **told)
