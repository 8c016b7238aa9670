"""Does a reason of losing become more frequent, or less?"""

from collections.abc import Mapping

import numpy as np

from tools.mining.evidence.statistics import benjamini_hochberg
from tools.outcomes.measures.estimates import share_estimate, trend_p
from tools.outcomes.patterns.findings import ReasonTrend

CLEAR_Q = 0.05


def reason_trends(
    decided_at: np.ndarray, told_why: np.ndarray, reasons: Mapping[str, np.ndarray]
) -> dict[str, ReasonTrend]:
    """The trend of each reason's share of the losses over quarters; none where all fall into one quarter.

    told_why: the losses of which a reason is known, bool. reasons: the losses of each.
    """
    dated = told_why & ~np.isnat(decided_at)
    quarters = quarter_numbers(decided_at)
    present, place = np.unique(quarters[dated], return_inverse=True)
    if len(present) < 2:
        return {}
    totals = np.bincount(place, minlength=len(present))
    counts = {
        reason: np.bincount(place[rows[dated]], minlength=len(present)) for reason, rows in reasons.items()
    }
    tests = {reason: trend_p(having, totals, present) for reason, having in counts.items()}
    q_values = benjamini_hochberg([p for _, p in tests.values()])
    found = {}
    for (reason, (z, p)), q in zip(tests.items(), q_values.tolist(), strict=True):
        direction = "steady" if q > CLEAR_Q else "rising" if z > 0 else "falling"
        shares = {
            quarter_name(int(quarter)): share
            for quarter, having, total in zip(present, counts[reason], totals, strict=True)
            if (share := share_estimate(int(having), int(total)))
        }
        found[reason] = ReasonTrend(direction=direction, z=z, p_value=p, q_value=q, quarters=shares)
    return found


def quarter_numbers(days: np.ndarray) -> np.ndarray:
    """Quarters since 1970, int64; of NaT no meaningful number."""
    return days.astype("datetime64[M]").astype(np.int64) // 3


def quarter_name(quarter: int) -> str:
    """`2026-Q3`."""
    return f"{1970 + quarter // 4}-Q{quarter % 4 + 1}"
