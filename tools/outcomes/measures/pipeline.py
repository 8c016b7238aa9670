"""What will the open deals bring, and how does the market divide into tiers?"""

import numpy as np

from store.outcomes.outcome_table import OutcomeTable
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import money, percent, share_estimate
from tools.outcomes.measures.findings import Cell, MarketShare, PipelineCoverage, Tier, TierPipeline
from tools.outcomes.measures.queries import MeasuresQuery
from tools.outcomes.measures.tiers import TIERS, UNSCORED, tiers_of


def market_share(scores: np.ndarray, query: MeasuresQuery) -> MarketShare | None:
    """The share of the market in each tier by the scores of all of it; None where nobody has a score."""
    tiers = tiers_of(np.asarray(scores, dtype=np.float64), query)
    counts = np.bincount(tiers[tiers != UNSCORED], minlength=len(TIERS))
    scored = int(counts.sum())
    shares: dict[Tier, Estimate] = {
        tier: share
        for tier, count in zip(TIERS, counts.tolist(), strict=True)
        if (share := share_estimate(count, scored))
    }
    if not shares:
        return None
    top = shares["A"].value
    width = "narrow" if top < query.narrow_share else "broad" if top > query.broad_share else "fitting"
    meaning = {
        "narrow": "few are left to sell to: the criteria may be too tight.",
        "broad": "it hardly chooses: the criteria may be too loose.",
        "fitting": "narrow enough to choose, and broad enough to sell to.",
    }[width]
    return MarketShare(
        scored=scored,
        tiers=shares,
        width=width,
        sentence=f"{percent(top)} of {scored:,} scored are in tier A: {meaning}",
    )


def pipeline(
    outcomes: OutcomeTable, scores: np.ndarray, by_tier: list[Cell], overall: Cell, query: MeasuresQuery
) -> PipelineCoverage | None:
    """Open amounts by tier, times the tier's win rate, against the target; None where nothing is open.

    by_tier, overall: figures of the decided records. Open deals without a score are counted alone.
    """
    rows = outcomes.are("open")
    if not rows.any():
        return None
    amounts = outcomes.amounts[rows]
    tiers = tiers_of(np.asarray(scores, dtype=np.float64)[rows], query)
    rates = {cell.tier: cell.win_rate for cell in by_tier}
    told = [
        _tier(place, amounts[tiers == place], rates.get(tier) or overall.win_rate)
        for place, tier in enumerate(TIERS)
    ]
    expected = _sum([each.expected_amount for each in told])
    target = query.target_amount
    coverage = None if target is None or expected is None else _scaled(expected, 1 / target)
    whole = sum(each.open_amount for each in told)
    return PipelineCoverage(
        tiers=told,
        open_amount=whole,
        unscored_deals=int((tiers == UNSCORED).sum()),
        expected_amount=expected,
        target_amount=target,
        coverage=coverage,
        sentence=_sentence(whole, expected, coverage, outcomes.currency),
    )


def _tier(place: int, amounts: np.ndarray, rate: Estimate | None) -> TierPipeline:
    known = amounts[~np.isnan(amounts)]
    amount = float(known.sum())
    return TierPipeline(
        tier=TIERS[place],
        open_deals=len(amounts),
        open_amount=amount,
        without_amount=len(amounts) - len(known),
        win_rate=rate,
        expected_amount=None if rate is None else _scaled(rate, amount),
    )


def _sum(parts: list[Estimate | None]) -> Estimate | None:
    """The sum of independent figures: squares of the distances to their bounds add (Zou and Donner 2008)."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    value = sum(part.value for part in known)
    down = float(np.sqrt(sum((part.value - part.low) ** 2 for part in known)))
    up = float(np.sqrt(sum((part.high - part.value) ** 2 for part in known)))
    return Estimate(value=value, low=max(value - down, 0.0), high=value + up)


def _scaled(estimate: Estimate, by: float) -> Estimate:
    return Estimate(value=estimate.value * by, low=estimate.low * by, high=estimate.high * by)


def _sentence(whole: float, expected: Estimate | None, coverage: Estimate | None, currency: str) -> str:
    begin = f"{money(whole, currency)} are open"
    if expected is None:
        return f"{begin}; nothing is decided yet, so that no rate can be told."
    text = f"{begin}; at the win rates of their tiers they bring {money(expected.value, currency)}"
    text += f" ({money(expected.low, currency)} to {money(expected.high, currency)})"
    return f"{text}, {percent(coverage.value)} of the target." if coverage else f"{text}."
