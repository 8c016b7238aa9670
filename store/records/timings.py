"""When did each step of a run begin and end, and what did it count?"""

from datetime import datetime

from sqlmodel import Field, col, select

from store.records.database import Database
from store.records.tables import time_column
from store.records.tenancy import Owned


class StepTiming(Owned, table=True):
    """One step of one run. A step that a kill ended has none; done again, it has one."""

    step_id: str = Field(primary_key=True)  # of its run and its task: done again it is the same row
    run_id: str = Field(index=True)
    workflow_id: str = Field(index=True)
    tool_trace_id: str = ""  # of the call that the run is
    step: str
    started_at: datetime = Field(sa_column=time_column())
    milliseconds: float
    outcome: str = "ok"  # refused, waiting, cancelled, failed
    count: int | None = None  # what it counted


def steps_under(database: Database, workflow_id: str) -> list[StepTiming]:
    """The steps of every run of a workflow, in order."""
    with database.session() as session:
        found = select(StepTiming).where(StepTiming.workflow_id == workflow_id)
        return list(session.exec(found.order_by(col(StepTiming.started_at), col(StepTiming.step_id))))
