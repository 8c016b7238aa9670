"""By which traits can customers be told apart, leaving out what all people have in common?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
from tools.mining.sets.itemsets import co_occurrence
from tools.mining.sets.redundancy import log_excess

# A pair speaks for a division when its lift exceeds that among other people by this, at 3 standard errors.
EXCESS, EXCESS_ERRORS = 1.1, 3
# Two 0/1 attributes cannot tell kinds apart: their one correlation fits many mixtures (Goodman 1974).
FEWEST_FEATURES = 3


@dataclass(frozen=True)
class Features:
    """Traits to divide by: places in customers.codes, and shares of the population.

    own: the customers have them together more than other people; else they merely have them more often.
    """

    places: NDArray[np.intp]
    baseline: Floats
    own: bool


def telling_traits(
    customers: Membership, population: PopulationCounts, traits: Mapping[int, Trait], query: SegmentQuery
) -> Features:
    """Enriched traits that follow from no stronger one, and meet another more often than among other people.

    Enrichment alone would also take traits that go together in everybody, whose common factor then
    drowns the segments. Where fewer than three meet, all the enriched ones are given.
    """
    singles = Frequencies.of(
        customers.codes, customers.counts()[None], np.array([customers.total]), population
    )
    enriched = np.flatnonzero(
        singles.enriched(query.q, query.min_feature_lift)[0] & (singles.counts[0] >= query.min_size)
    )
    order = enriched[np.argsort(-singles.strength[0, enriched], kind="stable")][: query.max_features]
    chosen = customers.only(order)
    sizes, people = singles.sizes[order], singles.people
    together = co_occurrence(chosen)
    variables = variables_of(chosen.codes, traits)
    implied = implications(chosen, population, sizes, together)
    bound = dependent(variables, implied, np.diag(together))
    kept = np.array(without_implied(range(len(order)), bound & ~same_variable(variables)), dtype=np.intp)
    meeting = _meeting(chosen.only(kept), together[np.ix_(kept, kept)], sizes[kept], population, people)
    own = (meeting & ~bound[np.ix_(kept, kept)]).any(axis=1)
    enough = int(own.sum()) >= FEWEST_FEATURES
    places = order[kept[own]] if enough else order[kept]
    return Features(places, singles.baseline[places], enough)


def _meeting(
    customers: Membership, together: Ints, sizes: Ints, population: PopulationCounts, people: int
) -> NDArray[np.bool_]:
    """(m, m): pairs more often together than among other people; every pair is counted there."""
    first, second = np.triu_indices(len(sizes), 1)
    meeting = np.zeros(together.shape, dtype=np.bool_)
    if len(first) == 0:
        return meeting
    pairs = np.column_stack([customers.codes[first], customers.codes[second]])
    both = population.set_sizes([tuple(pair) for pair in pairs.tolist()])
    here, counts = together[first, second], np.diag(together)
    others, rest = np.maximum(both - here, 0), sizes - counts
    ratio, error = log_excess(
        here,
        counts[first],
        counts[second],
        customers.total,
        others=(others, rest[first], rest[second], people - customers.total),
    )
    meeting[first, second] = ratio - EXCESS_ERRORS * error > np.log(EXCESS)
    return meeting | meeting.T
