"""What do the lines of an analysis hold: each figure with the address of where it comes from?"""

from collections.abc import Sequence
from typing import NamedTuple

from agent.analysis import Analysis, NarratedAntiPattern
from agent.explain.known import curve_figures, weight_figures
from agent.explain.known_proof import audience_figures, mark_figures, range_figures
from agent.explain.known_traits import (
    CUSTOMERS,
    lost_figures,
    pattern_figures,
    set_figures,
    trait_figures,
)
from agent.narration.wording import alternatives, named, phrases
from api.pages.figures.linked import Linked, Told
from tools.audience.expression_curve import CurvePoint
from tools.audience.measured import MeasuredExpression
from tools.mining.findings import Criterion, RangeLift, SetLift, Trait, TraitLift


class TraitRow(NamedTuple):
    """A trait among customers and people."""

    name: str
    phrase: str
    cluster_hash: str
    lift: Told
    share: Told
    baseline: Told
    customers: Told
    people: Told
    q_value: Told


class FoundRow(NamedTuple):
    """A set, a mark, a range or an anti-pattern: who they are, and how frequent."""

    who: str
    lift: Told
    share: Told
    baseline: Told


class AudienceRow(NamedTuple):
    """An expression: its size, and whom it reaches."""

    name: str
    who: str
    held_out: bool
    new_people: Told
    total: Told
    share: Told
    recall: Told
    lift: Told


class CriterionRow(NamedTuple):
    """A line of the profile."""

    criterion: Criterion
    weight: Told


def trait_rows(
    linked: Linked, traits: Sequence[TraitLift], size: int, population: int, group: str = CUSTOMERS
) -> list[TraitRow]:
    """The traits of a group; size: its customers."""
    rows = []
    for one in traits:
        told = linked.all(trait_figures([one], group, size, population))
        rows.append(TraitRow(named(one.trait), one.trait.phrase, one.trait.cluster_hash, *told))
    return rows


def lost_rows(linked: Linked, analysis: Analysis) -> list[FoundRow]:
    """What marks the lost, beside the customers."""
    told = linked.all(lost_figures(analysis.lift))
    marks = analysis.lift.marks_of_the_lost
    return [FoundRow(one.trait.phrase, *told[3 * at : 3 * at + 3]) for at, one in enumerate(marks)]


def set_rows(linked: Linked, analysis: Analysis, sets: Sequence[SetLift]) -> list[FoundRow]:
    """Traits that go together."""
    return [_row(linked, one.traits, list(set_figures([one], analysis.lift))[:3]) for one in sets]


def mark_rows(linked: Linked, analysis: Analysis) -> list[FoundRow]:
    """The field marks."""
    marks = analysis.lift.field_marks
    return [_row(linked, one.traits, list(mark_figures(one, analysis.lift))[:3]) for one in marks]


def range_rows(linked: Linked, ranges: Sequence[RangeLift]) -> list[FoundRow]:
    """Runs of neighbouring values."""
    return [
        FoundRow(f"{one.label} {one.in_words}", *linked.all(list(range_figures(one))[:3])) for one in ranges
    ]


def pattern_rows(
    linked: Linked, analysis: Analysis, patterns: Sequence[NarratedAntiPattern]
) -> list[FoundRow]:
    """Who they are not."""
    return [_row(linked, one.traits, list(pattern_figures(one, analysis.lift))[:3]) for one in patterns]


def _row(linked: Linked, traits: Sequence[Trait], figures: list) -> FoundRow:
    return FoundRow(phrases(traits), *linked.all(figures))


def audience_row(linked: Linked, name: str, found: MeasuredExpression, people: int) -> AudienceRow:
    """An expression; name: what the figures call it, such as `the precision audience`."""
    told = linked.all(audience_figures(name, found, people))
    return AudienceRow(name, alternatives(found.alternatives), found.held_out, *told)


def point_row(linked: Linked, point: CurvePoint) -> AudienceRow:
    """A point of the curve."""
    return AudienceRow(
        str(point.point), alternatives(point.alternatives), point.held_out, *linked.all(curve_figures(point))
    )


def criterion_rows(linked: Linked, analysis: Analysis) -> list[CriterionRow]:
    """The lines of the profile, with what each counts."""
    weights = linked.all(weight_figures(analysis))
    return [CriterionRow(*pair) for pair in zip(analysis.criteria, weights, strict=True)]
