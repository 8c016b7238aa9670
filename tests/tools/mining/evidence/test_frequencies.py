"""Shares, lifts and q-values of single traits."""

import numpy as np
import pytest
from scipy import stats

from tests.tools.mining.planted import People, membership, plain_traits, table
from tools.mining.evidence.frequencies import Frequencies

CUSTOMERS = {"110": 5, "100": 1, "011": 1, "001": 1}
OTHERS = {"110": 2, "100": 12, "010": 8, "000": 50, "001": 20}


def compared() -> Frequencies:
    held = table(CUSTOMERS)
    customers, people = membership(held), People.of(np.vstack([held, table(OTHERS)]))
    return Frequencies.of(customers.codes, customers.counts()[None], np.array([8]), people)


def test_eight_customers_among_a_hundred_people():
    """Trait 0: 6 of 8 customers, 20 of 100 people: lift 3.75, P(X >= 6) of a draw of 8.
    Trait 1: 6 of 8 and 16 of 100, lift 4.69. Trait 2: 2 of 8 and 22 of 100, lift 1.14.
    """
    found = compared()
    assert found.share[0].tolist() == [0.75, 0.75, 0.25]
    assert found.baseline.tolist() == [0.2, 0.16, 0.22]
    assert found.lift[0].tolist() == pytest.approx([3.75, 4.6875, 1.13636], rel=1e-4)
    assert np.exp(found.log_p[0, 0]) == pytest.approx(stats.hypergeom.sf(5, 100, 20, 8))


def test_both_directions_of_every_trait_are_tests():
    """Six tests: three traits more often, three less often."""
    marked = np.array([20, 16, 22])
    more = stats.hypergeom.sf(np.array([6, 6, 2]) - 1, 100, marked, 8)
    less = stats.hypergeom.cdf(np.array([6, 6, 2]), 100, marked, 8)
    expected = stats.false_discovery_control(np.concatenate([more, less]))[:3]
    assert compared().q_values[0] == pytest.approx(expected)


def test_findings_carry_their_evidence():
    (first,) = compared().trait_lifts(0, [0], plain_traits(3), rates=True)
    assert (first.customers, first.population, first.baseline_share) == (6, 20, 0.2)
    assert first.frequency.low < 0.75 < first.frequency.high
    assert first.lift.low == pytest.approx(first.frequency.low / 0.2)
    assert first.rate is not None
    assert first.rate.value == pytest.approx(0.3)


def test_people_erased_meanwhile_do_not_make_shares_above_one():
    """Two of eight customers are no longer counted in the population."""
    held = np.ones((8, 2), dtype=bool)
    people = People.of(np.vstack([held[:6], np.zeros((10, 2), dtype=bool)]))
    found = Frequencies.of(np.array([0, 1], dtype=np.int32), np.array([[8, 8]]), np.array([8]), people)
    assert found.sizes.tolist() == [8, 8]
    assert found.people == 16
    assert np.isfinite(found.log_p).all()


def test_groups_are_judged_together():
    held = table({"10": 30, "01": 30})
    people = People.of(np.vstack([held, table({"10": 200, "00": 400, "01": 200})]))
    counts = np.array([[30, 0], [0, 30]])
    found = Frequencies.of(np.array([0, 1], dtype=np.int32), counts, np.array([30, 30]), people)
    assert found.enriched(0.05, 1.15).tolist() == [[True, False], [False, True]]
    assert found.depleted(0.05, 0.85).tolist() == [[False, True], [True, False]]
