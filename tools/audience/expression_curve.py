"""Which expressions lead from the surest audience to the widest, and what does each step cost?"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np
from pydantic import Field

from store.population.population import Population
from tools.audience.joint_counts import MOST_TRAITS, Chosen, Conjunction, JointCounts, having_all
from tools.audience.measured import MeasuredExpression, Reached, code_of, scaled, worded
from tools.audience.selection import Selection
from tools.mining.evidence.statistics import Floats, Ints, wilson_interval
from tools.mining.findings import Estimate, LiftReport
from tools.mining.rows.membership import Membership

StrategyName = Literal["precision", "hybrid", "reach"]
STRONGEST = 10  # traits that are combined whether or not mining found them together
LONGEST, LONGEST_FIRST = 3, 4  # traits of a combination that is tried; the first one may be narrower
FEWEST_SHARE, FEWEST = 0.02, 5  # of the customers, and customers, that each step adds at least
GROWTH = 0.05  # of the customers covered so far, that each step adds at least
LEAST_LIFT = 1.05  # of the widest point, among the customers it is made from
MOST_POINTS = 15
PRECISION_SHARE = 0.05  # of the customers, that precision covers where a point does
HYBRID_SHARE = 0.5  # of the customers, that hybrid covers at most
REACH_SHARE, REACH_LIFT = 0.85, 1.15


class CurvePoint(MeasuredExpression):
    """One audience of the curve; each holds all people of the points before it."""

    point: int = Field(ge=1, description="1 is the surest, the last the widest.")
    strategies: list[StrategyName] = Field(
        default_factory=list, description="Whether it is the precision, the hybrid or the reach audience."
    )
    customers_per_1000: Estimate = Field(
        description="Customers expected among 1,000 of its people, if those given are all there are: "
        "1000 * lift * customers / population."
    )


@dataclass(frozen=True)
class Step:
    """A point as it is made: what it covers of the customers it is made from, before it is measured."""

    alternatives: tuple[Conjunction, ...]
    held: Chosen
    recall: float
    share: float

    @property
    def lift(self) -> float:
        """Among the customers it is made from."""
        return self.recall / self.share


def expression_curve(
    population: Population,
    report: LiftReport,
    made_from: Membership,
    measured_on: Membership,
    customers: np.ndarray,
    universe: Selection,
    *,
    held_out: bool,
) -> list[CurvePoint]:
    """Nested expressions from the surest to the widest; none where nothing sets the customers apart.

    report was mined from made_from, and all points are fixed on it before any is measured on measured_on:
    none is chosen by how it did there, so its interval holds for it. (For the best of all points
    together it would not.) customers: person ids, sorted. universe: who counts as the population.
    """
    codes = _traits(report)
    if not codes or not made_from.total or not measured_on.total:
        return []
    joint = JointCounts.of(population, codes, universe, customers)
    steps = _undominated(_steps(joint, joint.customers(made_from), made_from.total, report))
    names = _named(steps)
    kept = _thinned(steps, [*names.values()])
    hits = joint.customers(measured_on)
    points = []
    for number, at in enumerate(kept, start=1):
        held = steps[at].held
        reached = Reached(
            people=int(joint.people[held].sum()),
            fresh=int(joint.fresh[held].sum()),
            everyone=joint.total,
            hits=int(hits[held].sum()),
            measured=measured_on.total,
            held_out=held_out,
        )
        words = worded([joint.codes_of(each) for each in steps[at].alternatives], population.catalogue)
        called: list[StrategyName] = [name for name, place in names.items() if place == at]
        points.append(_point(number, called, words, reached, len(customers)))
    return points


def _point(
    number: int, called: list[StrategyName], words: dict[str, Any], reached: Reached, customers: int
) -> CurvePoint:
    figures = reached.figures()
    return CurvePoint(
        point=number,
        strategies=called,
        customers_per_1000=scaled(figures["lift"], 1000 * customers / max(1, reached.everyone)),
        **words,
        **figures,
    )


def _traits(report: LiftReport) -> list[int]:
    """Codes of the strongest traits, then those of the sets and field marks that still fit in whole."""
    chosen = dict.fromkeys(code_of(one.trait) for one in report.top_attributes[:STRONGEST])
    for found in (*report.multi_attribute_clusters, *report.field_marks, *report.top_intersections):
        missing = [code for trait in found.traits if (code := code_of(trait)) not in chosen]
        if len(chosen) + len(missing) <= MOST_TRAITS:
            chosen.update(dict.fromkeys(missing))
    rest = dict.fromkeys(code_of(one.trait) for one in report.top_attributes[STRONGEST:])
    return [*chosen, *(code for code in rest if code not in chosen)][:MOST_TRAITS]


def _candidates(joint: JointCounts, report: LiftReport) -> tuple[Ints, Ints]:
    """Conjunctions for the first point, and for the others; the sets that mining found among them."""
    known = set(joint.codes)
    found = [
        joint.bits(codes)
        for each in (*report.multi_attribute_clusters, *report.field_marks)
        if (codes := [code_of(trait) for trait in each.traits]) and known.issuperset(codes)
    ]
    bits = [1 << at for at in range(len(joint.codes))]
    combined = [sum(some) for length in range(1, LONGEST_FIRST + 1) for some in combinations(bits, length)]
    first = np.unique(np.array([*combined, *found], dtype=np.int64))
    return first, first[(np.bitwise_count(first) <= LONGEST) | np.isin(first, found)]


def _steps(joint: JointCounts, customers: Ints, total: int, report: LiftReport) -> list[Step]:
    """Greedily: each adds the alternative that is surest to be frequent among those not yet reached.

    customers: of each combination, `total` in all. A step has to be denser in customers than those it
    leaves, and the whole still denser than the population.
    """
    candidates, others = _candidates(joint, report)
    held, chosen, steps = np.zeros(len(customers), dtype=np.bool_), (), []
    while True:
        added = having_all(np.where(held, 0, customers))
        people = having_all(np.where(held, 0, joint.people))
        covered, reached = int(total - added[0]), int(joint.total - people[0])
        added, people = added[candidates], people[candidates]
        surest = _lift(wilson_interval(added, total)[0], people / joint.total)
        enough = added >= max(FEWEST, FEWEST_SHARE * total, GROWTH * covered)
        denser = added * (joint.total - reached) > people * (total - covered)
        apart = _lift((covered + added) / total, (reached + people) / joint.total) >= LEAST_LIFT
        able = enough & denser & apart
        if not able.any():
            return steps
        best = int(candidates[np.argmax(np.where(able, surest, -1.0))])
        chosen = (*(each for each in chosen if each & best != best), best)
        held = held | joint.holding([best])
        steps.append(
            Step(chosen, held, customers[held].sum() / total, joint.people[held].sum() / joint.total)
        )
        candidates = others


def _lift(recall: Floats, share: Floats) -> Floats:
    return recall / np.maximum(share, 1e-12)


def _undominated(steps: Sequence[Step]) -> list[Step]:
    """Without those whose lift is not above that of a wider one."""
    kept: list[Step] = []
    for step in reversed(steps):
        if not kept or step.lift > kept[-1].lift:
            kept.append(step)
    return kept[::-1]


def _named(steps: Sequence[Step]) -> dict[StrategyName, int]:
    """Which step each strategy is, by what the steps cover of the customers they are made from.

    Precision is the first that covers enough; reach the widest that is still denser than the population
    by more than a little; hybrid the widest between them that has at most half of the customers and is no
    looser than midway (the geometric mean of their lifts), else the one after precision.
    """
    if not steps:
        return {}
    precise = next((at for at, step in enumerate(steps) if step.recall >= PRECISION_SHARE), len(steps) - 1)
    wide = [at for at, step in enumerate(steps) if step.lift >= REACH_LIFT and at >= precise] or [precise]
    reach = next((at for at in wide if steps[at].recall >= REACH_SHARE), wide[-1])
    midway = np.sqrt(steps[precise].lift * steps[reach].lift)
    between = [
        at
        for at in range(precise + 1, reach)
        if steps[at].recall <= HYBRID_SHARE and steps[at].lift >= midway
    ]
    return {"precision": precise, "hybrid": max(between, default=min(precise + 1, reach)), "reach": reach}


def _thinned(steps: Sequence[Step], named: Sequence[int]) -> list[int]:
    """Places of MOST_POINTS steps at most, the nearest in width to another left out first."""
    kept = list(range(len(steps)))
    while len(kept) > MOST_POINTS:
        widths = np.log([steps[at].share for at in kept])
        gaps = np.minimum(np.diff(widths, prepend=-np.inf), np.diff(widths, append=np.inf))
        fixed = [at in (0, len(steps) - 1) or at in named for at in kept]
        del kept[int(np.argmin(np.where(fixed, np.inf, gaps)))]
    return kept
