"""What is said of an analysis of customers."""

from typing import Any

from agent.analysis import Analysis, Segment
from agent.conversation.answers.answer import Answer
from agent.markdown import headed, paragraphs, told
from agent.narration.wording import interval, number, percent, ratio, times
from tools.audience.strategies import Strategy
from tools.mining.findings import TraitLift

TOLD_TRAITS, TOLD_SEGMENTS, TOLD_PATTERNS, TOLD_WARNINGS = 5, 5, 2, 4
SHOWN_TRAITS = 10


def answer(found: Analysis) -> Answer:
    """Who they are, their segments, who they are not, and how to reach more of them."""
    return Answer(
        text=paragraphs(
            told("answer_analysis_headline", headline=found.headline),
            _whom(found),
            _marks(found.lift.top_attributes[1:TOLD_TRAITS]),
            told("answer_sentences", sentences=" ".join(found.summary[1:])),
            _segments(found.segments),
            _listed("answer_analysis_not", [p.description for p in found.anti_patterns[:TOLD_PATTERNS]]),
            _ways(found.strategies),
            _listed("answer_careful", found.warnings[:TOLD_WARNINGS]),
        ),
        shown=_shown(found),
        follow_ups=_follow_ups(found),
    )


def _whom(found: Analysis) -> str:
    match = found.match
    if match.source == "outcome" and found.compared_with.base_rate:
        return told(
            "answer_analysis_outcome",
            analysed=number(match.analysed),
            rate=percent(found.compared_with.base_rate.value),
            people=number(found.compared_with.people),
            compared=found.compared_with.in_words,
        )
    given = "identifiers" if match.source == "identifiers" else "person ids"
    return told(
        "answer_analysis_matched",
        matched=number(match.matched),
        requested=number(match.requested),
        given=given,
        share=percent(match.matched / max(1, match.requested)),
        resolved=number(match.resolved),
        analysed=number(match.analysed),
        people=number(found.compared_with.people),
        compared=found.compared_with.in_words,
    )


def _marks(traits: list[TraitLift]) -> str:
    lines = [
        told(
            "answer_trait",
            phrase=one.trait.phrase,
            share=percent(one.frequency.value),
            baseline=percent(one.baseline_share),
            times=times(one.lift.value),
            interval=interval(one.lift),
        )
        for one in traits
    ]
    return _list("answer_analysis_marks", lines)


def _segments(segments: list[Segment]) -> str:
    lines = [told("answer_segment", name=s.name, description=s.description) for s in segments[:TOLD_SEGMENTS]]
    return _list("answer_analysis_segments", lines)


def _ways(ways: list[Strategy]) -> str:
    lines = [
        told(
            "answer_way" if way.held_out else "answer_way_seen",
            strategy=way.strategy.capitalize(),
            new=number(way.new_people),
            recall=percent(way.recall.value),
            times=times(way.lift.value),
            interval=interval(way.lift),
        )
        for way in ways
    ]
    return _list("answer_analysis_reach", lines)


def _listed(heading: str, sentences: list[str]) -> str:
    return _list(heading, [told("answer_sentences", sentences=sentence) for sentence in sentences])


def _list(heading: str, lines: list[str]) -> str:
    return headed(told(heading), lines)


def _follow_ups(found: Analysis) -> list[str]:
    if not found.strategies:
        return ["How sure are you?"]
    asked = ["Build a balanced audience of people like them, without our customers"]
    if found.segments:
        asked.append("Why the first segment?")
    return [*asked, f"Where does the {ratio(found.lift.top_attributes[0].lift.value)} come from?"]


def _shown(found: Analysis) -> dict[str, Any]:
    """The analysis in short; all of it is kept under its id."""
    whole = found.model_dump(mode="json", exclude={"lift", "segments", "background", "criteria"})
    for way in whole["strategies"]:
        del way["alternatives"]
    return whole | {
        "traits": [_trait(one) for one in found.lift.top_attributes[:SHOWN_TRAITS]],
        "segments": [
            segment.model_dump(mode="json", exclude={"traits", "traits_against_others"})
            | {"traits": [_trait(one) for one in segment.traits[:TOLD_TRAITS]]}
            for segment in found.segments
        ],
    }


def _trait(one: TraitLift) -> dict[str, Any]:
    return one.model_dump(mode="json", exclude={"p_value", "rate"})
