"""What a report shows is found among the customers by its traits, and told with how far it lies apart."""

import numpy as np
import pytest

from tests.tools.mining.planted import Planted, membership, planted, table, trait
from tools.mining.evidence.shown import DISCOVERIES, LISTS, Holders, key_of, least_share, with_differences
from tools.mining.evidence.statistics import gap_interval
from tools.mining.findings import LiftReport
from tools.mining.lift import lift_report


@pytest.fixture(scope="module")
def world() -> Planted:
    return planted(1, customers=2_000, people=10_000)


@pytest.fixture(scope="module")
def report(world: Planted) -> LiftReport:
    return lift_report(world.customers, world.people, world.traits)


def test_who_has_a_finding_is_counted_by_its_traits(world: Planted, report: LiftReport):
    holders = Holders(world.customers, world.traits)
    for name in DISCOVERIES:
        for each in getattr(report, name):
            assert holders.count(each) == each.customers
            codes = [int(one, 16) for one in sorted(key_of(each))]
            assert sorted(codes) == world.customers.codes[holders.places(each)].tolist()


def test_the_difference_is_of_the_shares_that_are_shown(report: LiftReport):
    told = with_differences(report)
    shown = [each for name in LISTS for each in getattr(told, name)]
    assert len(shown) > 30
    for each in shown:
        low, high = gap_interval(each.customers, report.customers, each.baseline_share)
        assert each.difference is not None
        assert each.difference.value == pytest.approx(each.customers / report.customers - each.baseline_share)
        assert (each.difference.low, each.difference.high) == (pytest.approx(low), pytest.approx(high))
    assert told == report


def test_a_trait_that_these_people_are_not_known_by_is_refused(report: LiftReport):
    others = Holders(membership(table({"1": 5})), {0: trait(10_000)})
    with pytest.raises(ValueError, match="not known by"):
        others.count(report.top_attributes[0])


def test_nobody_is_half_a_person():
    assert (least_share(0, 1_000), least_share(10, 1_000)) == (0.0005, 0.01)
    assert np.isfinite(1 / least_share(0, 10))
