"""Which columns does a forecast of value stand on?"""

import numpy as np

from tools.mining.findings import Estimate
from tools.scoring.value.candidates import Fitted, Rows
from tools.scoring.value.choosing import rank_correlation
from tools.scoring.value.report import Importance

MOST_ROWS = 3_000
REPEATS = 5
T95 = 2.776  # of Student's t with REPEATS - 1 degrees of freedom


def importances(
    members: list[Fitted], rows: Rows, spent: np.ndarray, names: list[str], seed: int
) -> list[Importance]:
    """The fall of the rank correlation when a column is shuffled among these customers, the deepest first.

    Breiman (2001). Columns that say the same share their importance: each looks smaller than both.
    """
    rng = np.random.default_rng(seed)
    drawn = np.sort(rng.choice(len(spent), min(len(spent), MOST_ROWS), replace=False))
    columns, spent = rows.columns[drawn], spent[drawn]

    def ranks(changed: np.ndarray) -> float:
        told = np.mean([member.predict(Rows(changed, rows.ground)) for member in members], axis=0)
        return rank_correlation(told, spent) or 0.0

    usual, found = ranks(columns), []
    for at, name in enumerate(names):
        falls = []
        for _ in range(REPEATS):
            changed = columns.copy()
            changed[:, at] = rng.permutation(changed[:, at])
            falls.append(usual - ranks(changed))
        mean, half = float(np.mean(falls)), T95 * float(np.std(falls, ddof=1)) / np.sqrt(REPEATS)
        found.append(Importance(column=name, fall=Estimate(value=mean, low=mean - half, high=mean + half)))
    return sorted(found, key=lambda each: -each.fall.value)
