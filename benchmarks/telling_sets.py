"""Which sets are worth telling: ours against rankings by one figure, on customers whose sets are known."""

import importlib.util
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd

from benchmarks.measuring import Row
from benchmarks.populations import Progress
from tests.tools.mining.factor_planted import factor_planted, rule_planted
from tests.tools.mining.planted import Planted, planted
from tools.mining.lift import LiftQuery, lift_report
from tools.mining.sets.itemsets import Sets, co_occurrence, frequent_sets

SEEDS = (201, 202)
TOP, LONGEST, SHARE = 20, 3, 0.02
HARD = {"customers": 8_000, "strength": (0.35, 0.55), "correlation": 1.5, "marks_each": 6, "shift": 0.5}
# From clear to hardly there: how far marks are shifted; which share of a rule's customers are anybody.
SHIFTS = (2.6, 2.2, 1.8, 1.4, 1.0)
NOISES = (0.0, 0.15, 0.3, 0.45, 0.6)

Codes = frozenset[int]


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Precision and recall of the first twenty told; then ours under rising noise. `people` is not used.

    The rankings see sets of two and three: all of four of the rules' customers take minutes to list.
    """
    kinds: dict[str, Callable[[int], Planted]] = {
        "mixtures": planted,
        "weak mixtures": lambda seed: planted(seed, **HARD),
        "overlapping factors": factor_planted,
        "rules": rule_planted,
    }
    kinds |= {
        f"overlapping factors, shift {x}": lambda seed, x=x: factor_planted(seed, shift=x) for x in SHIFTS
    }
    kinds |= {f"rules, noise {x}": lambda seed, x=x: rule_planted(seed, noise=x) for x in NOISES}
    for done, (kind, draw) in enumerate(kinds.items()):
        progress("kinds of customers", done, len(kinds))
        worlds = [draw(seed) for seed in SEEDS]
        if done < 4:
            yield from _compared(kind, worlds)
        yield _row("ours", kind, worlds, [partial(_ours, world) for world in worlds])
    progress("kinds of customers", len(kinds), len(kinds))


def _compared(kind: str, worlds: Sequence[Planted]) -> Iterator[Row]:
    """What one figure ranks first, what subgroup discovery tells, and how few sets closedness leaves out."""
    rankings = [_Ranked(world) for world in worlds]
    for name, told in PEERS.items():
        yield _row(name, kind, worlds, [partial(told, each) for each in rankings])
    if importlib.util.find_spec("pysubgroup"):
        yield _row(
            "pysubgroup (beam, WRAcc; single traits too)",
            kind,
            worlds,
            [partial(_subgroups, world) for world in worlds],
        )
    else:
        yield Row(work="pysubgroup", size=kind, ours_s=0, note="not installed: left out")
    closed = sum(int(each.closed.sum()) for each in rankings)
    every = sum(len(each.sets) for each in rankings)
    yield Row(work="closed sets", size=kind, ours_s=0, note=f"{closed} of {every} frequent ones")


def _row(
    name: str, kind: str, worlds: Sequence[Planted], tellings: Sequence[Callable[[], Sequence[Codes]]]
) -> Row:
    """Right is a set that is part of a planted one; found a planted one of which any part is told."""
    right, shown, found = 0, 0, 0
    spent = 0.0
    for world, tell in zip(worlds, tellings, strict=True):
        began = time.process_time()
        told = tell()
        spent += time.process_time() - began
        shown += len(told)
        right += sum(any(codes <= true for true in world.sets) for codes in told)
        found += sum(any(codes <= true for codes in told) for true in world.sets)
    precision = f"{right / shown:.2f}" if shown else "–"
    note = f"precision {precision}, {found / len(worlds):.1f} of 8 found"
    return Row(work=f"sets worth telling, {name}", size=kind, ours_s=spent / len(worlds), note=note)


def _ours(world: Planted) -> list[Codes]:
    """The first twenty pairs, and the first twenty longer sets."""
    report = lift_report(world.customers, world.people, world.traits, LiftQuery(draws=0))
    shown = [*report.top_intersections[:TOP], *report.multi_attribute_clusters[:TOP]]
    return [frozenset(int(trait.cluster_hash, 16) for trait in each.traits) for each in shown]


class _Ranked:
    """All frequent sets of two and three, with the figures that they may be ranked by."""

    def __init__(self, world: Planted) -> None:
        customers = world.customers
        counts = customers.counts()
        levels, _ = frequent_sets(
            customers, int(SHARE * customers.total), LONGEST, together=co_occurrence(customers)
        )
        self.sets = [frozenset(row) for level in levels for row in level.members.tolist()]
        self.support = np.concatenate([level.counts for level in levels]) / customers.total
        shares = counts / customers.total
        self.expected = np.concatenate([_products(level, shares) for level in levels])
        self.people = world.people.set_sizes([tuple(sorted(each)) for each in self.sets]) / len(
            world.everybody
        )
        self.maximal, self.closed = self._maximal_and_closed()

    def _maximal_and_closed(self) -> tuple[np.ndarray, np.ndarray]:
        """Which have no frequent superset of three traits, and which none of the same customers."""
        place = {members: i for i, members in enumerate(self.sets)}
        maximal, closed = (np.ones(len(self.sets), dtype=np.bool_) for _ in range(2))
        for i, members in enumerate(self.sets):
            for size in range(2, len(members)):
                for part in map(frozenset, combinations(members, size)):
                    maximal[place[part]] = False
                    closed[place[part]] &= self.support[place[part]] > self.support[i]
        return maximal, closed

    def first(self, figure: np.ndarray) -> list[Codes]:
        return [self.sets[i] for i in np.argsort(-figure, kind="stable")[:TOP]]


def _products(level: Sets, shares: np.ndarray) -> np.ndarray:
    return shares[level.members].prod(axis=1)


PEERS: dict[str, Callable[[_Ranked], Sequence[Codes]]] = {
    "by support": lambda ranked: ranked.first(ranked.support),
    "by lift": lambda ranked: ranked.first(ranked.support / ranked.expected),
    "by lift over the population": lambda ranked: ranked.first(ranked.support / ranked.people),
    "by leverage": lambda ranked: ranked.first(ranked.support - ranked.expected),
    "maximal, by lift": lambda ranked: ranked.first(ranked.support / ranked.expected * ranked.maximal),
}


def _subgroups(world: Planted) -> list[Codes]:
    """Its twenty best subgroups of the customers among as many people, single traits too."""
    import pysubgroup  # pyright: ignore[reportMissingImports]  # an optional peer

    rows = len(world.held)
    table = pd.DataFrame(np.vstack([world.held, world.everybody[:rows]]))
    table.columns = [str(code) for code in table.columns]
    table["customer"] = np.arange(len(table)) < rows
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        target = pysubgroup.BinaryTarget("customer", True)
        space = [pysubgroup.EqualitySelector(name, True) for name in table.columns[:-1]]
        quality = pysubgroup.WRAccQF()
        task = pysubgroup.SubgroupDiscoveryTask(
            table, target, space, result_set_size=TOP, depth=LONGEST, qf=quality
        )
        found = pysubgroup.BeamSearch(beam_width=TOP).execute(task)
    return [
        frozenset(int(part.attribute_name) for part in rule.selectors) for _, rule in found.to_descriptions()
    ]
