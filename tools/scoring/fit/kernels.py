"""Compiled loops over scored rows; imported where they are called, since loading them takes a second."""

import numpy as np
from numba import njit


@njit(cache=True)
def add(codes, said, weights, total, known):
    """Add to each row the evidence of its bins, and the weight of those that are known."""
    for at in range(codes.shape[0]):
        for row in range(codes.shape[1]):
            place = codes[at, row]
            total[row] += said[at, place]
            known[row] += weights[at] if place else 0.0


@njit(cache=True)
def spread(codes, resampled, places, scores):
    """Standard deviation of score / 100 over the resampled scorecards, of each row."""
    count = resampled.shape[2]
    found = np.empty(codes.shape[1])
    sums = np.empty(count)
    for row in range(codes.shape[1]):
        sums[:] = 0.0
        for at in range(codes.shape[0]):
            for draw in range(count):
                sums[draw] += resampled[at, codes[at, row], draw]
        first, second = 0.0, 0.0
        for draw in range(count):
            score = _line(sums[draw], places, scores)
            first += score
            second += score * score
        variance = second / count - (first / count) ** 2
        found[row] = np.sqrt(max(variance, 0.0)) / 100
    return found


@njit(cache=True)
def _line(value, places, scores):
    if value <= places[0]:
        return scores[0]
    for at in range(1, len(places)):
        if value <= places[at]:
            share = (value - places[at - 1]) / (places[at] - places[at - 1])
            return scores[at - 1] + share * (scores[at] - scores[at - 1])
    return scores[-1]


@njit(cache=True)
def strongest(codes, said, least, most_for, most_against, bits):
    """For each row the three criteria and bins of most evidence, and the two of least, ten bits each."""
    keys = np.zeros(codes.shape[1], dtype=np.int64)
    top, low = np.empty(most_for), np.empty(most_against)
    top_at, low_at = np.empty(most_for, dtype=np.int64), np.empty(most_against, dtype=np.int64)
    for row in range(codes.shape[1]):
        top[:], low[:], top_at[:], low_at[:] = least, least, 0, 0
        for at in range(codes.shape[0]):
            value = said[at, codes[at, row]]
            token = at * 16 + codes[at, row] + 1
            if value >= least:
                _place(value, token, top, top_at)
            elif value <= -least:
                _place(-value, token, low, low_at)
        key = 0
        for token in top_at:
            key = (key << bits) | token
        for token in low_at:
            key = (key << bits) | token
        keys[row] = key
    return keys


@njit(cache=True)
def _place(value, token, values, tokens):
    """Insert among the strongest so far, which fall; of equal ones the first stays ahead."""
    at = len(values)
    while at > 0 and (tokens[at - 1] == 0 or values[at - 1] < value):
        at -= 1
    for later in range(len(values) - 1, at, -1):
        values[later], tokens[later] = values[later - 1], tokens[later - 1]
    if at < len(values):
        values[at], tokens[at] = value, token
