"""Changes of the data, the population and the customers are told apart, and chance is none of them."""

import numpy as np
import pytest
from scipy.special import expit

from store.errors import BadInput
from store.features import FeatureTable, category, number, sets
from tools.scoring.gate.data_changes import data_changes
from tools.scoring.gate.drift import DriftQuery, drift_report


def drawn(rows, seed, *, shift=0.0, trade=1.0, base=-1.5):
    """Log odds are base + 0.8 x + trade for the industry of that name; the rest adds nothing."""
    rng = np.random.default_rng(seed)
    x, industry = (
        rng.normal(shift, 1, rows),
        rng.choice(["trade", "building", "care"], rows, p=[0.3, 0.4, 0.3]),
    )
    rank = rng.integers(0, 5, rows).astype(float)
    rank[rng.random(rows) < 0.1] = np.nan
    tools = [[name for name in ("crm", "erp") if rng.random() < 0.3] for _ in range(rows)]
    table = FeatureTable(
        rows,
        (
            number("x", x),
            number("revenue", np.exp(rng.normal(10, 1, rows))),
            category("industry", industry),
            number("rank", rank),
            sets("tools", tools),
        ),
    )
    return table, rng.random(rows) < expit(base + 0.8 * x + trade * (industry == "trade"))


def report(after, query=None, rows=2_500):
    before, happened = drawn(rows, 100)
    return drift_report(before, after[0], happened, after[1], query)


def flags(found):
    return found.data_changed, found.population_changed, found.customers_changed


def test_the_same_source_has_changed_in_nothing():
    found = report(drawn(2_000, 1))
    assert flags(found) == (False, False, False)
    assert found.words == ["Nothing changed beyond chance."]
    assert found.tests == 5 + 5 + 2 + 1 + 5  # spreads, of winners, unknown shares, rate, effects


def test_two_samples_of_a_source_seldom_differ():
    """A false discovery rate of 0.05 with nothing to discover: of 40 pairs more than 6 would be 1 in 200."""
    query = DriftQuery(least_psi=0, least_share=0)
    alarms = 0
    for seed in range(40):
        before, then = drawn(400, 2 * seed)
        after, now = drawn(300, 2 * seed + 1)
        alarms += any(flags(drift_report(before, after, then, now, query)))
    assert alarms <= 6


def test_another_population_is_not_taken_for_other_customers():
    """Larger x are more frequent and convert more, as they did before."""
    found = report(drawn(2_000, 2, shift=0.6))
    assert flags(found) == (False, True, False)
    assert found.population[0].column == "x"
    assert found.population[0].words.startswith("X moved much: its median went from")
    assert found.customers is not None
    assert found.customers.rate.after.value > found.customers.rate.before.value + 0.05
    assert found.customers.winners[0].column == "x"


def test_an_effect_that_went_is_told_by_its_column():
    """Trade no longer adds anything; nobody else moved."""
    found = report(drawn(2_500, 3, trade=-0.6))
    assert flags(found) == (False, False, True)
    assert found.customers is not None
    assert [each.column for each in found.customers.effects if each.moved] == ["industry"]
    assert "“trade” it happens" in found.customers.effects[0].words


def test_a_rate_that_rose_for_rows_alike_is_told():
    found = report(drawn(2_000, 4, base=-0.9))
    assert flags(found) == (False, False, True)
    assert found.customers is not None
    assert found.customers.rate.beyond_expected.low > 0.05
    assert "rows alike had" in found.words[0]


def test_a_changed_unit_is_no_change_of_the_population():
    """Revenue in thousands: every quantile a thousandth of what it was."""
    table, happened = drawn(2_000, 5)
    column = table.find("revenue")
    assert column is not None
    found = report((table.beside(number("revenue", column.values / 1_000)), happened))
    assert flags(found) == (True, False, False)
    (change,) = found.data
    assert (change.column, change.kind) == ("revenue", "unit")
    assert change.factor is not None
    assert change.factor.value == pytest.approx(1e-3, rel=0.1)


