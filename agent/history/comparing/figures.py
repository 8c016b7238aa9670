"""Which figures and texts of a result are set beside those of another run?"""

from collections.abc import Callable, Iterator
from typing import Any

from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.briefing_result import Briefing
from agent.history.comparing.compared import ComparedFigure
from agent.narration.wording import number, percent
from agent.outcome_analysis import OutcomeAnalysis
from tools.mining.findings import Estimate

Told = Iterator[tuple[str, str]]  # what it is, and how it reads


def compared_figures(before: Any, after: Any) -> list[ComparedFigure]:
    """The figures of two results of one kind, those that differ first."""
    tell = TOLD[type(before)]
    then, now = dict(tell(before)), dict(tell(after))
    found = [
        ComparedFigure(
            what=what, before=then.get(what), after=now.get(what), same=then.get(what) == now.get(what)
        )
        for what in dict.fromkeys([*then, *now])
    ]
    return sorted(found, key=lambda each: each.same)


def _of_customers(found: Analysis) -> Told:
    yield "customers", number(found.match.analysed)
    yield "traits that stand out", number(len(found.lift.top_attributes))
    yield "segments", number(len(found.segments))
    for criterion in found.criteria:
        yield f"criterion: {criterion.label}", f"tier {criterion.tier}, weight {criterion.weight:.3f}"
    for way in found.strategies:
        yield f"{way.strategy} expression", f"{number(way.total)} people"


def _of_outcomes(found: OutcomeAnalysis) -> Told:
    overview = found.overview
    yield "records", number(overview.records)
    for outcome, count in overview.counts.items():
        yield outcome, number(count)
    yield from _estimate("win rate", overview.win_rate)
    for criterion in found.criteria.criteria if found.criteria else []:
        name = criterion.scale.told
        yield f"criterion: {name}", f"tier {criterion.tier}, weight {criterion.weight:.3f}"
        yield f"look for: {name}", criterion.good
    for cell in found.measures.by_tier if found.measures else []:
        if cell.tier is not None:
            yield from _estimate(f"win rate of tier {cell.tier}", cell.win_rate)
            yield f"deals of tier {cell.tier}", number(cell.won + cell.lost)
    for model in found.models:
        yield f"model of {model.kind}", "published" if model.in_use else "kept aside"
    for name, why in found.not_told.items():
        yield f"not told: {name}", why


def _of_audience(found: AudienceResult) -> Told:
    yield "people", number(found.total)
    yield "reachable", number(found.reachable)
    yield "who", found.in_words
    yield "why", found.why
    if found.least_fit is not None:
        yield "lowest fit", f"{found.least_fit:g}"
    if found.overlap is not None:
        yield "customers in it", number(found.overlap.in_audience)
    for at, step in enumerate(found.relaxed, 1):
        yield f"relaxed, step {at}", step.step


def _of_briefing(found: Briefing) -> Told:
    yield "headline", found.headline
    yield "significant changes", number(found.significant)
    for change in found.changes:
        yield f"told: {change.sentence}", change.evidence
    for key in found.significant_keys:
        yield f"significant: {key}", "yes"
    for tier in found.tiers:
        yield from _estimate(f"win rate of tier {tier.tier}", tier.win_rate)
        yield f"deals of tier {tier.tier}", number(tier.won + tier.lost)
    for audience in found.audiences:
        yield f"audience: {audience.name}", f"{number(audience.people)} people"
    for model in found.models:
        yield f"model of {model.kind}", "published" if model.published else "kept aside"
    yield "risk", found.risk or "none"
    yield "action", found.action or "none"


def _estimate(what: str, found: Estimate | None) -> Told:
    if found is not None:
        yield what, f"{percent(found.value)} ({percent(found.low)} to {percent(found.high)})"


TOLD: dict[type, Callable[[Any], Told]] = {
    Analysis: _of_customers,
    OutcomeAnalysis: _of_outcomes,
    AudienceResult: _of_audience,
    Briefing: _of_briefing,
}
