"""A candidate is chosen by its error among those whose total is right; intervals cover what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from store.features import FeatureTable, category, number, sets
from tools.scoring.value.candidates import Rows
from tools.scoring.value.choosing import HeldOut, chosen_of, deciles, rank_correlation, scores, top_share
from tools.scoring.value.design import design_of
from tools.scoring.value.intervals import bands, coverage_of
from tools.scoring.value.learn import origins
from tools.scoring.value.queries import ValueQuery


def _window(spent: list[float], **forecasts: list[float]) -> HeldOut:
    told = {name.replace("_", " "): np.array(each) for name, each in forecasts.items()}
    return HeldOut(Rows(np.zeros((len(spent), 1))), np.array(spent), float(np.mean(spent)), told)


def test_errors_biases_and_ranks_are_those_worked_out_by_hand():
    """Spend 0, 0, 4, 8, mean 3. Forecast 0, 2, 4, 4: errors 6 / 4 = 1.5, / 3 = 0.5; total 10 / 12 - 1 = -1/6.

    Nothing: errors 12 / 4 / 3 = 1, total -1, no ranks.
    """
    window = _window([0, 0, 4, 8], nothing=[0, 0, 0, 0], bgnbd=[0, 2, 4, 4])
    nothing, model = scores([window], ValueQuery())
    assert (nothing.error, nothing.total_bias, nothing.rank_correlation) == (1.0, -1.0, None)
    assert model.error == pytest.approx(0.5)
    assert model.total_bias == pytest.approx(-1 / 6)
    assert model.rank_correlation == pytest.approx(spearmanr([0, 2, 4, 4], [0, 0, 4, 8])[0])
    assert not nothing.eligible
    assert model.eligible
    assert chosen_of([nothing, model], ValueQuery())[0] == "bgnbd"


def test_a_lower_error_with_a_wrong_total_is_not_chosen():
    window = _window([0.0, 0, 0, 10] * 50, nothing=[0.0] * 200, poisson_boosting=[2.5] * 200)
    name, why = chosen_of(scores([window], ValueQuery()), ValueQuery())
    assert name == "poisson boosting"
    assert "20%" in why


def test_of_equal_errors_the_better_ranking_is_chosen():
    spent = [0.0, 4, 0, 4, 0, 4] * 30
    window = _window(
        spent,
        bgnbd=[2 + (-1) ** at * 0.1 for at in range(180)],
        log_boosting=[2 - (-1) ** at * 0.1 for at in range(180)],
    )
    assert chosen_of(scores([window], ValueQuery()), ValueQuery())[0] == "log boosting"


def test_for_groups_only_models_of_the_mean_may_win():
    window = _window([0.0, 4] * 50, bgnbd=[2.0, 2.1] * 50, quantile_boosting=[0.0, 4.0] * 50)
    assert chosen_of(scores([window], ValueQuery()), ValueQuery())[0] == "quantile boosting"
    groups = ValueQuery(purpose="groups")
    assert chosen_of(scores([window], groups), groups)[0] == "bgnbd"


def test_without_a_right_total_the_nearest_is_taken_and_told():
    window = _window([4.0, 4], nothing=[0.0, 0], bgnbd=[2.0, 2])
    name, why = chosen_of(scores([window], ValueQuery()), ValueQuery())
    assert name == "bgnbd"
    assert "No candidate" in why


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=40))
def test_rank_correlation_is_spearmans(pairs):
    one, other = (np.array(part, dtype=float) for part in zip(*pairs, strict=True))
    found = rank_correlation(one, other)
    if len(set(one)) > 1 and len(set(other)) > 1:
        assert found == pytest.approx(spearmanr(one, other)[0])
    else:
        assert found is None


def test_the_top_share_counts_the_best_tenth():
    spent = np.arange(20.0)
    assert top_share(spent, spent) == 1
    assert top_share(-spent, spent) == 0


def test_deciles_hold_everybody_once():
    spent = np.arange(103.0)
    parts = deciles([_window(spent.tolist(), bgnbd=spent.tolist())], "bgnbd")
    assert sum(part.customers for part in parts) == 103
    assert all(part.foretold == pytest.approx(part.spent.value) for part in parts)


@pytest.mark.parametrize("coverage", [0.8, 0.95])
def test_intervals_cover_new_customers_as_often_as_asked(coverage):
    """Skewed spend, much of it zero: over 20,000 new customers the share is near what is asked."""
    rng = np.random.default_rng(4)

    def drawn(count: int) -> tuple[np.ndarray, np.ndarray]:
        forecast = rng.gamma(1.0, 20.0, count)
        buys = rng.random(count) < 0.4 + 0.5 * (forecast > 20)
        return forecast, np.where(buys, forecast * rng.gamma(2.0, 0.8, count), 0.0)

    learned, new = drawn(20_000), drawn(20_000)
    bound = bands([(*learned, 20.0)], coverage)
    inside, of = coverage_of(bound, *new, 20.0)
    assert coverage - 0.02 < inside / of < coverage + 0.03
    low, high = bound.around(new[0], 20.0)
    assert ((low <= new[0]) & (new[0] <= high)).all()


def test_bounds_scale_with_money():
    rng = np.random.default_rng(1)
    forecast = rng.gamma(2, 10, 500)
    spent = forecast * rng.gamma(2, 0.5, 500)
    one = bands([(forecast, spent, 20.0)], 0.8).around(forecast, 20.0)[1]
    cents = bands([(100 * forecast, 100 * spent, 2_000.0)], 0.8).around(100 * forecast, 2_000.0)[1]
    np.testing.assert_allclose(cents, 100 * one)


def test_looks_ahead_start_where_the_horizon_still_fits():
    assert origins(0, 1_000, 100) == [900, 800, 700]
    assert origins(0, 300, 365) == [200, 150, 100]


def test_columns_keep_unknown_apart_and_pass_over_new_levels():
    """Country DE is one of two levels in enough rows; a number that never varies is no column."""
    table = FeatureTable(
        60,
        (
            category("country", ["DE", "FR"] * 30),
            number("same", [1.0] * 60),
            number("age", np.arange(60.0)),
            sets("uses", [["x"], []] * 30),
        ),
    )
    design = design_of(table)
    assert design.names == ["country=DE", "country=FR", "age", "uses=x"]
    new = FeatureTable(2, (category("country", ["IT", None]), number("age", [3.0, None])))
    told = design.matrix(new)
    assert told[0, :3].tolist() == [0, 0, 3]
    assert np.isnan(told[1, :3]).all()
    assert np.isnan(told[:, 3]).all()
