"""How a column that is recorded otherwise is said: in the week it begins, in words of those who sell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agent.changes.briefing.earlier import Earlier, data_keys_of
from agent.changes.outcomes.columns import is_known, still, told
from agent.changes.outcomes.telling import short
from tools.mining.findings import Estimate
from tools.outcomes.changes.findings import ColumnChange, OutcomeChange

NOW = datetime(2026, 10, 12, tzinfo=UTC)
KEY = "industry:new_levels:2026-08-30"


def column(**given: Any) -> ColumnChange:
    change = {
        "key": KEY,
        "column": "industry",
        "label": "Industry",
        "kind": "new_levels",
        "since": date(2026, 8, 30),
        "is_exact": True,
        "level": "MANUFACTURING & CO",
        "share": 1.0,
        "set_aside": True,
    }
    return ColumnChange.model_validate(change | given)


def test_another_spelling_is_said_with_its_day_and_an_example() -> None:
    assert told([column()], []) == [
        "“Industry” is written otherwise since 30 August 2026 (“MANUFACTURING & CO”): it is compared with "
        "itself only from then on."
    ]


def test_that_scores_rest_on_it_is_said_once() -> None:
    both = [
        column(scored=True),
        column(key="size:unit:", label="Size", kind="unit", factor=0.001, scored=True),
    ]
    said = " ".join(told(both, []))
    assert said.count("Scores and tiers rest on it, and are compared only from then on too.") == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"share": 0.2, "set_aside": False},
            "“Industry” has values since 30 August 2026 that it did not have before (20 % of the deals, most "
            "often “MANUFACTURING & CO”).",
        ),
        (
            {"kind": "unknown_share", "before": 0.0, "after": 0.75, "is_exact": False},
            "“Industry” is unknown of 75 % of the deals since about 30 August 2026, and was of 0 %: it is "
            "compared with itself only from then on.",
        ),
        (
            {"kind": "unit", "factor": 0.001, "is_exact": False, "set_aside": False},
            "“Industry” is about 0.001 times what it was since about 30 August 2026, as when its unit "
            "changes.",
        ),
        (
            {"kind": "vanished"},
            "“Industry” is not filled in any more since 30 August 2026: it takes no part in the comparison.",
        ),
    ],
)
def test_each_kind_has_its_words(given: dict[str, Any], said: str) -> None:
    assert told([column(**given)], []) == [said]


def test_it_is_told_once_then_still_for_four_weeks_then_not_again() -> None:
    """Told on the Mondays of weeks 1, 2, 3 …: what each says, by what those before it kept."""
    kept: list[Earlier] = []
    said: list[tuple[int, int]] = []
    for week in range(16):
        now = NOW + timedelta(weeks=week)
        known, lately = data_keys_of([each for each in kept if now - each.created_at < timedelta(91)], now)
        said.append((len(told([column()], known)), len(still([column()], lately))))
        kept.append(Earlier(briefing_id=f"b{week}", created_at=now, data_keys=[KEY]))
    assert said == [(1, 0), *[(0, 1)] * 4, *[(0, 0)] * 11]


@pytest.mark.parametrize(
    ("key", "is_same"),
    [
        (KEY, True),
        ("industry:new_levels:2026-09-02", True),
        ("industry:new_levels:2026-11-02", False),
        ("sector:new_levels:2026-08-30", False),
        ("industry:unknown:", False),
    ],
)
def test_a_beginning_a_few_days_off_is_of_the_same_change(key: str, is_same: bool) -> None:
    assert is_known(key, [KEY]) is is_same


def moved(**given: Any) -> OutcomeChange:
    rate = {"value": 1.0, "low": 0.86, "high": 1.0}
    change = {
        "key": "win_rate:industry=Logistics:up",
        "about": "level",
        "measure": "win_rate",
        "attribute": "industry",
        "label": "Industry",
        "value": "Logistics",
        "direction": "up",
        "window_days": 7,
        "n": 24,
        "inside": 24,
        "n_before": 300,
        "before": Estimate(value=0.2, low=0.16, high=0.25),
        "now": rate,
        "difference": rate,
        "p_value": 1e-9,
        "q_value": 1e-8,
    }
    return OutcomeChange.model_validate(change | given)


def test_a_headline_has_the_figure_now_and_before_and_how_many_deals() -> None:
    assert short(moved(), "EUR") == "deals in Logistics now close at 100 % (was 20 %, 24 deals)"
    size = moved(attribute="employees", label="Employees", value="50 to 499")
    assert short(size, "EUR") == "deals with employees 50 to 499 now close at 100 % (was 20 %, 24 deals)"