def test_a_column_that_is_less_known_has_not_moved():
    """A third more of the ranks are missing, at random."""
    table, happened = drawn(2_000, 6)
    column = table.find("rank")
    assert column is not None
    gaps = np.where(np.random.default_rng(0).random(2_000) < 1 / 3, np.nan, column.values)
    found = report((table.beside(number("rank", gaps)), happened))
    assert flags(found) == (True, False, False)
    assert (found.data[0].kind, found.data[0].column) == ("unknown_share", "rank")
    assert found.data[0].after == pytest.approx(0.4, abs=0.03)


def test_new_levels_are_told_of_the_data():
    table, happened = drawn(2_000, 7)
    rng = np.random.default_rng(1)
    old = table.find("industry")
    assert old is not None
    names = [("retail" if rng.random() < 0.1 else old.levels[code]) for code in old.values]
    found = report((table.beside(category("industry", names)), happened))
    assert [each.kind for each in found.data] == ["new_levels"]
    assert "most often “retail”" in found.data[0].words


def test_columns_gone_come_and_turned_are_told_without_a_test():
    table, happened = drawn(500, 8)
    after = table.without(["x"]).beside(number("industry", np.zeros(500)), number("new", np.ones(500)))
    kinds = {each.column: each.kind for each in report((after, happened)).data}
    assert kinds == {"x": "vanished", "industry": "kind", "new": "appeared"}


def test_a_column_of_which_nothing_is_known_any_more_has_vanished():
    table, happened = drawn(500, 9)
    found = report((table.beside(number("x", [None] * 500)), happened))
    assert [(each.column, each.kind) for each in found.data] == [("x", "vanished")]


def test_a_trifle_is_not_told_however_certain():
    """A tenth of a deviation in 40,000 rows is beyond chance, and of no size."""
    rng = np.random.default_rng(2)
    before, after = (FeatureTable(40_000, (number("n", rng.normal(by, 1, 40_000)),)) for by in (0, 0.1))
    found = drift_report(before, after)
    assert found.population[0].q_value < 1e-6
    assert not found.population_changed


def test_without_outcomes_nothing_is_said_of_customers():
    before, after = drawn(300, 10)[0], drawn(300, 11)[0]
    assert drift_report(before, after).customers is None
    few = np.arange(300) < 5
    assert drift_report(before, after, few, few).customers is None


@pytest.mark.parametrize("rows", [1, 2])
def test_one_or_two_rows_prove_nothing(rows):
    table, happened = drawn(rows, 12)
    assert flags(report((table, happened))) == (False, False, False)


def test_no_rows_and_wrong_outcomes_are_refused():
    table, happened = drawn(50, 13)
    with pytest.raises(BadInput, match="no rows"):
        drift_report(table, table.take(np.arange(0)))
    with pytest.raises(BadInput, match="happened_after"):
        drift_report(table, table, happened, happened[:20])


def test_one_unknown_value_among_forty_is_no_change():
    """1 of 40 against 0 of 1,500: Fisher doubles 40 / 1,540, where the normal test would have 1e-9."""
    before = number("size", np.arange(1_500.0))
    after = number("size", np.where(np.arange(40) == 0, np.nan, np.arange(40.0) * 30))
    (change,) = data_changes(FeatureTable(1_500, (before,)), FeatureTable(40, (after,)), DriftQuery())
    assert (change.kind, change.before) == ("unknown_share", 0.0)
    assert change.after == pytest.approx(1 / 40)
    assert change.p_value == pytest.approx(2 * 40 / 1_540)


def test_a_column_that_was_never_known_and_is_now_has_appeared():
    before = number("size", np.full(500, np.nan))
    after = number("size", np.arange(500.0))
    (change,) = data_changes(FeatureTable(500, (before,)), FeatureTable(500, (after,)), DriftQuery())
    assert (change.kind, change.words) == ("appeared", "Size was not known of any row before.")
