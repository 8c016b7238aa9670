"""Who is in a standing audience now?"""

import numpy as np
from pyroaring import BitMap

from store.population.population import Population
from store.population.shard import Shard
from tools.activation.plan import selection_of
from tools.audience.selection import Selection, selected
from tools.profiles.scoring.persons import ranker_named
from tools.scoring.learned import saved_fit
from tools.scoring.lookalike import Ranker
from tools.scoring.ranking import best_of
from tools.standing.people.definition import Definition
from tools.standing.people.fit_ranker import FitRanker
from tools.standing.people.now import NO_IDS, Now


def members(now: Now, definition: Definition) -> list[BitMap]:
    """Local numbers of its people, shard by shard. Raises NotFound where its criteria are gone.

    Where it has a size and nothing ranks, those whose ids have the lowest hashes are in it: the same ones
    however the others come and go.
    """
    population = now.population
    selection = selection_of(population, definition.expression, definition.location)
    selection = Selection(selection.expression, selection.location, left_out(now, definition))
    if definition.most is None:
        return population.ask(selected, selection)
    if definition.ranked_by is not None:
        return best_of(population, selection, _ranker(now, definition.ranked_by), definition.most).people
    return _lowest(population, population.ask(selected, selection), definition.most)


def left_out(now: Now, definition: Definition) -> np.ndarray:
    """Ids of the customers who may not be in it, sorted int64."""
    parts = [now.won] if definition.leave_out_won else []
    if definition.customers_left_out_of:
        parts.append(now.workspace.artifacts.people("customers", definition.customers_left_out_of))
    return np.unique(np.concatenate([NO_IDS, *parts]))


def _ranker(now: Now, name: str) -> Ranker:
    if name.startswith("fit_"):
        return FitRanker(now.population, saved_fit(now.workspace, name))
    return ranker_named(now.workspace, name)


def _lowest(population: Population, people: list[BitMap], most: int) -> list[BitMap]:
    if sum(map(len, people)) <= most:
        return people
    hashes = [
        _hashed(np.asarray(shard.person_ids[_numbers(mine)]))
        for shard, mine in zip(population.shards, people, strict=True)
    ]
    highest = np.partition(np.concatenate(hashes), most - 1)[most - 1]
    return [
        BitMap(_numbers(mine)[found <= highest].astype(np.uint32))
        for mine, found in zip(people, hashes, strict=True)
    ]


def _hashed(ids: np.ndarray) -> np.ndarray:
    """Each id as 64 well-mixed bits, uint64: the finisher of SplitMix64, which maps no two to the same."""
    mixed = ids.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def ids_of(population: Population, people: list[BitMap]) -> np.ndarray:
    """Their ids, sorted int64."""
    parts = [
        np.asarray(shard.person_ids[_numbers(mine)])
        for shard, mine in zip(population.shards, people, strict=True)
    ]
    return np.sort(np.concatenate([NO_IDS, *parts]))


def numbered(population: Population, ids: np.ndarray) -> list[BitMap]:
    """Local numbers of those of these ids whom the population may answer, shard by shard."""
    return population.ask(_numbered, ids)


def _numbered(shard: Shard, ids: np.ndarray) -> BitMap:
    return BitMap(shard.numbers_of(ids)[1].astype(np.uint32))


def _numbers(people: BitMap) -> np.ndarray:
    return np.asarray(people.to_array(), dtype=np.int64)
