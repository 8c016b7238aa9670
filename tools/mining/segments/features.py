"""By which traits can customers be told apart, leaving out what all people have in common?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.special import ndtri

from tools.mining.evidence.coverage import Coverage
from tools.mining.evidence.frequencies import Frequencies
from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.evidence.variables import (
    dependent,
    implications,
    same_variable,
    variables_of,
    without_implied,
)
from tools.mining.findings import Trait
from tools.mining.queries import SegmentQuery
from tools.mining.rows.membership import Membership
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.segments.scores import MOST_COMMON
from tools.mining.sets.itemsets import co_occurrence
from tools.mining.sets.redundancy import log_excess

# A pair speaks for a division when its lift exceeds that among other people by this, beyond chance:
# with this probability one of all the pairs tested does so falsely (Bonferroni).
EXCESS, FALSE_PAIR = 1.04, 0.05
# A trait that meets or avoids another so much more than among other people cannot stand for what all share.
MUCH = 1.5
# Two 0/1 attributes cannot tell kinds apart: their one correlation fits many mixtures (Goodman 1974).
FEWEST_FEATURES = 3
# Shares among other people are drawn to those of the population by so many.
PRIOR_PEOPLE = 30.0
# Fewer traits that meet one another and nothing else are a set (told elsewhere), not a kind of customer.
FEWEST_OF_A_KIND = 5


@dataclass(frozen=True)
class Features:
    """Traits to divide by: places in customers.codes.

    places: the customers have them together more than other people (own), or at least more often.
    candidates: all enriched traits that follow from no stronger one. common: balanced traits that
    bear on no division and tell what the customers share with everybody. baseline: shares of the
    population by place in customers.codes.
    """

    places: NDArray[np.intp]
    candidates: NDArray[np.intp]
    common: NDArray[np.intp]
    baseline: Floats
    own: bool


def telling_traits(
    customers: Membership, population: PopulationCounts, traits: Mapping[int, Trait], query: SegmentQuery
) -> Features:
    """Enriched traits that follow from no stronger one, and meet others more often than among other people.

    Enrichment alone would also take traits that go together in everybody, whose common factor then
    drowns the segments. Small sets that meet nothing else are left out where larger ones are found;
    where fewer than three traits meet, all the enriched ones are given.
    """
    singles = Frequencies.of(
        customers.codes, customers.counts()[None], np.array([customers.total]), population
    )
    counts, of_all = singles.counts[0], variables_of(customers.codes, traits)
    coverage = Coverage.of(customers, of_all, singles.sizes, singles.people)
    known = coverage.enriched(counts, singles.sizes, query.min_feature_lift, query.q)
    enriched = np.flatnonzero(
        singles.enriched(query.q, query.min_feature_lift)[0] & known & (counts >= query.min_size)
    )
    order = enriched[np.argsort(-singles.strength[0, enriched], kind="stable")][: query.max_features]
    chosen = customers.only(order)
    sizes, people = singles.sizes[order], singles.people
    together = co_occurrence(chosen)
    variables = variables_of(chosen.codes, traits)
    implied = implications(chosen, population, sizes, together)
    bound = dependent(variables, implied, np.diag(together))
    kept = np.array(without_implied(range(len(order)), bound & ~same_variable(variables)), dtype=np.intp)
    free = ~bound[np.ix_(kept, kept)]
    excess, error = _excess(chosen.only(kept), together[np.ix_(kept, kept)], sizes[kept], population, people)
    one, every = max(len(kept) - 1, 1), max(len(kept) * (len(kept) - 1) // 2, 1)
    meeting = _beyond(excess, error, every, EXCESS) & free
    # Of each trait's own pairs alone: those that may bear on the division tell nothing about what all share.
    bearing = _beyond(np.abs(excess), error, one, MUCH) & free
    own = _of_kinds(meeting)
    enough = int(own.sum()) >= FEWEST_FEATURES
    candidates = order[kept]
    unfit = np.concatenate([np.delete(order, kept), candidates[(meeting | bearing).any(axis=1)]])
    common = _balanced(singles, np.setdiff1d(np.arange(len(customers.codes)), unfit), query.min_size)
    places = candidates[own] if enough else candidates
    return Features(places, candidates, common if enough else common[:0], _among_others(singles), enough)


def _among_others(singles: Frequencies) -> Floats:
    """Shares among the people who are no customers; of all people, as far as there are no others."""
    others = singles.people - int(singles.totals[0])
    return (singles.sizes - singles.counts[0] + PRIOR_PEOPLE * singles.baseline) / (others + PRIOR_PEOPLE)


def _of_kinds(meeting: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those that meet others, directly or not, in groups of five and more; in any, where there are none."""
    if len(meeting) == 0:
        return np.zeros(0, dtype=np.bool_)
    group = connected_components(meeting, directed=False)[1]
    large = np.bincount(group)[group] >= FEWEST_OF_A_KIND
    return large if large.any() else np.asarray(meeting.any(axis=1))


def _balanced(singles: Frequencies, places: NDArray[np.intp], floor: int) -> NDArray[np.intp]:
    """The places nearest to a half of the customers, in their order."""
    counts, total = singles.counts[0][places], int(singles.totals[0])
    varied = (counts >= floor) & (counts <= total - floor)
    balance = np.where(varied, np.abs(counts - total / 2), np.inf)
    first = np.argsort(balance, kind="stable")[:MOST_COMMON]
    return np.sort(places[first[np.isfinite(balance[first])]])


def _beyond(excess: Floats, error: Floats, tests: int, least: float) -> NDArray[np.bool_]:
    return excess + ndtri(FALSE_PAIR / tests) * error > np.log(least)


def _excess(
    customers: Membership, together: Ints, sizes: Ints, population: PopulationCounts, people: int
) -> tuple[Floats, Floats]:
    """(m, m): log of each pair's lift / its lift among other people, counted there; standard errors."""
    first, second = np.triu_indices(len(sizes), 1)
    excess, error = np.zeros(together.shape), np.ones(together.shape)
    if len(first) == 0:
        return excess, error
    pairs = np.column_stack([customers.codes[first], customers.codes[second]])
    both = population.set_sizes([tuple(pair) for pair in pairs.tolist()])
    here, counts = together[first, second], np.diag(together)
    others, rest = np.maximum(both - here, 0), sizes - counts
    ratio, spread = log_excess(
        here,
        counts[first],
        counts[second],
        customers.total,
        others=(others, rest[first], rest[second], people - customers.total),
    )
    excess[first, second] = excess[second, first] = ratio
    error[first, second] = error[second, first] = spread
    return excess, error
