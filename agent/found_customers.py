"""Who among the population are the customers that were given, and who were lost?"""

from typing import Any

import numpy as np
from pyroaring import BitMap

from agent.requests import AnalyzeQuery, LostSet, Outcome, OutcomeSet
from store.errors import NotFound, TooFewCustomers
from store.outcomes.ledger import ledger_of
from store.outcomes.persons import decided_persons
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.audience.selection import Selection, selected
from tools.identity.corrections.overlay import Corrected
from tools.identity.diagnosis import diagnose
from tools.identity.matching import Group, Matches, match, persons_of
from tools.identity.resolve_identities import ResolveQuery

AGAINST: dict[Outcome, Outcome] = {"won": "lost", "expanded": "churned", "churned": "expanded"}
MOST_LOST = 200_000  # lost people read; more say nothing more


def find_customers(
    population: Population, query: AnalyzeQuery, universe: Selection, corrected: Corrected | None = None
) -> tuple[np.ndarray, dict[str, Any]]:
    """Person ids of the customers, sorted int64, and how many were matched on the way.

    corrected: two ids that are one person count as one customer.
    """
    if query.outcome is not None:
        ids = with_outcome(population, query.outcome, universe)
        ids = _one_each(population, ids, universe, corrected)
        return ids, _all_found(ids)
    if query.person_ids is not None:
        ids, stats = known(population, np.unique(np.array(query.person_ids, dtype=np.int64)))
        if corrected is not None:
            ids = np.unique(corrected.one_each(ids))
            stats |= {"resolved": len(ids), "rate": round(len(ids) / max(1, stats["requested"]), 2)}
    else:
        ids, stats = _resolved(population, query.groups(), query.min_quality, corrected)
    inside = np.sort(np.concatenate(population.ask(_among, ids, universe)))
    return inside, stats | {"outside": len(ids) - len(inside), "analysed": len(inside)}


def with_recorded(workspace: Workspace, query: AnalyzeQuery) -> AnalyzeQuery:
    """The request with the people whose outcomes were recorded, by their ids, in the place of the outcome.

    Raises NotFound where none were recorded, BadInput where they are of accounts.
    """
    if query.recorded is None:
        return query
    outcomes = ledger_of(workspace.warehouse).read(workspace.now(), unit="person")
    lost = query.lost
    if lost is None and query.recorded in AGAINST:
        against = decided_persons(outcomes, [AGAINST[query.recorded]])
        lost = LostSet(person_ids=against.tolist()) if len(against) else None
    mine = decided_persons(outcomes, [query.recorded])
    return query.model_copy(update={"recorded": None, "person_ids": mine.tolist(), "lost": lost})


def _one_each(
    population: Population, ids: np.ndarray, universe: Selection, corrected: Corrected | None
) -> np.ndarray:
    """Everybody once, under the id that was kept of theirs, if that one is among those compared with."""
    if corrected is None:
        return ids
    return np.sort(np.concatenate(population.ask(_among, np.unique(corrected.one_each(ids)), universe)))


def find_lost(
    population: Population,
    query: AnalyzeQuery,
    universe: Selection,
    customers: np.ndarray,
    corrected: Corrected | None = None,
) -> np.ndarray:
    """Person ids of those who were lost, sorted int64, without the customers.

    Where nothing says who they are: those with another value of the outcome; nobody without one. Of more
    than MOST_LOST so many, drawn by the seed.
    """
    lost = _lost(population, query, universe, corrected)
    ids = np.setdiff1d(_one_each(population, lost, universe, corrected), customers)
    if len(ids) > MOST_LOST:
        ids = np.sort(np.random.default_rng(query.seed).choice(ids, MOST_LOST, replace=False))
    return ids


def _lost(
    population: Population, query: AnalyzeQuery, universe: Selection, corrected: Corrected | None
) -> np.ndarray:
    lost = query.lost
    if lost is None:
        return _with_other_outcome(population, query.outcome, universe)
    if lost.outcome is not None:
        return with_outcome(population, lost.outcome, universe, where="lost.outcome")
    if lost.person_ids is not None:
        ids = np.unique(np.array(lost.person_ids, dtype=np.int64))
    else:
        groups = ResolveQuery(multi_identifiers=lost.multi_identifiers).groups()
        ids, _ = _resolved(population, groups, query.min_quality, corrected)
    return np.sort(np.concatenate(population.ask(_among, ids, universe)))


