"""How is a forecast of value learned, from purchases or from features with the spend that followed?"""

from dataclasses import dataclass

import numpy as np

from store.errors import BadInput, TooFewCustomers
from store.features import FeatureTable
from store.transactions import Transactions
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate
from tools.scoring.value.candidates import Fitted, Rows, fitted_candidates
from tools.scoring.value.choosing import HeldOut, chosen_of, deciles, scores
from tools.scoring.value.design import Design, design_of
from tools.scoring.value.importances import importances
from tools.scoring.value.intervals import bands, coverage_of
from tools.scoring.value.model import ValueModel
from tools.scoring.value.purchases.ground import Ground, fit_ground
from tools.scoring.value.purchases.history import COLUMNS, histories
from tools.scoring.value.purchases.rfm import PurchaseDays, purchase_days, spent_between
from tools.scoring.value.queries import ValueQuery
from tools.scoring.value.report import ValueReport

FEWEST = 20  # customers without whom nothing is said
FEW_BUYERS = 50
FOLDS = 5
# A blend and what it is the mean of.
BLENDS = {
    "blend": ("log boosting", "quantile boosting"),
    "mean blend": ("poisson boosting", "two-part boosting"),
}
Known = tuple[Rows, np.ndarray]  # customers on a day, and what they spent after it


def learn_value(
    source: Transactions | tuple[FeatureTable, np.ndarray],
    query: ValueQuery | None = None,
    *,
    columns: FeatureTable | None = None,
    as_of: int | None = None,
) -> ValueModel:
    """A forecast of what each customer spends over the horizon, the best of several by held-out error.

    source: purchases (columns: what else was known of the customers at their first purchase, a row an id), or
    features with the spend that followed them. as_of: the newest day since 1970-01-01 that counts.
    Raises TooFewCustomers under 20, BadInput where nothing can be learned from the source.
    """
    query = query or ValueQuery()
    if isinstance(source, tuple):
        return _of_features(*source, query)
    return _of_purchases(source, query, columns, as_of)


@dataclass(frozen=True)
class _History:
    """Purchases and the other columns of their customers, seen on any day."""

    purchases: PurchaseDays
    others: np.ndarray | None

    def on(self, day: int, horizon: int) -> tuple[np.ndarray, Rows]:
        customers, history = histories(self.purchases, day)
        ground = fit_ground(history, horizon)
        if self.others is not None:
            history = np.column_stack((history, self.others[customers]))
        return customers, Rows(history, ground)

    def known(self, day: int, until: int) -> Known:
        customers, rows = self.on(day, until - day)
        return rows, spent_between(self.purchases, customers, day, until)


def origins(first: int, last: int, horizon: int) -> list[int]:
    """Three days, the newest first, from which a model looks ahead and its forecast is known by the last.

    A horizon apart where the past is long enough for that, else at thirds and the half of it.
    """
    if 4 * horizon <= last - first:
        return [last - horizon * step for step in (1, 2, 3)]
    return [first + round((last - first) * share) for share in (2 / 3, 1 / 2, 1 / 3)]


def _of_purchases(
    source: Transactions, query: ValueQuery, columns: FeatureTable | None, as_of: int | None
) -> ValueModel:
    if not source.rows or len(source.ids) < FEWEST:
        raise TooFewCustomers(f"{len(source.ids)} customers are too few", instead=f"{FEWEST} are needed.")
    if columns is not None and columns.rows != len(source.ids):
        raise BadInput(f"There are {columns.rows:,} rows for {len(source.ids):,} customers", where="columns")
    last = int(source.days.max()) if as_of is None else as_of
    purchases = purchase_days(source).up_to(last)
    first = int(purchases.days.min(initial=last))
    if last - first < 28:
        raise BadInput(
            f"The purchases span {last - first} days",
            where="days",
            instead="28 days are needed to look ahead.",
        )
    design = design_of(columns) if columns is not None else None
    history = _History(purchases, design.matrix(columns) if design and columns is not None else None)
    windows, horizons = [], []
    for day in origins(first, last, query.horizon_days)[:2]:
        until = min(last, day + query.horizon_days)
        learned = _learned(history, first, day, until - day, query)
        rows, spent = history.known(day, until)
        windows.append(_held_out(rows, spent, learned))
        horizons.append(until - day)
    ends = origins(first, last, query.horizon_days)
    days = [history.known(day, min(last, day + query.horizon_days)) for day in ends]
    _, now = history.on(last, query.horizon_days)
    members = _with_blends(fitted_candidates(days, query, few=len(now.columns) < query.few_customers))
    spans = " and ".join(f"{days:,}" for days in horizons)
    told = f"spend of {spans} days after a day, by models that had seen nothing after it"
    return _chosen(windows, members, now, query, design, told, [*COLUMNS, *(design.names if design else [])])


def _learned(
    history: _History, first: int, day: int, horizon: int, query: ValueQuery
) -> dict[str, list[Fitted]]:
    """The candidates as they would have been fitted on that day."""
    earlier = [history.known(at, min(day, at + horizon)) for at in origins(first, day, horizon) if at > first]
    few = min(len(rows.columns) for rows, _ in earlier) < query.few_customers
    return _with_blends(fitted_candidates(earlier, query, few=few))


def _with_blends(fitted: list[Fitted]) -> dict[str, list[Fitted]]:
    members = {each.name: [each] for each in fitted}
    for name, parts in BLENDS.items():
        if all(part in members for part in parts):
            members[name] = [members[part][0] for part in parts]
    return members


