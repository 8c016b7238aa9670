"""How far is work that the server does later, and what came of it?"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx2
from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from agent import CATALOGUE
from api.client.connection import Connection
from api.client.refusals import refusal_named
from store.errors import ToolRefused
from store.records.runs import OPEN
from tools.calls import tool_named
from tools.declaration import ToolResult

if TYPE_CHECKING:
    from api.client.fieldmark import Fieldmark


class Job(BaseModel):
    """A job as the server tells it."""

    model_config = ConfigDict(extra="ignore")

    job_id: str = Field(validation_alias=AliasChoices("job_id", "run_id", "id"))
    kind: str = Field(default="", validation_alias=AliasChoices("kind", "tool"))
    status: str
    workflow_id: str = ""
    warehouse: str = ""
    step: str = ""
    done: int = 0
    of: int = 0
    count: int | None = None
    message: str = ""
    refusal: str = ""
    waiting_for: dict[str, Any] | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may still change."""
        return self.status in OPEN


class JobEnded(ToolRefused):
    """A job without a result: it was cancelled, refused, or failed; or it waits for a decision."""


class Jobs:
    """The jobs of a server."""

    def __init__(self, fieldmark: "Fieldmark", connection: Connection) -> None:
        self._fieldmark, self._connection = fieldmark, connection

    def submit(
        self,
        tool: str,
        arguments: dict[str, Any],
        warehouse: str | None = None,
        *,
        key: str | None = None,
        asks: bool = False,
    ) -> Job:
        """The job, queued; the earlier one of the same request under the same key."""
        body = {"tool": tool, "arguments": arguments, "asks": asks}
        if warehouse or self._fieldmark.warehouse:
            body["warehouse"] = warehouse or self._fieldmark.warehouse
        headers = {"Idempotency-Key": key} if key else None
        return Job.model_validate(self._connection.ask("POST", "/v1/jobs", body, headers=headers).json())

    def get(self, job_id: str) -> Job:
        """The job as it is now. Raises NotFound."""
        return Job.model_validate(self._connection.ask("GET", f"/v1/jobs/{_segment(job_id)}").json())

    def listed(self, warehouse: str | None = None, status: str | None = None) -> Iterator[Job]:
        """All jobs, newest first, a page at a time."""
        for each in self._fieldmark.listed("/v1/jobs", warehouse=warehouse, status=status):
            yield Job.model_validate(each)

    def cancel(self, job_id: str) -> Job:
        """The job, which stops now or after the step it is in. Raises NotFound, Conflict."""
        return self._changed(job_id, "cancel")

    def approve(self, job_id: str, approved: bool = True) -> Job:
        """The job, queued again with the decision. Raises NotFound, Conflict."""
        return self._changed(job_id, "approve", {"approved": approved})

    def resume(self, job_id: str) -> Job:
        """The job, queued again after it was cancelled or failed. Raises NotFound, Conflict."""
        return self._changed(job_id, "resume")

    def _changed(self, job_id: str, how: str, body: dict[str, Any] | None = None) -> Job:
        asked = self._connection.ask("POST", f"/v1/jobs/{_segment(job_id)}/{how}", body)
        return Job.model_validate(asked.json())

    def follow(self, job_id: str) -> Iterator[dict[str, Any]]:
        """The states of a job as they come, the last one when it has ended or waits for a decision.

        A stream that breaks is taken up after the last event that was heard.
        """
        heard, attempt = "", 0
        while True:
            try:
                headers = {"Last-Event-ID": heard} if heard else {}
                with self._connection.events(
                    "GET", f"/v1/jobs/{_segment(job_id)}/events", headers=headers
                ) as (_, events):
                    for event in events:
                        if not event.data:
                            continue  # a line that only says when to come again
                        if event.id == heard and heard and event.event != "done":
                            continue
                        heard, attempt = event.id or heard, 0
                        told = event.json()
                        yield told if isinstance(told, dict) else {}
                        if event.event == "done":
                            return
            except httpx2.TransportError as error:
                attempt += 1
                self._connection.rest(attempt, None, error)
            else:
                attempt += 1  # it ended without `done`: closed by something between
                self._connection.rest(attempt, None, self._connection.unreachable())

    def wait(self, job_id: str) -> Job:
        """The job when it has ended, or waits for a decision."""
        for _ in self.follow(job_id):
            pass
        return self.get(job_id)

    def result(self, job_id: str) -> ToolResult:
        """What came of a job, as its tool's result.

        Raises Busy or Conflict while it is open, Expired once it is forgotten, what it was refused with, and
        JobEnded for one that was cancelled or failed.
        """
        job = self.get(job_id)
        if job.status == "refused" and job.refusal:
            raise refusal_named(job.refusal)(job.message.removesuffix("."))
        if job.status not in (*OPEN, "done"):
            raise JobEnded(f"The job was {job.status}", where=job_id, instead=job.message)
        answer = self._connection.ask("GET", f"/v1/jobs/{_segment(job_id)}/result")
        return tool_named(CATALOGUE, job.kind).result.model_validate_json(answer.content)


def _segment(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")
