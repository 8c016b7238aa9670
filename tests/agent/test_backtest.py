"""Did the audiences hold? Counted by hand on a small population."""

from collections.abc import Callable

import pytest

from agent.analysis import Analysis
from agent.analyze_customers import start_analysis
from agent.backtest import backtest
from agent.requests import AnalyzeQuery, OutcomeSet
from store.errors import NotFound
from store.workspace import Workspace
from tools.mining.queries import LiftQuery

WON = OutcomeSet(attribute="won", value="y")
COLUMNS = {
    "id": {"kind": "person_id"},
    "won": {"kind": "category", "attribute": "won", "domain": "purchase", "mine": False},
    "golf": {"kind": "category", "attribute": "golf", "domain": "interest"},
    "seen": {"kind": "category", "attribute": "seen", "domain": "content", "mine": False},
}


def rows() -> str:
    """400 people seen, 100 not. Golfers win 3 of 4, others 1 of 20, in both parts.

    Of the 100 unseen 20 play golf: 15 of them won; of the other 80, 4.
    """
    lines = ["id,won,golf,seen"]
    for seen, people in (("yes", 400), ("no", 100)):
        for n in range(people):
            golf = n % 5 == 0
            won = (n // 5) % 4 != 0 if golf else (n % 20) == 1
            lines.append(f"{len(lines)},{'y' if won else 'n'},{'y' if golf else 'n'},{seen}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def small(load: Callable[..., Workspace]) -> Workspace:
    return load(rows(), COLUMNS)


@pytest.fixture
def analysis(small: Workspace) -> Analysis:
    return start_analysis(small, AnalyzeQuery(outcome=WON, among=among(small, "yes"), lift=LiftQuery()))


def among(workspace: Workspace, seen: str) -> str:
    cluster = workspace.population.catalogue.valued("seen", seen)
    assert cluster is not None
    return cluster.cluster_hash


def test_each_audience_is_counted_among_the_unseen(small: Workspace, analysis: Analysis) -> None:
    """100 unseen, 15 + 4 won of 5-in-20 blocks: 15 golfers and 4 + 1 others; golfers win 0.75."""
    held = backtest(small, analysis, WON, among(small, "no"))
    everybody, precision = held.rows[0], held.rows[1]
    won = 15 + 5
    assert (everybody.name, everybody.people, everybody.customers) == ("Everybody", 100, won)
    assert everybody.lift == 1
    assert (precision.name, precision.people, precision.customers) == ("Precision", 20, 15)
    assert precision.rate.value == pytest.approx(0.75)
    assert precision.rate.low == pytest.approx(0.5313, abs=1e-4)  # Wilson: 15 of 20
    assert precision.rate.high == pytest.approx(0.8881, abs=1e-4)
    assert precision.lift == pytest.approx(0.75 / (won / 100))
    assert precision.promised == analysis.strategies[0].lift.value
    assert "none of these 100 people" in held.sentences[0]


def test_the_best_by_fit_are_the_golfers(small: Workspace, analysis: Analysis) -> None:
    ranked = {row.name: row for row in backtest(small, analysis, WON, among(small, "no")).rows[4:]}
    assert [row.people for row in ranked.values()] == [1, 5, 10, 20]
    assert ranked["Best 20 % by fit"].customers == 15


def test_an_outcome_or_people_that_are_not_there_are_refused(small: Workspace, analysis: Analysis) -> None:
    with pytest.raises(NotFound, match="There is no such outcome"):
        backtest(small, analysis, OutcomeSet(attribute="won", value="perhaps"), among(small, "no"))
    with pytest.raises(NotFound, match="Nobody is there"):
        backtest(small, analysis, WON, f"{among(small, 'no')} AND {among(small, 'yes')}")
