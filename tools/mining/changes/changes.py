"""What changed between two sets of customers beyond chance: their traits, their segments, their figures?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from tools.mining.changes.change_findings import ChangesFound, FigureChange, SegmentChange, TraitChange
from tools.mining.changes.segment_changes import ComparedSegment, Overlap, followed, judged, segment_changes
from tools.mining.changes.share_change import can_differ, change_of, correlation
from tools.mining.evidence.statistics import Floats, benjamini_hochberg, difference_p, information
from tools.mining.findings import Trait

# From here on a move of the population explains one of the customers: half of it, or more.
EXPLAINED = 0.5


@dataclass(frozen=True)
class Counted:
    """Customers, and the people they were compared with; how many of each have a trait, by cluster hash."""

    customers: int
    people: int
    having: Mapping[str, int]
    sizes: Mapping[str, int]
    segments: Sequence[ComparedSegment] = ()
    figures: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # name -> how many of how many


def changes(
    before: Counted,
    after: Counted,
    traits: Mapping[str, Trait],
    overlap: Overlap | None = None,
    q: float = 0.05,
    max_shown: int = 20,
) -> ChangesFound:
    """What changed at a false discovery rate of q, over all shares, lifts, segments and figures compared.

    A share and a lift of each trait are tested: a share that moved while the lift held moved with the
    population; a lift that moved while the share held is the population's move. Traits without an entry in
    `traits`, or not counted in both, are passed over, and those too rare for the test are not tested.
    overlap: who is in both; without it the two are taken for different people, which is cautious.
    """
    everyone = [*before.segments, *after.segments]
    tests = _TraitTests.of(before, after, traits, overlap)
    segments = segment_changes(before.segments, after.segments, before.customers, after.customers, overlap)
    figures = list(_figures(before, after))
    p_values = [*tests.share_p, *tests.lift_p, *(f.p_value for f in figures)]
    p_values += [s.p_value for s in segments if s.p_value is not None]
    q_values = iter(benjamini_hochberg(p_values).tolist())
    moved = tests.moved(traits, [next(q_values) for _ in tests.keys], [next(q_values) for _ in tests.keys], q)
    figures = [figure.model_copy(update={"q_value": next(q_values)}) for figure in figures]
    told = [
        judged(s.model_copy(update={"q_value": next(q_values)}) if s.p_value is not None else s, q)
        for s in segments
    ]
    return ChangesFound(
        traits=moved[:max_shown],
        segments=told,
        figures=figures,
        compared={"traits": tests.compared, "segments": len(told), "figures": len(figures)},
        tests=len(p_values),
        matched_by="members" if overlap and followed(everyone, overlap) else "traits",
    )


@dataclass(frozen=True)
class _TraitTests:
    """Traits that were tested, and what was counted of each before and after."""

    keys: list[str]
    compared: int
    before: Counted
    after: Counted
    having: Floats  # (2, traits): before, after
    baseline: Floats  # (2, traits)
    rho: Floats
    share_p: Floats
    lift_p: Floats

    @classmethod
    def of(
        cls, before: Counted, after: Counted, traits: Mapping[str, Trait], overlap: Overlap | None
    ) -> "_TraitTests":
        both = [key for key in sorted(before.having) if key in after.having and key in traits]
        having = np.array([[one.having[key] for key in both] for one in (before, after)], dtype=np.float64)
        sizes = np.array([[max(one.sizes[key], 1) for key in both] for one in (before, after)])
        baseline = sizes / np.array([[before.people], [after.people]])
        agreed = [overlap.agreement.get(key, overlap.otherwise) if overlap else 0.0 for key in both]
        rho = correlation(
            overlap.customers if overlap else 0, after.customers, before.customers, np.array(agreed)
        )
        tested = can_differ(having[1], after.customers, having[0], before.customers, rho)
        having, baseline, rho = having[:, tested], baseline[:, tested], rho[tested]
        counts = (having[1], after.customers, having[0], before.customers)
        return cls(
            [key for key, kept in zip(both, tested, strict=True) if kept],
            len(both),
            before,
            after,
            having,
            baseline,
            rho,
            difference_p(*counts, correlation=rho),
            difference_p(*counts, growth=baseline[1] / baseline[0], correlation=rho),
        )

    def moved(
        self, traits: Mapping[str, Trait], share_q: list[float], lift_q: list[float], q: float
    ) -> list[TraitChange]:
        """Those that moved, strongest first, the strongest alone of each attribute."""
        found: dict[str, TraitChange] = {}
        # Of `Yes` and `No`, which move as one, the rarer is told.
        for at in np.lexsort((self.baseline[1], -np.round(self._strength(), 9))):
            if min(share_q[at], lift_q[at]) <= q:
                change = self._change(int(at), traits, share_q[at], lift_q[at], q)
                found.setdefault(change.trait.name, change)
        return list(found.values())

    def _strength(self) -> Floats:
        """Nats by which a customer of now is told from one of before, or from what the lift of then gives."""
        then, now = self.having[0] / self.before.customers, self.having[1] / self.after.customers
        least = 0.5 / self.before.customers  # a share that nobody had tells much, and not everything
        promised = then * self.baseline[1] / self.baseline[0]
        return np.maximum(
            information(now, np.clip(then, least, 1 - least)),
            information(now, np.clip(promised, least, 1 - least)),
        )

    def _change(
        self, at: int, traits: Mapping[str, Trait], share_q: float, lift_q: float, q: float
    ) -> TraitChange:
        base_before, base_after = (float(base) for base in self.baseline[:, at])
        change = change_of(
            self.having[1, at],
            self.after.customers,
            self.having[0, at],
            self.before.customers,
            float(self.rho[at]),
        )
        by_population = change.before.value * (base_after / base_before - 1)
        return TraitChange(
            **change.model_dump(exclude={"q_value"}),
            q_value=share_q,
            trait=traits[self.keys[at]],
            moved="population" if share_q > q else _who(change.difference.value, by_population, lift_q <= q),
            baseline_before=base_before,
            baseline_after=base_after,
            lift_before=change.before.value / base_before,
            lift_after=change.after.value / base_after,
            lift_p_value=float(self.lift_p[at]),
            lift_q_value=lift_q,
        )


def _who(
    difference: float, by_population: float, lift_moved: bool
) -> Literal["customers", "together", "both"]:
    """Who moved, when the customers' share did; by_population: what the population's move accounts for."""
    if abs(by_population) < EXPLAINED * abs(difference):
        return "customers"
    return "both" if lift_moved or by_population * difference < 0 else "together"


def _figures(before: Counted, after: Counted) -> Iterator[FigureChange]:
    for name, (then, then_of) in before.figures.items():
        if name in after.figures and then_of and after.figures[name][1]:
            change = change_of(*after.figures[name], then, then_of)
            yield FigureChange.model_validate({"figure": name, **change.model_dump()})


def significant(found: ChangesFound, q: float) -> list[TraitChange | SegmentChange | FigureChange]:
    """All that changed beyond chance, the surest first."""
    moved: list[TraitChange | SegmentChange | FigureChange] = [*found.traits]
    moved += [s for s in found.segments if s.change != "kept" and s.q_value is not None and s.q_value <= q]
    moved += [f for f in found.figures if f.q_value <= q]
    return sorted(moved, key=_surest)


def _surest(change: TraitChange | SegmentChange | FigureChange) -> float:
    if isinstance(change, TraitChange):
        return min(change.p_value, change.lift_p_value)
    return 1.0 if change.p_value is None else change.p_value