def _held_out(rows: Rows, spent: np.ndarray, members: dict[str, list[Fitted]]) -> HeldOut:
    forecasts = {
        name: np.mean([part.predict(rows) for part in parts], axis=0) for name, parts in members.items()
    }
    unit = rows.ground.unit if isinstance(rows.ground, Ground) else max(float(spent.mean()), 1e-9)
    return HeldOut(rows, spent, unit, forecasts)


def _of_features(table: FeatureTable, spent: np.ndarray, query: ValueQuery) -> ValueModel:
    spent = np.asarray(spent, dtype=np.float64)
    if len(spent) != table.rows or not np.isfinite(spent).all() or (spent < 0).any():
        raise BadInput("The spend must be a number from 0 for each row", where="spent")
    if table.rows < FEWEST:
        raise TooFewCustomers(f"{table.rows} customers are too few", instead=f"{FEWEST} are needed.")
    fold = np.random.default_rng(query.seed).permutation(table.rows) % FOLDS
    few = table.rows < query.few_customers
    forecasts: dict[str, np.ndarray] = {}
    for each in range(FOLDS):
        kept, left = np.flatnonzero(fold != each), np.flatnonzero(fold == each)
        design = design_of(table.take(kept))
        days = [(Rows(design.matrix(table.take(kept))), spent[kept])]
        members = _with_blends(fitted_candidates(days, query, few=few))
        for name, told in _held_out(
            Rows(design.matrix(table.take(left))), spent[left], members
        ).forecasts.items():
            forecasts.setdefault(name, np.zeros(table.rows))[left] = told
    design = design_of(table)
    rows = Rows(design.matrix(table))
    window = HeldOut(rows, spent, max(float(spent.mean()), 1e-9), forecasts)
    members = _with_blends(fitted_candidates([(rows, spent)], query, few=few))
    told = f"customers left out of the learning, {FOLDS} folds drawn by seed"
    return _chosen([window], members, rows, query, design, told, design.names)


def _chosen(
    windows: list[HeldOut],
    members: dict[str, list[Fitted]],
    now: Rows,
    query: ValueQuery,
    design: Design | None,
    validation: str,
    names: list[str],
) -> ValueModel:
    windows = [_of_all(window, windows) for window in windows]
    found = scores(windows, query)
    name, why = chosen_of(found, query)
    if name not in members:
        name = "bgnbd" if "bgnbd" in members else "everybody the same"
    held = [(each.forecasts[name], each.spent, each.unit) for each in windows]
    inside, of = _coverage(held, query.coverage, query.seed)
    low, high = (float(bound) for bound in wilson_interval(inside, of))
    report = ValueReport(
        customers=len(now.columns),
        buyers_share=float(np.mean(np.concatenate([spent > 0 for _, spent, _ in held]))),
        horizon_days=query.horizon_days if now.ground else None,
        validation=validation,
        candidates=found,
        chosen=name,
        why=why,
        coverage=Estimate(value=inside / max(of, 1), low=low, high=high),
        coverage_asked=query.coverage,
        deciles=deciles(windows, name),
        importances=importances(members[name], windows[0].rows, windows[0].spent, names, query.seed),
        warnings=_warnings(windows, now, query),
    )
    unit = now.ground.unit if now.ground else windows[0].unit
    return ValueModel(members[name], bands(held, query.coverage), report, design, now.ground, unit)


def _of_all(window: HeldOut, windows: list[HeldOut]) -> HeldOut:
    """The window with the candidates that every window has: an early one may be too small for boosting."""
    names = [name for name in window.forecasts if all(name in each.forecasts for each in windows)]
    return HeldOut(window.rows, window.spent, window.unit, {name: window.forecasts[name] for name in names})


def _coverage(
    held: list[tuple[np.ndarray, np.ndarray, float]], coverage: float, seed: int
) -> tuple[int, int]:
    """Customers within bounds that were set without them: half of each window by the other half."""
    inside = of = 0
    rng = np.random.default_rng(seed)
    halves = [rng.permutation(len(spent)) % 2 for _, spent, _ in held]
    for half in (0, 1):
        others = [(f[h != half], s[h != half], u) for (f, s, u), h in zip(held, halves, strict=True)]
        bound = bands(others, coverage)
        for (forecast, spent, unit), h in zip(held, halves, strict=True):
            got, all_ = coverage_of(bound, forecast[h == half], spent[h == half], unit)
            inside, of = inside + got, of + all_
    return inside, of


def _warnings(windows: list[HeldOut], now: Rows, query: ValueQuery) -> list[str]:
    told, count = [], len(now.columns)
    buyers = min(int((each.spent > 0).sum()) for each in windows)
    if count < query.few_customers:
        told.append(f"{count} customers: only models of few parameters were tried, and intervals are rough.")
    if buyers < FEW_BUYERS:
        told.append(
            f"Only {buyers} customers of a held-out window spent anything: errors are themselves uncertain."
        )
    if now.ground and isinstance(now.ground, Ground) and len(windows) > 1:
        longest = max(each.unit for each in windows)
        if now.ground.unit > 1.5 * longest:
            told.append(
                f"The horizon of {query.horizon_days} days is longer than the past allows to check: "
                "forecasts beyond are carried on by the purchase model."
            )
    return told
