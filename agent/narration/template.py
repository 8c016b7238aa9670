"""What is said of the findings without a model. Every figure is one of the run."""

from collections.abc import Sequence

from agent.analysis import Comparison, NarratedAntiPattern, Recommendation, Segment
from agent.narration.wording import alternatives, interval, joined, number, percent, phrases, times, title
from prompts import piece
from tools.audience.strategies import Strategy
from tools.mining.findings import (
    AntiPattern,
    Holdout,
    LiftReport,
    MarksTogether,
    SegmentFinding,
    TraitLift,
)

NAME_TRAITS = 2
TOLD_SETS = 2
UNREMARKABLE = 3
WHOLE = 99.5  # per cent: a segment of everybody is none
RECOMMENDED_SEGMENTS = 4
PRIORITY = {"precision": "high", "hybrid": "medium", "reach": "low"}


def headline(lift: LiftReport) -> str:
    """The one sentence to remember."""
    tested = number(sum(lift.tested.values()))
    if not lift.top_attributes:
        return piece("headline_nothing").fill(customers=number(lift.customers), tested=tested)
    first = lift.top_attributes[0]
    return piece("headline").fill(
        phrase=first.trait.phrase,
        times=times(first.lift.value),
        interval=interval(first.lift),
        customers=number(lift.customers),
    )


def summary(lift: LiftReport, compared: Comparison) -> list[str]:
    """A few sentences: who was compared, what goes together, what does not matter."""
    told = [
        piece("summary_customers").fill(
            customers=number(lift.customers),
            people=number(compared.people),
            compared=compared.in_words,
            found=len(lift.top_attributes),
            rare=len(lift.rare_attributes),
        )
    ]
    together = (lift.multi_attribute_clusters or lift.top_intersections)[:TOLD_SETS]
    told += [
        piece("summary_together").fill(
            phrases=phrases(one.traits),
            share=percent(one.frequency.value),
            baseline=percent(one.baseline_share),
            times=times(one.lift_over_population.value),
            interval=interval(one.lift_over_population),
        )
        for one in together
    ]
    if lift.marks_together:
        told.append(_marks_together(lift, lift.marks_together))
    if lift.holdout and lift.holdout.found:
        told.append(_holdout(lift.holdout))
    told += [
        piece("summary_uneven").fill(
            label=each.label, customers=percent(each.customers_share), people=percent(each.people_share)
        )
        for each in lift.uneven[:TOLD_SETS]
    ]
    if lift.unremarkable:
        words = joined([f"people who {t.trait.phrase}" for t in lift.unremarkable[:UNREMARKABLE]])
        told.append(piece("summary_unremarkable").fill(people=words))
    return told


def _marks_together(lift: LiftReport, together: MarksTogether) -> str:
    many = len(lift.field_marks)
    return piece("summary_marks").fill(
        marks="One field mark describes" if many == 1 else f"{many} field marks describe",
        covered=percent(together.frequency.value),
        baseline=percent(together.baseline_share),
        times=times(together.lift.value),
        interval=interval(together.lift),
    )


def _holdout(holdout: Holdout) -> str:
    kept = holdout.kept_lift
    return piece("summary_holdout").fill(
        found=number(holdout.found),
        confirmed=number(holdout.confirmed),
        kept="" if kept is None else piece("summary_holdout_kept").fill(kept=percent(min(kept, 1.0))),
    )


def segment_name(segment: SegmentFinding, taken: Sequence[str]) -> str:
    """A name from what marks it most, unlike the names that are taken."""
    if segment.percentage >= WHOLE:
        return "All customers"
    marks = _marks(segment)
    for length in range(min(NAME_TRAITS, len(marks)), len(marks) + 1):
        name = title([mark.trait for mark in marks[:length]])
        if name not in taken and name:
            return name
    return f"Segment {segment.segment_id + 1}"


def _marks(segment: SegmentFinding) -> list[TraitLift]:
    """Its traits as a reader meets them: frequent in it, and rarer among the other customers."""
    others = {trait.trait.cluster_hash: trait.lift.value for trait in segment.traits_against_others}
    return sorted(
        segment.traits,
        key=lambda t: (
            -(t.frequency.value * min(t.lift.low, 10) * min(others.get(t.trait.cluster_hash, 0.5), 4))
        ),
    )


