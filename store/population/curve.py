"""Where on a space-filling curve a place lies: near places get near numbers."""

import numpy as np

ORDER = 16  # 2^16 cells a side: about 600 m by 300 m at the equator


def hilbert(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Position along a Hilbert curve over the whole globe, int64 in [0, 4^16).

    Latitudes and longitudes are degrees; positions one apart are cells that share an edge. Method:
    quadrant by quadrant, each turned as the curve turns (H. S. Warren, "Hacker's Delight", chapter 16).
    """
    side = 1 << ORDER
    x = _cell(longitude, -180.0, 360.0, side)
    y = _cell(latitude, -90.0, 180.0, side)
    position = np.zeros(x.shape, dtype=np.int64)
    step = side >> 1
    while step:
        right, upper = (x & step) > 0, (y & step) > 0
        position += step * step * ((3 * right) ^ upper)
        mirror = right & ~upper
        x, y = np.where(mirror, side - 1 - x, x), np.where(mirror, side - 1 - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        step >>= 1
    return position


def _cell(degrees: np.ndarray, low: float, span: float, side: int) -> np.ndarray:
    cells = ((np.asarray(degrees, dtype=np.float64) - low) * (side / span)).astype(np.int64)
    return np.clip(cells, 0, side - 1)
