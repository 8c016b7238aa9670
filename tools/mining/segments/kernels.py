"""What do the inner loops of segmentation count, row by row and bit by bit?"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

# Rows added to each kind at the overall shares (a Dirichlet-like prior; keeps small kinds sober).
PSEUDO_ROWS = 2.0
# 1 / variance of a kind's slope around the usual one: some 20 rows outweigh it.
PRECISION = 4.0
# Places of a factor that are weighed: a constant, so that their loops become vector instructions.
PLACES = 8


@njit(cache=True)
def add_where_held(bits: NDArray, weights: NDArray, first: int, sums: NDArray) -> None:
    """Adds weights[i] to sums[r] wherever customer 64 * first + r has cluster i.

    bits uint64 (m, words), weights (m, w), sums (rows, w) of the same type; unsigned sums wrap around.
    """
    rows, width = sums.shape
    for i in range(bits.shape[0]):
        held = bits[i]
        weight = weights[i]
        for word in range((rows + 63) // 64):
            rest = held[first + word]
            while rest:
                lowest = rest & (~rest + np.uint64(1))
                at = word * 64 + _place(lowest)
                for c in range(width):
                    sums[at, c] += weight[c]
                rest ^= lowest


@njit(cache=True)
def _place(bit: np.uint64) -> int:
    """The place of the one bit set."""
    place = 0
    for step in (32, 16, 8, 4, 2, 1):
        if bit >> np.uint64(step):
            bit >>= np.uint64(step)
            place += step
    return place


@njit(cache=True)
def cells_of(
    components: NDArray, offset: NDArray, directions: NDArray, held: NDArray, width: float, levels: int
) -> NDArray:
    """uint8 (n, d): 2 * level + held, the level of (components - offset) @ directions in steps of width.

    Row by row, so that a row's cells depend on nothing but the row.
    """
    rows, d = held.shape
    cells = np.empty((rows, d), dtype=np.uint8)
    scores = np.empty(d, dtype=np.float32)
    scale, middle, top = np.float32(1 / width), np.float32(levels / 2), np.float32(levels - 1)
    for r in range(rows):
        scores[:] = 0
        for c in range(len(offset)):
            value = components[r, c] - offset[c]
            direction = directions[c]
            for j in range(d):
                scores[j] += value * direction[j]
        for j in range(d):
            level = min(max(scores[j] * scale + middle, np.float32(0)), top)
            cells[r, j] = np.uint8(level) * 2 + held[r, j]
    return cells


@njit(cache=True)
def log_joint(cells: NDArray, table: NDArray, log_weights: NDArray, joint: NDArray) -> None:
    """joint[r] = log_weights + the sum over j of table[j, cells[r, j]]: (rows, kinds)."""
    kinds = len(log_weights)
    for r in range(cells.shape[0]):
        total = joint[r]
        for k in range(kinds):
            total[k] = log_weights[k]
        for j in range(cells.shape[1]):
            line = table[j, cells[r, j]]
            for k in range(kinds):
                total[k] += line[k]


@njit(cache=True)
def expected(cells: NDArray, table: NDArray, log_weights: NDArray, counts: NDArray, sizes: NDArray) -> float:
    """One pass of EM: log-likelihood; rows of each kind by cell are added to counts and sizes.

    cells uint8 (n, d); table float32 (d, cells, kinds); counts float32, like table; sizes float64 (kinds,).
    """
    kinds = len(log_weights)
    joint = np.empty(kinds, dtype=np.float32)
    likelihood = 0.0
    for r in range(cells.shape[0]):
        for k in range(kinds):
            joint[k] = log_weights[k]
        for j in range(cells.shape[1]):
            line = table[j, cells[r, j]]
            for k in range(kinds):
                joint[k] += line[k]
        top = joint.max()
        total = np.float32(0)
        for k in range(kinds):
            joint[k] = np.exp(joint[k] - top)
            total += joint[k]
        likelihood += top + np.log(total)
        for k in range(kinds):
            joint[k] /= total
            sizes[k] += joint[k]
        for j in range(cells.shape[1]):
            line = counts[j, cells[r, j]]
            for k in range(kinds):
                line[k] += joint[k]
    return likelihood


@njit(cache=True)
def sharpened(
    counts: NDArray, centres: NDArray, usual: NDArray, overall: NDArray, intercepts: NDArray, slopes: NDArray
) -> None:
    """Two Newton steps of log-odds = intercept + slope * centre, for every kind and attribute, in place.

    counts (d, 2 * levels, kinds): rows without and with, by level in turn. The prior is a normal one
    around the usual slope (kinds, d), and PSEUDO_ROWS rows at the overall share (d,). With a single
    level the slope stays as it is, and the step is the share itself.
    """
    kinds, d = intercepts.shape
    for k in range(kinds):
        for j in range(d):
            if len(centres) == 1:
                having = counts[j, 1, k] + PSEUDO_ROWS * overall[j]
                lacking = counts[j, 0, k] + PSEUDO_ROWS * (1 - overall[j])
                intercepts[k, j] = np.log(having / lacking)
                continue
            for _ in range(2):
                intercept, slope = intercepts[k, j], slopes[k, j]
                up, along = _newton(counts[j, :, k], centres, usual[k, j], overall[j], intercept, slope)
                intercepts[k, j] = min(max(intercept + up, -7.0), 7.0)
                slopes[k, j] = min(max(slope + along, -5.0), 5.0)


@njit(cache=True)
def _newton(
    counts: NDArray, centres: NDArray, usual: float, overall: float, intercept: float, slope: float
) -> tuple[float, float]:
    """The Newton step of a logistic regression on binned scores, at most 1 in each direction."""
    share = 1 / (1 + np.exp(-intercept))
    up = PSEUDO_ROWS * (overall - share)
    along = -PRECISION * (slope - usual)
    up_up = PSEUDO_ROWS * share * (1 - share) + 1e-6
    along_along = PRECISION
    both = 0.0
    for level in range(len(centres)):
        z = centres[level]
        having = counts[2 * level + 1]
        rows = having + counts[2 * level]
        share = 1 / (1 + np.exp(-(intercept + slope * z)))
        weight = rows * share * (1 - share)
        up += having - rows * share
        along += (having - rows * share) * z
        up_up += weight
        both += weight * z
        along_along += weight * z * z
    bottom = up_up * along_along - both * both
    rise = (along_along * up - both * along) / bottom
    turn = (up_up * along - both * up) / bottom
    return min(max(rise, -1.0), 1.0), min(max(turn, -1.0), 1.0)


@njit(cache=True)
def likelihood_gains(counts: NDArray, centres: NDArray, usual: NDArray, overall: NDArray) -> NDArray:
    """log-likelihood (d,) that each attribute gains when its log-odds may differ between the kinds.

    counts (d, 2 * levels, kinds); usual, overall (d,): slope and share that are tried first.
    """
    d, _, kinds = counts.shape
    gains = np.zeros(d)
    for j in range(d):
        every = counts[j].sum(axis=1)
        gains[j] -= _explained(every, centres, usual[j], overall[j])
        for k in range(kinds):
            gains[j] += _explained(counts[j, :, k].copy(), centres, usual[j], overall[j])
    return gains


@njit(cache=True)
def _explained(counts: NDArray, centres: NDArray, usual: float, overall: float) -> float:
    """log-likelihood of the cells under the logistic regression that fits them."""
    intercept, slope = np.log(overall / (1 - overall)), usual
    for _ in range(8):
        up, along = _newton(counts, centres, usual, overall, intercept, slope)
        intercept = min(max(intercept + up, -7.0), 7.0)
        if len(centres) > 1:
            slope = min(max(slope + along, -5.0), 5.0)
    explained = 0.0
    for level in range(len(centres)):
        odds = intercept + slope * centres[level]
        rows = counts[2 * level] + counts[2 * level + 1]
        explained += counts[2 * level + 1] * odds - rows * np.log1p(np.exp(odds))
    return explained


@njit(cache=True, fastmath={"reassoc", "contract"})
def weigh(  # noqa: C901  # one loop over rows: parts would hand ten arrays to each other
    held: NDArray,
    group: NDArray,
    start: NDArray,
    odds: NDArray,
    ratios: NDArray,
    lacking: NDArray,
    log_weights: NDArray,
    posterior: NDArray,
    mass: NDArray,
    having: NDArray,
    having_rest: NDArray,
) -> float:
    """One pass of EM over kinds and factors: log-likelihood; mass, having, having_rest are added to.

    held uint8 (n, d); group (d,): factor of each attribute. start (factors, PLACES): log of the chance
    to be there and to lack all attributes as the background does; lacking (factors, kinds, PLACES):
    what the other kinds multiply that by; odds (d, PLACES): log-odds in the background; ratios (first
    attributes, kinds, PLACES): odds in the kinds / in the background. mass (factors, kinds, PLACES)
    and having, like ratios: rows there, and those with the attribute; having_rest (d, PLACES): of all
    kinds, for the attributes that have no ratios. Nothing is counted where mass is empty.
    """
    factors, kinds = lacking.shape[:2]
    d, first = held.shape[1], len(ratios)
    base = np.empty((factors, PLACES))
    at = np.empty((factors, kinds, PLACES))
    every = np.empty((factors, PLACES))
    there = np.empty(PLACES)
    having_of = np.empty(d, dtype=np.int64)
    joint = np.empty(kinds)
    chances = np.empty(kinds)
    totals = np.empty((factors, kinds))
    likelihood = 0.0
    for r in range(held.shape[0]):
        base[:] = start
        at[:] = lacking
        many = 0
        for j in range(d):
            having_of[many] = j
            many += held[r, j]
        for place in range(many):
            j = having_of[place]
            g = group[j]
            for q in range(PLACES):
                base[g, q] += odds[j, q]
            if j < first:
                for k in range(1, kinds):
                    for q in range(PLACES):
                        at[g, k, q] *= ratios[j, k, q]
        chances[:] = 1
        for g in range(factors):
            top = base[g].max()
            likelihood += top
            for q in range(PLACES):
                there[q] = np.exp(base[g, q] - top)
            for k in range(kinds):
                total = 1e-300
                for q in range(PLACES):
                    at[g, k, q] *= there[q]
                    total += at[g, k, q]
                totals[g, k] = total
                chances[k] *= total
        for k in range(kinds):
            # The terms that all kinds have in common only bear on the likelihood.
            joint[k] = log_weights[k] + np.log(min(max(chances[k], 1e-300), 1e300))
        best = joint.max()
        sums = 0.0
        for k in range(kinds):
            joint[k] = np.exp(joint[k] - best)
            sums += joint[k]
        likelihood += best + np.log(sums)
        for k in range(kinds):
            joint[k] /= sums
            posterior[r, k] = joint[k]
        if len(mass) == 0:
            continue
        every[:] = 0
        for g in range(factors):
            for k in range(kinds):
                share = joint[k] / totals[g, k]
                for q in range(PLACES):
                    at[g, k, q] *= share
                    mass[g, k, q] += at[g, k, q]
                    every[g, q] += at[g, k, q]
        for place in range(many):
            j = having_of[place]
            g = group[j]
            if j < first:
                for k in range(kinds):
                    for q in range(PLACES):
                        having[j, k, q] += at[g, k, q]
            else:
                for q in range(PLACES):
                    having_rest[j, q] += every[g, q]
    return likelihood
