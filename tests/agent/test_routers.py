"""Where the graphs part, and what they look like."""

from pathlib import Path

import pytest

from agent.analyze import analysis_graph, does_anything_stand_out, is_match_rate_low
from agent.audience import audience_graph, where_next
from agent.state import AnalysisState, AudienceState


@pytest.mark.parametrize(("matched", "low"), [(0, True), (49, True), (50, False), (100, False)])
def test_fewer_than_half_is_a_low_match_rate(matched: int, low: bool) -> None:
    state = AnalysisState(match={"matched": matched, "requested": 100, "rate": 0.2})
    assert is_match_rate_low(state) is low


@pytest.mark.parametrize(("found", "stands_out"), [(0, False), (1, True), (30, True)])
def test_one_enriched_trait_is_enough_to_go_on(found: int, stands_out: bool) -> None:
    assert does_anything_stand_out(AnalysisState(found=found)) is stands_out


@pytest.mark.parametrize(
    ("total", "model", "step"),
    [(0, "", "relax"), (0, "icp_1", "relax"), (5, "", "deliver"), (5, "icp_1", "weigh")],
)
def test_an_empty_audience_is_relaxed_and_one_with_a_model_weighed(total: int, model: str, step: str) -> None:
    assert where_next(AudienceState(total=total, model_key=model)) == step


def test_the_steps_are_the_documented_ones() -> None:
    assert list(analysis_graph().nodes) == [
        "resolve",
        "diagnose",
        "mine",
        "segment",
        "profile",
        "size_strategies",
        "learn",
        "tell",
    ]
    assert list(audience_graph().nodes) == ["choose", "size", "relax", "weigh", "deliver"]


@pytest.mark.parametrize("name", ["analyze.py", "audience.py"])
def test_a_graph_is_read_at_a_glance(name: str) -> None:
    file = Path(__file__).parents[2] / "agent" / name
    assert len(file.read_text().splitlines()) < 80
