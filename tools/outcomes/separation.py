"""How well does one column by itself tell two outcomes apart?"""

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from tools.mining.findings import Estimate

_HALVINGS = 50


def separation(values: np.ndarray, won: np.ndarray) -> Estimate:
    """AUC of the values, in the direction that is above a half, with its 95 % interval.

    values: float, without NaN; won: bool, of both kinds. Interval: auc_interval.
    """
    auc = _auc(values, won)
    auc = max(auc, 1 - auc)
    return _estimate(auc, won)


def separation_by_level(codes: np.ndarray, won: np.ndarray, levels: int) -> Estimate:
    """AUC of a category by itself: win rates of levels learned on every other row, tried on the rest.

    codes: -1 is a level of its own, the unknown. Learned and tried on the same rows, a column of different
    values would tell everything.
    """
    places = codes + 1
    halves = np.arange(len(won)) % 2 == 0
    parts = [_tried(places, won, levels + 1, half) for half in (halves, ~halves)]
    known = [auc for auc in parts if auc is not None]
    auc = float(np.mean(known)) if known else 0.5
    return _estimate(auc, won)


def auc_interval(auc: float, won: int, lost: int, confidence: float = 0.95) -> tuple[float, float]:
    """Low and high of an AUC: score-like bounds, which do not shrink to a point at 0 and 1.

    Newcombe (2006), Statistics in Medicine 25, method 5: (auc - t)^2 = z^2 V(t) with the variance of Hanley
    and McNeil (1982), in which both sizes but one are replaced by their mean.
    """
    z2 = float(ndtri(0.5 + confidence / 2)) ** 2
    mean = (won + lost) / 2 - 1

    def is_outside(t: float) -> bool:
        spread = t * (1 - t) * (1 + mean * ((1 - t) / (2 - t) + t / (1 + t))) / (won * lost)
        return (auc - t) ** 2 > z2 * spread

    return _edge(auc, 0.0, is_outside), _edge(auc, 1.0, is_outside)


def _edge(auc: float, end: float, is_outside: Callable[[float], bool]) -> float:
    """Where the interval ends between the AUC and this end of the scale, by halving."""
    inside, outside = auc, end
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if is_outside(middle) else (middle, outside)
    return inside


def _estimate(auc: float, won: np.ndarray) -> Estimate:
    low, high = auc_interval(auc, int(np.count_nonzero(won)), int(np.count_nonzero(~won)))
    return Estimate(value=auc, low=low, high=high)


def _auc(values: np.ndarray, won: np.ndarray) -> float:
    """Share of pairs of a won and a lost one in which the won one has more; ties are half. Mann-Whitney."""
    from scipy.stats import rankdata  # takes half a second to import, and every command would wait

    n = np.count_nonzero(won)
    ranks = rankdata(values)
    return float((ranks[won].sum() - n * (n + 1) / 2) / (n * (len(won) - n)))


def _tried(places: np.ndarray, won: np.ndarray, levels: int, learned: np.ndarray) -> float | None:
    tried = ~learned
    if not (won[tried].any() and (~won[tried]).any() and learned.any()):
        return None
    count = np.bincount(places[learned], minlength=levels)
    wins = np.bincount(places[learned], weights=won[learned], minlength=levels)
    # Of a level that was not seen nothing is known but the rate of all.
    rates = (wins + won[learned].mean()) / (count + 1)
    return _auc(rates[places[tried]], won[tried])
