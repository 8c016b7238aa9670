"""A model's words stand where they were kept; the template says the rest, and both are marked."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent.analysis import (
    Analysis,
    Comparison,
    MatchStatistics,
    NarratedAntiPattern,
    Recommendation,
    Segment,
)
from agent.narration.told import in_words_of_the_model
from store.records import ModelCall
from tools.mining.findings import Estimate, LiftReport

HALF = Estimate(value=0.5, low=0.45, high=0.55)


def segment(at: int, name: str) -> Segment:
    return Segment(
        segment_id=at, size=300, percentage=30, traits=[], name=name, description="T.", share=HALF, figures=[]
    )


@pytest.fixture
def analysis() -> Analysis:
    pattern = NarratedAntiPattern(
        traits=[],
        customers=10,
        population=900,
        frequency=HALF,
        baseline_share=0.9,
        lift=HALF,
        q_value=0.01,
        description="T.",
    )
    return Analysis(
        analysis_id="icp_1",
        warehouse="small",
        snapshot_id="s",
        created_at=datetime(2026, 3, 2, tzinfo=UTC),
        headline="H.",
        summary=[],
        match=MatchStatistics(
            source="outcome", requested=9, matched=9, resolved=9, rate=1, below_quality=0, analysed=9
        ),
        compared_with=Comparison(people=9, in_words="all"),
        lift=LiftReport(
            customers=9,
            population=9,
            top_attributes=[],
            rare_attributes=[],
            unremarkable=[],
            top_intersections=[],
            multi_attribute_clusters=[],
            tested={},
        ),
        segments=[segment(0, "Golf"), segment(1, "Cats")],
        segments_chosen_by="",
        criteria=[],
        anti_patterns=[pattern],
        strategies=[],
        frontier=[],
        recommendations=[
            Recommendation(segment="Golf", priority="high", action="T.", expected_impact="T."),
            Recommendation(segment="All customers", priority="low", action="T.", expected_impact="T."),
        ],
        warnings=[],
        provenance=[],
        seed=0,
        code_version="0",
    )


def came(outcome: str = "answered", rules: list[str] | None = None, **kept: str) -> dict[str, Any]:
    return {"kept": kept, "asked": 4, "outcome": outcome, "rules": rules or [], "calls": 1}


def test_what_was_kept_replaces_the_template_field_by_field(analysis: Analysis) -> None:
    told = {"segment-0": came(name="Home golfers", description="M.", action="Speak of golf.")}
    found = in_words_of_the_model(analysis, told, "m", [])
    golf, cats = found.segments
    assert (golf.name, golf.description, golf.narrated_by) == ("Home golfers", "M.", "model")
    assert (cats.name, cats.narrated_by) == ("Cats", "template")
    first, other = found.recommendations
    assert (first.segment, first.action, first.expected_impact) == ("Home golfers", "Speak of golf.", "T.")
    assert first.narrated_by == "both"
    assert (other.segment, other.narrated_by) == ("All customers", "template")


def test_an_explanation_replaces_that_of_its_anti_pattern(analysis: Analysis) -> None:
    found = in_words_of_the_model(analysis, {"anti_pattern-0": came(explanation="M.")}, "m", [])
    assert (found.anti_patterns[0].description, found.anti_patterns[0].narrated_by) == ("M.", "model")


def test_two_segments_that_were_given_one_name_keep_their_own(analysis: Analysis) -> None:
    told = {"segment-0": came(name="Fans"), "segment-1": came(name="FANS")}
    assert [s.name for s in in_words_of_the_model(analysis, told, "m", []).segments] == ["Golf", "Cats"]


def test_a_name_that_another_segment_has_is_not_taken(analysis: Analysis) -> None:
    found = in_words_of_the_model(analysis, {"segment-0": came(name="cats")}, "m", [])
    assert [s.name for s in found.segments] == ["Golf", "Cats"]


def test_the_account_says_what_was_asked_kept_refused_and_spent(analysis: Analysis) -> None:
    told = {
        "segment-0": came(name="Golfers at home", rules=["number", "trait"]),
        "segment-1": came(outcome="timeout"),
    }
    calls = [
        ModelCall(
            call_id=str(at),
            run_id="icp_1",
            workflow_id="w",
            warehouse="small",
            told="segment-0",
            attempt=at,
            prompt="segment",
            prompt_version="0",
            model="m",
            outcome="refused",
            tokens_in=100,
            tokens_out=50,
            cost=0.001,
            milliseconds=20,
            created_at=datetime(2026, 3, 2, tzinfo=UTC),
        )
        for at in (1, 2)
    ]
    found = in_words_of_the_model(analysis, told, "m", calls)
    narration = found.narration
    assert narration is not None
    assert (narration.asked, narration.kept, narration.calls) == (8, 1, 2)
    assert narration.refused == {"number": 1, "trait": 1}
    assert narration.failed == {"timeout": 1}
    assert (narration.tokens_in, narration.tokens_out, narration.cost) == (200, 100, 0.002)
    assert set(narration.prompt_versions) == {"narrator", "segment", "anti_pattern", "again"}
    assert "no words for 1 findings (timeout)" in found.warnings[0]
    assert found.narrated_by == "model"


def test_an_analysis_of_which_nothing_was_kept_is_the_templates(analysis: Analysis) -> None:
    found = in_words_of_the_model(analysis, {"segment-0": came(rules=["number"])}, "m", [])
    assert found.narrated_by == "template"
    assert found.segments == analysis.segments
