"""When do deals close: by the season in which they were opened, and after how many days?

The season of the opening is known when a deal is opened, so it is a feature. The time to close is not: it is
an outcome. An open deal has none yet, and the age it has reached says only that it was not decided sooner, so
a model that learns from it learns from what comes afterwards. It is measured here, and never made a feature.
"""

from dataclasses import replace

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from scipy import stats

from store.features import Feature
from store.outcomes.outcome_table import OutcomeTable
from tools.mining.findings import Estimate

SEASONS = ("Q1", "Q2", "Q3", "Q4")
SEASON = "season"


class TimingQuery(BaseModel):
    """How the time to close is measured."""

    model_config = ConfigDict(extra="forbid")

    confidence: float = Field(default=0.95, gt=0.5, lt=1, description="Of the intervals.")
    least_season: int = Field(
        default=10,
        ge=2,
        le=100_000,
        description="Decided deals that a season needs to be compared with others.",
    )


class Cycle(BaseModel):
    """How long decided deals took, from their opening."""

    deals: int
    median_days: float | None = Field(default=None, description="Null where there are none.")
    interval: Estimate | None = Field(
        default=None,
        description="The median with its interval from order statistics (binomial, at least the confidence"
        " asked for); null for fewer deals than that takes (6 at 95 %).",
    )


class SeasonCycle(BaseModel):
    """Deals opened in one quarter of the year."""

    season: str
    decided: Cycle


class TimeToClose(BaseModel):
    """Days from the opening of a deal to its decision."""

    won: Cycle
    lost: Cycle
    still_open: int
    median_with_open: Estimate | None = Field(
        default=None,
        description="Kaplan-Meier median of the days until a decision, open deals counted as not decided yet;"
        " without them the slow ones would be missing. Null where half of the deals are not decided so far;"
        " `high` is the longest time of a decided deal where the upper limit is never reached.",
    )
    seasons: list[SeasonCycle]
    season_p_value: float | None = Field(
        default=None,
        description="Kruskal-Wallis test that the days do not depend on the season; null with fewer than two"
        " seasons of enough deals.",
    )


def with_season(outcomes: OutcomeTable) -> OutcomeTable:
    """The same records with the feature `season`: the quarter of the year in which each was opened."""
    months = outcomes.opened_at.astype("datetime64[M]").astype(np.int64) % 12
    codes = np.where(np.isnat(outcomes.opened_at), -1, months // 3).astype(np.int32)
    season = Feature(SEASON, "category", codes, SEASONS, label="Season of opening", domain="behavioural")
    return replace(outcomes, features=outcomes.features.beside(season))


def time_to_close(
    outcomes: OutcomeTable, as_of: np.datetime64, query: TimingQuery | None = None
) -> TimeToClose:
    """How long deals take, won and lost, by season, and with the open ones as of a day.

    Days are `cycle_days`, else decision minus opening; negative ones are unknown.
    """
    asked = query or TimingQuery()
    days = cycle_days(outcomes)
    season = with_season(outcomes).features.find(SEASON)
    assert season is not None
    decided = outcomes.are("won", "lost") & np.isfinite(days)
    groups = [days[decided & (season.values == at)] for at in range(len(SEASONS))]
    return TimeToClose(
        won=_cycle(days[outcomes.are("won") & np.isfinite(days)], asked.confidence),
        lost=_cycle(days[outcomes.are("lost") & np.isfinite(days)], asked.confidence),
        still_open=int(outcomes.are("open").sum()),
        median_with_open=_median_with_open(outcomes, days, as_of, asked.confidence),
        seasons=[
            SeasonCycle(season=name, decided=_cycle(group, asked.confidence))
            for name, group in zip(SEASONS, groups, strict=True)
        ],
        season_p_value=_season_p([group for group in groups if len(group) >= asked.least_season]),
    )


def cycle_days(outcomes: OutcomeTable) -> np.ndarray:
    """Days from opening to decision, float64; NaN of open records and where they are not known."""
    known = ~np.isnat(outcomes.decided_at) & ~np.isnat(outcomes.opened_at)
    between = np.full(outcomes.rows, np.nan)
    between[known] = (outcomes.decided_at[known] - outcomes.opened_at[known]).astype(np.int64)
    days = np.where(np.isfinite(outcomes.cycle_days), outcomes.cycle_days, between)
    return np.where(outcomes.are("open") | (days < 0), np.nan, days)


def _cycle(days: np.ndarray, confidence: float) -> Cycle:
    if not len(days):
        return Cycle(deals=0)
    median = float(np.median(days))
    # The r-th smallest and r-th largest: P(fewer than r of n fair coins) is at most half of what is left.
    rank = int(stats.binom.ppf((1 - confidence) / 2, len(days), 0.5))
    if rank < 1:
        return Cycle(deals=len(days), median_days=median)
    ordered = np.sort(days)
    low, high = float(ordered[rank - 1]), float(ordered[-rank])
    return Cycle(deals=len(days), median_days=median, interval=Estimate(value=median, low=low, high=high))


def _season_p(groups: list[np.ndarray]) -> float | None:
    if len(groups) < 2:
        return None
    if len(np.unique(np.concatenate(groups))) == 1:
        return 1.0  # the test has no ranks to compare
    return float(stats.kruskal(*groups).pvalue)


def _median_with_open(
    outcomes: OutcomeTable, days: np.ndarray, as_of: np.datetime64, confidence: float
) -> Estimate | None:
    """Where Kaplan-Meier's curve and its log-log limits reach a half (Brookmeyer, Crowley 1982)."""
    waiting = outcomes.are("open") & (outcomes.opened_at <= as_of)
    age = np.full(outcomes.rows, np.nan)
    age[waiting] = (as_of - outcomes.opened_at[waiting]).astype("timedelta64[D]").astype(np.int64)
    decided = outcomes.are("won", "lost") & np.isfinite(days)
    if not decided.any():
        return None
    at, share, low, high = survival(days[decided], age[waiting], confidence)
    value, first, last = (_first_at_half(at, curve) for curve in (share, low, high))
    if value is None:
        return None
    return Estimate(
        value=value, low=value if first is None else first, high=float(at[-1]) if last is None else last
    )


def survival(
    decided: np.ndarray, waiting: np.ndarray, confidence: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The days on which deals were decided, rising; the share still open after each, and its limits.

    Kaplan and Meier's curve, with limits of Greenwood's variance on the scale of log(-log share); NaN where
    the share is 0.
    """
    at, events = np.unique(decided, return_counts=True)
    ages = np.sort(np.concatenate([decided, waiting]))
    at_risk = len(ages) - np.searchsorted(ages, at, side="left")
    share = np.cumprod(1 - events / at_risk)
    within = at_risk > events  # else nobody is left: the share is 0
    parts = np.zeros(len(at))
    parts[within] = events[within] / (at_risk[within] * (at_risk[within] - events[within]))
    power = np.full((2, len(at)), np.nan)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    error = np.sqrt(np.cumsum(parts)[within]) / -np.log(share[within])
    power[:, within] = np.exp(z * np.array([error, -error]))
    low, high = np.where(within, share, np.nan) ** power
    return at, share, low, high


def _first_at_half(days: np.ndarray, shares: np.ndarray) -> float | None:
    reached = np.flatnonzero(shares <= 0.5)
    return float(days[reached[0]]) if len(reached) else None
