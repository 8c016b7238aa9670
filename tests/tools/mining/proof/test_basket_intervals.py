"""Is the interval of a set's lift the one that its rows give?"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tools.mining.evidence.statistics import independence_interval

FOLDER = Path(os.environ.get("FIELDMARK_DATA", "/nonexistent"))
BASKETS, RULES = FOLDER / "groceries_long.csv.gz", FOLDER / "groceries_rules_reference.csv.gz"

pytestmark = pytest.mark.skipif(
    not (BASKETS.exists() and RULES.exists()), reason="FIELDMARK_DATA names no folder with the groceries"
)


@pytest.fixture(scope="module")
def baskets() -> pd.DataFrame:
    """9,835 baskets by item, 0 and 1."""
    bought = pd.read_csv(BASKETS)
    return pd.crosstab(bought["transaction"], bought["item"]).clip(upper=1).astype(float)


def interval(rows: np.ndarray) -> tuple[float, float]:
    """Of the lift of all columns together, from their counts as mining has them."""
    total, counts = len(rows), rows.sum(axis=0)
    pairs = (rows.T @ rows) / np.outer(counts, counts) * total
    low, high = independence_interval(rows.prod(axis=1).sum(), total, counts, np.triu(pairs, 1).sum())
    return float(low), float(high)


def test_intervals_are_those_of_the_influence_of_each_basket(baskets: pd.DataFrame) -> None:
    """Of 300 rules of arules: lift * exp(+-1.96 sd(I(all) / P(all) - sum I(i) / P(i)) / sqrt(n))."""
    lengths = set()
    for rule in pd.read_csv(RULES).iloc[::19].itertuples():
        items = [*str(rule.lhs).strip("{}").split(","), *str(rule.rhs).strip("{}").split(",")]
        lengths.add(len(items))
        rows = baskets[items].to_numpy()
        together, shares = rows.prod(axis=1), rows.mean(axis=0)
        lift = together.mean() / shares.prod()
        influence = together / together.mean() - (rows / shares).sum(axis=1)
        spread = np.exp(stats.norm.ppf(0.975) * np.sqrt(influence.var() / len(rows)))
        assert interval(rows) == (pytest.approx(lift / spread), pytest.approx(lift * spread))
    assert lengths >= {3, 4, 5}


def test_an_interval_is_as_wide_as_the_bootstraps(baskets: pd.DataFrame) -> None:
    """Whole milk with root vegetables: 2,000 samples of the baskets; a width of log lift within 10 %."""
    rows = baskets[["whole milk", "root vegetables"]].to_numpy()
    cells = np.bincount((rows[:, 0] + 2 * rows[:, 1]).astype(int), minlength=4)
    drawn = np.random.default_rng(3).multinomial(len(rows), cells / len(rows), 2_000)
    milk, roots, both = drawn[:, 1] + drawn[:, 3], drawn[:, 2] + drawn[:, 3], drawn[:, 3]
    lower, upper = np.log(np.quantile(both * len(rows) / (milk * roots), [0.025, 0.975]))
    low, high = np.log(interval(rows))
    assert high - low == pytest.approx(upper - lower, rel=0.1)
