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


def folds_of(keys: np.ndarray, label: np.ndarray, times: np.ndarray, folds: int) -> np.ndarray:
    """The fold of each row, uint8: blocks of neighbouring times, or by chance, evenly on each side.

    label: whether a row is ideal. times: the least whole number where one is not known. Blocks are the same
    for both sides, each with equally many of the ideal; rows without a time are spread by chance. All
    rows are, where a side has no times, or some block would leave less than half of a side to learn from.
    """
    fold = np.empty(len(keys), dtype=np.uint8)
    for side in (np.flatnonzero(label), np.flatnonzero(~label)):
        fold[side[np.argsort(keys[side], kind="stable")]] = np.arange(len(side)) % folds
    timed = times != TIMELESS
    if not (timed & label).any() or not (timed & ~label).any():
        return fold
    at = np.arange(1, folds) / folds
    ends = np.quantile(times[timed & label], at, method="inverted_cdf")
    blocks = np.where(timed, np.searchsorted(ends, times, side="left"), fold).astype(np.uint8)
    largest = max(np.bincount(blocks[side]).max() / side.sum() for side in (label, ~label))
    return blocks if largest <= 0.5 else fold
