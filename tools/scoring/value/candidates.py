"""Which models may foretell what a customer will spend?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tools.scoring.threads import one_thread
from tools.scoring.value.purchases.ground import Ground
from tools.scoring.value.purchases.history import COLUMNS
from tools.scoring.value.queries import ValueQuery

# log1p bends at 1: there the money of a thirtieth of the mean spend stands, whatever the currency.
LOG_UNITS = 30.0
LEVELS = (0.6, 0.7, 0.8, 0.9)  # of the quantiles tried, and the rows that they are tried on
TRIED_ROWS = 10_000


@dataclass(frozen=True)
class Rows:
    """Customers on one day: their columns, and what is expected of them without learning."""

    columns: np.ndarray
    ground: Ground | None = None  # where the columns begin with a history of purchases

    def learned_from(self) -> tuple[np.ndarray, np.ndarray, float]:
        """The columns for trees, the spend that is expected of each row, and its typical size."""
        if self.ground is None:
            return self.columns, np.ones(len(self.columns)), 1.0
        history, others = self.columns[:, : len(COLUMNS)], self.columns[:, len(COLUMNS) :]
        wide, spend = self.ground.beside(history)
        return np.column_stack((wide, others)), spend, self.ground.unit


@dataclass(frozen=True)
class Learning:
    """What boosted models learn from: rows of one or several days, and what they spent after it."""

    columns: np.ndarray
    exposure: np.ndarray  # the spend that is expected of each row
    unit: np.ndarray  # its typical size on the row's day
    spent: np.ndarray

    @classmethod
    def of(cls, days: Sequence[tuple[Rows, np.ndarray]], query: ValueQuery) -> "Learning":
        """The days' rows together, a sample of query.most_rows if there are more."""
        parts = [(*rows.learned_from(), spent) for rows, spent in days]
        columns = np.vstack([part[0] for part in parts])
        exposure = np.concatenate([part[1] for part in parts])
        unit = np.concatenate([np.full(len(part[1]), part[2]) for part in parts])
        spent = np.concatenate([part[3] for part in parts])
        if len(spent) > query.most_rows:
            drawn = np.random.default_rng(query.seed).choice(len(spent), query.most_rows, replace=False)
            drawn.sort()
            columns, exposure, unit, spent = columns[drawn], exposure[drawn], unit[drawn], spent[drawn]
        return cls(columns, exposure, unit, spent)

    def every(self, step: int) -> "Learning":
        """One row in so many."""
        return Learning(self.columns[::step], self.exposure[::step], self.unit[::step], self.spent[::step])


@dataclass(frozen=True)
class Fitted:
    """A fitted candidate: numbers and trees, of which each kind of candidate makes its forecast."""

    name: str
    factor: float = 1.0
    trees: list[Any] = field(default_factory=list)

    def predict(self, rows: Rows) -> np.ndarray:
        """Spend over the horizon, float64, 0 or above."""
        if self.name == "past rate":
            return self.factor * _past_rate(rows)
        if self.name == "bgnbd" and rows.ground is not None:
            return rows.ground.spend_expected(rows.columns[:, : len(COLUMNS)])
        if not self.trees:
            return np.full(len(rows.columns), self.factor)
        with one_thread():
            return self._by_trees(*rows.learned_from())

    def _by_trees(self, columns: np.ndarray, exposure: np.ndarray, unit: float) -> np.ndarray:
        if self.name == "two-part boosting":
            buys, spend = self.trees
            return self.factor * unit * buys.predict_proba(columns)[:, 1] * spend.predict(columns)
        told = self.trees[0].predict(columns)
        if self.name == "log boosting":
            return self.factor * unit * np.maximum(np.expm1(told), 0.0)
        return self.factor * exposure * np.maximum(told, 0.0)


def _past_rate(rows: Rows) -> np.ndarray:
    frequency, monetary, age = (
        rows.columns[:, COLUMNS.index(name)] for name in ("frequency", "monetary", "age_days")
    )
    horizon = rows.ground.horizon_days if rows.ground else 0.0
    return frequency * monetary / np.maximum(age, 1.0) * horizon


