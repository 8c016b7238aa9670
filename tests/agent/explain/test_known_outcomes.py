"""Every figure that is told of outcomes can be asked about, with what was counted and how it was made."""

import json
import re

import pytest

from agent.conversation.answers import outcomes
from agent.explain.explain import explain, explain_beside
from agent.explain.explanation import ExplainedFigure
from agent.explain.figure import figure_explained
from agent.explain.known_outcomes import figures_of_outcomes
from agent.explain.matching import matching, said
from agent.explain.of_outcomes.amounts import money
from agent.explain.of_outcomes.reasons import criterion_explained, outcomes_confidence
from agent.outcome_analysis import OutcomeAnalysis
from agent.planner.requests import Explain
from store.errors import NotFound
from store.workspace import Workspace
from tools.mining.findings import Estimate
from tools.outcomes.leaks import Leak
from tools.outcomes.measures.findings import MarketShare

TOPICS = ("overview", "criteria", "anti_patterns", "losses", "churn", "expansion", "emerging")
SHARE = re.compile(r"\d+(?:\.\d+)? %")
AMOUNT = re.compile(r"\d[\d,]* EUR")


@pytest.fixture(scope="module")
def figures(learned: OutcomeAnalysis) -> list[ExplainedFigure]:
    return figures_of_outcomes(learned)


def first(figures: list[ExplainedFigure], subject: str) -> ExplainedFigure:
    return figure_explained(figures, subject).figures[0]


@pytest.mark.parametrize("about", TOPICS)
def test_every_share_and_amount_of_an_answer_can_be_asked_about(
    learned: OutcomeAnalysis, figures: list[ExplainedFigure], about: str
) -> None:
    text = outcomes.answer(learned.model_copy(update={"about": about}), {}).text
    shown = [*SHARE.findall(text), *AMOUNT.findall(text)]
    assert len(shown) > 1
    unknown = [one for one in shown if (meant := said(one)) and not matching(figures, meant)]
    assert unknown == []


def test_every_figure_says_how_it_was_made(figures: list[ExplainedFigure]) -> None:
    assert [one.what for one in figures if not (one.tool and one.inputs and one.formula)] == []


def test_no_two_figures_have_the_same_words_and_another_value(figures: list[ExplainedFigure]) -> None:
    """Where they would, the words would not say which one is meant."""
    values: dict[tuple[str, str], set[float]] = {}
    for one in figures:
        values.setdefault((one.what, one.form), set()).add(one.value)
    assert [what for what, found in values.items() if len(found) > 1] == []


def test_the_win_rate_comes_first_with_its_counts_and_its_arithmetic(
    learned: OutcomeAnalysis, figures: list[ExplainedFigure]
) -> None:
    rate, counts = figures[0], learned.overview.counts
    assert learned.overview.win_rate is not None
    assert rate.value == pytest.approx(counts["won"] / (counts["won"] + counts["lost"]))
    assert rate.counts == {"won": counts["won"], "lost": counts["lost"]}
    assert rate.worked.startswith(f"{counts['won']} / {counts['won'] + counts['lost']} = ")
    assert (rate.low, rate.high) == (learned.overview.win_rate.low, learned.overview.win_rate.high)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ("weight of employees", "weight of Employees in the fit score"),
        ("calibration error of the chance of winning", "calibration error of the "),
        ("win rate of tier A", "win rate of tier A"),
        ("precision of the picked", "precision: share of the picked that were won"),
        ("share lost for price", "share of the losses that were lost for Price"),
        ("break-even of travel", "win rate from which pursuing them pays (break-even): Industry is Travel"),
        ("risk ratio of snowflake", "risk ratio: times as likely as others to have expanded"),
        ("contract value", "mean contract value of the won (EUR)"),
    ],
)
def test_figures_are_found_by_their_words(figures: list[ExplainedFigure], words: str, begins: str) -> None:
    assert first(figures, words).what.startswith(begins)


def test_what_an_answer_tells_comes_before_what_only_the_report_shows(
    learned: OutcomeAnalysis, figures: list[ExplainedFigure]
) -> None:
    places = {one.what: place for place, one in reversed([*enumerate(figures)])}
    assert learned.anti_patterns is not None
    told = places[f"win rate where {learned.anti_patterns.patterns[0].words}"]
    assert told < min(place for what, place in places.items() if what.startswith("mean prediction"))


