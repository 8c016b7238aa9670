"""Are columns recorded as they were: there, known, with the same levels, in the same unit?"""

from dataclasses import replace

import numpy as np

from store.features import Feature, FeatureTable
from tools.mining.evidence.statistics import as_p_values, log_p_enriched
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import fisher_p, percent
from tools.scoring.gate.distributions import compare_spread, level_rows
from tools.scoring.gate.drift_findings import DataChange
from tools.scoring.gate.queries import DriftQuery

QUANTILES = np.linspace(0.1, 0.9, 9)
STEADY = 0.1  # standard deviation of the log factors of quantiles, up to which they are one factor
FAMILIAR = {
    1_000.0: "thousands", 100.0: "hundredths or per cent", 12.0: "months and years", 7.0: "days and weeks",
    24.0: "hours and days", 60.0: "minutes and hours", 3_600.0: "seconds and hours", 1e6: "millions",
    86_400.0: "seconds and days", 365.25: "days and years", 2.2046: "pounds and kilograms",
    30.44: "days and months",
}  # fmt: skip


def data_changes(before: FeatureTable, after: FeatureTable, query: DriftQuery) -> list[DataChange]:
    """Every change that may have happened, tested ones with a p-value and not yet judged."""
    found = [change for column in before.features for change in _changes(column, after, query)]
    new = [each for each in after.features if before.find(each.name) is None]
    return found + [
        DataChange(column=each.name, kind="appeared", words=f"{each.told} is a new column.") for each in new
    ]


def _changes(column: Feature, table: FeatureTable, query: DriftQuery) -> list[DataChange]:
    other = table.find(column.name)
    if other is None:
        return [DataChange(column=column.name, kind="vanished", words=f"{column.told} is no longer there.")]
    if other.kind != column.kind:
        words = f"{column.told} was a {column.kind} and is a {other.kind}."
        return [DataChange(column=column.name, kind="kind", words=words)]
    changes = [_unknown(column, other)] if column.rows and other.rows else []
    if column.kind == "number":
        changes.append(unit_change(column, other, query))
    else:
        changes.append(_new_levels(column, other))
    return [change for change in changes if change]


def _unknown(before: Feature, after: Feature) -> DataChange | None:
    """Whether it is known of another share of the rows; Fisher's test, since one of sixty may be unknown."""
    known = int(before.known().sum()), int(after.known().sum())
    if known == (0, 0) or known == (before.rows, after.rows):
        return None
    shares = 1 - known[0] / before.rows, 1 - known[1] / after.rows
    kind = "unknown_share"
    words = f"{before.told} is unknown of {percent(shares[1])} of the rows, and was of {percent(shares[0])}."
    if known[1] == 0:
        kind, words = "vanished", f"{before.told} is no longer known of any row."
    elif known[0] == 0:
        kind, words = "appeared", f"{before.told} was not known of any row before."
    return DataChange(
        column=before.name,
        kind=kind,
        words=words,
        before=shares[0],
        after=shares[1],
        p_value=float(fisher_p(known[1], after.rows, known[0], before.rows)),
    )


def _new_levels(before: Feature, after: Feature) -> DataChange | None:
    then, now, levels = level_rows(before, after)
    new = np.flatnonzero((then == 0) & (now > 0))
    rows = int(before.known().sum()), int(after.known().sum())
    if not len(new) or not rows[0]:
        return None
    held = int(now[new].max())
    # Of one level that the earlier rows might have held as often; Bonferroni over the levels seen in either.
    p = as_p_values(log_p_enriched(held, rows[1], held, sum(rows)))
    most = levels[int(new[np.argmax(now[new])])]
    share = min(1.0, float(now[new].sum()) / rows[1])
    return DataChange(
        column=before.name,
        kind="new_levels",
        words=f"{before.told} has {len(new):,} new levels in {percent(share)} of the rows, "
        f"most often “{most}”.",
        before=0.0,
        after=share,
        p_value=float(min(1.0, p * len(levels))),
    )


def unit_change(before: Feature, after: Feature, query: DriftQuery) -> DataChange | None:
    """A number whose quantiles are all the same factor of what they were."""
    old, new = before.values[before.known()], after.values[after.known()]
    if min(len(old), len(new)) < query.fewest:
        return None
    a, b = np.quantile(old, QUANTILES), np.quantile(new, QUANTILES)
    usable = a * b > 0
    if usable.sum() < len(QUANTILES) // 2 or len(np.unique(a[usable])) < 2:
        return None
    logs = np.log(b[usable] / a[usable])
    factor, spread = float(np.exp(np.median(logs))), float(logs.std())
    if abs(np.log(factor)) < np.log(query.least_factor) or spread > STEADY * max(1.0, abs(np.log(factor))):
        return None
    low, high = float(np.exp(logs.min())), float(np.exp(logs.max()))
    return DataChange(
        column=before.name,
        kind="unit",
        words=f"{before.told} is about {factor:.4g} times what it was at every quantile, as when its unit "
        f"changes{_familiar(factor)}.",
        before=float(np.median(old)),
        after=float(np.median(new)),
        factor=Estimate(value=factor, low=low, high=high),
        p_value=compare_spread(before, after, query.bins).p,
    )


def _familiar(factor: float) -> str:
    size = max(factor, 1 / factor)
    near = [words for known, words in FAMILIAR.items() if abs(np.log(size / known)) < np.log(1.03)]
    return f" ({near[0]})" if near else ""


def in_old_unit(column: Feature, changes: list[DataChange]) -> Feature:
    """The column with its unit put back, where that changed."""
    for change in changes:
        if change.column == column.name and change.factor:
            return replace(column, values=column.values / change.factor.value)
    return column
