"""How sure is a told set, when so many could have been told?"""

from collections.abc import Callable

import numpy as np

from tools.mining.evidence.statistics import Floats, Ints


def possible_sets(variables: Ints, max_length: int) -> dict[int, int]:
    """By length, 2 to max_length: how many sets can be formed of traits of different variables.

    The elementary symmetric polynomials of the variables' numbers of traits. Lengths that cannot be
    formed are left out.
    """
    ways = [1] + [0] * max_length
    for values in np.unique(variables, return_counts=True)[1].tolist():
        for length in range(max_length, 0, -1):
            ways[length] += ways[length - 1] * values
    return {length: ways[length] for length in range(2, max_length + 1) if ways[length]}


def log_layered(log_p: Floats, length: int, possible: dict[int, int]) -> Floats:
    """log p times the possible sets of this length times the lengths: (S,), what a set counts among all.

    Each length gets the same part of what may be false (Webb 2008, layered critical values), else the
    thousand times more numerous longer sets would take the pairs' part. The sets that the search
    passed over, for whatever reason, count as tested with p = 1: only so does choosing by the same
    customers what to look at cost nothing but power. Counting the tested alone would not do.
    """
    return log_p + np.log(possible.get(length, 1)) + np.log(max(len(possible), 1))


def focused(log_layered_p: Floats, q: float, limit: int, tell: Callable[[Ints], list[int]]) -> list[int]:
    """Places of the sets told, of which at most a share q is expected to be false.

    tell: from the places of the admissible sets those that are told of them, `limit` at most; it is greedy,
    so leaving out what it did not tell changes nothing. Benjamini and Hochberg's bound holds for all
    that is admitted, and not for a selection of it: a true set comes with a thousand variants of
    itself, which are then told as one, and a false one comes alone. So what is told is counted, not
    what is admitted: admissible are p-values up to q * told / possible (Focused BH: Katsevich, Sabatti,
    Bogomolov 2023), which lies between Benjamini-Hochberg and Bonferroni.
    """
    bound = limit
    while bound:
        admitted = np.flatnonzero(log_layered_p <= np.log(q) + np.log(bound))
        told = tell(admitted)
        bound = len(told)
        if np.all(log_layered_p[told] <= np.log(q) + np.log(max(bound, 1))):
            return told
    return []