def test_an_amount_is_explained_as_it_is_told_to_three_digits() -> None:
    """9,287.4 is told as 9,290; 8,681 to 9,923 as 8,680 to 9,920."""
    figure = money("mean", Estimate(value=9_287.4, low=8_681, high=9_923), "EUR", "amounts")
    assert (figure.what, figure.value, figure.low, figure.high) == ("mean (EUR)", 9_290, 8_680, 9_920)
    assert matching([figure], said("9,290") or pytest.fail("no number")) == [figure]


def test_figures_of_drift_leaks_and_the_market_are_known(learned: OutcomeAnalysis) -> None:
    """An AUC of 0.991 by itself; 30 % of the market in tier A."""
    assert learned.measures is not None
    share = Estimate(value=0.3, low=0.25, high=0.35)
    market = MarketShare(scored=300, tiers={"A": share}, width="fitting", sentence="s")
    leak = Leak(
        column="signed",
        verdict="refused",
        kind="separation",
        why="w",
        figure=Estimate(value=0.991, low=0.98, high=1),
    )
    found = figures_of_outcomes(
        learned.model_copy(
            update={"measures": learned.measures.model_copy(update={"market": market}), "leaks": [leak]}
        )
    )
    assert first(found, "share of the market in tier A").counts == {"scored": 300}
    assert first(found, "0.991").what == "how well signed alone tells won from lost (AUC)"
    assert learned.drift is not None
    assert first(found, "how far the values of Employees moved").formula


def test_an_analysis_with_nothing_but_counts_has_figures(learned: OutcomeAnalysis) -> None:
    lacking = dict.fromkeys(
        (
            "criteria",
            "measures",
            "anti_patterns",
            "losses",
            "churn",
            "expansion",
            "emerging",
            "value",
            "drift",
        )
    )
    bare = figures_of_outcomes(learned.model_copy(update={**lacking, "models": []}))
    assert bare[0].what == "win rate: won / won and lost"


def test_a_criterion_is_explained_by_its_values(learned: OutcomeAnalysis) -> None:
    found = criterion_explained(learned, "why the employees?")
    assert found is not None
    assert "50 to 499: +" in found.text
    assert "of the folds find it again" in found.text
    assert criterion_explained(learned, "golf") is None
    assert criterion_explained(learned.model_copy(update={"criteria": None}), "employees") is None


def test_how_sure_it_is_names_every_model_what_is_missing_and_what_to_look_at(
    learned: OutcomeAnalysis,
) -> None:
    leak = Leak(column="signed", verdict="warned", kind="name", why="It sounds late.")
    text = outcomes_confidence(
        learned.model_copy(update={"leaks": [leak], "not_told": {"churn": "Few."}})
    ).text
    assert text.count("on records it had not seen") == len(learned.models)
    assert "signed: It sounds late." in text
    assert "- Few." in text
    assert "What it cannot say" in text


def test_without_an_analysis_of_customers_the_newest_of_outcomes_is_asked(learned_us: Workspace) -> None:
    found = explain(learned_us, Explain(about="figure", subject="weight of employees"))
    assert found.found
    assert found.figures[0].what == "weight of Employees in the fit score"
    assert explain(learned_us, Explain(about="confidence")).text.startswith("What can be relied on")
    assert explain(learned_us, Explain(about="trait", subject="industry")).text.startswith("**Industry**")


def test_an_analysis_of_outcomes_is_asked_about_by_its_id(
    learned_us: Workspace, learned: OutcomeAnalysis
) -> None:
    query = Explain(about="figure", subject="win rate", analysis_id=learned.outcome_analysis_id)
    assert explain(learned_us, query).figures[0].what == "win rate: won / won and lost"
    with pytest.raises(NotFound):
        explain(learned_us, query.model_copy(update={"analysis_id": "outcomes_unknown"}))


def test_an_analysis_of_outcomes_of_another_warehouse_is_not_there(
    learned_us: Workspace, learned: OutcomeAnalysis
) -> None:
    elsewhere = learned.model_copy(update={"warehouse": "other", "outcome_analysis_id": "outcomes_9"})
    document = json.loads(elsewhere.model_dump_json())
    learned_us.artifacts.save_document("outcome_analysis", "outcomes_9", document)
    with pytest.raises(NotFound, match="no such analysis of outcomes"):
        explain_beside(learned_us, Explain(about="figure", subject="44 %"), "outcomes_9")


def test_in_a_house_without_outcomes_nothing_changes(us: Workspace) -> None:
    assert not explain(us, Explain(about="figure", subject="44 %")).found
    assert explain(us, Explain(about="term", subject="break-even")).text.startswith("**Break-even.**")
