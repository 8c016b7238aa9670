"""What does a customer's history of purchases look like on a day, as columns?"""

import numpy as np

from tools.scoring.value.purchases.rfm import PurchaseDays, rfm_summary

# Of the newest purchases: four, eight and thirteen weeks.
WINDOWS = (28, 56, 91)
COLUMNS = (
    "frequency", "recency_days", "age_days", "monetary", "since_last_days", "gap_days", "overdue",
    "total", "largest", "latest", "first", "mean",
    *(f"purchases_{days}_days" for days in WINDOWS), *(f"spend_{days}_days" for days in WINDOWS),
    "trend",
)  # fmt: skip


def histories(purchases: PurchaseDays, day: int) -> tuple[np.ndarray, np.ndarray]:
    """The customers who bought up to the day, and their columns, float64, in the order of COLUMNS.

    overdue: days since the last purchase / mean gap; trend: share of the last 91 days' spend that is of the
    last 28. NaN where it is not defined: no gap with one purchase, no trend without recent spend.
    """
    known, summary = purchases.up_to(day), rfm_summary(purchases, day)
    starts = known.starts()
    count = len(starts)
    lengths = np.diff(np.append(starts, len(known.days)))
    rows = np.repeat(np.arange(count), lengths)
    since = summary.age - summary.recency
    gap = _ratio(summary.recency, summary.frequency)
    spent = np.bincount(rows, weights=known.amounts, minlength=count)
    largest = np.maximum.reduceat(known.amounts, starts) if count else np.empty(0)
    bought, paid = [], []
    for days in WINDOWS:
        recent = known.days > day - days
        bought.append(np.bincount(rows[recent], minlength=count).astype(np.float64))
        paid.append(np.bincount(rows[recent], weights=known.amounts[recent], minlength=count))
    columns = [
        summary.frequency, summary.recency, summary.age, summary.monetary, since, gap, _ratio(since, gap),
        spent, largest, known.amounts[starts + lengths - 1], summary.first_amount, _ratio(spent, lengths),
        *bought, *paid, _ratio(paid[0], paid[-1]),
    ]  # fmt: skip
    return summary.customers, np.column_stack(columns)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    below = np.asarray(below, dtype=np.float64)
    return np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
