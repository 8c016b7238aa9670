"""Do better tiers win more, and how does this go over time?"""

import numpy as np

from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.measures.accuracy import accuracy, over_time
from tools.outcomes.measures.estimates import percent
from tools.outcomes.measures.findings import Accuracy, Cell, OutcomeMeasures, Trend
from tools.outcomes.measures.pipeline import market_share, pipeline
from tools.outcomes.measures.queries import MeasuresQuery
from tools.outcomes.measures.tiers import TIERS, UNSCORED, Scored, value_trend, win_rate_trend

__all__ = ["MeasuresQuery", "outcome_measures"]


def outcome_measures(
    outcomes: OutcomeTable,
    scores: np.ndarray,
    query: MeasuresQuery | None = None,
    market_scores: np.ndarray | None = None,
) -> OutcomeMeasures:
    """Win rate, contract value and cycle by tier and period, accuracy of the tiers, market and pipeline.

    scores: one for each record, as it was given before the deal was decided (of an open one: now); NaN where
    there was none. A score learned from the same outcomes would praise itself. market_scores: of everybody
    in the market. Raises BadInput when there is not one score for each record.
    """
    query = query or MeasuresQuery()
    scored = Scored.of(outcomes, scores, query)
    places, periods = range(len(TIERS)), range(len(scored.names))
    by_tier = [scored.cell(tier, None, query) for tier in places]
    by_time = [accuracy(scored, query, period) for period in periods]
    rates, known = win_rate_trend(scored), scored.tiers != UNSCORED
    market = None if market_scores is None else market_share(market_scores, query)
    whole = accuracy(scored, query)
    open_deals = pipeline(outcomes, scores, by_tier, scored.cell(None, None, query), query)
    return OutcomeMeasures(
        scored=int(known.sum()),
        unscored=int((~known).sum()),
        currency=outcomes.currency,
        by_tier=by_tier,
        by_period=[scored.cell(None, period, query) for period in periods],
        by_tier_and_period=[scored.cell(tier, period, query) for period in periods for tier in places],
        win_rate_trend=rates,
        contract_value_trend=value_trend(scored, scored.outcomes.amounts),
        cycle_trend=value_trend(scored, scored.outcomes.cycle_days),
        accuracy=whole,
        accuracy_by_period=by_time,
        precision_over_time=over_time(
            [each.true_positives for each in by_time],
            [each.true_positives + each.false_positives for each in by_time],
        ),
        recall_over_time=over_time(
            [each.true_positives for each in by_time],
            [each.true_positives + each.false_negatives for each in by_time],
        ),
        market=market,
        pipeline=open_deals,
        sentences=_sentences(by_tier, rates, whole, query)
        + [each.sentence for each in (market, open_deals) if each],
    )


def _sentences(by_tier: list[Cell], rates: Trend, whole: Accuracy, query: MeasuresQuery) -> list[str]:
    """Win rates by tier with their trend, and what the threshold caught."""
    told = [
        f"{cell.tier} {percent(cell.win_rate.value)} "
        f"({percent(cell.win_rate.low)} to {percent(cell.win_rate.high)})"
        for cell in by_tier
        if cell.win_rate
    ]
    if not told:
        return ["No decided record has a score: nothing can be said of tiers yet."]
    trend = {
        "rises": "it rises with the tier, as it should",
        "falls": "it falls with the tier: the scores point the wrong way",
        "no trend": "no trend over the tiers can be told",
    }[rates.direction]
    lines = [f"Win rate by tier: {', '.join(told)}; {trend}."]
    if whole.recall and whole.precision:
        lines.append(
            f"Tier {query.picked} and above caught {percent(whole.recall.value)} of the won; "
            f"{percent(whole.precision.value)} of those picked were won."
        )
    return lines
