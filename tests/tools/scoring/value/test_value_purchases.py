"""Histories of purchases are counted by the published convention, and the models agree with the papers."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import hyp2f1

from store.transactions import Transactions
from tests.tools.scoring.value.value_shop import TRUE, shop
from tools.scoring.value.purchases.bgnbd import BgNbd, alive_probability, expected_purchases, fit_bgnbd
from tools.scoring.value.purchases.gamma_gamma import GammaGamma, expected_amount, fit_gamma_gamma
from tools.scoring.value.purchases.history import COLUMNS, histories
from tools.scoring.value.purchases.rfm import purchase_days, rfm_summary, spent_between

PUBLISHED = BgNbd(r=0.243, alpha=4.414, a=0.793, b=2.426)
SUMMARY = Path(os.environ.get("FIELDMARK_DATA", "/nonexistent")) / "cdnow_sample_summary.csv"
needs_cdnow = pytest.mark.skipif(not SUMMARY.exists(), reason="FIELDMARK_DATA names no CDNOW summary")


def _bought(rows: list[tuple[int, int, float]]) -> Transactions:
    codes, days, amounts = (np.array(part) for part in zip(*rows, strict=True))
    ids = np.array([str(each) for each in range(codes.max() + 1)])
    return Transactions(ids, codes.astype(np.int32), days.astype(np.int32), amounts.astype(float), None)


def test_the_summary_counts_repeat_days_and_not_the_first():
    """Customer 0: days 0, 4 (5 + 7), 10 (3), seen on day 20: frequency 2, recency 10, mean 7.5.

    Customer 1 bought on day 6 alone. Customer 2 comes on day 25, after the day that is looked from.
    """
    made = _bought([(0, 4, 5), (0, 0, 9), (0, 10, 3), (0, 4, 7), (1, 6, 2), (2, 25, 1)])
    found = rfm_summary(purchase_days(made), 20)
    assert found.customers.tolist() == [0, 1]
    assert found.frequency.tolist() == [2, 0]
    assert found.recency.tolist() == [10, 0]
    assert found.age.tolist() == [20, 14]
    assert found.monetary.tolist() == [7.5, 0]
    assert found.first_amount.tolist() == [9, 2]


def test_spend_after_a_day_is_of_the_customers_asked_about():
    made = purchase_days(_bought([(0, 0, 9), (0, 21, 4), (0, 30, 5), (1, 25, 1)]))
    assert spent_between(made, np.array([0]), 20, 29).tolist() == [4]
    assert spent_between(made, np.array([0, 1]), 20, 30).tolist() == [9, 1]


def test_nothing_after_the_day_changes_a_history():
    made = purchase_days(shop(200, seed=3))
    customers, one = histories(made, 300)
    _, other = histories(made.up_to(300), 300)
    np.testing.assert_array_equal(one, other)
    assert len(one) == len(customers)
    assert one.shape[1] == len(COLUMNS)


@needs_cdnow
def test_the_published_parameters_come_out_to_three_digits():
    """Fader, Hardie, Lee 2005, table 2: r 0.243, alpha 4.414, a 0.793, b 2.426, log-likelihood -9582.4."""
    told = np.genfromtxt(SUMMARY, delimiter=",", names=True)
    found = fit_bgnbd(told["x"], told["t_x"], told["T"])
    assert (found.r, found.a) == pytest.approx((0.243, 0.793), abs=5e-4)
    assert (found.alpha, found.b) == pytest.approx((4.414, 2.426), abs=5e-4)
    assert found.log_likelihood * len(told) == pytest.approx(-9582.4, abs=0.05)


@needs_cdnow
def test_the_published_gamma_gamma_parameters_come_out():
    """Fader, Hardie 2013: p 6.25, q 3.74, v 15.44."""
    told = np.genfromtxt(SUMMARY, delimiter=",", names=True)
    found = fit_gamma_gamma(told["x"], told["zbar"])
    assert found is not None
    assert (found.p, found.q, found.v) == pytest.approx((6.25, 3.74, 15.44), abs=0.01)


def test_a_customer_of_the_paper_is_expected_to_buy_as_it_says():
    """The paper's customer with x = 2, t_x = 30.43, T = 38.86: 1.226 purchases in the next 39 weeks."""
    assert expected_purchases(PUBLISHED, 2, 30.43, 38.86, 39)[0] == pytest.approx(1.226, abs=5e-4)


