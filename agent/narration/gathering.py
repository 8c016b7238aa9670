"""Which findings of a run may a model be told? Aggregates over enough people, and nothing sensitive."""

import re
from collections.abc import Sequence

from agent.analysis import Analysis, Comparison, Segment
from agent.narration.facts import FEWEST_PEOPLE, AntiPatternFacts, FigureFact, SegmentFacts, TraitFact
from store.population.catalogue import Catalogue
from tools.mining.findings import AntiPattern, Trait, TraitLift

MOST_TRAITS, MOST_FIGURES, MOST_WORDS = 4, 2, 120
MOST_SEGMENTS, MOST_PATTERNS = 6, 5  # that a model is asked about
WHOLE = 99.5  # per cent: a segment of everybody is none
# What no trait of many people holds: an address, a link, a long number, mark-up, an order to the reader.
UNFIT = re.compile(
    r"[@<>{}\[\]`|\\\x00-\x1f\x7f]|https?:|www\.|\d[\d\s().-]{6,}\d|\b(ignore|disregard|instruction|prompt|system)",
    re.IGNORECASE,
)


def facts_of(analysis: Analysis, catalogue: Catalogue) -> dict[str, SegmentFacts | AntiPatternFacts]:
    """What a model may be told of an analysis, by the text that it is for: `segment-0`, `anti_pattern-1`."""
    customers = analysis.match.analysed
    names = [segment.name for segment in analysis.segments]
    found = {
        f"segment-{segment.segment_id}": segment_facts(
            segment, [name for name in names if name != segment.name], customers, catalogue
        )
        for segment in analysis.segments[:MOST_SEGMENTS]
    } | {
        f"anti_pattern-{at}": anti_pattern_facts(pattern, analysis.compared_with, customers, catalogue)
        for at, pattern in enumerate(analysis.anti_patterns[:MOST_PATTERNS])
    }
    return {key: facts for key, facts in found.items() if facts is not None}


def segment_facts(
    segment: Segment, taken: Sequence[str], customers: int, catalogue: Catalogue
) -> SegmentFacts | None:
    """What may be told of a segment; None for one that is too small, or has no trait that may be told."""
    if segment.size < FEWEST_PEOPLE or segment.percentage >= WHOLE:
        return None
    traits = [
        _trait_fact(lift)
        for lift in segment.traits
        if lift.customers >= FEWEST_PEOPLE
        and lift.population >= FEWEST_PEOPLE
        and may_be_told(lift.trait, catalogue)
    ][:MOST_TRAITS]
    if not traits:
        return None
    return SegmentFacts(
        size=segment.size,
        share=segment.percentage / 100,
        customers=customers,
        traits=tuple(traits),
        figures=tuple(
            FigureFact(**figure.model_dump(exclude={"people"}))
            for figure in segment.figures
            if figure.people >= FEWEST_PEOPLE
            and figure.median != figure.population_median  # else it tells nothing
            and _is_plain(figure.label)
            and len(figure.unit) <= 20
        )[:MOST_FIGURES],
        taken=tuple(name for name in taken if _is_plain(name))[:20],
    )


def anti_pattern_facts(
    pattern: AntiPattern, compared: Comparison, customers: int, catalogue: Catalogue
) -> AntiPatternFacts | None:
    """What may be told of an anti-pattern; None where too few people have it or a trait may not be told."""
    if min(pattern.population, customers) < FEWEST_PEOPLE:
        return None
    if not all(may_be_told(trait, catalogue) for trait in pattern.traits):
        return None
    rates = bool(pattern.rate and compared.base_rate)
    return AntiPatternFacts(
        customers=customers,
        phrases=tuple(trait.phrase for trait in pattern.traits[:4]),
        share=pattern.frequency.value,
        baseline=pattern.baseline_share,
        times=pattern.lift.value,
        low=pattern.lift.low,
        high=pattern.lift.high,
        rate=pattern.rate.value if rates and pattern.rate else None,
        base_rate=compared.base_rate.value if rates and compared.base_rate else None,
    )


def may_be_told(trait: Trait, catalogue: Catalogue) -> bool:
    """Whether a trait may leave the house: plain words, and of no sensitive attribute."""
    cluster = catalogue.find(trait.cluster_hash)
    return (
        cluster is not None
        and not cluster.sensitive
        and all(map(_is_plain, (trait.phrase, trait.label, trait.value)))
    )


def _is_plain(words: str) -> bool:
    return 0 < len(words) <= MOST_WORDS and not UNFIT.search(words)


def _trait_fact(lift: TraitLift) -> TraitFact:
    return TraitFact(
        phrase=lift.trait.phrase,
        label=lift.trait.label,
        value=lift.trait.value,
        share=lift.frequency.value,
        baseline=lift.baseline_share,
        times=lift.lift.value,
        low=lift.lift.low,
        high=lift.lift.high,
    )