def _with_other_outcome(
    population: Population, outcome: OutcomeSet | None, universe: Selection
) -> np.ndarray:
    """People with a recorded value of the attribute that is not this one; who has none is not lost."""
    others = population.catalogue.named(outcome.attribute) if outcome else []
    ids = [
        found
        for cluster in others
        if outcome and cluster.value != outcome.value
        for found in population.ask(_holders, cluster.code, universe)
    ]
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *ids]))


def with_outcome(
    population: Population, outcome: OutcomeSet, universe: Selection, where: str = "outcome"
) -> np.ndarray:
    """Person ids of those with the outcome, sorted int64. Raises NotFound with the values that there are."""
    cluster = population.catalogue.valued(outcome.attribute, outcome.value)
    if cluster is None:
        values = [found.value for found in population.catalogue.named(outcome.attribute)]
        raise NotFound(
            f"No outcome `{outcome.attribute}` = `{outcome.value}`",
            where=where,
            instead=f"Its values are {', '.join(values[:10])}."
            if values
            else "`list_clusters` gives the attributes.",
        )
    return np.sort(np.concatenate(population.ask(_holders, cluster.code, universe)))


def _all_found(ids: np.ndarray) -> dict[str, Any]:
    counts = dict.fromkeys(("requested", "matched", "resolved", "analysed"), len(ids))
    return {"source": "outcome", "rate": 1.0, "below_quality": 0, "outside": 0} | counts


def known(population: Population, ids: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """Those of the ids who are people of the population, sorted, and how many they are."""
    found = np.sort(np.concatenate([ids[at] for at in population.ask(_indices, ids)]))
    stats = {
        "source": "person_ids",
        "requested": len(ids),
        "matched": len(found),
        "resolved": len(found),
        "rate": round(len(found) / max(1, len(ids)), 2),
        "below_quality": 0,
    }
    return found, stats


def _resolved(
    population: Population, groups: list[Group], min_quality: float, corrected: Corrected | None
) -> tuple[np.ndarray, dict[str, Any]]:
    matches, problems = match(population, groups, corrected)
    persons = persons_of(matches)
    good = persons.quality >= min_quality
    found = zip(persons.shard[good], persons.number[good], strict=True)
    ids = np.array([population.shards[shard].person_ids[number] for shard, number in found], dtype=np.int64)
    requested = sum(len(group.values) for group in groups)
    return ids, {
        "source": "identifiers",
        "requested": requested,
        "matched": _given(matches),
        "resolved": len(good),
        "rate": round(len(good) / requested, 2),
        "below_quality": int((~good).sum()),
        "diagnosis": [p.model_dump() for p in diagnose(problems)],
    }


def _given(matches: Matches) -> int:
    """How many of the values given led to anybody."""
    return len(np.unique(np.column_stack((matches.group, matches.given)), axis=0))


def too_few(stats: dict[str, Any], floor: int) -> TooFewCustomers:
    """The refusal of so few customers, with the reasons why no more were matched."""
    reasons = "; ".join(
        f"{p['count']:,} {p['id_type']}: {p['explanation']}" for p in stats.get("diagnosis", [])[:3]
    )
    return TooFewCustomers(
        f"{stats['analysed']:,} customers were matched; {floor:,} is the fewest "
        f"from which anything is said" + (f" ({reasons})" if reasons else ""),
        where=f"{stats['requested']:,} given, {stats['resolved']:,} resolved",
        instead="Send more customers.",
    )


def _indices(shard: Shard, ids: np.ndarray) -> np.ndarray:
    return shard.numbers_of(ids)[0]


def _holders(shard: Shard, code: int, universe: Selection) -> np.ndarray:
    people = selected(shard, universe) & shard.bitmaps[code]
    return np.asarray(shard.person_ids[np.asarray(people.to_array(), dtype=np.int64)])


def _among(shard: Shard, ids: np.ndarray, universe: Selection) -> np.ndarray:
    numbers = shard.numbers_of(ids)[1]
    if universe.expression is not None:
        people = BitMap(numbers.astype(np.uint32)) & selected(shard, universe)
        numbers = np.asarray(people.to_array(), dtype=np.int64)
    return np.asarray(shard.person_ids[numbers])
