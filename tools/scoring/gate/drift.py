"""What changed: how things are recorded, who is in the market, or who converts?"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from store.errors import BadInput
from store.features import Feature, FeatureTable, stacked
from tools.mining.evidence.statistics import benjamini_hochberg, wilson_interval
from tools.mining.findings import Estimate
from tools.scoring.conversion.evidence.accuracy import Z
from tools.scoring.gate.customer_changes import RateTest, effect_test, rate_test, score_rows
from tools.scoring.gate.data_changes import data_changes, in_old_unit
from tools.scoring.gate.distributions import Spread, compare_spread
from tools.scoring.gate.drift_findings import (
    CustomersChange,
    DataChange,
    DistributionChange,
    DriftReport,
    EffectChange,
    RateChange,
)
from tools.scoring.gate.queries import DriftQuery

__all__ = ["DriftQuery", "DriftReport", "drift_report"]

PSI_WORDS = ((0.1, "a little"), (0.25, "moderately"), (np.inf, "much"))


class _Outcomes(NamedTuple):
    table: FeatureTable
    happened: np.ndarray
    later: np.ndarray


class _Tested(NamedTuple):
    """A column compared, before its p-value is seen beside all others."""

    column: Feature
    spread: Spread


def drift_report(
    before: FeatureTable,
    after: FeatureTable,
    happened_before: np.ndarray | None = None,
    happened_after: np.ndarray | None = None,
    query: DriftQuery | None = None,
) -> DriftReport:
    """What changed from the earlier rows to the later ones, of data, population and customers apart.

    Data: a column gone, of another kind, less known, with new levels, in another unit. Population: known
    values of a column spread otherwise (in the old unit). Customers, only with the outcomes of both: the
    rate against what rows alike had before, and columns with which outcomes now go otherwise; the spread
    among those that happened is told beside it, since it moves with the population too. Every test counts
    in one Benjamini-Hochberg, so that of two samples of the same source a change is told at most at
    query.level; a stability index alone proves nothing.
    """
    query = query or DriftQuery()
    if not before.rows or not after.rows:
        raise BadInput("One of the two tables has no rows", where="drift", instead="Compare two periods.")
    changes = data_changes(before, after, query)
    after = FeatureTable(after.rows, tuple(in_old_unit(each, changes) for each in after.features))
    population = _compared(before, after, query)
    outcomes = _outcomes(before, after, happened_before, happened_after, query)
    winners, rate, effects = _customers(before, after, happened_before, happened_after, outcomes, query)
    p = [each.p_value for each in changes if each.p_value is not None]
    parts = [p, [x.spread.p for x in population], [x.spread.p for x in winners]]
    parts += [[rate.p] if rate else [], [each[1] for each in effects]]
    q = _together(parts)
    told = _data(changes, q[0], query)
    spread = _distributions(population, q[1], query)
    customers = None
    if rate and outcomes:
        customers = CustomersChange(
            rate=_rate(outcomes, rate, q[3][0], query),
            winners=_distributions(winners, q[2], query),
            effects=_effects(effects, q[4], query),
        )
    return _report(before.rows, after.rows, sum(map(len, parts)), told, spread, customers)


def _together(parts: Sequence[Sequence[float]]) -> list[np.ndarray]:
    whole = np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])
    q = benjamini_hochberg(whole) if len(whole) else whole
    return np.split(q, np.cumsum([len(part) for part in parts])[:-1])


def _compared(before: FeatureTable, after: FeatureTable, query: DriftQuery) -> list[_Tested]:
    found = []
    for column in before.features:
        other = after.find(column.name)
        if other is None or other.kind != column.kind:
            continue
        if min(column.known().sum(), other.known().sum()) >= query.fewest:
            found.append(_Tested(column, compare_spread(column, other, query.bins)))
    return found


def _outcomes(
    before: FeatureTable,
    after: FeatureTable,
    then: np.ndarray | None,
    now: np.ndarray | None,
    query: DriftQuery,
) -> _Outcomes | None:
    if then is None or now is None:
        return None
    for table, happened, where in ((before, then, "happened_before"), (after, now, "happened_after")):
        if np.asarray(happened).dtype != bool or np.shape(happened) != (table.rows,):
            raise BadInput(f"Outcomes are not yes or no, one for each of {table.rows:,} rows", where=where)
    if min(x for each in (then, now) for x in (each.sum(), (~each).sum())) < query.fewest:
        return None
    names = [each.column.name for each in _compared(before, after, query)]
    if not names:
        return None
    later = np.repeat([False, True], [before.rows, after.rows])
    return _Outcomes(stacked([before.only(names), after.only(names)]), np.concatenate((then, now)), later)


def _customers(
    before: FeatureTable,
    after: FeatureTable,
    then: np.ndarray | None,
    now: np.ndarray | None,
    outcomes: _Outcomes | None,
    query: DriftQuery,
) -> tuple[list[_Tested], RateTest | None, list[tuple]]:
    if outcomes is None or then is None or now is None:
        return [], None, []
    table, happened, later = outcomes
    margins = score_rows(table, happened, query.seed)
    effects = [(each, *effect_test(each, margins, happened, later)) for each in table.features]
    return _compared(before.take(then), after.take(now), query), rate_test(margins, happened, later), effects


def _data(changes: list[DataChange], q: np.ndarray, query: DriftQuery) -> list[DataChange]:
    told, at = [], iter(q)
    for each in changes:
        if each.p_value is None:
            told.append(each)
            continue
        value = float(next(at))
        by = 1.0 if each.kind == "unit" else abs((each.after or 0.0) - (each.before or 0.0))
        if value <= query.level and by >= query.least_share:
            told.append(each.model_copy(update={"q_value": value}))
    return told


def _distributions(tested: Sequence[_Tested], q: np.ndarray, query: DriftQuery) -> list[DistributionChange]:
    found = []
    for (column, (psi, p, words)), value in zip(tested, q, strict=True):
        moved = bool(value <= query.level and psi >= query.least_psi)
        how = next(word for most, word in PSI_WORDS if psi < most)
        told = f"{column.told} moved {how}: {words}." if moved else f"{column.told} is spread as before."
        found.append(
            DistributionChange(
                column=column.name, label=column.told, psi=psi, p_value=p, q_value=float(value), moved=moved,
                words=told,
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (not each.moved, -each.psi, each.column))


def _effects(tested: list[tuple[Any, ...]], q: np.ndarray, query: DriftQuery) -> list[EffectChange]:
    found = [
        EffectChange(
            column=column.name,
            label=column.told,
            p_value=p,
            q_value=float(value),
            moved=bool(value <= query.level),
            words=f"{column.told}: {words}.",
        )
        for (column, p, words), value in zip(tested, q, strict=True)
    ]
    return sorted(found, key=lambda each: (each.q_value, each.p_value, each.column))


def _rate(outcomes: _Outcomes, test: RateTest, q: float, query: DriftQuery) -> RateChange:
    gap = test.observed - test.expected
    return RateChange(
        before=_share(outcomes.happened[~outcomes.later]),
        after=_share(outcomes.happened[outcomes.later]),
        expected_after=test.expected,
        beyond_expected=Estimate(value=gap, low=gap - Z * test.error, high=gap + Z * test.error),
        p_value=test.p,
        q_value=float(q),
        moved=bool(q <= query.level),
    )


def _share(happened: np.ndarray) -> Estimate:
    low, high = wilson_interval(happened.sum(), len(happened))
    return Estimate(value=float(happened.mean()), low=float(low), high=float(high))


def _report(
    before: int,
    after: int,
    tests: int,
    data: list[DataChange],
    population: list[DistributionChange],
    customers: CustomersChange | None,
) -> DriftReport:
    moved = [each.words for each in population if each.moved]
    concept = _concept(customers) if customers else []
    return DriftReport(
        before_rows=before,
        after_rows=after,
        tests=tests,
        data=data,
        population=population,
        customers=customers,
        data_changed=bool(data),
        population_changed=bool(moved),
        customers_changed=bool(concept),
        words=[each.words for each in data] + moved + concept or ["Nothing changed beyond chance."],
    )


def _concept(customers: CustomersChange) -> list[str]:
    rate, told = customers.rate, []
    if rate.moved:
        told.append(
            f"The rate is {rate.after.value:.1%}; rows alike had {rate.expected_after:.1%} before "
            f"(a gap of {rate.beyond_expected.value:+.1%}, 95 %: {rate.beyond_expected.low:+.1%} to "
            f"{rate.beyond_expected.high:+.1%})."
        )
    return told + [each.words for each in customers.effects if each.moved]
