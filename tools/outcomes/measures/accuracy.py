"""How well did the tiers tell the won from the lost?"""

import numpy as np

from tools.outcomes.measures.estimates import share_estimate, trend_p
from tools.outcomes.measures.findings import Accuracy, Trend
from tools.outcomes.measures.queries import MeasuresQuery
from tools.outcomes.measures.tiers import TIERS, UNSCORED, Scored, direction


def accuracy(scored: Scored, query: MeasuresQuery, period: int | None = None) -> Accuracy:
    """Precision and recall of picking tier query.picked and above, with Wilson intervals, in a period or all.

    Records without a score take no part.
    """
    rows = scored.tiers != UNSCORED
    rows &= True if period is None else scored.periods == period
    picked = scored.tiers <= TIERS.index(query.picked)
    hit, false_alarm, missed, left = (
        int((rows & one & other).sum())
        for one, other in (
            (picked, scored.won),
            (picked, ~scored.won),
            (~picked, scored.won),
            (~picked, ~scored.won),
        )
    )
    return Accuracy(
        period=None if period is None else scored.names[period],
        true_positives=hit,
        false_positives=false_alarm,
        false_negatives=missed,
        true_negatives=left,
        precision=share_estimate(hit, hit + false_alarm),
        recall=share_estimate(hit, hit + missed),
        false_positive_rate=share_estimate(false_alarm, false_alarm + left),
        false_negative_rate=share_estimate(missed, hit + missed),
    )


def over_time(having: list[int], totals: list[int]) -> Trend | None:
    """Whether a share rises over the periods: Cochran-Armitage; None where fewer than two have any."""
    if int((np.array(totals, dtype=np.int64) > 0).sum()) < 2:
        return None
    z, p = trend_p(having, totals)
    return Trend(direction=direction(z, p), statistic=z, p_value=p, test="Cochran-Armitage")
