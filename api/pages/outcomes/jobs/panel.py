"""How is a job shown while it runs, and once it has ended?"""

from datetime import datetime
from typing import Literal, NamedTuple

from api.pages.outcomes.jobs.kind import JobKind
from store.records import Database
from store.records.runs import OPEN, Run, runs_of

LOOKED = 50  # jobs of a warehouse, newest first, among which the last one of a kind is looked for
Mark = Literal["done", "running", "waiting", "failed", "todo"]
STOPPED = {"failed": "failed", "refused": "failed", "cancelled": "waiting"}


class StepShown(NamedTuple):
    """One step of a job; counted: what it counted, where it told that."""

    name: str
    mark: Mark
    counted: int | None


class JobPanel(NamedTuple):
    """What a page shows of a job."""

    kind: JobKind
    run: Run
    steps: list[StepShown]

    @property
    def is_open(self) -> bool:
        return self.run.status in OPEN

    @property
    def is_stopping(self) -> bool:
        return self.is_open and self.run.cancel_asked

    @property
    def may_go_on(self) -> bool:
        return self.run.status in ("cancelled", "failed")

    @property
    def done(self) -> int:
        """Steps that are done."""
        return sum(step.mark == "done" for step in self.steps)

    @property
    def address(self) -> str:
        """Where it is followed, stopped and gone on with."""
        return f"{self.kind.prefix}/{self.run.run_id}"


def panel_of(kind: JobKind, run: Run) -> JobPanel:
    """The panel of a job."""
    return JobPanel(kind, run, _steps(kind, run))


def job_to_show(database: Database, kind: JobKind, warehouse: str, since: datetime | None) -> JobPanel | None:
    """The last job of this kind in a warehouse, if it is under way or did not end well.

    since: when the newest result was made; a job that ended badly before that is of no interest any more.
    """
    last = next((run for run in runs_of(database, warehouse, most=LOOKED) if run.kind == kind.tool), None)
    if last is None or last.status == "done":
        return None
    is_old = last.status not in OPEN and since is not None and last.created_at < since
    return None if is_old else panel_of(kind, last)


def _steps(kind: JobKind, run: Run) -> list[StepShown]:
    """Every step in its order: those before the one it is in are done.

    A run may leave steps out; a step that the kind does not know stands at the end.
    """
    step = kind.alike.get(run.step, run.step)
    names = [*kind.steps, *([step] if step and step not in kind.steps else [])]
    at = names.index(step) if step else 0
    has_ended_step = bool(run.of) and run.done >= run.of
    return [
        StepShown(
            name,
            _mark(run, place, at, has_ended_step=has_ended_step),
            run.count if name == step and has_ended_step else None,
        )
        for place, name in enumerate(names)
    ]


def _mark(run: Run, place: int, at: int, *, has_ended_step: bool) -> Mark:
    if run.status == "done" or (run.step and (place < at or (place == at and has_ended_step))):
        return "done"
    if place > at or not run.step or run.status == "queued":
        return "todo"
    return STOPPED.get(run.status, "running")  # type: ignore[return-value]  # its values are marks
