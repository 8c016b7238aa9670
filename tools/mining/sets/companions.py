"""What do the customers of a told set have besides, more than other people with that set do?"""

from collections.abc import Sequence

import numpy as np

from tools.mining.evidence.statistics import Ints
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.sets.ground import Ground
from tools.mining.sets.intersections import ProvenSet
from tools.mining.sets.redundancy import PSEUDO_PERSONS

# Shared by half of the set's customers, and twice as frequent there as among people.
SHARE = 0.5
LIFT = 2.0
# And that many times as frequent as among the other people who have the set.
ADDED = 1.25


def companions(ground: Ground, sets: Sequence[ProvenSet], population: PopulationCounts) -> list[Ints]:
    """For each set, places of the traits that most of its customers have besides, most enriched first.

    A trait that the set brings along among all people (golfers live near golf courses) is none: its
    share among other people with the set, shrunk by 30 pseudo-persons to its share of all of them, has
    to be clearly smaller. One batch of counts in the population.
    """
    suspected = [_shared(ground, each) for each in sets]
    codes = ground.customers.codes
    pairs = [(number, place) for number, places in enumerate(suspected) for place in places.tolist()]
    asked = [tuple(np.sort(codes[[*sets[number].members, place]]).tolist()) for number, place in pairs]
    people = dict(zip(pairs, population.set_sizes(asked).tolist(), strict=True)) if asked else {}
    baseline, usual_share = ground.sizes / ground.people, ground.usual_share()
    told = []
    for number, (each, places) in enumerate(zip(sets, suspected, strict=True)):
        having = ground.customers.counts(within=ground.customers.cover(each.members))[places]
        both = np.array([people[number, place] for place in places.tolist()], dtype=np.int64) - having
        others = max(each.people - each.customers, 0)
        usual = (np.maximum(both, 0) + PSEUDO_PERSONS * usual_share[places]) / (others + PSEUDO_PERSONS)
        share = having / each.customers
        kept = np.flatnonzero(share >= ADDED * usual)
        told.append(places[kept[np.argsort(-(share / baseline[places])[kept], kind="stable")]])
    return told


def _shared(ground: Ground, proven: ProvenSet) -> Ints:
    cover = ground.customers.cover(proven.members)
    share = ground.customers.counts(within=cover) / proven.customers
    shared = (share >= SHARE) & (share >= LIFT * ground.sizes / ground.people)
    shared[proven.members] = False
    return np.flatnonzero(shared)