@given(
    x=st.integers(0, 60),
    age=st.floats(0.5, 500),
    part=st.floats(0.01, 1),
    horizon=st.floats(0.1, 500),
    a=st.floats(1.05, 5),
    b=st.floats(0.3, 8),
)
def test_expected_purchases_are_those_of_the_closed_form(x, age, part, horizon, a, b):
    """Formula (10) with scipy's 2F1, where that one is stable: a away from 1, few purchases."""
    model = BgNbd(r=0.7, alpha=15.0, a=a, b=b)
    t_x = part * age if x else 0.0
    z = horizon / (model.alpha + age + horizon)
    power = ((model.alpha + age) / (model.alpha + age + horizon)) ** (model.r + x)
    c = a + b + x - 1
    alive = alive_probability(model, x, t_x, age)[0]
    closed = c / (a - 1) * (1 - power * hyp2f1(model.r + x, b + x, c, z)) * alive
    assert expected_purchases(model, x, t_x, age, horizon)[0] == pytest.approx(closed, rel=1e-6, abs=1e-9)


def test_expected_purchases_stay_finite_where_the_closed_form_does_not():
    """a = 1 divides by zero there, and 20,000 purchases overflow; here more purchases expect more."""
    model = BgNbd(r=0.5, alpha=10.0, a=1.0, b=2.0)
    x = np.array([0.0, 1, 10, 1_000, 20_000])
    found = expected_purchases(model, x, np.where(x > 0, 300.0, 0), np.full(5, 300.0), 365)
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()


@given(st.floats(0, 300), st.floats(0, 300))
def test_expected_purchases_rise_with_the_horizon(first, second):
    low, high = sorted((first, second))
    told = [expected_purchases(PUBLISHED, 3, 20, 30, horizon)[0] for horizon in (low, high)]
    assert 0 <= told[0] <= told[1]


def test_parameters_come_back_from_customers_drawn_by_them():
    found_of = rfm_summary(purchase_days(shop(4_000, seed=5)), 539)
    found = fit_bgnbd(found_of.frequency, found_of.recency, found_of.age)
    assert found.r == pytest.approx(TRUE["r"], rel=0.15)
    assert found.alpha == pytest.approx(TRUE["alpha"], rel=0.2)
    assert found.a / (found.a + found.b) == pytest.approx(TRUE["a"] / (TRUE["a"] + TRUE["b"]), rel=0.2)


def test_the_unit_of_time_changes_alpha_and_nothing_else():
    told = rfm_summary(purchase_days(shop(500, seed=2)), 539)
    days = fit_bgnbd(told.frequency, told.recency, told.age)
    weeks = fit_bgnbd(told.frequency, told.recency / 7, told.age / 7)
    assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-3)
    assert days.r == pytest.approx(weeks.r, rel=1e-3)


def test_the_gradients_are_those_of_the_likelihoods():
    from scipy.optimize import check_grad

    from tools.scoring.value.purchases import bgnbd, gamma_gamma

    x, t_x, T = np.array([0.0, 1, 7]), np.array([0.0, 3, 8]), np.array([9.0, 9, 9])
    for start in ([0.1, 0.2, -0.3, 0.4], [-1, 1, 0.5, -0.5]):
        args = (x, t_x, T, np.full(3, 1 / 3))
        off = check_grad(
            lambda p, a=args: bgnbd._negative(p, *a)[0], lambda p, a=args: bgnbd._negative(p, *a)[1], start
        )
        assert off < 1e-5
    x, z = np.array([1.0, 2, 9]), np.array([0.5, 1.5, 1.1])
    off = check_grad(
        lambda p: gamma_gamma._negative(p, x, z)[0],
        lambda p: gamma_gamma._negative(p, x, z)[1],
        [0.3, 0.2, -0.1],
    )
    assert off < 1e-5


def test_an_amount_lies_between_the_customers_own_mean_and_that_of_all():
    """p 6, q 4, v 15: mean 30. One purchase of 60: 6 (15 + 60) / (6 + 3) = 50; none: 30."""
    model = GammaGamma(p=6, q=4, v=15)
    told = expected_amount(model, np.array([0.0, 1, 100]), np.array([0.0, 60, 60]))
    assert told.tolist() == pytest.approx([30, 50, 6 * 6015 / 603])


def test_no_amounts_fit_no_model():
    assert fit_gamma_gamma(np.zeros(3), np.zeros(3)) is None
