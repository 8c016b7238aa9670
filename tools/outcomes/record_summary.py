"""What does a ledger hold: how many of each outcome and quarter, how large, how long, and why?"""

import numpy as np
from pydantic import BaseModel, Field

from store.features import Feature
from store.outcomes.outcome_table import OUTCOMES, OutcomeTable, UnitKind
from tools.mining.findings import Estimate
from tools.outcomes.leaks import Leak, LeakQuery, leaks
from tools.outcomes.measures.estimates import median_estimate, share_estimate

MOST_REASONS = 10


class WinRate(BaseModel):
    """Won and expanded among all that were decided."""

    won: int
    decided: int
    rate: Estimate | None = Field(
        default=None, description="Wilson interval; none where nothing was decided."
    )


class Quarter(WinRate):
    """What was decided in one quarter."""

    quarter: str = Field(description="2026 Q1")
    outcomes: dict[str, int]


class Spread(BaseModel):
    """How large the values of one outcome are."""

    outcome: str
    known: int
    median: Estimate = Field(description="Interval from order statistics, exact for any distribution.")
    total: float


class Reason(BaseModel):
    """A recorded reason."""

    reason: str
    outcome: str
    records: int
    share: Estimate = Field(description="Of that outcome's records with a reason; Wilson interval.")


class KnownColumn(BaseModel):
    """A column of attributes, and how often it is known."""

    name: str
    kind: str
    known_share: float


class OutcomeSummary(BaseModel):
    """What a ledger holds."""

    unit: UnitKind
    records: int
    units: int = Field(description="Different accounts or persons.")
    currency: str
    outcomes: dict[str, int]
    overall: WinRate
    quarters: list[Quarter]
    amounts: list[Spread] = Field(description="In `currency`.")
    cycle_days: list[Spread]
    went_dark: Estimate | None = Field(
        default=None, description="Share of lost records whose buyer went dark, of those where it is known."
    )
    reasons: list[Reason]
    columns: list[KnownColumn]
    leaks: list[Leak]
    data_hash: str = ""
    warnings: list[str] = Field(default_factory=list)


def summarise(outcomes: OutcomeTable, query: LeakQuery | None = None) -> OutcomeSummary:
    """Counts, win rates, amounts, cycles, reasons, columns and leaks of these records."""
    counts = np.bincount(outcomes.outcomes, minlength=len(OUTCOMES))
    return OutcomeSummary(
        unit=outcomes.unit,
        records=outcomes.rows,
        units=len(np.unique(outcomes.unit_ids)),
        currency=outcomes.currency,
        outcomes={kind: int(count) for kind, count in zip(OUTCOMES, counts, strict=True) if count},
        overall=WinRate(**_win_rate(outcomes)),
        quarters=_quarters(outcomes),
        amounts=_spreads(outcomes, outcomes.amounts),
        cycle_days=_spreads(outcomes, outcomes.cycle_days),
        went_dark=_dark(outcomes),
        reasons=_reasons(outcomes),
        columns=[_column(feature) for feature in outcomes.features.features],
        leaks=leaks(outcomes, query),
    )


def _win_rate(outcomes: OutcomeTable) -> dict:
    won = int(np.count_nonzero(outcomes.are("won", "expanded")))
    decided = int(np.count_nonzero(~outcomes.are("open")))
    return {"won": won, "decided": decided, "rate": share_estimate(won, decided)}


def _quarters(outcomes: OutcomeTable) -> list[Quarter]:
    decided = ~np.isnat(outcomes.decided_at)
    months = outcomes.decided_at[decided].astype("datetime64[M]").astype(np.int64)
    kinds, won = outcomes.outcomes[decided], outcomes.are("won", "expanded")[decided]
    found = []
    for quarter in np.unique(months // 3).tolist():
        of_it = months // 3 == quarter
        counts = np.bincount(kinds[of_it], minlength=len(OUTCOMES))
        wins, total = int(np.count_nonzero(won[of_it])), int(np.count_nonzero(of_it))
        found.append(
            Quarter(
                quarter=f"{1970 + quarter // 4} Q{quarter % 4 + 1}",
                outcomes={kind: int(count) for kind, count in zip(OUTCOMES, counts, strict=True) if count},
                won=wins,
                decided=total,
                rate=share_estimate(wins, total),
            )
        )
    return found


def _spreads(outcomes: OutcomeTable, values: np.ndarray) -> list[Spread]:
    found = []
    for kind in OUTCOMES:
        known = values[outcomes.are(kind) & ~np.isnan(values)]
        if len(known):
            found.append(
                Spread(outcome=kind, known=len(known), median=_median(known), total=float(known.sum()))
            )
    return found


def _median(known: np.ndarray) -> Estimate:
    """Of one value its interval is the value: there is nothing else to tell."""
    one = float(known[0])
    return median_estimate(known) or Estimate(value=one, low=one, high=one)


def _dark(outcomes: OutcomeTable) -> Estimate | None:
    known = outcomes.went_dark[outcomes.are("lost") & ~np.isnan(outcomes.went_dark)]
    return share_estimate(int(known.sum()), len(known))


def _reasons(outcomes: OutcomeTable) -> list[Reason]:
    """The most frequent reasons of each outcome."""
    found: list[Reason] = []
    for kind in OUTCOMES:
        reasons = outcomes.reasons.take(outcomes.are(kind))
        total = int(np.count_nonzero(reasons.known()))
        counts = np.bincount(reasons.values, minlength=len(reasons.levels))
        for at in np.argsort(-counts, kind="stable")[:MOST_REASONS].tolist():
            told = share_estimate(int(counts[at]), total)
            if counts[at] and told:
                found.append(
                    Reason(reason=reasons.levels[at], outcome=kind, records=int(counts[at]), share=told)
                )
    return found


def _column(feature: Feature) -> KnownColumn:
    known = float(feature.known().mean()) if feature.rows else 0.0
    return KnownColumn(name=feature.name, kind=feature.kind, known_share=known)
