"""Forecasts of spend on real purchases: error, ranks and totals against known models, and the time.

FIELDMARK_DATA names the folder with cdnow_transactions.csv.gz. Weeks 1-39 are learned from, 40-78 foretold.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import GradientBoostingRegressor

from benchmarks.measuring import Row, side_by_side
from store.errors import NotFound
from store.transactions import read_transactions
from tools.scoring.value.choosing import rank_correlation, top_share
from tools.scoring.value.learn import learn_value
from tools.scoring.value.purchases.bgnbd import expected_purchases, fit_bgnbd
from tools.scoring.value.purchases.gamma_gamma import expected_amount, fit_gamma_gamma
from tools.scoring.value.purchases.history import COLUMNS, histories
from tools.scoring.value.purchases.rfm import PurchaseDays, purchase_days, spent_between
from tools.scoring.value.queries import ValueQuery

CALIBRATION, HORIZON = 272, 273  # days: the 39 weeks of the papers, and the 39 after
SEED_TRAINING = 136  # the seed's model needs a target: the second half of the calibration


def measure(people: int, progress: Callable[[str, int, int], None]) -> Iterator[Row]:
    """A row a forecast with its quality as the note; `people` is not used, the file is what it is."""
    path = Path(os.environ.get("FIELDMARK_DATA", "/nonexistent")) / "cdnow_transactions.csv.gz"
    if not path.exists():
        raise NotFound("The purchases of CDNOW are not here", instead="Set FIELDMARK_DATA to their folder.")
    transactions = read_transactions([path])
    made = purchase_days(transactions)
    first = int(made.days.min())
    day = first + CALIBRATION
    customers, columns = histories(made, day)
    spent = spent_between(made, customers, day, day + HORIZON)
    size = f"{len(customers):,} customers"
    for name, forecast in _simple(columns).items():
        yield _row(name, size, forecast, spent)
    yield _row("boosting on the log, as the seed's", size, _seed(made, first, columns), spent)
    progress("value", 1, 3)
    kept = transactions.up_to(day)
    query = ValueQuery(horizon_days=HORIZON)
    model = learn_value(kept, query, as_of=day)
    progress("value", 2, 3)
    told = model.predict(kept, as_of=day)
    inside = float(((spent >= told.low) & (spent <= told.high)).mean())
    note = f"; {inside:.1%} of the spends lie in their intervals of {query.coverage:.0%}"
    yield _row(f"ours: {model.report.chosen}, chosen within weeks 1-39", size, told.value, spent, note)
    yield _timed_fit(columns, size)
    yield side_by_side(
        "learn and choose of nine candidates in two windows",
        size,
        lambda: learn_value(kept, query, as_of=day),
        "one boosting with the seed's settings",
        lambda: _seed(made, first, columns),
        runs=1,
    )
    progress("value", 3, 3)


def _simple(columns: np.ndarray) -> dict[str, np.ndarray]:
    frequency, recency, age, monetary = (
        columns[:, COLUMNS.index(name)] for name in ("frequency", "recency_days", "age_days", "monetary")
    )
    model, amounts = fit_bgnbd(frequency, recency, age), fit_gamma_gamma(frequency, monetary)
    bought = expected_purchases(model, frequency, recency, age, HORIZON)
    each = expected_amount(amounts, frequency, monetary) if amounts else np.zeros(len(bought))
    return {
        "nothing": np.zeros(len(bought)),
        "past rate": frequency * monetary / np.maximum(age, 1) * HORIZON,
        "BG/NBD and Gamma-Gamma": bought * each,
    }


def _seed(made: PurchaseDays, first: int, now: np.ndarray) -> np.ndarray:
    """GradientBoostingRegressor(100, 0.1, depth 5) on log1p of the spend, as it is asked: no correction."""
    customers, columns = histories(made, first + SEED_TRAINING)
    target = spent_between(made, customers, first + SEED_TRAINING, first + CALIBRATION)
    model = GradientBoostingRegressor(n_estimators=100, learning_rate=0.1, max_depth=5, random_state=42)
    model.fit(np.nan_to_num(columns, nan=-1.0), np.log1p(target))
    return np.expm1(model.predict(np.nan_to_num(now, nan=-1.0)))


def _row(name: str, size: str, forecast: np.ndarray, spent: np.ndarray, more: str = "") -> Row:
    rank = rank_correlation(forecast, spent)
    note = (
        f"mean absolute error {np.abs(forecast - spent).mean():.2f}, rank correlation "
        f"{'–' if rank is None else f'{rank:.3f}'}, top tenth {top_share(forecast, spent):.3f}, "
        f"total {forecast.sum() / spent.sum() - 1:+.1%}{more}"
    )
    return Row(work=f"foretell weeks 40-78: {name}", size=size, ours_s=0.0, note=note)


def _timed_fit(columns: np.ndarray, size: str) -> Row:
    """Parameters of BG/NBD against the package `lifetimes`, where that is installed."""
    frequency, recency, age = (
        columns[:, COLUMNS.index(name)] for name in ("frequency", "recency_days", "age_days")
    )
    ours = fit_bgnbd(frequency, recency, age)
    peer = _lifetimes()
    note = f"r {ours.r:.4f}, alpha {ours.alpha:.3f} days, a {ours.a:.4f}, b {ours.b:.4f}"
    return side_by_side(
        "fit BG/NBD",
        size,
        lambda: fit_bgnbd(frequency, recency, age),
        "lifetimes" if peer else "–",
        (lambda: peer().fit(frequency, recency, age)) if peer else None,
        runs=3,
        note=note,
    )


def _lifetimes() -> Any | None:
    try:
        from lifetimes import BetaGeoFitter  # pyright: ignore[reportMissingImports]  # an optional peer
    except ImportError:
        return None
    return BetaGeoFitter
