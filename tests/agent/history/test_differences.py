"""Where two results differ is told place by place, and nowhere else."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.history.differences import LONGEST, differences
from agent.history.result_hash import digest

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=5)
LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | WORDS
NAMED = st.fixed_dictionaries({"name": WORDS}, optional={"value": LEAVES})
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(NAMED, max_size=4) | st.dictionaries(WORDS, inner, max_size=4)
    ),
    max_leaves=12,
)


def told(before: Any, now: Any) -> dict[str, tuple[Any, Any]]:
    return {each.path: (each.before, each.now) for each in differences(before, now)}


def same(before: Any, now: Any) -> bool:
    """Equality in which true is no 1, and 1.0 is 1."""
    if isinstance(before, bool) or isinstance(now, bool):
        return before is now
    if isinstance(before, dict) and isinstance(now, dict):
        return before.keys() == now.keys() and all(same(before[key], now[key]) for key in before)
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(same, before, now))
    return before == now


@given(JSON)
def test_a_result_does_not_differ_from_itself(result: Any) -> None:
    assert differences(result, result) == []


@given(JSON, JSON)
def test_two_results_differ_somewhere_exactly_when_they_are_not_the_same(before: Any, now: Any) -> None:
    assert (differences(before, now) == []) == same(before, now)


@given(JSON, JSON)
def test_told_the_other_way_round_it_is_as_many_places(before: Any, now: Any) -> None:
    assert sorted(told(before, now)) == sorted(told(now, before))


@given(st.dictionaries(WORDS, LEAVES, max_size=6))
def test_the_digest_does_not_depend_on_the_order_of_keys(result: dict[str, Any]) -> None:
    assert digest(result) == digest(dict(reversed(result.items())))


def test_items_are_matched_by_what_names_them() -> None:
    """`b` was first and is second: only its weight and the order differ; `a` is as it was; `c` is new."""
    before = {"criteria": [{"name": "b", "weight": 0.4}, {"name": "a", "weight": 0.6}]}
    now = {"criteria": [{"name": "a", "weight": 0.6}, {"name": "b", "weight": 0.3}, {"name": "c"}]}
    assert told(before, now) == {
        "criteria[b].weight": (0.4, 0.3),
        "criteria[c]": (None, {"name": "c"}),
    }
    assert told(before["criteria"], list(reversed(before["criteria"]))) == {
        " (order)": (["b", "a"], ["a", "b"])
    }


def test_items_without_names_are_matched_by_their_places() -> None:
    assert told({"sizes": [1, 2, 3]}, {"sizes": [1, 5]}) == {"sizes[1]": (2, 5), "sizes[2]": (3, None)}


def test_what_is_null_is_told_apart_from_what_is_missing() -> None:
    assert [each.path for each in differences({"a": None}, {})] == ["a"]


@pytest.mark.parametrize(("before", "now"), [(True, 1), (0, False), ("1", 1), (None, 0), ([], {})])
def test_values_of_two_kinds_are_not_the_same(before: Any, now: Any) -> None:
    assert len(differences(before, now)) == 1


def test_a_number_that_is_nearly_the_same_is_not() -> None:
    assert told(0.1 + 0.2, 0.3) == {"": (0.1 + 0.2, 0.3)}
    assert math.isclose(0.1 + 0.2, 0.3)


def test_long_values_are_cut() -> None:
    (each,) = differences({"text": "x" * 1_000}, {"text": list(range(1_000))})
    assert len(each.before) == LONGEST
    assert each.now == "1000 items"
