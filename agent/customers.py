"""The customers of a run: who they are among the population, and what they have."""

from functools import cached_property

import numpy as np

from agent.found_customers import known
from agent.requests import AnalyzeQuery
from agent.state import AnalysisState, RunContext
from store.errors import NotFound
from store.population.population import Population
from store.population.shard import Shard
from tools.audience.expression import Expression, canonical, parse
from tools.audience.selection import Selection, bound
from tools.feedback.effects import ClusterLeftOut, Effect, ValueNotCounted
from tools.feedback.obeyed import obeyed_by, values_here, without_values
from tools.mining.rows.counting import BitmapCounts, affordable, membership
from tools.mining.rows.membership import Membership

MEASURABLE = 200  # customers from which half can be held out
MOST_HALVED = 200_000  # of more, so many are drawn: a half of them proves as much


def universe_of(population: Population, among: str | None) -> Selection:
    """The people who count as the population."""
    return Selection(expression_of(population, among) if among else None)


def expression_of(population: Population, text: str) -> Expression:
    """The expression over cluster codes, in canonical form."""
    return canonical(bound(parse(text), population.catalogue))


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
        self._lost_ids = context.workspace.artifacts.people("lost", state["customers_key"])
        # Somebody may have been erased since the customers were found.
        self.ids = known(self.population, ids)[0]
        self.universe = universe_of(self.population, self.query.among)
        self.obeyed: list[Effect] = []  # what of the feedback concerned this run
        self.effects = obeyed_by(context.workspace, state["run_id"])
        self._values = values_here(self.population, self.effects.values_not_counted)
        allowed = self._codes()
        self.codes = affordable(self.population, self.ids, allowed, self.query.max_memory_mb * 1_000_000)
        self.left_out = len(allowed) - len(self.codes)
        self.membership, had = self._believed(self.ids)
        self.obeyed += [ValueNotCounted(cluster_hash="")] * had
        self.counts = BitmapCounts(self.population, self.universe if self.universe.expression else None)

    @cached_property
    def lost(self) -> Membership | None:
        """Those who were lost, by the same clusters; None where nobody is known to be."""
        if not len(self._lost_ids):
            return None
        return self._believed(self._lost_ids)[0]

    def _believed(self, ids: np.ndarray) -> tuple[Membership, int]:
        """Which clusters these persons have, without what feedback says they do not; how often it did."""
        has = membership(self.population, ids, self.codes)
        if not self._values:
            return has, 0
        in_order = np.concatenate(self.population.ask(_ids_in_order, ids))
        return without_values(has, in_order, self._values)

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
        fixed |= {
            each.attribute
            for each in (self.query.outcome, self.query.lost and self.query.lost.outcome)
            if each
        }
        found = [c for c in codes.tolist() if catalogue[c].name not in fixed and catalogue[c].size]
        left_out = self.effects.clusters_left_out
        kept = [c for c in found if catalogue[c].cluster_hash not in left_out] if left_out else found
        self.obeyed += [ClusterLeftOut(cluster_hash="")] * (len(found) - len(kept))
        return np.array(kept, dtype=np.int32)

    def halves(self) -> tuple[np.ndarray, np.ndarray, bool]:
        """Rows to make something from, rows to measure it on, and whether these are different ones."""
        rows = np.arange(len(self.ids))
        if len(rows) < MEASURABLE:
            return rows, rows, False
        mixed = np.random.default_rng(self.query.seed).permutation(rows)[:MOST_HALVED]
        half = len(mixed) // 2
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
