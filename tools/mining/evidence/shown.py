"""Which findings does a report show, who has them, and how far do their shares lie from the population's?"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tools.mining.evidence.statistics import Ints
from tools.mining.findings import (
    Estimate,
    FieldMark,
    Finding,
    LiftReport,
    RangeLift,
    SetLift,
    Trait,
    TraitLift,
)
from tools.mining.rows.membership import Membership, popcount

Shown = TraitLift | SetLift | FieldMark | RangeLift

TRAITS = ("top_attributes", "rare_attributes")
SETS = ("top_intersections", "multi_attribute_clusters")
# What a reader may take for a discovery; unremarkable traits are none.
DISCOVERIES = (*TRAITS, *SETS)
LISTS = (*TRAITS, "unremarkable", *SETS, "field_marks", "ranges")


class Holders:
    """Who of these customers has a finding. Codes without a trait are passed over."""

    def __init__(self, customers: Membership, traits: Mapping[int, Trait]) -> None:
        self.customers = customers
        told = [
            (traits[code], place) for place, code in enumerate(customers.codes.tolist()) if code in traits
        ]
        self.known = {each.cluster_hash: place for each, place in told}
        self.names = [each.name for each, _ in told]

    def places(self, finding: Shown) -> Ints:
        """Rows of Membership.bits of its traits, ascending. Raises ValueError for a trait not among them."""
        hashes = key_of(finding)
        if not hashes <= self.known.keys():
            raise ValueError("the report shows a trait that these customers are not known by")
        return np.array(sorted(self.known[each] for each in hashes), dtype=np.int64)

    def count(self, finding: Shown) -> int:
        """Customers who have all its traits; for a range of values, any of them."""
        places = self.places(finding)
        if isinstance(finding, RangeLift):
            return int(popcount(np.bitwise_or.reduce(self.customers.bits[places], axis=0)))
        return self.customers.count_of(places)


def key_of(finding: Shown) -> frozenset[str]:
    """The cluster hashes of its traits, by which it is the same finding in another report."""
    traits = [finding.trait] if isinstance(finding, TraitLift) else finding.traits
    return frozenset(each.cluster_hash for each in traits)


def least_share(population: int, people: int) -> float:
    """Share of the population, half a person at least: against nobody a lift is large, and not infinite."""
    return max(population, 0.5) / people


def with_differences(report: LiftReport) -> LiftReport:
    """The report with frequency - baseline_share of every finding; the baseline is exact, being counted."""
    return changed(report, LISTS, lambda _, finding: {"difference": _difference(finding)})


def changed(
    report: LiftReport, lists: Sequence[str], fields: Callable[[str, Shown], Mapping[str, object]]
) -> LiftReport:
    """A copy in which each finding of these lists has the fields that its list's name and itself give."""
    update: dict[str, list[Finding]] = {
        name: [each.model_copy(update=fields(name, each)) for each in getattr(report, name)] for name in lists
    }
    return report.model_copy(update=update)


def _difference(finding: Shown) -> Estimate:
    share, usual = finding.frequency, finding.baseline_share
    return Estimate(value=share.value - usual, low=share.low - usual, high=share.high - usual)
