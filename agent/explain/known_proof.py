"""Which figures say what the findings describe together, and whether they would hold?"""

from collections.abc import Iterator

from agent.explain.explanation import ExplainedFigure
from agent.explain.making import estimated, exact
from agent.narration.wording import phrases
from tools.audience.measured import MeasuredExpression
from tools.mining.findings import Contrast, FieldMark, Finding, Holdout, LiftReport, RangeLift

SIZE = "size of an audience"
QUALITY = "recall and lift of an audience"
MARKS, AGAIN, HALF = "field marks", "found again", "other half"


def proof_figures(lift: LiftReport) -> Iterator[ExplainedFigure]:
    """Field marks, ranges, what the other half confirms, what is found again, and the lost."""
    for mark in lift.field_marks:
        yield from mark_figures(mark, lift)
    yield from together_figures(lift)
    for run in lift.ranges:
        yield from range_figures(run)
    if lift.holdout:
        yield from _holdout(lift.holdout)
    for one in lift.top_attributes:
        yield from _lasting(f"people who {one.trait.phrase}", one)
    for some in (*lift.multi_attribute_clusters, *lift.top_intersections):
        yield from _lasting(f"people who {phrases(some.traits)}", some)
    for each in lift.uneven:
        what = f"share of those of whom {each.label.lower()} is recorded"
        yield exact(f"{what}, customers", "share", each.customers_share, "frequency")
        yield exact(f"{what}, population", "share", each.people_share, "baseline share")


def audience_figures(name: str, found: MeasuredExpression, people: int) -> Iterator[ExplainedFigure]:
    """Sizes, recall and lift of an expression; name: `the precision audience`; people compared with."""
    counts = {
        f"people in {name}": found.total,
        "people compared with": people,
        "customers it was measured on": found.customers_measured,
    }
    yield exact(f"people in {name} who are not customers yet", "count", found.new_people, SIZE, counts)
    yield exact(f"people in {name}", "count", found.total, SIZE, counts)
    yield exact(f"share of the population in {name}", "share", found.share_of_population, SIZE, counts)
    yield estimated(f"recall of {name}", "share", found.recall, QUALITY, counts)
    yield estimated(f"lift of {name}", "ratio", found.lift, QUALITY, counts)


def mark_figures(mark: FieldMark, lift: LiftReport) -> Iterator[ExplainedFigure]:
    """Lift, shares and what it adds, of a field mark."""
    who = f"people who {phrases(mark.traits)}"
    counts = {
        "customers with the mark": mark.customers,
        "customers": lift.customers,
        "people with the mark": mark.population,
        "people in the population": lift.population,
    }
    yield estimated(f"lift of the field mark: {who}", "ratio", mark.lift, MARKS, counts, mark.q_value)
    yield estimated(
        f"share of the customers with the field mark: {who}", "share", mark.frequency, MARKS, counts
    )
    yield exact(f"share of the population with the mark: {who}", "share", mark.baseline_share, MARKS)
    yield exact(f"customers whom this mark describes and none before it: {who}", "count", mark.adds, MARKS)
    yield estimated(f"share of the customers described up to this mark: {who}", "share", mark.covered, MARKS)
    yield from _lasting(who, mark)


def together_figures(lift: LiftReport) -> Iterator[ExplainedFigure]:
    """Whom the field marks describe together."""
    together = lift.marks_together
    if together is None:
        return
    counts = {
        "customers with any of the marks": together.customers,
        "customers": lift.customers,
        "people with any of the marks": together.population,
        "people in the population": lift.population,
    }
    yield exact("field marks", "count", len(lift.field_marks), MARKS)
    yield estimated("share of the customers with any field mark", "share", together.frequency, MARKS, counts)
    share = together.baseline_share
    yield exact("share of the population with any field mark", "share", share, MARKS, counts)
    yield estimated("lift of whoever bears any field mark", "ratio", together.lift, MARKS, counts)


def range_figures(run: RangeLift) -> Iterator[ExplainedFigure]:
    """Lift and shares of a run of neighbouring values."""
    what = f"{run.label.lower()} {run.in_words}"
    counts = {"customers in the range": run.customers, "people in the range": run.population}
    yield estimated(f"lift of {what}", "ratio", run.lift, "lift", counts, run.q_value)
    yield estimated(f"share of the customers: {what}", "share", run.frequency, "frequency", counts)
    yield exact(f"share of the population: {what}", "share", run.baseline_share, "baseline share", counts)


def _holdout(holdout: Holdout) -> Iterator[ExplainedFigure]:
    counts = {"customers of the first half": holdout.found_in, "of the other": holdout.measured_on}
    found, confirmed = holdout.found, holdout.confirmed
    yield exact("findings of one half of the customers alone", "count", found, HALF, counts)
    yield exact("findings of one half that the other half confirms", "count", confirmed, HALF, counts)
    if holdout.kept_lift is not None:
        what = "how much of their size the lifts of one half keep in the other: median, in logarithms"
        yield exact(what, "share", min(holdout.kept_lift, 1.0), HALF, counts)


def _lasting(who: str, finding: Finding) -> Iterator[ExplainedFigure]:
    if finding.difference is not None:
        points = finding.difference
        yield estimated(f"difference of the shares of {who}", "share", points, "frequency")
    if finding.again is not None:
        yield exact(f"share of samples in which it is found again: {who}", "share", finding.again, AGAIN)
    if finding.confirmation is not None:
        half = finding.confirmation.lift_confirmed
        yield estimated(f"lift in the other half of the customers: {who}", "ratio", half, HALF)
    if finding.lost is not None:
        yield from _lost(who, finding.lost)


def _lost(who: str, contrast: Contrast) -> Iterator[ExplainedFigure]:
    what = "against the lost"
    yield estimated(f"share of the lost: {who}", "share", contrast.lost_share, what)
    yield estimated(f"times as frequent as among the lost: {who}", "ratio", contrast.ratio, what)
