"""Explanations of a real analysis: every number in them is one of the analysis."""

import re
from typing import Any

import pytest

from agent import CATALOGUE
from agent.audience_result import AudienceResult
from agent.conversation.answers.analysis import answer
from agent.explain.explanation import Explanation
from agent.explain.known import figures_of_analysis, figures_of_audience
from agent.narration.wording import number, percent, ratio
from store.errors import NotFound
from store.workspace import Workspace
from tests.agent.conftest import Analysed
from tools.calls import call, tool_named


def explained(workspace: Workspace, about: str, subject: str | None = None, **more: Any) -> Explanation:
    found = call(tool_named(CATALOGUE, "explain"), workspace, {"about": about, "subject": subject} | more)
    assert isinstance(found, Explanation)
    return found


def test_the_figure_of_the_headline_is_explained_whole(golf: Analysed) -> None:
    (first, *_) = golf.analysis.lift.top_attributes
    found = explained(
        golf.workspace, "figure", ratio(first.lift.value), analysis_id=golf.analysis.analysis_id
    )
    assert found.found
    assert found.figures[0].value == first.lift.value
    assert found.figures[0].q_value == first.q_value
    assert set(found.figures[0].counts.values()) == {
        first.customers,
        golf.analysis.lift.customers,
        first.population,
        golf.analysis.lift.population,
    }
    customers = number(golf.analysis.lift.customers)
    for told in (
        f"people who {first.trait.phrase}",
        f"{number(first.customers)} / {customers} = {percent(first.frequency.value)}",
        f"between {ratio(first.lift.low)} and {ratio(first.lift.high)}",
        f"{first.q_value:.1g}",
        "mining.lift_report",
        "frequency / baseline share",
    ):
        assert told in found.text


def test_the_newest_analysis_is_meant_where_none_is_named(golf: Analysed) -> None:
    assert explained(golf.workspace, "figure", number(golf.analysis.match.analysed)).found


def test_every_figure_of_the_text_of_an_analysis_can_be_asked_about(golf: Analysed) -> None:
    text = answer(golf.analysis).text
    figures = set(
        re.findall(r"(?<![\w.$-])(\d[\d,]*(?:\.\d+)?(?: %)?)(?![\w-])", re.sub(r"\$[\d.,]+K?", "", text))
    )
    told = {figure for figure in figures if figure.strip() not in ("95", "0")}
    unknown = [
        figure
        for figure in told
        if not explained(golf.workspace, "figure", figure, analysis_id=golf.analysis.analysis_id).found
    ]
    assert len(told) > 20
    # Counts within the phrases of traits, such as `2 adults`, and the bounds of values are no figures.
    assert [figure for figure in unknown if "%" in figure or "." in figure] == []


def test_a_figure_of_the_audience_comes_before_those_of_the_analysis(golf: Analysed) -> None:
    made = call(
        tool_named(CATALOGUE, "generate_audience"),
        golf.workspace,
        {"analysis_id": golf.analysis.analysis_id, "strategy": "hybrid"},
    )
    assert isinstance(made, AudienceResult)
    found = explained(golf.workspace, "figure", number(made.total), audience_id=made.audience_id)
    assert found.figures[0].what == "people in the audience"
    why = explained(golf.workspace, "audience", audience_id=made.audience_id)
    assert "hybrid expression of the analysis" in why.text
    assert number(made.total) in why.text
    assert {f.value for f in figures_of_audience(made, golf.analysis)} >= {made.total, made.reachable}
    sure = explained(golf.workspace, "confidence", audience_id=made.audience_id)
    assert f"{number(made.total)} people, {number(made.reachable)} of them reachable" in sure.text


def test_all_figures_have_words_and_those_of_mining_a_source(golf: Analysed) -> None:
    known = figures_of_analysis(golf.analysis)
    assert len(known) > 200
    assert all(figure.what for figure in known)
    assert all(figure.formula for figure in known if figure.form in ("ratio", "q"))


@pytest.mark.parametrize("subject", ["{name}", "segment 1", "the first segment", "1"])
def test_a_segment_is_explained_by_name_or_place_with_evidence_for_and_against(
    golf: Analysed, subject: str
) -> None:
    segment = golf.analysis.segments[0]
    found = explained(
        golf.workspace, "segment", subject.format(name=segment.name), analysis_id=golf.analysis.analysis_id
    )
    assert found.found
    assert f"a group of {number(segment.size)} of your {number(golf.analysis.match.analysed)}" in found.text
    assert "What speaks for it:" in found.text
    assert percent(segment.traits[0].frequency.value) in found.text


def test_an_unknown_segment_gives_the_names(golf: Analysed) -> None:
    found = explained(golf.workspace, "segment", "segment 99")
    assert not found.found
    assert all(segment.name in found.text for segment in golf.analysis.segments)


def test_a_trait_is_told_with_its_evidence(golf: Analysed) -> None:
    (first, *_) = golf.analysis.lift.top_attributes
    found = explained(golf.workspace, "trait", first.trait.phrase)
    assert found.found
    assert f"{number(first.customers)} of your" in found.text
    assert percent(first.baseline_share) in found.text


def test_a_trait_that_is_no_finding_is_said_to_be_none(golf: Analysed) -> None:
    found = explained(golf.workspace, "trait", "pizza")
    assert not found.found
    assert "No finding of this analysis is about “pizza”" in found.text


def test_the_strategies_are_explained_with_what_they_miss(golf: Analysed) -> None:
    (reach,) = [way for way in golf.analysis.strategies if way.strategy == "reach"]
    found = explained(golf.workspace, "audience", "why the reach audience")
    assert found.text.startswith("**Reach**")
    assert f"It misses {percent(1 - reach.recall.value)} of them." in found.text


def test_how_sure_it_is_tells_match_intervals_chance_and_held_out_customers(golf: Analysed) -> None:
    found = explained(golf.workspace, "confidence")
    for told in (
        number(golf.analysis.match.matched),
        number(sum(golf.analysis.lift.tested.values())),
        *golf.analysis.warnings,
        "it was not made from",
    ):
        assert told in found.text


def test_one_analysis_alone_has_nothing_to_differ_from(us: Workspace) -> None:
    assert not explained(us, "difference").found


def test_without_an_analysis_there_is_nothing_to_explain(us: Workspace) -> None:
    for about in ("figure", "segment", "confidence", "audience"):
        assert not explained(us, about, "3.1").found
    assert explained(us, "trait", "golf").text.startswith("The traits that are nearest in meaning")


def test_what_left_the_house_is_told(golf: Analysed, us: Workspace) -> None:
    assert "No file has left this warehouse." in explained(us, "privacy").text
    golf_hash = golf.analysis.lift.top_attributes[0].trait.cluster_hash
    call(tool_named(CATALOGUE, "find_persons"), us, {"expression": golf_hash, "format": "csv"})
    told = explained(us, "privacy").text
    assert "Files that left this warehouse last:" in told
    assert "No language model was asked" in told


def test_an_analysis_or_audience_that_is_not_there_is_refused(us: Workspace) -> None:
    with pytest.raises(NotFound):
        explained(us, "figure", "3.1", analysis_id="icp_unknown")
    with pytest.raises(NotFound):
        explained(us, "figure", "3.1", audience_id="audience_unknown")
