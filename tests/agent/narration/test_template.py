"""Every figure in the words is one of the findings, and the words read well where findings are few."""

import re

from agent.analysis import Comparison
from agent.narration import template
from tools.audience.strategies import Strategy
from tools.mining.findings import AntiPattern, Estimate, LiftReport, SegmentFinding, Trait, TraitLift


def estimate(value: float) -> Estimate:
    return Estimate(value=value, low=value * 0.9, high=value * 1.1)


def trait(name: str, phrase: str) -> Trait:
    return Trait(
        cluster_id="1000000001",
        cluster_hash=f"{sum(map(ord, name)):032x}",
        name=name,
        value="Yes",
        domain="interest",
        label=name.capitalize(),
        phrase=phrase,
    )


def lifted(name: str, phrase: str, frequency: float, baseline: float) -> TraitLift:
    return TraitLift(
        trait=trait(name, phrase),
        customers=int(frequency * 1000),
        frequency=estimate(frequency),
        population=1,
        baseline_share=baseline,
        lift=estimate(frequency / baseline),
        p_value=0.0,
        q_value=0.0,
    )


GOLF, WINE = lifted("golf", "follow golf", 0.3, 0.1), lifted("wine", "enjoy wine", 0.4, 0.2)
COMPARED = Comparison(people=100_000, in_words="the whole population", base_rate=estimate(0.05))


def report(*enriched: TraitLift) -> LiftReport:
    return LiftReport(
        customers=1_000,
        population=100_000,
        top_attributes=list(enriched),
        rare_attributes=[],
        unremarkable=[],
        top_intersections=[],
        multi_attribute_clusters=[],
        tested={"traits": 40, "pairs": 2},
    )


def segment(number: int, share: float, *traits: TraitLift) -> SegmentFinding:
    return SegmentFinding(
        segment_id=number, size=int(share * 1000), percentage=share * 100, traits=list(traits)
    )


def way(name: str, lift: float) -> Strategy:
    return Strategy(
        strategy=name,
        expression="0" * 32,
        in_words="follow golf",
        alternatives=[[GOLF.trait]],
        total=5_000,
        new_people=4_000,
        share_of_population=0.05,
        customers_measured=500,
        recall=estimate(0.2),
        lift=estimate(lift),
        held_out=True,
    )


def test_the_headline_tells_the_first_trait_with_its_interval() -> None:
    assert template.headline(report(GOLF)) == (
        "People who follow golf are 3.0 times as frequent among your 1,000 customers "
        "as in the population (2.7-3.3)."
    )


def test_the_headline_says_that_nothing_stands_out() -> None:
    assert template.headline(report()).startswith("Nothing sets these 1,000 customers apart")
    assert "42 traits and sets were tested" in template.headline(report())


def test_two_segments_with_the_same_marks_get_different_names() -> None:
    first = template.segment_name(segment(0, 0.3, GOLF, WINE), [])
    other = template.segment_name(segment(1, 0.2, GOLF, WINE), [first])
    assert first == "Follow golf, enjoy wine"
    assert other not in ("", first)


def test_a_segment_of_everybody_is_no_segment() -> None:
    whole = segment(0, 1.0, GOLF)
    assert template.segment_name(whole, []) == "All customers"
    assert "No division" in template.segment_description(whole)


def test_a_description_holds_the_size_the_lift_and_the_second_trait() -> None:
    told = template.segment_description(segment(0, 0.3, GOLF, WINE))
    assert "300 customers, 30 % of all" in told
    assert "3.0 times" in told
    assert "40 % of them enjoy wine (population: 20 %)" in told


def test_expected_impact_is_told_at_the_base_rate() -> None:
    """Base rate 5 %: 50 in a thousand; at a lift of 3 that is 150."""
    told = template.recommendations(report(GOLF), [], [], [way("precision", 3.0)], COMPARED)
    assert told[0].priority == "high"
    assert "about 150 in every thousand instead of 50" in told[0].expected_impact
    assert "measured on 500 customers it was not made from" in told[0].expected_impact


def test_without_findings_more_evidence_is_recommended() -> None:
    (only,) = template.recommendations(report(), [], [], [], COMPARED)
    assert "Send more customers" in only.action
    assert re.search(r"1\.\d times", only.expected_impact)


def test_an_anti_pattern_tells_both_shares_and_the_rate() -> None:
    pattern = AntiPattern(
        traits=[WINE.trait],
        customers=10,
        population=9_000,
        frequency=estimate(0.01),
        baseline_share=0.09,
        lift=estimate(0.11),
        q_value=0.001,
        rate=estimate(0.002),
    )
    told = template.anti_pattern(pattern, COMPARED).description
    assert "1.0 % of the customers, 9.0 % of the population" in told
    assert "0.20 % are customers; of everybody, 5.0 %" in told


def test_no_blank_and_no_doubled_space_is_left_in_any_text() -> None:
    texts = [
        template.headline(report(GOLF)),
        *template.summary(report(GOLF, WINE), COMPARED),
        template.segment_description(segment(0, 0.3, GOLF, WINE)),
        template.segment_description(segment(0, 0.3)),
        *(
            f"{r.action} {r.expected_impact}"
            for r in template.recommendations(
                report(GOLF), [], [], [way("precision", 3.0), way("hybrid", 2.0), way("reach", 1.2)], COMPARED
            )
        ),
    ]
    for text in texts:
        assert "$" not in text
        assert "  " not in text
        assert text[0].isupper() or text[0].isdigit()
