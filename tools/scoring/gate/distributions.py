"""Is a column spread otherwise than before, and by how much?"""

from typing import Any, NamedTuple

import numpy as np
from scipy.stats import chi2, ks_2samp

from store.features import Feature
from tools.mining.evidence.statistics import difference_p

LEAST_EXPECTED = 5.0  # of a cell of a table; rarer levels are joined


class Spread(NamedTuple):
    """How far two columns' known values differ: an index and a p-value; levels that differ most."""

    psi: float
    p: float
    words: str


def compare_spread(before: Feature, after: Feature, bins: int) -> Spread:
    """Numbers by Kolmogorov and Smirnov, categories by chi-squared, sets by their levels (Bonferroni)."""
    if before.kind == "number":
        return _numbers(before.values[before.known()], after.values[after.known()], bins)
    if before.kind == "category":
        return _levels(*level_rows(before, after))
    return _sets(before, after)


def level_rows(before: Feature, after: Feature) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Rows that hold each level of either column."""
    levels = sorted({*before.levels, *after.levels})
    counts = []
    for column in (before, after):
        codes = column.recoded(levels)
        counts.append(np.bincount(codes[codes >= 0], minlength=len(levels)))
    return counts[0], counts[1], levels


def _numbers(before: np.ndarray, after: np.ndarray, bins: int) -> Spread:
    found: Any = ks_2samp(before, after, method="asymp")
    edges = np.unique(np.quantile(before, np.arange(1, bins) / bins))
    counts = [np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) for x in (before, after)]
    what, middle = _middle(before, after)
    return Spread(
        stability_index(*counts),
        float(found.pvalue),
        f"its {what} went from {middle[0]:,.4g} to {middle[1]:,.4g}",
    )


def _middle(before: np.ndarray, after: np.ndarray) -> tuple[str, list[float]]:
    """The median on either side; the mean where the median stays."""
    medians = [float(np.median(x)) for x in (before, after)]
    if medians[0] != medians[1]:
        return "median", medians
    return "mean", [float(np.mean(x)) for x in (before, after)]


def stability_index(before: np.ndarray, after: np.ndarray) -> float:
    """Sum of (q - p) ln (q / p) over cells, half a row added to each, less its mean when nothing changed.

    That mean is (cells - 1) (1 / n + 1 / m) (Yurdakul 2018); the rest is not below 0.
    """
    n, m = before.sum(), after.sum()
    p, q = (before + 0.5) / (n + len(before) / 2), (after + 0.5) / (m + len(after) / 2)
    by_chance = (len(before) - 1) * (1 / n + 1 / m)
    return float(max(0.0, ((q - p) * np.log(q / p)).sum() - by_chance))


def _levels(before: np.ndarray, after: np.ndarray, levels: list[str]) -> Spread:
    table = np.vstack((before, after)).astype(float)
    expected = table.sum(axis=0) * table.sum(axis=1).min() / table.sum()
    rare = expected < LEAST_EXPECTED
    if rare.sum() > 1:
        table = np.column_stack((table[:, ~rare], table[:, rare].sum(axis=1)))
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return Spread(0.0, 1.0, "it holds one value")
    shares = after / after.sum() - before / before.sum()
    most = int(np.argmax(np.abs(shares).round(12)))
    went = f"went from {before[most] / before.sum():.1%} to {after[most] / after.sum():.1%}"
    words = f"{_quoted(levels[most])} {went}"
    return Spread(stability_index(table[0], table[1]), _chi_squared(table), words)


def _chi_squared(table: np.ndarray) -> float:
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = ((table - expected) ** 2 / expected).sum()
    return float(chi2.sf(statistic, table.shape[1] - 1))


def _sets(before: Feature, after: Feature) -> Spread:
    a, b, levels = level_rows(before, after)
    rows = int(before.known().sum()), int(after.known().sum())
    common = np.flatnonzero((a + b) * min(rows) / sum(rows) >= LEAST_EXPECTED)
    if not len(common):
        return Spread(0.0, 1.0, "no level is frequent")
    p = difference_p(b[common], rows[1], a[common], rows[0])
    least = int(common[int(np.argmin(p))])
    cells = [np.array([count[least], n - count[least]]) for count, n in ((a, rows[0]), (b, rows[1]))]
    words = f"{_quoted(levels[least])} went from {a[least] / rows[0]:.1%} to {b[least] / rows[1]:.1%}"
    return Spread(stability_index(*cells), float(min(1.0, p.min() * len(common))), words)


def _quoted(level: str) -> str:
    return f"“{level}”"
