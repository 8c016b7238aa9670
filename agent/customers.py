"""The customers of a run: who they are among the population, and what they have."""

from typing import Any

import numpy as np
from pyroaring import BitMap

from agent.requests import AnalyzeQuery
from agent.state import AnalysisState, RunContext
from store.errors import NotFound, TooFewCustomers
from store.population.population import Population
from store.population.shard import Shard
from tools.audience.expression import Expression, canonical, parse
from tools.audience.selection import Selection, bound, selected
from tools.identity.diagnosis import diagnose
from tools.identity.matching import Matches, match, persons_of
from tools.mining.rows.counting import BitmapCounts, membership

MEASURABLE = 200  # customers from which half can be held out


def universe_of(population: Population, among: str | None) -> Selection:
    """The people who count as the population."""
    return Selection(expression_of(population, among) if among else None)


def expression_of(population: Population, text: str) -> Expression:
    """The expression over cluster codes, in canonical form."""
    return canonical(bound(parse(text), population.catalogue))


def find_customers(
    population: Population, query: AnalyzeQuery, universe: Selection
) -> tuple[np.ndarray, dict[str, Any]]:
    """Person ids of the customers, sorted int64, and how many were matched on the way."""
    if query.outcome is not None:
        return _with_outcome(population, query, universe)
    if query.person_ids is not None:
        ids, stats = _known(population, np.unique(np.array(query.person_ids, dtype=np.int64)))
    else:
        ids, stats = _resolved(population, query)
    inside = np.sort(np.concatenate(population.ask(_among, ids, universe)))
    return inside, stats | {"outside": len(ids) - len(inside), "analysed": len(inside)}


def _with_outcome(
    population: Population, query: AnalyzeQuery, universe: Selection
) -> tuple[np.ndarray, dict[str, Any]]:
    assert query.outcome is not None
    cluster = population.catalogue.valued(query.outcome.attribute, query.outcome.value)
    if cluster is None:
        values = [found.value for found in population.catalogue.named(query.outcome.attribute)]
        raise NotFound(
            f"No outcome `{query.outcome.attribute}` = `{query.outcome.value}`",
            where="outcome",
            instead=f"Its values are {', '.join(values[:10])}."
            if values
            else "`list_clusters` gives the attributes.",
        )
    ids = np.sort(np.concatenate(population.ask(_holders, cluster.code, universe)))
    stats = {
        "source": "outcome",
        "requested": len(ids),
        "matched": len(ids),
        "resolved": len(ids),
        "rate": 1.0,
        "below_quality": 0,
        "outside": 0,
        "analysed": len(ids),
    }
    return ids, stats


def _known(population: Population, ids: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
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


def _resolved(population: Population, query: AnalyzeQuery) -> tuple[np.ndarray, dict[str, Any]]:
    groups = query.groups()
    matches, problems = match(population, groups)
    persons = persons_of(matches)
    good = persons.quality >= query.min_quality
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


class Customers:
    """What the steps after resolution share: made once a process, and again after a restart."""

    def __init__(self, state: AnalysisState, context: RunContext) -> None:
        self.query = AnalyzeQuery.model_validate(state["settings"])
        self.population = context.workspace.population
        if self.population.snapshot_id != state["snapshot_id"]:
            raise NotFound(
                "The snapshot that this analysis began with is no longer in use",
                where="snapshot_id",
                instead="Begin again, or put it back in use: `fieldmark snapshots --use`.",
            )
        ids = context.workspace.artifacts.people("customers", state["customers_key"])
        # Somebody may have been erased since the customers were found.
        self.ids = _known(self.population, ids)[0]
        self.universe = universe_of(self.population, self.query.among)
        self.codes = self._codes()
        self.membership = membership(self.population, self.ids, self.codes)
        self.counts = BitmapCounts(self.population, self.universe if self.universe.expression else None)

    def _codes(self) -> np.ndarray:
        """Clusters that may be traits: not the outcome, nor what everybody compared has in common."""
        catalogue = self.population.catalogue
        domains = frozenset(self.query.domains) if self.query.domains else None
        codes = catalogue.minable(domains, sensitive=self.query.include_sensitive)
        fixed = (
            {catalogue[int(code)].name for code in self.universe.expression.terms()}
            if self.universe.expression
            else set()
        )
        if self.query.outcome:
            fixed.add(self.query.outcome.attribute)
        return np.array(
            [c for c in codes.tolist() if catalogue[c].name not in fixed and catalogue[c].size],
            dtype=np.int32,
        )

    def halves(self) -> tuple[np.ndarray, np.ndarray, bool]:
        """Rows to make something from, rows to measure it on, and whether these are different ones."""
        rows = np.arange(len(self.ids))
        if len(rows) < MEASURABLE:
            return rows, rows, False
        mixed = np.random.default_rng(self.query.seed).permutation(rows)
        half = len(rows) // 2
        return np.sort(mixed[:half]), np.sort(mixed[half:]), True


def customers_of(state: AnalysisState, context: RunContext) -> Customers:
    """The customers of this run, kept between its steps."""
    if "customers" not in context.held:
        context.held["customers"] = Customers(state, context)
    return context.held["customers"]


def rows_to_ids(customers: Customers, rows: np.ndarray) -> np.ndarray:
    """Person ids of rows of the membership, which stand in the order of shards and local numbers."""
    return np.concatenate(customers.population.ask(_ids_in_order, customers.ids))[rows]


def _ids_in_order(shard: Shard, ids: np.ndarray) -> np.ndarray:
    return np.asarray(shard.person_ids[np.sort(shard.numbers_of(ids)[1])])
