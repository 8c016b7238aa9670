"""Which schedules are there?"""

from pydantic import Field

from store.records.schedules import ScheduleKind, schedules_of
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.schedules.shown import ScheduleShown, schedules_shown


class ListSchedules(ToolQuery):
    """Which of a warehouse's schedules."""

    kind: ScheduleKind | None = Field(default=None, description="Only briefings, or only alerts.")


class ListedSchedules(ToolResult):
    """Schedules, the newest first."""

    schedules: list[ScheduleShown]


def list_schedules(workspace: Workspace, query: ListSchedules) -> ListedSchedules:
    """The schedules of a warehouse, newest first: when each is due next, and what came of the last time."""
    found = schedules_of(workspace.database, workspace.warehouse.name)
    wanted = [each for each in found if query.kind in (None, each.kind)]
    return ListedSchedules(schedules=schedules_shown(workspace.database, wanted, workspace.now()))
