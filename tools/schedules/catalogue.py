"""Which tools are there for schedules? In the order a reader should meet them."""

from tools.declaration import tool
from tools.schedules.list_schedules import list_schedules
from tools.schedules.remove_schedule import remove_schedule
from tools.schedules.schedule_briefing import schedule_briefing

SCHEDULE = tool(schedule_briefing, needs=("run",))
LIST = tool(list_schedules)
REMOVE = tool(remove_schedule, needs=("run",), takes_away=True)
SCHEDULE_TOOLS = (SCHEDULE, LIST, REMOVE)
