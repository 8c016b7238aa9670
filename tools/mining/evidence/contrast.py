"""What do the customers have more often, or less often, than those who were lost?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import binom

from tools.mining.evidence.frequencies import Frequencies, estimate
from tools.mining.evidence.shown import LISTS, Holders, Shown, changed, key_of
from tools.mining.evidence.statistics import (
    Floats,
    Ints,
    as_p_values,
    benjamini_hochberg,
    difference_interval,
    information,
    log_p_depleted,
    log_p_enriched,
    relative_interval,
    wilson_interval,
)
from tools.mining.findings import Contrast, LiftReport, Trait, TraitLift
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Membership


def contrasted(
    report: LiftReport, customers: Membership, lost: Membership, traits: Mapping[int, Trait]
) -> LiftReport:
    """The report with every finding held against the lost customers; as it is when there are none.

    customers, lost: of the same codes, nobody in both. Tests are Fisher's, one-sided in the direction
    that the counts show, so that each comparison counts as two. A finding is shown because the customers
    have it often, by chance too, and what is chosen so looks more frequent than among anybody else, the
    lost included: with q-values over the findings shown alone two reports of five on shuffled labels claim
    a difference. So they are over everything that might have been chosen, what is not shown counted as
    p = 1: all traits that somebody has; of L traits as many sets as can be formed of those whose pairs were
    tested; of ranges all runs of values of the attributes. Raises ValueError when the codes differ.
    """
    _require_same_codes(customers, lost)
    if not lost.total or not customers.total:
        return report
    compared = _Compared(Holders(customers, traits), Holders(lost, traits))
    found = compared.contrasts(report)
    told = changed(report, LISTS, lambda name, finding: {"lost": found.get(_family_key(name, finding))})
    return told.model_copy(update={"lost": lost.total})


def marks_of_the_lost(
    customers: Membership, lost: Membership, traits: Mapping[int, Trait], query: LiftQuery | None = None
) -> list[TraitLift]:
    """Traits that are more frequent among the lost than among the won customers, strongest first.

    In each, `customers` and `frequency` are of the lost, `population` and `baseline_share` of the won:
    both are samples, so the lift has the interval of Katz, the difference Newcombe's, and the p-value is
    Fisher's. q-values are over both directions of all traits that somebody has. A trait needs as many of the
    lost as the query asks of customers. Raises ValueError when the codes differ.
    """
    _require_same_codes(customers, lost)
    query = query or LiftQuery()
    if not lost.total or not customers.total:
        return []
    tested = _tested(lost, customers, Holders(lost, traits).known.values())
    having, usual = tested.counts[0], tested.sizes - tested.counts[0]
    ratio = relative_interval(having, lost.total, usual, customers.total)
    # Half a person: what none of the won has is a strong mark, and not without bound.
    strength = information(having / lost.total, (usual + 0.5) / (customers.total + 1))
    floor = max(query.min_persons, int(np.ceil(query.min_support * lost.total)))
    marks = (having >= floor) & (ratio[0] >= query.min_lift) & (tested.q_values[0] <= query.q)
    # The other direction's q-values stand where the lost have it less often.
    marks &= having * customers.total > usual * lost.total
    places = np.flatnonzero(marks)
    order = places[np.argsort(-strength[places], kind="stable")][: query.max_shown]
    return _marks(tested, order, ratio, (lost.total, customers.total), traits)


class _Compared:
    """The customers beside the lost."""

    def __init__(self, customers: Holders, lost: Holders) -> None:
        self.customers, self.lost = customers, lost

    def contrasts(self, report: LiftReport) -> dict[tuple[str, frozenset[str]], Contrast]:
        families: dict[str, dict[frozenset[str], Shown]] = {}
        for name in LISTS:
            for finding in getattr(report, name):
                family, key = _family_key(name, finding)
                families.setdefault(family, {})[key] = finding
        found: dict[tuple[str, frozenset[str]], Contrast] = {}
        for family, findings in families.items():
            contrasts = self._family(family, list(findings.values()), report)
            found |= {(family, key): each for key, each in zip(findings, contrasts, strict=True)}
        return found

    def _family(self, family: str, findings: Sequence[Shown], report: LiftReport) -> list[Contrast]:
        having = np.array([self.customers.count(each) for each in findings], dtype=np.int64)
        lost = np.array([self.lost.count(each) for each in findings], dtype=np.int64)
        n, t = self.customers.customers.total, self.lost.customers.total
        p_values = _p_values(having, n, lost, t)
        if family == "traits":
            q_values = self._q_values_of_traits(findings)
        else:
            q_values = benjamini_hochberg(p_values, 2 * self._possible(family, report))
        return _contrasts(having, n, lost, t, p_values, q_values)

    def _possible(self, family: str, report: LiftReport) -> int:
        """How many findings of this family might have been shown."""
        if family == "ranges":
            values = Counter(self.customers.names).values()
            return sum(each * (each + 1) // 2 for each in values)
        pairs = report.tested.get("pairs", 0)
        # Of n traits there are n (n - 1) / 2 pairs.
        return int(np.ceil(binom((1 + np.sqrt(1 + 8 * pairs)) / 2, int(family))))

    def _q_values_of_traits(self, findings: Sequence[Shown]) -> Floats:
        customers = self.customers.customers
        tested = _tested(customers, self.lost.customers, self.customers.known.values())
        places = np.array([self.customers.places(each)[0] for each in findings])
        q_values = np.ones(len(customers.codes))
        q_values[np.searchsorted(customers.codes, tested.codes)] = tested.q_values[0]
        return q_values[places]


def _family_key(name: str, finding: Shown) -> tuple[str, frozenset[str]]:
    """What it is tested among (traits, ranges, or sets by their length), and its traits."""
    key = key_of(finding)
    if name == "ranges":
        return name, key
    return ("traits" if len(key) == 1 else str(len(key))), key


def _require_same_codes(customers: Membership, lost: Membership) -> None:
    if not np.array_equal(customers.codes, lost.codes):
        raise ValueError("the customers and the lost have to be known by the same codes")


def _tested(group: Membership, others: Membership, places: Iterable[int]) -> Frequencies:
    """One group within both, by the codes at these places that somebody has: Fisher's test of each."""
    counts, pooled = group.counts(), group.counts() + others.counts()
    held = np.array([place for place in places if pooled[place]], dtype=np.int64)
    return Frequencies.compared(
        group.codes[held],
        counts[None, held],
        np.array([group.total]),
        pooled[held],
        group.total + others.total,
    )


