"""Which of the lost came back and bought, and for how much?"""

import numpy as np

from store.outcomes.outcome_table import OutcomeTable


def won_later(outcomes: OutcomeTable) -> np.ndarray:
    """For each record, the first won record of the same unit decided on a later day; -1 for none, int64."""
    units = np.unique(outcomes.unit_ids, return_inverse=True)[1].astype(np.int64)
    days = outcomes.decided_at.astype("datetime64[D]").astype(np.int64)
    dated = ~np.isnat(outcomes.decided_at)
    first = days[dated].min() if dated.any() else 0
    width = int(days[dated].max() - first + 2) if dated.any() else 1
    keys = units * width + np.where(dated, days - first, 0)
    won = np.flatnonzero(outcomes.are("won") & dated)
    won = won[np.argsort(keys[won], kind="stable")]
    place = np.searchsorted(keys[won], keys, side="right")
    found = np.append(won, -1)[place]
    same = (found >= 0) & (units[found] == units) & dated
    return np.where(same, found, -1)


def can_tell_returning(outcomes: OutcomeTable) -> bool:
    """Whether any lost unit has another decided record: else coming back is not recorded at all."""
    decided = outcomes.unit_ids[outcomes.are("won", "lost")]
    return len(np.unique(decided)) < len(decided)
