"""Which rows are held out together?"""

from collections.abc import Sequence

import numpy as np

from store.errors import BadInput

TIMELESS = np.iinfo(np.int64).min
FOLD_MULTIPLIER = 0x9E3779B97F4A7C15  # 2^64 / golden ratio: odd, no pattern in its bits (Knuth 1973, 6.4)


def row_keys(codes: np.ndarray, weights: np.ndarray, seed: int) -> np.ndarray:
    """A number for each row that depends on its cells, its weight and the seed alone, uint64.

    Rows with the same number are alike to everything that is learned; so an order by it is the same
    whatever order the rows came in.
    """
    key = weights.view(np.uint64) ^ np.uint64(seed)
    for column in codes:
        key = _mixed(key + column)
    return _mixed(key)


def _mixed(key: np.ndarray) -> np.ndarray:
    key = (key ^ (key >> np.uint64(31))) * np.uint64(FOLD_MULTIPLIER)
    return key ^ (key >> np.uint64(29))


def as_times(times: Sequence[object] | np.ndarray | None, rows: int, which: str) -> np.ndarray | None:
    """Times as rising whole numbers, int64, the least where one is not known; None where none are given."""
    if times is None:
        return None
    given = np.asarray(times)
    if len(given) != rows:
        raise BadInput(f"There are {rows:,} {which} and {len(given):,} times", where=f"{which}_times")
    if given.dtype.kind in "OU":
        try:
            given = given.astype("datetime64[s]")
        except (TypeError, ValueError):
            given = np.empty(0, dtype=np.bool_)
    if given.dtype.kind == "M":
        return given.astype("datetime64[s]").astype(np.int64)  # NaT is the least number
    if given.dtype.kind not in "iuf":
        raise BadInput(
            "Times are neither dates nor numbers", where=f"{which}_times", instead="Give datetime64."
        )
    known = np.isfinite(given.astype(np.float64))
    return np.where(known, np.where(known, given, 0).astype(np.int64), TIMELESS)


def folds_of(keys: np.ndarray, times: np.ndarray | None, folds: int) -> np.ndarray:
    """The fold of each row, uint8: blocks of neighbouring times where they are known, else by chance."""
    fold = np.empty(len(keys), dtype=np.uint8)
    timed = np.zeros(len(keys), dtype=bool) if times is None else times != TIMELESS
    by_chance = np.flatnonzero(~timed)
    fold[by_chance[np.argsort(keys[by_chance], kind="stable")]] = np.arange(len(by_chance)) % folds
    if times is not None:
        placed = np.flatnonzero(timed)
        order = placed[np.lexsort((keys[placed], times[placed]))]
        fold[order] = np.arange(len(order)) * folds // max(len(order), 1)
    return fold