def segment_description(segment: SegmentFinding) -> str:
    """How large it is, and what its people have more often."""
    marks = _marks(segment)
    share = percent(segment.percentage / 100)
    if marks and segment.percentage >= WHOLE:
        return piece("segment_whole").fill(phrases=joined([mark.trait.phrase for mark in marks[:3]], "or"))
    if not marks:
        return piece("segment_background").fill(size=number(segment.size), share=share)
    second = "".join(
        piece("segment_second").fill(
            have_share=percent(mark.frequency.value),
            phrase=mark.trait.phrase,
            baseline=percent(mark.baseline_share),
        )
        for mark in marks[1:2]
    )
    return piece("segment_description").fill(
        size=number(segment.size),
        share=share,
        first=marks[0].trait.phrase,
        times=times(marks[0].lift.value),
        interval=interval(marks[0].lift),
        second=f" {second}" if second else "",
    )


def anti_pattern(pattern: AntiPattern, compared: Comparison) -> NarratedAntiPattern:
    """Who they are not, in words."""
    rate = ""
    if pattern.rate and compared.base_rate:
        rate = " " + piece("anti_pattern_rate").fill(
            rate=percent(pattern.rate.value), base_rate=percent(compared.base_rate.value)
        )
    description = piece("anti_pattern").fill(
        phrases=phrases(pattern.traits),
        share=percent(pattern.frequency.value),
        baseline=percent(pattern.baseline_share),
        times=times(pattern.lift.value),
        interval=interval(pattern.lift),
        rate=rate,
    )
    return NarratedAntiPattern(**pattern.model_dump(), description=description)


def recommendations(
    lift: LiftReport,
    segments: Sequence[Segment],
    patterns: Sequence[AntiPattern],
    ways: Sequence[Strategy],
    compared: Comparison,
) -> list[Recommendation]:
    """What to do: whom to reach first, how to speak to each segment, whom to leave out."""
    if not ways:
        return [_more_evidence(lift)]
    told = [_reach(way, compared) for way in ways]
    told[1:1] = [_segment(s) for s in segments[:RECOMMENDED_SEGMENTS] if s.traits and s.percentage < WHOLE]
    return told + [_avoid(pattern) for pattern in patterns[:1]]


def _reach(way: Strategy, compared: Comparison) -> Recommendation:
    rate = ""
    if compared.base_rate:
        base = compared.base_rate.value
        rate = " " + piece("recommend_rate").fill(
            base_rate=percent(base),
            base=number(base * 1000),
            expected=number(min(1, base * way.lift.value) * 1000),
        )
    how = (
        f", measured on {number(way.customers_measured)} customers it was not made from"
        if way.held_out
        else ""
    )
    return Recommendation(
        segment=f"All customers, {way.strategy}",
        priority=PRIORITY[way.strategy],  # type: ignore[arg-type]  # the values are the three priorities
        action=piece("recommend_strategy").fill(
            people=number(way.new_people), phrases=alternatives(way.alternatives)
        ),
        expected_impact=piece("recommend_strategy_impact").fill(
            times=times(way.lift.value), interval=interval(way.lift), how_measured=how, rate=rate
        ),
    )


def _segment(segment: Segment) -> Recommendation:
    return Recommendation(
        segment=segment.name,
        priority="medium",
        action=piece("recommend_segment").fill(phrases=phrases([mark.trait for mark in _marks(segment)[:3]])),
        expected_impact=piece("recommend_segment_impact").fill(share=percent(segment.percentage / 100)),
    )


def _avoid(pattern: AntiPattern) -> Recommendation:
    return Recommendation(
        segment="Everybody else",
        priority="medium",
        action=piece("recommend_avoid").fill(phrases=phrases(pattern.traits)),
        expected_impact=piece("recommend_avoid_impact").fill(
            baseline=percent(pattern.baseline_share),
            share=percent(pattern.frequency.value),
            times=times(pattern.lift.value),
            interval=interval(pattern.lift),
        ),
    )


def _more_evidence(lift: LiftReport) -> Recommendation:
    detectable = (
        1 + 2.8 * (0.9 / (0.1 * lift.customers)) ** 0.5
    )  # power .8 at two-sided .05, for a share of 10 %
    return Recommendation(
        segment="All customers",
        priority="high",
        action=piece("recommend_evidence").fill(),
        expected_impact=piece("recommend_evidence_impact").fill(
            customers=number(lift.customers), detectable=times(detectable)
        ),
    )
