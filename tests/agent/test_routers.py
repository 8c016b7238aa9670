"""Where the graphs part, and what they look like."""

from pathlib import Path

import pytest

from agent.analyze import (
    analysis_graph,
    are_there_too_few,
    does_anything_stand_out,
    is_match_rate_low,
    were_enough_matched,
)
from agent.audience import audience_graph, must_somebody_approve, where_next
from agent.briefing import (
    briefing_graph,
    what_is_known,
)
from agent.state import AnalysisState, AudienceState, BriefingState


@pytest.mark.parametrize(("matched", "low"), [(0, True), (49, True), (50, False), (100, False)])
def test_fewer_than_half_is_a_low_match_rate(matched: int, low: bool) -> None:
    state = AnalysisState(match={"matched": matched, "requested": 100, "rate": 0.2})
    assert is_match_rate_low(state) is low


@pytest.mark.parametrize(
    ("analysed", "matched", "step"),
    [(49, 100, "refuse_too_few"), (49, 10, "refuse_too_few"), (50, 49, "diagnose"), (50, 50, "mine")],
)
def test_too_few_are_refused_before_anything_else_is_said(analysed: int, matched: int, step: str) -> None:
    state = AnalysisState(
        match={"analysed": analysed, "matched": matched, "requested": 100},
        settings={"lift": {"min_customers": 50}},
    )
    assert were_enough_matched(state) == step
    assert are_there_too_few(state) is (step == "refuse_too_few")


@pytest.mark.parametrize(("found", "stands_out"), [(0, False), (1, True), (30, True)])
def test_one_enriched_trait_is_enough_to_go_on(found: int, stands_out: bool) -> None:
    assert does_anything_stand_out(AnalysisState(found=found)) is stands_out


@pytest.mark.parametrize(
    ("total", "model", "asks", "step"),
    [
        (0, "", True, "relax"),
        (0, "icp_1", False, "relax"),
        (5, "", False, "deliver"),
        (5, "", True, "approve"),
        (5, "icp_1", False, "weigh"),
        (5, "icp_1", True, "weigh"),
    ],
)
def test_an_empty_audience_is_relaxed_one_with_a_model_weighed_and_a_file_approved(
    total: int, model: str, asks: bool, step: str
) -> None:
    state = AudienceState(total=total, model_key=model, asks=asks)
    assert where_next(state) == step
    assert must_somebody_approve(state) is asks


@pytest.mark.parametrize(
    ("series", "outcomes", "outdated", "step"),
    [
        ([], False, False, "refuse"),
        ([], True, False, "learn"),
        (["icp_1"], False, False, "judge"),
        (["icp_1"], False, True, "analyse_again"),
        (["icp_1"], True, True, "learn"),
        (["icp_2", "icp_1"], False, False, "compare"),
        (["icp_2", "icp_1"], False, True, "analyse_again"),
    ],
)
def test_a_briefing_learns_first_then_analyses_newer_data_then_compares(
    series: list[str], outcomes: bool, outdated: bool, step: str
) -> None:
    state = BriefingState(series=series, has_outcomes=outcomes, is_outdated=outdated)
    assert what_is_known(state) == step


def test_the_steps_are_the_documented_ones() -> None:
    assert list(analysis_graph().nodes) == [
        "resolve",
        "refuse_too_few",
        "diagnose",
        "mine",
        "segment",
        "profile",
        "size_strategies",
        "learn",
        "brief",
        "narrate",
        "tell",
    ]
    assert list(audience_graph().nodes) == ["choose", "size", "relax", "weigh", "approve", "deliver"]
    assert list(briefing_graph().nodes) == [
        "find",
        "refuse",
        "learn",
        "analyse_again",
        "compare",
        "compare_outcomes",
        "judge",
        "refresh",
        "tell_first",
        "tell_changes",
        "tell_unchanged",
        "approve",
        "keep",
        "deliver",
    ]


@pytest.mark.parametrize("name", ["analyze.py", "audience.py", "briefing.py"])
def test_a_graph_is_read_at_a_glance(name: str) -> None:
    file = Path(__file__).parents[2] / "agent" / name
    assert len(file.read_text().splitlines()) < 80
