"""Of two divisions the one is given that accounts for the sets that customers hold."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from tests.tools.mining.planted import People, membership, plain_traits, table
from tools.mining.lift import LiftQuery, lift_report
from tools.mining.queries import SegmentQuery
from tools.mining.segments.division import accounted
from tools.mining.segments.segments import segment_report

TEN = table({"110": 4, "001": 4, "000": 2})
FOUR = np.array([0] * 4 + [1] * 4 + [-1] * 2)


def test_a_segment_that_is_who_has_a_set_accounts_for_it_whole():
    """0 and 1 are held by the four of segment 0: a correlation of 1."""
    assert accounted(membership(TEN), [np.array([0, 1])], FOUR) == pytest.approx(1.0)


def test_segments_that_cut_across_a_set_account_for_little_of_it():
    """Half of the four are in each segment of five: joint .2 = .4 x .5, a correlation of 0."""
    across = np.array([0, 0, 1, 1, 0, 0, 1, 1, 0, 1])
    assert accounted(membership(TEN), [np.array([0, 1])], across) == pytest.approx(0.0)


def test_one_segment_of_all_accounts_for_nothing():
    assert accounted(membership(TEN), [np.array([0, 1])], np.zeros(10, dtype=int)) == 0
    assert accounted(membership(TEN), [], FOUR) == 0


def test_sets_weigh_by_their_customers():
    """{0, 1} of 4 at 1; {2} of 4 against segment 0 alone: joint 0, shares .4, so 0 and not less."""
    alone = np.where(FOUR == 1, -1, FOUR)
    assert accounted(membership(TEN), [np.array([0, 1]), np.array([2])], alone) == pytest.approx(0.5)


def few_marks(seed: int, customers: int = 3_000, people: int = 20_000):
    """Four segments of three marks each and a background; each mark has a trait that follows it everywhere.

    Marks 0..11 at .15 among people and .9 in their segment; trait 12 + i at .7 for whoever has mark i, else
    at .1; 24..35 of no kind.
    """
    rng = np.random.default_rng(seed)
    segment = rng.choice(5, customers, p=[0.25, 0.2, 0.15, 0.12, 0.28])
    segment[segment == 4] = -1

    def drawn(kind: np.ndarray) -> np.ndarray:
        chance = np.full((len(kind), 12), 0.15)
        for number in range(4):
            chance[kind == number, 3 * number : 3 * number + 3] = 0.9
        marks = rng.random(chance.shape) < chance
        follow = rng.random(chance.shape) < np.where(marks, 0.7, 0.1)
        return np.hstack([marks, follow, rng.random(chance.shape) < 0.3])

    held = drawn(segment)
    return held, People.of(np.vstack([held, drawn(np.full(people, -1))])), segment


@pytest.mark.parametrize("seed", [1, 2])
def test_segments_of_three_marks_are_found_by_the_sets_that_are_told(seed: int):
    """The true parameters give an index of about .75; the likeliest segment of each customer by its marks."""
    held, people, truth = few_marks(seed)
    customers, traits = membership(held), plain_traits(held.shape[1])
    report = lift_report(customers, people, traits, LiftQuery(draws=0, max_marks=0))
    told = [*report.multi_attribute_clusters, *report.top_intersections]
    sets = [[int(t.cluster_hash, 16) for t in (*each.traits, *each.companions)] for each in told]
    query = SegmentQuery(draws=4, stability_rows=1_000)
    found, labels = segment_report(customers, people, traits, query, sets)
    assert len(found.segments) == 4
    assert adjusted_rand_score(truth, labels) > 0.6
    for each in found.segments:
        marks = sorted(int(t.trait.cluster_hash, 16) for t in each.traits)[:3]
        assert marks[0] % 3 == 0
        assert marks == [marks[0], marks[0] + 1, marks[0] + 2]