def fitted_candidates(
    days: Sequence[tuple[Rows, np.ndarray]], query: ValueQuery, *, few: bool
) -> list[Fitted]:
    """Every candidate fitted on these days, the simplest first.

    nothing: 0 for all. everybody the same: the mean. past rate: what repeats came to a day, kept up.
    bgnbd: BG/NBD and Gamma-Gamma. The boosted ones learn the ratio of the spend to what BG/NBD expects where
    there are purchases, so that a longer horizon than any in the past is told: Poisson loss (the mean), two
    parts (P(buys) x spend of a buyer, gamma loss), log1p with its total put right (Duan 1983), and the
    quantile at which the total is right: among all rules with the right total that has the least absolute
    error, since the condition on the total shifts the median's level and nothing else. The last two are not
    fitted for groups.
    """
    grounded = days[0][0].ground is not None
    learning = Learning.of(days, query)
    mean = float(learning.spent.mean())
    simple = [Fitted("nothing", 0.0)]
    simple += [Fitted("past rate"), Fitted("bgnbd")] if grounded else [Fitted("everybody the same", mean)]
    if few or not learning.spent.any():
        return simple
    with one_thread():
        means = [*simple, _poisson(learning, query), _two_part(learning, query)]
        if query.purpose == "groups":
            return means
        return [*means, _log(learning, query), _quantile(learning, query)]


def _trees(query: ValueQuery, rows: int, **loss: Any) -> Any:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(**loss, **_shape(query, rows))


def _shape(query: ValueQuery, rows: int) -> dict[str, Any]:
    return {
        "max_iter": query.trees,
        "learning_rate": query.learning_rate,
        "max_leaf_nodes": query.leaves,
        "min_samples_leaf": int(np.clip(rows // 50, 5, 100)),
        "early_stopping": False,
        "random_state": query.seed,
    }


def _poisson(learning: Learning, query: ValueQuery) -> Fitted:
    trees = _trees(query, len(learning.spent), loss="poisson")
    # A ratio weighted by its exposure has the likelihood of a Poisson count with that exposure.
    trees.fit(learning.columns, learning.spent / learning.exposure, sample_weight=learning.exposure)
    return Fitted("poisson boosting", 1.0, [trees])


def _two_part(learning: Learning, query: ValueQuery) -> Fitted:
    from sklearn.ensemble import HistGradientBoostingClassifier

    bought = learning.spent > 0
    if bought.all() or bought.sum() < 20:
        return Fitted("two-part boosting", float(learning.spent.mean()))
    buys = HistGradientBoostingClassifier(**_shape(query, len(bought)))
    buys.fit(learning.columns, bought)
    spend = _trees(query, int(bought.sum()), loss="gamma")
    spend.fit(learning.columns[bought], (learning.spent / learning.unit)[bought])
    told = learning.unit * buys.predict_proba(learning.columns)[:, 1] * spend.predict(learning.columns)
    return Fitted("two-part boosting", _right_total(learning, told), [buys, spend])


def _log(learning: Learning, query: ValueQuery) -> Fitted:
    trees = _trees(query, len(learning.spent), loss="squared_error")
    trees.fit(learning.columns, np.log1p(LOG_UNITS * learning.spent / learning.unit))
    told = learning.unit * np.maximum(np.expm1(trees.predict(learning.columns)), 0.0)
    return Fitted("log boosting", _right_total(learning, told), [trees])


def _quantile(learning: Learning, query: ValueQuery) -> Fitted:
    tried = learning.every(max(1, len(learning.spent) // TRIED_ROWS))
    totals = []
    for level in LEVELS:
        told = tried.exposure * np.maximum(_at_level(tried, query, level).predict(tried.columns), 0.0)
        totals.append(float(told.sum()) / max(float(tried.spent.sum()), 1e-300))
    trees = _at_level(learning, query, float(np.interp(1.0, np.maximum.accumulate(totals), LEVELS)))
    told = learning.exposure * np.maximum(trees.predict(learning.columns), 0.0)
    return Fitted("quantile boosting", _right_total(learning, told), [trees])


def _at_level(learning: Learning, query: ValueQuery, level: float) -> Any:
    trees = _trees(query, len(learning.spent), loss="quantile", quantile=level)
    return trees.fit(learning.columns, learning.spent / learning.exposure, sample_weight=learning.exposure)


def _right_total(learning: Learning, told: np.ndarray) -> float:
    total = float(told.sum())
    return float(learning.spent.sum()) / total if total > 0 else 1.0
