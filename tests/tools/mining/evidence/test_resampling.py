"""Drawing over the cells of a set is drawing rows, whatever the order of sets and members."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from tests.tools.mining.planted import People, membership, table
from tools.mining.evidence.resampling import SetBar, again_sets
from tools.mining.evidence.statistics import log_p_enriched
from tools.mining.rows.membership import Membership
from tools.mining.rows.population_counts import SetSizes
from tools.mining.sets.itemsets import CountTable, Sets, co_occurrence
from tools.mining.sets.redundancy import least_added, log_excess, log_p_productive

EASY = SetBar(floor=1, min_lift=1, min_enrichment=1, min_added=0, cutoff=1, deepened=1)


def against(everybody: np.ndarray) -> SetSizes:
    people, codes = People.of(everybody), np.arange(everybody.shape[1], dtype=np.int32)
    return SetSizes(people, codes, people.sizes(codes))


def together(
    rng: np.random.Generator, rows: int, traits: int, often: float, strength: float = 0.7
) -> np.ndarray:
    """Rows in which a fifth of the traits is held, and in `often` of the rows this share."""
    kind = rng.random((rows, 1)) < often
    return rng.random((rows, traits)) < np.where(kind, strength, 0.2)


def test_a_pair_comes_again_when_enough_rows_of_a_sample_have_both():
    """60 of 200 customers have both traits and 140 none, as all 1,000 others: only the floor counts."""
    held = table({"11": 60, "00": 140})
    everybody = np.vstack([held, table({"00": 1_000})])
    bar = SetBar(floor=62, min_lift=1, min_enrichment=1, min_added=0, cutoff=0.05, deepened=1)
    (share,) = again_sets(
        membership(held), [np.array([0, 1])], against(everybody), 1_200, [bar], draws=20_000
    )
    assert share == pytest.approx(stats.binom.sf(61, 200, 0.3), abs=0.014)


@pytest.mark.parametrize(("length", "often", "strength"), [(2, 0.22, 0.7), (3, 0.18, 0.9), (4, 0.3, 0.9)])
def test_drawing_rows_gives_the_same(length: int, often: float, strength: float):
    """500 customers: 500 samples of their rows, judged by the functions of the search one by one."""
    rng = np.random.default_rng(length)
    held = together(rng, 500, length, often, strength)
    others = together(rng, 5_000, length, 0.02, strength)
    people_of = against(np.vstack([held, others]))
    bar = SetBar(floor=20, min_lift=1.15, min_enrichment=1.3, min_added=1.15, cutoff=1e-3, deepened=1e-3)
    (share,) = again_sets(membership(held), [np.arange(length)], people_of, 5_500, [bar], draws=2_000)
    is_proven = search(others, people_of, bar)
    drawn = [is_proven(membership(held[rng.integers(0, 500, 500)])) for _ in range(500)]
    assert 0.1 < share < 0.9
    assert np.mean(drawn) == pytest.approx(share, abs=4 * np.sqrt(0.25 / 500 + 0.25 / 2_000))


def search(others: np.ndarray, people_of: SetSizes, bar: SetBar) -> Callable[[Membership], bool]:
    """Judges a sample as the search does: by a table of counts, with the population as it is."""
    members = np.arange(others.shape[1])[None]
    rest = CountTable(membership(others), co_occurrence(membership(others)), [])
    pairs = [list(pair) for pair in combinations(range(members.shape[1]), 2)]

    def is_proven(customers: Membership) -> bool:
        n, counts = customers.total, customers.counts()
        held = CountTable(customers, co_occurrence(customers), [])
        sets, people = Sets(members, held(members), 1), people_of(members)
        worst = np.maximum(log_p_productive(sets, held, n), log_p_enriched(sets.counts, n, people, 5_500))
        passed = [
            sets.counts >= bar.floor,
            sets.counts / n >= bar.min_lift * (counts / n).prod(),
            sets.counts / n >= bar.min_enrichment * people / 5_500,
            worst <= np.log(bar.cutoff),
            least_added(sets, held, rest, others.mean(axis=0)) >= bar.min_added,
        ]
        for a, b in pairs if members.shape[1] > 2 else []:
            both, here = customers.count_of([a, b]), (counts[a], counts[b], n)
            there = [int(rest(np.array([part]))[0]) for part in ([a, b], [a], [b])]
            excess, error = log_excess(np.array([both]), *here, others=(*there, 5_000))
            passed += [both * n >= bar.min_lift * counts[a] * counts[b], excess > error]
            passed += [stats.hypergeom.sf(both - 1, n, counts[a], counts[b]) <= bar.deepened]
        return all(bool(np.all(each)) for each in passed)

    return is_proven


def test_a_pair_that_just_passes_comes_again_half_the_time_and_a_strong_one_always():
    """Of 400 customers 40 have both of two traits that 100 have each; expected are 25 by chance."""
    held = table({"11": 40, "10": 60, "01": 60, "00": 240})
    everybody = np.vstack([held, together(np.random.default_rng(1), 8_000, 2, 0.0)])
    p_value = stats.hypergeom.sf(39, 400, 100, 100)
    just = SetBar(floor=1, min_lift=1, min_enrichment=1, min_added=0, cutoff=p_value * 1.001, deepened=1)
    sure = SetBar(floor=1, min_lift=1, min_enrichment=1, min_added=0, cutoff=1.0, deepened=1)
    for bar, expected in ((just, 0.52), (sure, 1.0)):
        (share,) = again_sets(
            membership(held), [np.array([0, 1])], against(everybody), 8_400, [bar], draws=4_000
        )
        assert share == pytest.approx(expected, abs=0.04)


def test_a_set_whose_pairs_meet_by_chance_would_not_be_searched():
    """Every pair of the three is independent, and all three meet twice as often as that."""
    held = table({"111": 100, "100": 100, "010": 100, "001": 100})
    everybody = np.vstack([held, together(np.random.default_rng(2), 4_000, 3, 0.0)])
    strict = SetBar(floor=1, min_lift=1, min_enrichment=1, min_added=0, cutoff=1, deepened=1e-6)
    for bar, most in ((EASY, 1.0), (strict, 0.02)):
        (share,) = again_sets(membership(held), [np.arange(3)], against(everybody), 4_400, [bar])
        assert share <= most


@pytest.fixture(scope="module")
def five() -> tuple[Membership, SetSizes, SetBar]:
    rng = np.random.default_rng(5)
    held, others = together(rng, 600, 5, 0.1), together(rng, 5_000, 5, 0.02)
    bar = SetBar(floor=25, min_lift=1.1, min_enrichment=1.1, min_added=1, cutoff=1e-3, deepened=1)
    return membership(held), against(np.vstack([held, others])), bar


def test_the_order_of_sets_and_of_members_does_not_matter(
    five: tuple[Membership, SetSizes, SetBar],
):
    customers, people_of, bar = five
    sets = [np.array(row) for row in ([0, 1], [2, 4], [0, 1, 2], [1, 3, 4], [0, 1, 2, 3], [0, 1, 2, 3, 4])]
    straight = again_sets(customers, sets, people_of, 5_600, [bar] * 6, seed=7)
    reverse = again_sets(customers, [row[::-1] for row in sets[::-1]], people_of, 5_600, [bar] * 6, seed=7)
    alone = [again_sets(customers, [row], people_of, 5_600, [bar], seed=7)[0] for row in sets]
    assert straight.tolist() == reverse[::-1].tolist() == alone
    assert np.ptp(straight) > 0


def test_the_seed_decides_the_draws(five: tuple[Membership, SetSizes, SetBar]):
    customers, people_of, bar = five
    first, same, other = (
        again_sets(customers, [np.array([0, 1]), np.array([2, 3])], people_of, 5_600, [bar, bar], seed=seed)
        for seed in (1, 1, 2)
    )
    assert first.tolist() == same.tolist()
    assert first == pytest.approx(other, abs=0.2)


def test_many_sets_are_drawn_in_blocks():
    rng = np.random.default_rng(6)
    held = together(rng, 300, 16, 0.3)
    everybody = np.vstack([held, together(rng, 2_000, 16, 0.0)])
    pairs = [np.array([a, b]) for a in range(16) for b in range(a)]
    shares = again_sets(membership(held), pairs, against(everybody), 2_300, [EASY] * 120, draws=20)
    assert shares.shape == (120,)
    assert shares.min() > 0.5


def test_no_sets_need_no_draws():
    held = table({"11": 5})
    assert again_sets(membership(held), [], against(held), 5, []).shape == (0,)


def test_the_population_is_asked_once_and_only_for_what_is_not_known():
    held = table({"111": 30, "000": 30})
    people = People.of(np.vstack([held, table({"110": 100, "000": 300})]))
    codes = np.arange(3, dtype=np.int32)
    sizes = SetSizes(people, codes, people.sizes(codes))
    for _ in range(2):
        again_sets(membership(held), [np.arange(3), np.array([0, 1])], sizes, 460, [EASY, EASY])
    assert people.asked == [4]
