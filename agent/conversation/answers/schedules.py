"""What is said of schedules: when they come, and that one ended."""

from agent.conversation.answers.answer import Answer
from agent.markdown import headed, paragraphs, told
from tools.schedules.list_schedules import ListedSchedules
from tools.schedules.remove_schedule import RemovedSchedule
from tools.schedules.schedule_briefing import BriefingScheduled
from tools.schedules.shown import ScheduleShown

SHOWN = 8


def scheduled(found: BriefingScheduled) -> Answer:
    """When it comes, to how many, and its next times; what to do where nobody gets it."""
    schedule = found.schedule
    nobody = not schedule.recipient_ids and not schedule.is_paused
    return Answer(
        text=paragraphs(
            told("answer_schedule", what=found.what, says=found.says),
            told("answer_schedule_nobody") if nobody else "",
        ),
        shown=schedule.model_dump(mode="json", exclude={"recipient_ids"}),
        follow_ups=["Resume the briefing" if schedule.is_paused else "Pause the briefing"],
    )


def listed(found: ListedSchedules) -> Answer:
    """The schedules there are, and when each is due next."""
    if not found.schedules:
        return Answer(text=told("answer_schedules_none"))
    lines = [_line(each) for each in found.schedules[:SHOWN]]
    return Answer(
        text=headed(told("answer_schedules"), lines),
        shown={
            "schedules": [each.model_dump(mode="json", exclude={"recipient_ids"}) for each in found.schedules]
        },
    )


def _line(schedule: ScheduleShown) -> str:
    following = schedule.next_times
    return told(
        "answer_schedule_line",
        name=schedule.name or schedule.kind.capitalize(),
        when=schedule.when,
        zone=schedule.timezone,
        next=told("answer_schedule_next", says=following[0].says)
        if following
        else told("answer_schedule_paused"),
    )


def removed(found: RemovedSchedule) -> Answer:
    """That it is gone."""
    return Answer(text=told("answer_schedule_removed"), shown={"schedule_id": found.schedule_id})
