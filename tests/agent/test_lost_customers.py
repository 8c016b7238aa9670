"""Who was lost is a baseline of its own: by an outcome, by ids or by identifiers."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.analysis import Analysis
from agent.analyze_customers import start_analysis
from agent.requests import AnalyzeQuery
from store.errors import NotFound
from store.workspace import Workspace
from tools.mining.queries import LiftQuery

COLUMNS = {
    "id": {"kind": "person_id"},
    "stage": {"kind": "outcome", "domain": "purchase"},
    "golf": {"kind": "flag", "domain": "interest"},
    "price": {"kind": "flag", "domain": "interest", "attribute": "asks_for_price"},
}
WON, LOST = {"attribute": "stage", "value": "won"}, {"attribute": "stage", "value": "lost"}


def rows() -> str:
    """120 won: 80 play golf, 20 ask for a price. 80 lost: 40 and 60. 800 were never asked: 200 and 160."""
    lines = ["id,stage,golf,price"]
    for stage, people, golf, price in (("won", 120, 80, 20), ("lost", 80, 40, 60), ("", 800, 200, 160)):
        for n in range(people):
            asks = n % people >= people - price
            lines.append(f"{len(lines)},{stage},{'yes' if n < golf else 'no'},{'yes' if asks else 'no'}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def small(load: Callable[..., Workspace]) -> Workspace:
    return load(rows(), COLUMNS)


def analysed(workspace: Workspace, **asked: Any) -> Analysis:
    return start_analysis(workspace, AnalyzeQuery(lift=LiftQuery(), **asked))


def test_those_with_another_outcome_are_the_lost_and_who_was_never_asked_is_not(small: Workspace) -> None:
    """Golf: 80 of 120 won, 40 of 80 lost: a difference of 1/6, 4/3 times as frequent."""
    lift = analysed(small, outcome=WON).lift
    assert lift.lost == 80
    (golf,) = (one for one in lift.top_attributes if one.trait.name == "golf")
    assert golf.lost is not None
    assert (golf.lost.lost, golf.lost.lost_share.value) == (40, 0.5)
    assert golf.lost.difference.value == pytest.approx(1 / 6)
    assert golf.lost.ratio.value == pytest.approx(4 / 3)


def test_what_marks_the_lost_is_told_against_the_won(small: Workspace) -> None:
    """A price is asked for by 60 of 80 lost and 20 of 120 won: 4.5 times."""
    (mark, *_) = analysed(small, outcome=WON).lift.marks_of_the_lost
    assert (mark.trait.name, mark.trait.value) == ("asks_for_price", "Yes")
    assert (mark.customers, mark.population) == (60, 20)
    assert mark.lift.value == pytest.approx(4.5)


@pytest.mark.parametrize("lost", [{"outcome": LOST}, {"person_ids": list(range(101, 201))}])
def test_the_lost_may_be_given_and_a_customer_is_not_lost(small: Workspace, lost: dict[str, Any]) -> None:
    """Ids 101 to 200 are the last 20 won and the 80 lost; the 20 are customers."""
    lift = analysed(small, person_ids=list(range(1, 121)), lost=lost).lift
    assert lift.lost == 80


def test_without_an_outcome_nobody_is_lost(small: Workspace) -> None:
    lift = analysed(small, person_ids=list(range(1, 121))).lift
    assert (lift.lost, lift.marks_of_the_lost) == (None, [])
    assert all(one.lost is None for one in lift.top_attributes)


def test_the_attribute_by_which_the_lost_are_told_is_no_trait(small: Workspace) -> None:
    lift = analysed(small, person_ids=list(range(1, 121)), lost={"outcome": LOST}).lift
    assert "stage" not in {one.trait.name for one in (*lift.top_attributes, *lift.rare_attributes)}


def test_an_outcome_that_nobody_has_is_refused_where_it_stands(small: Workspace) -> None:
    with pytest.raises(NotFound) as refused:
        analysed(small, outcome=WON, lost={"outcome": {"attribute": "stage", "value": "gone"}})
    assert refused.value.where == "lost.outcome"
    assert "lost" in str(refused.value.instead)


@pytest.mark.parametrize("lost", [{}, {"outcome": LOST, "person_ids": [1]}])
def test_the_lost_are_given_in_one_way(lost: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give the lost in one way"):
        AnalyzeQuery(person_ids=[1], lost=lost)
