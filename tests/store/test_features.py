"""Typed columns keep what is unknown apart, and rows keep their values when some are taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import BadInput
from store.features import FeatureTable, category, completed, number, sets, stacked


def test_a_blank_is_unknown_and_never_a_level():
    plan = category("plan", ["pro", None, "", "free"])
    assert plan.levels == ("free", "pro")
    assert plan.values.tolist() == [1, -1, -1, 0]
    assert plan.known().tolist() == [True, False, False, True]


def test_sets_keep_their_rows_when_rows_are_taken():
    """Rows {b, a}, {}, {c, c} taken as 2, 0: codes c = 2, then a, b = 0, 1."""
    uses = sets("uses", [["b", "a"], [], ["c", "c"]])
    taken = uses.take(np.array([2, 0]))
    assert taken.values.tolist() == [2, 0, 1]
    assert taken.starts is not None
    assert taken.starts.tolist() == [0, 1, 3]
    assert uses.known().tolist() == [True, False, True]


@given(
    st.lists(st.lists(st.sampled_from("abcde"), max_size=4), min_size=1, max_size=20),
    st.data(),
)
def test_taking_rows_of_sets_is_taking_rows_of_lists(rows, data):
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=10))
    taken = sets("uses", rows).take(np.array(chosen, dtype=np.int64))
    assert taken.starts is not None
    told = [
        {taken.levels[code] for code in taken.values[first:last]}
        for first, last in zip(taken.starts[:-1], taken.starts[1:], strict=True)
    ]
    assert told == [set(rows[at]) for at in chosen]


def test_a_mask_takes_the_rows_that_it_marks():
    table = FeatureTable(3, (number("age", [1, np.nan, 3]), category("plan", "aba")))
    taken = table.take(np.array([True, False, True]))
    assert taken.rows == 2
    assert [feature.values.tolist() for feature in taken.features] == [[1.0, 3.0], [0, 0]]


def test_uneven_columns_and_double_names_are_refused():
    with pytest.raises(BadInput, match="number of rows"):
        FeatureTable(2, (number("age", [1.0]),))
    with pytest.raises(BadInput, match="same name"):
        FeatureTable(1, (number("age", [1.0]), number("age", [2.0])))


def test_a_column_of_a_name_that_is_there_takes_its_place():
    table = FeatureTable(1, (number("age", [1.0]),)).beside(number("age", [2.0]))
    assert table.names == ["age"]
    assert table.features[0].values.tolist() == [2.0]


def test_codes_in_other_levels_tell_new_values_from_unknown_ones():
    assert category("plan", ["b", "c", ""]).recoded(["a", "b"]).tolist() == [1, 2, -1]


def test_stacked_tables_keep_their_values_though_their_levels_differ():
    first = FeatureTable(1, (category("plan", ["b"]), sets("uses", [["x"]]), number("age", [1.0])))
    second = FeatureTable(2, (sets("uses", [["w", "x"], []]), category("plan", ["a", ""])))
    both = stacked([first, second])
    assert both.names == ["plan", "uses"]
    plan, uses = both.features
    assert [plan.levels[code] if code >= 0 else None for code in plan.values] == ["b", "a", None]
    assert uses.levels == ("w", "x")
    assert uses.values.tolist() == [1, 0, 1]
    assert uses.starts is not None
    assert uses.starts.tolist() == [0, 1, 3, 3]
    with pytest.raises(BadInput, match="one kind"):
        stacked([first, FeatureTable(1, (number("plan", [1.0]),))])


def test_columns_that_are_lacking_are_unknown_in_every_row():
    table = completed(
        FeatureTable(2, (number("age", [1.0, 2.0]),)), {"age": "number", "plan": "category", "uses": "set"}
    )
    assert table.names == ["age", "plan", "uses"]
    assert [feature.known().tolist() for feature in table.features] == [[True] * 2, [False] * 2, [False] * 2]
    assert table.take(np.array([1])).rows == 1
