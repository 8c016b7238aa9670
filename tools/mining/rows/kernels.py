"""Rows of codes into packed bits: compiled."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def set_bits(bits, codes_flat, offsets, table):
    """Set bit r of row table[code] for each code in codes_flat[offsets[r] : offsets[r + 1]].

    Codes beyond the table, and those whose entry is -1, are passed over.
    """
    one = np.uint64(1)
    for r in range(len(offsets) - 1):
        word = r >> 6
        bit = one << np.uint64(r & 63)
        for place in range(offsets[r], offsets[r + 1]):
            code = np.int64(codes_flat[place])
            if 0 <= code < len(table) and table[code] >= 0:
                bits[table[code], word] |= bit
