"""Every kind of change reads well, and the weightiest risk is the one that is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent.changes import briefed, words
from agent.changes.result import Changes, ComparedAnalysis
from tests.tools.mining.planted import trait
from tools.mining.changes.change_findings import (
    Change,
    ChangesFound,
    FigureChange,
    SegmentChange,
    TraitChange,
)
from tools.mining.changes.share_change import change_of

WHEN = datetime(2026, 3, 2, 8, tzinfo=UTC)
ROSE: Change = change_of(300, 1_000, 200, 1_000).model_copy(update={"q_value": 0.003})
FELL: Change = change_of(600, 1_000, 900, 1_000).model_copy(update={"q_value": 0.00001})


def moved(who: str, **more: Any) -> TraitChange:
    given = {
        "trait": trait(1, "golf"),
        "moved": who,
        "baseline_before": 0.1,
        "baseline_after": 0.12,
        "lift_before": 2.0,
        "lift_after": 2.5,
        "lift_p_value": 0.01,
        "lift_q_value": 0.02,
    }
    return TraitChange.model_validate(ROSE.model_dump() | given | more)


def became(change: str, share: Change | None = None, **more: Any) -> SegmentChange:
    named = {"name_before": "Golfers", "name_after": "Golfers", "size_after": 90, "size_before": 80}
    return SegmentChange.model_validate(
        {"change": change, "share": share, "p_value": 0.001, "q_value": 0.003, **named, **more}
    )


MATCH = FigureChange.model_validate({"figure": "match_rate", **FELL.model_dump()})
RATE = FigureChange.model_validate({"figure": "base_rate", **ROSE.model_dump()})
EVERYTHING = [
    *(moved(who) for who in ("customers", "together", "both", "population")),
    became("grown", ROSE),
    became("shrunk", FELL),
    became("born", newcomers=70, name_before=None),
    became("gone", newcomers=60, name_after=None),
    MATCH,
    RATE,
]


def found(**lists: Any) -> Changes:
    side = ComparedAnalysis(analysis_id="icp_1", created_at=WHEN, snapshot_id="s", customers=9, headline="")
    empty = {"traits": [], "segments": [], "figures": []}
    compared = {"compared": {"traits": 4, "segments": 2, "figures": 1}, "tests": 9, "matched_by": "members"}
    both = {"headline": "", "before": side, "after": side, "told": [], "q": 0.05, "notes": []}
    return Changes.model_validate(empty | compared | both | lists)


@pytest.mark.parametrize("change", EVERYTHING)
def test_every_kind_of_change_has_a_sentence_and_evidence_without_blanks(change: words.Moved) -> None:
    told = words.told(change, 1_234)
    short = words.headline([change], ChangesFound.model_validate(found().model_dump()), WHEN)
    for text in (told.sentence, told.evidence, short):
        assert "$" not in text
        assert "None" not in text
        assert "  " not in text
        assert text.endswith(".")
    assert "1,234 tests" in told.evidence
    assert short.startswith("One significant change since 2 March 2026: ")


def test_the_sentence_of_a_trait_says_who_moved() -> None:
    assert "It is the customers who changed" in words.told(moved("customers"), 9).sentence
    assert "The population moved alike" in words.told(moved("together"), 9).sentence
    assert "and not alike" in words.told(moved("both"), 9).sentence
    assert "because the population moved" in words.told(moved("population"), 9).sentence


def test_evidence_holds_the_difference_in_points_with_its_interval_and_q_value() -> None:
    """300 of 1,000 after 200 of 1,000: Newcombe 6.2 to 13.7 points."""
    told = words.told(moved("customers"), 9)
    assert told.evidence == "+10.0 points, 95 % interval +6.2 to +13.7; q = 0.003 over 9 tests."


def test_nothing_is_told_with_what_was_compared() -> None:
    told = words.headline([], found(), WHEN)
    assert told == (
        "Nothing significant changed since 2 March 2026: 4 traits, 2 segments and 1 figure were compared."
    )


@pytest.mark.parametrize(
    ("lists", "told"),
    [
        ({"figures": [MATCH], "segments": [became("gone")]}, "Fewer of the customers are found"),
        ({"segments": [became("gone")], "traits": [moved("both", lift_after=1.0)]}, "rest on people"),
        ({"traits": [moved("both", lift_after=1.0)]}, "tell the customers less than they did"),
        ({"traits": [moved("customers")]}, None),
        ({"figures": [RATE]}, None),
        ({"segments": [became("gone", q_value=0.2)]}, None),
    ],
)
def test_the_weightiest_risk_is_told(lists: dict[str, Any], told: str | None) -> None:
    risk = briefed.risk_of(found(**lists))
    assert (risk is None) if told is None else (risk is not None and told in risk)
