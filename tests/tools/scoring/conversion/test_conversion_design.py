"""Columns become numbers by what training rows showed, and nothing else."""

import numpy as np
import pytest

from store.errors import BadInput
from store.features import FeatureTable, category, number, sets
from tools.scoring.conversion.fitting.design import learn_design
from tools.scoring.conversion.queries import DesignQuery

NONE_RARE = DesignQuery(rare_rows=1, knots=0)


def one(column, query=NONE_RARE):
    return learn_design(FeatureTable(column.rows, (column,)), query)


def test_an_unknown_number_takes_the_median_and_has_an_indicator():
    """Of 0, 2, 4, 6, 8 the median is 4 and the quartiles 2 and 6; the tails are cut at 0.04 and 7.96."""
    column = number("n", [0, 2, 4, 6, 8, None])
    line, blank = one(column).for_linear(FeatureTable(6, (column,))).values.T
    assert line == pytest.approx([-3.96 / 4, -0.5, 0, 0.5, 3.96 / 4, 0])
    assert blank.tolist() == [0, 0, 0, 0, 0, 1]


def test_a_line_may_bend_where_quantiles_of_the_training_rows_lie():
    """One knot at the median 4: past it, values less 4 by the scale 4."""
    column = number("n", [0, 2, 4, 6, 8])
    design = one(column, DesignQuery(knots=1))
    _, bend = design.for_linear(FeatureTable(1, (number("n", [6]),))).values.T
    assert bend.tolist() == [0.5]


def test_rare_and_new_levels_are_one_and_unknown_is_another():
    """a three times, b and c once each: with two rows as the least, a, the rest, unknown."""
    column = category("c", ["a", "a", "a", "b", "c", None])
    design = one(column, DesignQuery(rare_rows=2))
    asked = FeatureTable(4, (category("c", ["a", "b", "new", None]),))
    assert design.for_linear(asked).values.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert design.for_trees(asked).values[:3, 0].tolist() == [0, 1, 1]
    assert np.isnan(design.for_trees(asked).values[3, 0])


def test_each_level_of_a_set_is_a_column():
    """Rows {x, y}, {y}, {} with x kept, y kept and the empty set unknown."""
    column = sets("s", [["x", "y"], ["y"], []])
    found = one(column).for_linear(FeatureTable(3, (column,))).values
    assert found.tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 1]]  # y first: it is more frequent


@pytest.mark.parametrize(
    "column",
    [
        number("n", [3.0] * 5),
        number("n", [None] * 5),
        category("c", ["a"] * 5),
        category("c", [None] * 5),
        sets("s", [["x"]] * 5),
        sets("s", [[]] * 5),
    ],
)
def test_a_column_of_one_value_is_left_out(column):
    design = one(column)
    assert (design.plans, design.left_out) == ((), (column.name,))
    assert design.for_linear(FeatureTable(5, (column,))).values.shape == (5, 0)


def test_a_column_that_is_missing_later_is_refused_by_name():
    with pytest.raises(BadInput, match=r"missing \(n\)"):
        one(number("n", [1, 2])).for_linear(FeatureTable(2, ()))


def test_a_column_of_another_kind_is_refused():
    with pytest.raises(BadInput, match="of the kind category, and was a number"):
        one(number("n", [1, 2])).for_linear(FeatureTable(1, (category("n", ["a"]),)))


def test_infinite_numbers_are_refused():
    with pytest.raises(BadInput, match="infinite"):
        one(number("n", [1, np.inf]))
