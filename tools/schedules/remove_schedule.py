"""How does a schedule end?"""

from pydantic import Field

from store.records.schedules import remove_schedule as forget
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.schedules.noting import noted
from tools.schedules.shown import schedule_meant


class RemoveSchedule(ToolQuery):
    """Which schedule."""

    schedule_id: str = Field(min_length=1, max_length=120, description="A schedule, by id or name.")


class RemovedSchedule(ToolResult):
    """What was removed."""

    schedule_id: str
    name: str


def remove_schedule(workspace: Workspace, query: RemoveSchedule) -> RemovedSchedule:
    """Take a schedule and the list of its slots away; its briefings stay. A pause only stops it."""
    found = schedule_meant(workspace, query.schedule_id)
    forget(workspace.database, found.schedule_id)
    noted(workspace, "schedule.removed", found.schedule_id)
    return RemovedSchedule(schedule_id=found.schedule_id, name=found.name)
