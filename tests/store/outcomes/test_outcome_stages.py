"""Which outcome do the words of a stage, a type and the flags of a deal mean?"""

import pytest

from store.outcomes.shapes import SHAPES
from store.outcomes.shapes.shape import compact
from store.outcomes.shapes.stages import outcome_of, yes_or_no


@pytest.mark.parametrize(
    ("stage", "kind", "outcome"),
    [
        ("Closed Won", "", "won"),
        ("closedwon", "", "won"),
        ("CLOSED_WON", "New Business", "won"),
        ("Closed/Lost", "", "lost"),
        ("closedlost", "", "lost"),
        ("6 - Closed Lost", "", "lost"),
        ("Renewal lost", "", "churned"),
        ("Closed Lost", "Renewal", "churned"),
        ("Not renewed", "", "churned"),
        ("Cancelled", "", "churned"),
        ("canceled by customer", "", "churned"),
        ("Churned", "", "churned"),
        ("Closed Won", "Existing Business - Upgrade", "expanded"),
        ("Closed Won", "Cross-sell", "expanded"),
        ("Won - Upsell", "", "expanded"),
        ("Closed Lost", "Existing Customer - Upgrade", "lost"),
        ("Closed Won", "Renewal", "won"),
        ("Upsell", "", "expanded"),
        ("Open", "", "open"),
        ("yes", "", "won"),
        ("0", "", "lost"),
    ],
)
def test_stages_that_say_an_outcome_are_understood(stage: str, kind: str, outcome: str) -> None:
    assert outcome_of(stage, kind) == outcome


@pytest.mark.parametrize("stage", ["Demo held", "", "1234567", "Not won", "Won or lost", "Wonderful", "10"])
def test_stages_that_say_none_are_not_guessed(stage: str) -> None:
    assert outcome_of(stage) is None


@pytest.mark.parametrize(
    ("won", "lost", "closed", "outcome"),
    [
        (True, None, True, "won"),
        (False, None, True, "lost"),
        (False, None, False, "open"),
        (False, True, True, "lost"),
        (None, None, None, None),
        (True, True, True, None),
    ],
)
def test_flags_decide_where_a_stage_is_a_number(
    won: bool | None, lost: bool | None, closed: bool | None, outcome: str | None
) -> None:
    assert outcome_of("1234567", "", won, lost, closed) == outcome


def test_flags_and_words_that_contradict_are_not_understood() -> None:
    assert outcome_of("Closed Won", "", False, None, True) is None


def test_a_user_s_own_stages_decide_before_any_word_does() -> None:
    assert outcome_of("Lost in review", stages={compact("Lost in review"): "open"}) == "open"


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_product_s_own_stages_are_stages_of_open_deals(shape) -> None:
    assert set(shape.stages.values()) <= {"open"}
    assert all(compact(stage) == stage for stage in shape.stages)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_headers_of_shapes_are_compact_and_each_belongs_to_one_role(shape) -> None:
    headers = [header for names in shape.headers.values() for header in names]
    assert len(set(headers)) == len(headers)
    assert all(compact(header) == header for header in [*headers, *shape.afterwards, *shape.naming])


def test_flags_are_read_in_every_plain_spelling() -> None:
    assert [yes_or_no(cell) for cell in ("TRUE", " yes ", "1", "False", "n", "", "maybe")] == [
        True,
        True,
        True,
        False,
        False,
        None,
        None,
    ]
