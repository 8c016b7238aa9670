"""How do win rate, contract value and cycle go, by tier and by period?"""

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from store.errors import BadInput
from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.measures.estimates import (
    mean_estimate,
    median_estimate,
    share_estimate,
    trend_p,
    units_of,
)
from tools.outcomes.measures.findings import Cell, Tier, Trend
from tools.outcomes.measures.queries import MeasuresQuery
from tools.outcomes.measures.span import as_date, last_day

TIERS: tuple[Tier, ...] = get_args(Tier)
UNSCORED = -1
CLEAR_P = 0.05
# Of more records ranks are correlated on an even sample of them: Kendall's tau takes n log n, but slowly.
MOST_RANKED = 200_000


def tiers_of(scores: np.ndarray, query: MeasuresQuery) -> np.ndarray:
    """The place of each score's tier in TIERS, int8; -1 where the score is NaN."""
    tiers = 3 - np.searchsorted([query.tier_c, query.tier_b, query.tier_a], scores, side="right")
    return np.where(np.isnan(scores), UNSCORED, tiers).astype(np.int8)


@dataclass(frozen=True)
class Scored:
    """Decided records with their tiers (-1 unscored) and periods (-1 undated or before the first shown)."""

    outcomes: OutcomeTable
    tiers: np.ndarray
    periods: np.ndarray
    names: list[str]
    won: np.ndarray = field(repr=False)

    @classmethod
    def of(cls, outcomes: OutcomeTable, scores: np.ndarray, query: MeasuresQuery) -> "Scored":
        """Raises BadInput when there is not one score for each record."""
        if len(scores) != outcomes.rows:
            raise BadInput(
                f"{len(scores):,} scores for {outcomes.rows:,} records",
                where="scores",
                instead="Give one score for each record, NaN where none was given at the time.",
            )
        rows = outcomes.are("won", "lost")
        decided = outcomes.take(rows)
        tiers = tiers_of(np.asarray(scores, dtype=np.float64)[rows], query)
        periods, names = _periods(decided, query)
        return cls(decided, tiers, periods, names, decided.are("won"))

    def cell(self, tier: int | None, period: int | None, query: MeasuresQuery) -> Cell:
        """The figures of one tier and period; None: of all."""
        rows = np.ones(self.outcomes.rows, dtype=np.bool_)
        rows &= True if tier is None else self.tiers == tier
        rows &= True if period is None else self.periods == period
        won = rows & self.won
        return Cell(
            tier=None if tier is None else TIERS[tier],
            period=None if period is None else self.names[period],
            won=int(won.sum()),
            lost=int(rows.sum() - won.sum()),
            win_rate=share_estimate(int(won.sum()), int(rows.sum()), units_of(self.outcomes, rows)),
            contract_value=mean_estimate(self.outcomes.amounts[won], query.draws, query.seed),
            cycle_days=median_estimate(self.outcomes.cycle_days[won]),
        )


def _periods(decided: OutcomeTable, query: MeasuresQuery) -> tuple[np.ndarray, list[str]]:
    """The period of each record, and the names of all periods from the first shown to the last."""
    now = last_day(decided, query.now)
    if np.isnat(now):
        return np.full(decided.rows, -1, dtype=np.int64), []
    length = 1 if query.period == "month" else 3
    months = decided.decided_at.astype("datetime64[M]").astype(np.int64)
    dated = ~np.isnat(decided.decided_at) & (decided.decided_at <= now)
    last = int(now.astype("datetime64[M]").astype(np.int64)) // length
    first = int(months[dated].min()) // length if dated.any() else last
    first = max(first, last - query.max_periods + 1)
    periods = np.where(dated, months // length - first, -1)
    names = [_period_name(at, length) for at in range(first, last + 1)]
    return np.where(periods < 0, -1, periods), names


def _period_name(period: int, length: int) -> str:
    """`2026-Q3`, `2026-07`."""
    first = as_date(np.datetime64(period * length, "M").astype("datetime64[D]"))
    assert first is not None
    return f"{first.year}-{first.month:02}" if length == 1 else f"{first.year}-Q{(first.month + 2) // 3}"


def win_rate_trend(scored: Scored) -> Trend:
    """Whether the win rate rises with the tier: Cochran-Armitage over D, C, B, A."""
    known = scored.tiers != UNSCORED
    ranks = 3 - scored.tiers[known].astype(np.int64)
    totals = np.bincount(ranks, minlength=4)
    z, p = trend_p(np.bincount(ranks[scored.won[known]], minlength=4), totals)
    return Trend(direction=direction(z, p), statistic=z, p_value=p, test="Cochran-Armitage")


def value_trend(scored: Scored, values: np.ndarray) -> Trend | None:
    """Whether a figure of the won rises with the tier: Kendall's tau b (1938); None under two tiers."""
    rows = scored.won & (scored.tiers != UNSCORED) & ~np.isnan(values)
    ranks, figures = 3 - scored.tiers[rows].astype(np.int64), values[rows]
    if len(np.unique(ranks)) < 2 or len(np.unique(figures)) < 2:
        return None
    from scipy.stats import kendalltau

    step = -(-len(ranks) // MOST_RANKED)
    tau, p = np.asarray(kendalltau(ranks[::step], figures[::step]), dtype=np.float64).tolist()
    return Trend(direction=direction(tau, p), statistic=tau, p_value=max(p, 1e-300), test="Kendall")


def direction(statistic: float, p: float) -> Literal["rises", "falls", "no trend"]:
    """In words, at 5 %."""
    return "no trend" if p > CLEAR_P else "rises" if statistic > 0 else "falls"
