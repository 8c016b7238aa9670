"""What is said of changes without a model. Every figure is one of the comparison."""

from collections.abc import Sequence
from datetime import datetime

from agent.changes.result import ToldChange
from agent.changes.spans import day
from agent.narration.wording import number, percent, times
from prompts import piece
from tools.mining.changes.change_findings import ChangesFound, FigureChange, SegmentChange, TraitChange
from tools.mining.findings import Estimate

Moved = TraitChange | SegmentChange | FigureChange
SMALLEST_Q = 1e-4
MOVED = {
    "customers": "changes_trait_customers",
    "together": "changes_trait_together",
    "both": "changes_trait_both",
    "population": "changes_trait_population",
}
SEGMENT = {
    "grown": "changes_segment_grown",
    "shrunk": "changes_segment_shrunk",
    "born": "changes_segment_born",
    "gone": "changes_segment_gone",
}
SHORT_FIGURE = {"match_rate": "changes_short_match_rate", "base_rate": "changes_short_base_rate"}
FIGURE = {"match_rate": "changes_match_rate", "base_rate": "changes_base_rate"}


def headline(significant: Sequence[Moved], found: ChangesFound, since: datetime) -> str:
    """The one sentence to remember, also when nothing changed."""
    if not significant:
        return piece("changes_nothing").fill(since=day(since), **_compared(found))
    name = "changes_one" if len(significant) == 1 else "changes_headline"
    return piece(name).fill(since=day(since), count=len(significant), surest=_short(significant[0]))


def _short(change: Moved) -> str:
    """What changed, in a few words."""
    if isinstance(change, SegmentChange):
        return piece("changes_short_segment").fill(name=change.name_after or change.name_before)
    if isinstance(change, FigureChange):
        return piece(SHORT_FIGURE[change.figure]).fill(**_shares(change.before, change.after))
    return piece("changes_short_trait").fill(
        phrase=change.trait.phrase,
        times_before=times(change.lift_before),
        times_after=times(change.lift_after),
        **_shares(change.before, change.after),
    )


def _compared(found: ChangesFound) -> dict[str, str]:
    nouns = {"traits": "trait", "segments": "segment", "figures": "figure"}
    return {
        name: f"{number(found.compared[name])} {nouns[name]}{'' if found.compared[name] == 1 else 's'}"
        for name in nouns
    }


def told(change: Moved, tests: int) -> ToldChange:
    """A significant change and its evidence."""
    sentence, evidence = _in_words(change, tests)
    by_population = isinstance(change, TraitChange) and change.moved == "population"
    return ToldChange(
        sentence=sentence,
        evidence=evidence,
        key=key_of(change),
        about="population" if by_population else "customers",
        q_value=q_of(change),
    )


def short(change: Moved) -> str:
    """What changed, in a few words."""
    return _short(change)


def key_of(change: Moved) -> str:
    """What changed and in which direction: the same every week."""
    if isinstance(change, SegmentChange):
        return f"segment:{change.name_after or change.name_before}:{change.change}"
    if isinstance(change, FigureChange):
        return f"{change.figure}:{_direction(change.difference.value)}"
    if change.moved == "population":
        return f"lift:{change.trait.cluster_hash}:{_direction(change.lift_after - change.lift_before)}"
    return f"trait:{change.trait.cluster_hash}:{_direction(change.difference.value)}"


def q_of(change: Moved) -> float | None:
    """The q-value by which it is significant."""
    if isinstance(change, TraitChange):
        return min(change.q_value, change.lift_q_value)
    return change.q_value


def p_of(change: Moved) -> float:
    """The smallest of its p-values; 1 where it was not tested."""
    if isinstance(change, TraitChange):
        return min(change.p_value, change.lift_p_value)
    return 1.0 if change.p_value is None else change.p_value


def thing_of(change: Moved) -> str:
    """What it is of: two values of one attribute are of one thing."""
    if isinstance(change, TraitChange):
        return f"trait:{change.trait.name}"
    return "segment" if isinstance(change, SegmentChange) else change.figure


def hash_of(change: Moved) -> str:
    """The cluster it is of; empty for none."""
    return change.trait.cluster_hash if isinstance(change, TraitChange) else ""


def _direction(difference: float) -> str:
    return "up" if difference > 0 else "down"


def _in_words(change: Moved, tests: int) -> tuple[str, str]:
    if isinstance(change, TraitChange):
        return _trait(change), _trait_evidence(change, tests)
    if isinstance(change, FigureChange):
        sentence = piece(FIGURE[change.figure]).fill(**_shares(change.before, change.after))
        return sentence, _evidence(change.difference, change.q_value, tests)
    return _segment(change), _segment_evidence(change, tests)


def _trait(change: TraitChange) -> str:
    return piece(MOVED[change.moved]).fill(
        phrase=change.trait.phrase,
        base_before=percent(change.baseline_before),
        base_after=percent(change.baseline_after),
        times_before=times(change.lift_before),
        times_after=times(change.lift_after),
        **_shares(change.before, change.after),
    )


def _trait_evidence(change: TraitChange, tests: int) -> str:
    if change.moved == "population":
        return piece("changes_evidence_lift").fill(q=_q(change.lift_q_value), tests=number(tests))
    return _evidence(change.difference, change.q_value, tests)


def _segment(change: SegmentChange) -> str:
    if change.share:
        return piece(SEGMENT[change.change]).fill(
            name=change.name_after, **_shares(change.share.before, change.share.after)
        )
    return piece(SEGMENT[change.change]).fill(
        name=change.name_after or change.name_before,
        size=number(change.size_after or change.size_before),
        newcomers=number(change.newcomers or 0),
    )


def _segment_evidence(change: SegmentChange, tests: int) -> str:
    q = 1.0 if change.q_value is None else change.q_value
    if change.share:
        return _evidence(change.share.difference, q, tests)
    return piece("changes_evidence_newcomers").fill(q=_q(q), tests=number(tests))


def _shares(before: Estimate, after: Estimate) -> dict[str, str]:
    return {"before": percent(before.value), "after": percent(after.value)}


def _evidence(difference: Estimate, q: float, tests: int) -> str:
    return piece("changes_evidence").fill(
        points=_points(difference.value),
        low=_points(difference.low),
        high=_points(difference.high),
        q=_q(q),
        tests=number(tests),
    )


def _points(difference: float) -> str:
    value = difference * 100
    return f"{value:+.1f}" if abs(value) >= 1 else f"{value:+.2f}"


def _q(value: float) -> str:
    return "q < 0.0001" if value < SMALLEST_Q else f"q = {value:.2g}"
