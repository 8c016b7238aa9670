"""Rows of codes into packed bits: compiled."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def set_bits(bits, codes_flat, offsets, keep, table):
    """Set bit r of row i for each code keep[i] in codes_flat[offsets[r] : offsets[r + 1]].

    keep: the codes of the rows, ascending. table: the row of each code from 0, -1 for none; empty where
    the codes are too large for one, and each is searched for.
    """
    one = np.uint64(1)
    for r in range(len(offsets) - 1):
        word = r >> 6
        bit = one << np.uint64(r & 63)
        for place in range(offsets[r], offsets[r + 1]):
            row = _row_of(np.int64(codes_flat[place]), keep, table)
            if row >= 0:
                bits[row, word] |= bit


@njit(cache=True, nogil=True)
def _row_of(code, keep, table):
    if len(table):
        return np.int64(table[code]) if 0 <= code < len(table) else np.int64(-1)
    row = np.int64(np.searchsorted(keep, code))
    return row if row < len(keep) and keep[row] == code else np.int64(-1)
