"""The year as a table."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from benchmarks.simulated_year.deals import Planted

if TYPE_CHECKING:
    from agent.history.replaying.replayed import Replayed
    from benchmarks.simulated_year.year import WeekTold

WORDS = {
    "": "",
    "killed": "both workers were killed while one wrote",
    "both_restart": "both workers were restarted",
    "ten_days_off": "both workers were off for ten days",
    "clock_back_hour": "the clock went back an hour",
    "clock_back_days": "the clock went back three days",
}
DAYLIGHT = {date(2026, 3, 29): "02:30 does not exist", date(2026, 10, 25): "02:30 comes twice"}


def table_of(told: "Sequence[WeekTold]", planted: Planted, last: date) -> str:
    """Markdown: a line a week, then what it adds up to."""
    lines = [
        "| week | Sunday | due (UTC) | what happened | new | told | mails |",
        "| ---: | --- | --- | --- | ---: | --- | ---: |",
        *(_line(one, planted) for one in told),
    ]
    briefings = sum(len(one.briefings) for one in told)
    doubles = sum(max(0, len(one.briefings) - 1) for one in told)
    alarms = [one for one in told if _new(one) and not _expected(one, planted)]
    first = next((one.week.number for one in told if _names_logistics(one)), None)
    sums = [
        f"{len(told)} weeks until {last}: {briefings} briefings, {doubles} double, "
        f"{sum(one.mails for one in told)} mails.",
        f"Weeks that tell a change before anything was planted, or without anything planted: {len(alarms)}.",
    ]
    if planted.logistics_week:
        sums.append(f"Planted in week {planted.logistics_week}: first told in week {first}.")
    return "\n".join(lines) + "\n\n" + "\n".join(sums) + "\n"


def replays_of(again: "Sequence[tuple[WeekTold, Replayed]]") -> str:
    """A line for each briefing that was made again."""
    return "".join(
        f"\nWeek {one.week.number} replayed: {'the same' if found.same else 'another'} hash, "
        f"{found.hash_now[:16]} (was {found.hash_before[:16]}).\n"
        for one, found in again
    )


def _line(one: "WeekTold", planted: Planted) -> str:
    happened = [WORDS[one.week.happens], DAYLIGHT.get(one.week.sunday, "")]
    if planted.logistics_week == one.week.number:
        happened.append("planted: logistics are won more often")
    if planted.respelled_week == one.week.number:
        happened.append("planted: industries are spelled otherwise")
    words = " / ".join(briefing.headline for briefing in one.briefings)
    notes = " ".join(note for briefing in one.briefings for note in briefing.data_notes)
    return (
        f"| {one.week.number} | {one.week.sunday} | {one.due:%H:%M} | {'; '.join(filter(None, happened))} "
        f"| {_new(one)} | {words} {notes} | {one.mails} |"
    )


def _new(one: "WeekTold") -> int:
    return sum(briefing.significant for briefing in one.briefings)


def _expected(one: "WeekTold", planted: Planted) -> bool:
    return bool(planted.logistics_week) and one.week.number >= planted.logistics_week


def _names_logistics(one: "WeekTold") -> bool:
    return any("ogistics" in change.sentence for briefing in one.briefings for change in briefing.changes)
