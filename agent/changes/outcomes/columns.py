"""How is it said that a column is recorded otherwise, once, in the week that it begins?"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agent.changes.spans import day
from agent.narration.wording import percent
from prompts import piece

if TYPE_CHECKING:
    from tools.outcomes.changes.findings import ColumnChange

MOSTLY = 0.5  # share of new levels from which an old column is written otherwise
SAME_DAYS = 28  # two beginnings so near are of one change: from week to week another level is most frequent


def told(columns: "Sequence[ColumnChange]", known: Collection[str]) -> list[str]:
    """A sentence of each change that is not known yet; that scores rest on one of them is said once."""
    said: list[str] = []
    is_scored = False
    for each in columns:
        if not is_known(each.key, known):
            scored = each.scored and not is_scored
            said.append(" ".join([_sentence(each), *([piece("briefing_data_scores").fill()] * scored)]))
            is_scored = is_scored or scored
    return said


def still(columns: "Sequence[ColumnChange]", lately: Collection[str]) -> list[str]:
    """A short line of each that is set aside and was told in the last weeks."""
    return [
        piece("briefing_data_still").fill(label=each.label, since=day(each.since))
        for each in columns
        if each.set_aside and is_known(each.key, lately)
    ]


def is_known(key: str, known: Collection[str]) -> bool:
    """Whether this, or the same with a beginning a few days off, is among the keys."""
    return any(_are_same(key, each) for each in known)


def _are_same(one: str, other: str) -> bool:
    (what, _, began), (of_other, _, then) = one.rpartition(":"), other.rpartition(":")
    if what != of_other:
        return False
    if not began or not then:
        return began == then
    return abs(date.fromisoformat(began) - date.fromisoformat(then)) <= timedelta(SAME_DAYS)


def _sentence(change: "ColumnChange") -> str:
    kind = change.kind
    if kind == "new_levels" and (change.share or 0.0) < MOSTLY:
        kind = "some_levels"
    end = piece("briefing_data_aside").fill() if change.set_aside and kind != "vanished" else ""
    return piece(f"briefing_data_{kind}").fill(
        label=change.label,
        level=change.level,
        since=day(change.since) if change.is_exact else f"about {day(change.since)}",
        share=percent(change.share or 0.0),
        before=percent(change.before or 0.0),
        after=percent(change.after or 0.0),
        factor=f"{change.factor or 1.0:.3g}",
        aside=f": {end}" if end else ".",
    )
