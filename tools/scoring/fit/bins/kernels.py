"""Compiled loops over cells and rows; imported where they are called, since loading them takes a second."""

import numpy as np
from numba import njit


@njit(cache=True)
def _likelihood(ideal, others):
    total = ideal + others
    value = 0.0
    if ideal > 0:
        value += ideal * np.log(ideal / total)
    if others > 0:
        value += others * np.log(others / total)
    return value


@njit(cache=True)
def partitions(ideal, others, share, least, most, trend):
    """As best_partitions gives it."""
    cells = len(ideal)
    own, rate = _runs(ideal, others, share, least)
    best = np.full((most, cells + 1, cells + 1), -np.inf)
    back = np.full((most, cells + 1, cells + 1), -1, dtype=np.int64)
    gains, firsts = np.full(most, -np.inf), np.full((most, most), -1, dtype=np.int64)
    best[0, 0], gains[0], firsts[0, 0] = own[0], 0.0, 0
    whole = _likelihood(ideal.sum(), others.sum())
    for k in range(1, most):
        _with_one_more(own, rate, best[k - 1], trend, best[k], back[k])
        first = np.argmax(best[k, :, cells])
        if best[k, first, cells] > -np.inf:
            gains[k] = best[k, first, cells] - whole
            _trace(back, k, first, cells, firsts[k])
    return gains, firsts


@njit(cache=True)
def _runs(ideal, others, share, least):
    """[i, j]: the likelihood of a bin of the cells i to j - 1, -inf where it is too small, and its rate."""
    cells = len(ideal)
    own = np.full((cells + 1, cells + 1), -np.inf)
    rate = np.zeros((cells + 1, cells + 1))
    for i in range(cells):
        e, o, s = 0.0, 0.0, 0.0
        for j in range(i, cells):
            e, o, s = e + ideal[j], o + others[j], s + share[j]
            if s >= least - 1e-12 and e + o > 0:
                own[i, j + 1] = _likelihood(e, o)
                rate[i, j + 1] = e / (e + o)
    return own, rate


@njit(cache=True)
def _with_one_more(own, rate, before, trend, best, back):
    """[i, j]: the best of the cells before j whose last bin begins at i, and where the one before began."""
    cells = len(own) - 1
    for i in range(1, cells):
        free = np.argmax(before[:i, i])
        if before[free, i] == -np.inf:
            continue
        for j in range(i + 1, cells + 1):
            if own[i, j] > -np.inf:
                at = free if trend == 0 else _best_before(before[:i, i], rate[:i, i], rate[i, j], trend)
                if at >= 0:
                    best[i, j], back[i, j] = before[at, i] + own[i, j], at


@njit(cache=True)
def _best_before(before, rates, rate, trend):
    """The best first cell of the bin before, among those whose rate is on the right side of this bin's."""
    top, found = -np.inf, -1
    for at in range(len(before)):
        if before[at] > top and (rate - rates[at]) * trend >= -1e-12:
            top, found = before[at], at
    return found


@njit(cache=True)
def _trace(back, bins, first, cells, firsts):
    end = cells
    for at in range(bins, -1, -1):
        firsts[at] = first
        first, end = back[at, first, end], first


@njit(cache=True)
def number_bins(values, edges):
    """1 + how many edges are <= each value; 0 of NaN."""
    bins = np.empty(len(values), dtype=np.uint8)
    for row in range(len(values)):
        value = values[row]
        at = 1
        for edge in edges:
            at += value >= edge
        bins[row] = 0 if np.isnan(value) else at
    return bins


@njit(cache=True)
def set_bins(values, starts, wanted):
    """2 where a row has the value, 1 where it has others, 0 where it has none."""
    bins = np.zeros(len(starts) - 1, dtype=np.uint8)
    for row in range(len(bins)):
        for place in range(starts[row], starts[row + 1]):
            bins[row] = 2 if values[place] == wanted else max(bins[row], 1)
    return bins


@njit(cache=True)
def count(codes, label, fold, weights, counts):
    """Add the weight of each row to its fold, column, cell and label."""
    for column in range(codes.shape[0]):
        for row in range(codes.shape[1]):
            counts[fold[row], column, codes[column, row], label[row]] += weights[row]