def _p_values(having: Ints, total: int, lost: Ints, lost_total: int) -> Floats:
    """One-sided in the direction that the counts show."""
    pooled, people = having + lost, total + lost_total
    more = log_p_enriched(having, total, pooled, people)
    less = log_p_depleted(having, total, pooled, people)
    return as_p_values(np.where(having * lost_total >= lost * total, more, less))


def _contrasts(
    having: Ints, total: int, lost: Ints, lost_total: int, p_values: Floats, q_values: Floats
) -> list[Contrast]:
    share = wilson_interval(lost, lost_total)
    difference = difference_interval(having, total, lost, lost_total)
    ratio, *bounds = relative_interval(having, total, lost, lost_total)
    return [
        Contrast(
            lost=int(lost[i]),
            lost_share=estimate(lost[i] / lost_total, share, i),
            difference=estimate(having[i] / total - lost[i] / lost_total, difference, i),
            ratio=estimate(ratio[i], (bounds[0], bounds[1]), i),
            p_value=float(p_values[i]),
            q_value=float(q_values[i]),
        )
        for i in range(len(having))
    ]


def _marks(
    tested: Frequencies,
    places: NDArray[np.intp],
    ratio: tuple[Floats, Floats, Floats],
    totals: tuple[int, int],
    traits: Mapping[int, Trait],
) -> list[TraitLift]:
    (lost, won), having = totals, tested.counts[0]
    usual = tested.sizes - having
    share = wilson_interval(having, lost)
    difference = difference_interval(having, lost, usual, won)
    return [
        TraitLift(
            trait=traits[int(tested.codes[i])],
            customers=int(having[i]),
            frequency=estimate(having[i] / lost, share, i),
            population=int(usual[i]),
            baseline_share=float(usual[i] / won),
            lift=estimate(float(ratio[0][i]), ratio[1:], i),
            difference=estimate(float(having[i] / lost - usual[i] / won), difference, i),
            p_value=float(as_p_values(tested.log_p[0, i])),
            q_value=float(tested.q_values[0, i]),
        )
        for i in places
    ]
