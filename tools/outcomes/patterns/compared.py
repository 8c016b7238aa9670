"""How do some deals go beside the others: how long, and how many of them go dark?"""

import numpy as np

from store.errors import TooFewCustomers
from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.measures.estimates import fisher_p, median_estimate, share_estimate, shift_p
from tools.outcomes.patterns.findings import Compared


def compared_median(values: np.ndarray, others: np.ndarray) -> Compared | None:
    """Medians of the known values with a test of Mann and Whitney; None where fewer than two are known."""
    median = median_estimate(values)
    if median is None:
        return None
    return Compared(value=median, others=median_estimate(others), p_value=shift_p(values, others))


def compared_share(flags: np.ndarray, others: np.ndarray) -> Compared | None:
    """Shares of 1 among the known of 0, 1 and NaN, with Fisher's test; None where none is known."""
    one, other = flags[~np.isnan(flags)], others[~np.isnan(others)]
    share = share_estimate(int(one.sum()), len(one))
    if share is None:
        return None
    p = float(fisher_p([one.sum()], len(one), other.sum(), len(other))[0]) if len(other) else None
    return Compared(value=share, others=share_estimate(int(other.sum()), len(other)), p_value=p)


def clearly(compared: Compared | None, level: float = 0.05) -> bool:
    """Whether the two sides differ at this level."""
    return compared is not None and compared.p_value is not None and compared.p_value <= level


def latest_of_each_unit(outcomes: OutcomeTable) -> np.ndarray:
    """Whether each record is the last decided one of its person or account, bool.

    Tests count each of them once: several deals of one account are no several proofs.
    """
    order = np.lexsort((np.arange(outcomes.rows), _sortable(outcomes.decided_at)))
    units = np.unique(outcomes.unit_ids, return_inverse=True)[1]
    last = np.full(units.max(initial=-1) + 1, -1, dtype=np.int64)
    last[units[order]] = order
    latest = np.zeros(outcomes.rows, dtype=np.bool_)
    latest[last] = True
    return latest


def _sortable(dates: np.ndarray) -> np.ndarray:
    """Days as numbers, an unknown one before all."""
    return np.where(np.isnat(dates), np.iinfo(np.int64).min, dates.astype("datetime64[D]").astype(np.int64))


def require_both(outcomes: OutcomeTable, min_won: int, min_lost: int) -> None:
    """Raises TooFewCustomers unless there are enough of the won and of the lost to compare."""
    won, lost = int(outcomes.are("won").sum()), int(outcomes.are("lost").sum())
    if won and not lost:
        raise TooFewCustomers(
            f"All {won:,} decided records were won",
            where="outcomes",
            instead="Those who did not buy are needed as well: what the won have in common, the lost may "
            "have too (survivorship). Load the lost records.",
        )
    if won < min_won or lost < min_lost:
        raise TooFewCustomers(
            f"{won:,} won and {lost:,} lost records are too few to compare",
            where="outcomes",
            instead=f"At least {min_won:,} won and {min_lost:,} lost ones are needed.",
        )
