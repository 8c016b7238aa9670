"""What happens when a worker has a job: it is brought to its end, and its record tells how it goes."""

import logging
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from agent.history.result_hash import result_hash
from agent.state import Cancelled, NeedsApproval, RunContext
from api.jobs.kinds import kind_named
from api.webhooks.job_events import telling_of
from store.errors import Busy, NoRoom, NotFound, ToolRefused
from store.records import Trace
from store.records.runs import Run, change_run, queue_again, run_named
from store.watching import happening
from store.workspace import House
from tools.declaration import ToolResult
from tools.figures import counts_of, size_of
from tools.noting import note_done
from tools.usage.metering import meter

ATTEMPTS = 10  # a job that was begun so often and not ended kills its worker

log = logging.getLogger(__name__)


class Attempt:
    """One try at bringing a job, which this worker has, to its end."""

    def __init__(self, house: House, run: Run, seconds: float, is_stopping: Callable[[], bool]) -> None:
        self._house, self._run, self._is_stopping = house, run, is_stopping
        self._ends_by = house.now() + timedelta(seconds=seconds)
        self._seconds = seconds
        self._outcome = "queued"  # of this attempt: what it left the record as

    def go(self) -> None:
        """Bring it to its end, or to where it waits or stops. It raises nothing: the record tells."""
        if self._run.attempts > ATTEMPTS:
            self._end(
                "failed", message=f"It was begun {ATTEMPTS} times, and each time its worker was killed."
            )
            return
        with happening("job", self._run.kind, run_id=self._run.run_id, actor=self._run.actor) as job:
            job.note(workflow_id=self._run.workflow_id, organisation=self._run.organisation_id)
            job.note(tool_trace_id=trace_id(self._run.run_id))
            self._bring_to_its_end()
            job.outcome = self._outcome

    def _bring_to_its_end(self) -> None:
        try:
            result = self._finish()
        except NeedsApproval as needs:
            self._change(status="waiting", waiting_for=needs.what)
        except Cancelled:
            self._stopped()
        except ToolRefused as refusal:
            self._refused(refusal)
        except Exception as error:  # noqa: BLE001  # whatever it is, the record must tell and the worker go on
            self._failed(error)
        else:
            self._done(result)

    def _finish(self) -> ToolResult:
        workspace = self._house.workspace(self._run.warehouse, self._run.actor)
        model = workspace.model
        context = RunContext(
            workspace,
            is_cancelled=self._is_cancelled,
            counted=lambda step, count: self._change(count=count),
            max_concurrency=model.concurrency if model else None,
            approval="ask" if self._run.approval == "ask" else "given",
        )
        return kind_named(self._run.kind).finish(
            self._run.run_id,
            context,
            lambda step, done, of: self._change(step=step, done=done, of=of, count=None),
            answer=self._run.answer,
        )

    def _is_cancelled(self) -> bool:
        asked = run_named(self._house.database, self._run.run_id)
        return asked.cancel_asked or asked.turn != self._run.turn or self._is_late() or self._is_stopping()

    def _is_late(self) -> bool:
        return self._house.now() > self._ends_by

    def _stopped(self) -> None:
        """It was asked to stop, took too long, or its worker goes: then another one has it."""
        if run_named(self._house.database, self._run.run_id).cancel_asked:
            self._end("cancelled")
        elif self._is_late():
            self._end("failed", message=f"It took longer than {self._seconds:g} seconds.")
        else:
            queue_again(self._house.database, self._run.run_id, ("running",))

    def _refused(self, refusal: ToolRefused) -> None:
        if not isinstance(refusal, Busy | NoRoom):  # those may be gone on with
            kind_named(self._run.kind).forget(self._house.workspace(self._run.warehouse), self._run.run_id)
        self._end("refused", message=str(refusal), refusal=type(refusal).__name__)

    def _failed(self, error: Exception) -> None:
        # The words of an error may hold somebody's values; where it arose does not.
        log.error("%s failed: %s\n%s", self._run.run_id, type(error).__name__, _places(error))
        self._end("failed", message=type(error).__name__)

    def _done(self, result: ToolResult) -> None:
        self._end("done", result=result, result_hash=result_hash(result))

    def _end(self, status: str, *, result: ToolResult | None = None, **values: Any) -> None:
        now = self._house.now()
        # First, so that a kill between the two leaves a job that ends once more, under the same trace.
        trace = self._trace(status, result, values.get("message", ""))
        self._house.database.keep(trace)
        if result is not None:
            workspace = self._house.workspace(self._run.warehouse, self._run.actor)
            meter(workspace, trace, result)
            note_done(workspace, trace, result)
        told = telling_of(self._house, self._run, status, result)
        self._change(status=status, ended_at=now, waiting_for=None, also=told, **values)

    def _trace(self, status: str, result: ToolResult | None, message: str) -> Trace:
        run = self._run
        started = run.started_at or run.created_at
        return Trace(
            tool_trace_id=trace_id(run.run_id),
            workflow_id=run.workflow_id,
            tool=run.kind,
            warehouse=run.warehouse,
            snapshot_id=self._snapshot(),
            started_at=started,
            milliseconds=(self._house.now() - started).total_seconds() * 1000,
            outcome="ok" if status == "done" else status,
            message=message,
            counts=counts_of(result) if result else {},
            answer_bytes=size_of(result) if result else 0,
            actor=run.actor,
        )

    def _snapshot(self) -> str:
        with suppress(NotFound):  # the warehouse was taken away, which is why the job was refused
            return self._house.workspace(self._run.warehouse).warehouse.current_id
        return ""

    def _change(self, **values: Any) -> None:
        self._outcome = values.get("status", self._outcome)
        change_run(self._house.database, self._run.run_id, ("running",), in_turn=self._run.turn, **values)


def trace_id(run_id: str) -> str:
    """The id of the trace of a job: one, however often it was begun."""
    return f"trace_{run_id}"


def _places(error: Exception) -> str:
    return "".join(traceback.format_tb(error.__traceback__))
