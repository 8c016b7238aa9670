"""What moved since the model before, and is it the data, the market or the customers?"""

from typing import Literal, NamedTuple

from agent.outcome_analysis import OutcomeAnalysis
from tools.scoring.fit.profile import FitCriterion
from tools.scoring.gate.drift_findings import DriftReport, RateChange

Part = Literal["data", "population", "customers"]


class Moved(NamedTuple):
    """One change, and how sure it is; q_value: none where it needs no test."""

    words: str
    q_value: float | None


class DriftPart(NamedTuple):
    """One of the three kinds of drift. rate: of who is won, where it was compared."""

    part: Part
    moved: list[Moved]
    tested: int
    rate: RateChange | None = None


class Beside(NamedTuple):
    """One criterion in the profile before and in this one; none where it was not one."""

    name: str
    before: FitCriterion | None
    after: FitCriterion | None


def drift_told(drift: DriftReport) -> list[DriftPart]:
    """Data, market and customers, each with what changed beyond chance."""
    found = drift.customers
    effects = [each for each in (*found.effects, *found.winners) if each.moved] if found else []
    looked = len(found.effects) + len(found.winners) + 1 if found else 0
    return [
        DriftPart("data", [Moved(each.words, each.q_value) for each in drift.data], len(drift.data)),
        DriftPart(
            "population",
            [Moved(each.words, each.q_value) for each in drift.population if each.moved],
            len(drift.population),
        ),
        DriftPart(
            "customers",
            [Moved(each.words, each.q_value) for each in effects],
            looked,
            found.rate if found else None,
        ),
    ]


def criteria_beside(before: OutcomeAnalysis, after: OutcomeAnalysis) -> list[Beside]:
    """The criteria of both profiles side by side, those of this one first, by weight."""
    old, new = _by_name(before), _by_name(after)
    gone = {name: each for name, each in old.items() if name not in new}
    return [Beside(each.scale.told, old.get(name), new.get(name)) for name, each in (new | gone).items()]


def _by_name(found: OutcomeAnalysis) -> dict[tuple[str, str], FitCriterion]:
    criteria = found.criteria.criteria if found.criteria else []
    return {(each.scale.name, each.scale.value): each for each in criteria}
