"""Runs of neighbouring values are found, counted right and named as a reader would."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from store.population.mapping.bins import bin_labels
from tests.tools.mining.planted import People, membership, trait
from tools.mining.evidence.statistics import information
from tools.mining.findings import RangeLift, Trait
from tools.mining.queries import LiftQuery
from tools.mining.ranges import range_lifts
from tools.mining.rows.membership import Membership

AGES = bin_labels([30.0, 40.0, 50.0, 60.0], integer=True)  # under 30, 30-39, 40-49, 50-59, 60 and over
LENIENT = LiftQuery(min_customers=2, min_persons=1, min_support=0.001, q=0.5, min_lift=1)


def rows(*counts: int) -> np.ndarray:
    """So many rows with each value; each row has one."""
    return np.repeat(np.eye(len(counts), dtype=bool), counts, axis=0)


def scale(values: list[str], first: int = 0, name: str = "age") -> dict[int, Trait]:
    return {first + at: trait(first + at, name, value) for at, value in enumerate(values)}


def found(
    held: np.ndarray, others: np.ndarray, traits: dict[int, Trait], query: LiftQuery
) -> list[RangeLift]:
    ranks = {code: code for code in traits}
    return range_lifts(membership(held), People.of(np.vstack([held, others])), traits, ranks, query)


def test_older_customers_are_told_by_one_run():
    """Of 100 customers 10 a decade are under 50, 30 and 40 in the last two; of 1,000 people 200 in each.

    "50 and over": 70 of 100 against 400 of 1,000, lift 1.75. Its p-value is times the 9 runs of two to
    four values that five values have; one attribute is tested, so q = p.
    """
    held = rows(10, 10, 10, 30, 40)
    (run,) = found(held, rows(190, 190, 190, 170, 160), scale(AGES), LiftQuery())
    assert (run.attribute, run.in_words) == ("age", "50 and over")
    assert [each.value for each in run.traits] == ["50-59", "60 and over"]
    assert (run.customers, run.population) == (70, 400)
    assert run.frequency.value == pytest.approx(0.7)
    assert run.baseline_share == pytest.approx(0.4)
    assert run.lift.value == pytest.approx(1.75)
    low, high = 0.604, 0.781  # Wilson's bounds of 70 in 100
    assert (run.frequency.low, run.frequency.high) == (
        pytest.approx(low, abs=1e-3),
        pytest.approx(high, abs=1e-3),
    )
    assert (run.lift.low, run.lift.high) == (
        pytest.approx(low / 0.4, abs=3e-3),
        pytest.approx(high / 0.4, abs=3e-3),
    )
    assert run.p_value == run.q_value == pytest.approx(9 * stats.hypergeom.sf(69, 1_000, 400, 100), rel=0.1)


def test_a_middle_run_and_a_low_one():
    assert (
        found(rows(5, 40, 40, 5, 10), rows(195, 160, 160, 195, 190), scale(AGES), LiftQuery())[0].in_words
        == "30-49"
    )
    assert (
        found(rows(40, 40, 5, 5, 10), rows(160, 160, 195, 195, 190), scale(AGES), LiftQuery())[0].in_words
        == "under 40"
    )


def test_what_one_value_alone_tells_better_is_no_run():
    """All of the lift is in the last decade: 50-59 beside it takes information away."""
    assert found(rows(12, 12, 13, 13, 50), rows(188, 188, 187, 187, 150), scale(AGES), LENIENT) == []


def test_of_a_u_shape_only_the_stronger_arm_is_told():
    """Seven values; customers have more of the first two and of the last two, more so of the last."""
    labels = bin_labels([20.0, 30.0, 40.0, 50.0, 60.0, 70.0], integer=True)
    held = rows(45, 45, 10, 10, 10, 70, 70)
    (run,) = found(held, rows(*[300] * 7), scale(labels), LiftQuery())
    assert run.in_words == "60 and over"


def test_equal_shares_give_nothing():
    assert found(rows(20, 20, 20, 20, 20), rows(*[200] * 5), scale(AGES), LiftQuery()) == []


def test_chance_gives_nothing():
    """40 attributes of 8 values, drawn alike for customers and people: at q 0.05 seldom a run."""
    rng = np.random.default_rng(3)
    told = 0
    for _ in range(10):
        everybody = np.hstack([np.eye(8, dtype=bool)[rng.integers(0, 8, 4_000)] for _ in range(40)])
        traits = {code: trait(code, f"a{code // 8}", str(code % 8)) for code in range(320)}
        told += len(found(everybody[:400], everybody[400:], traits, LiftQuery(min_lift=1)))
    assert told <= 2


def test_values_without_a_rank_and_short_scales_are_passed_over():
    held, others = rows(10, 10, 10, 30, 40), rows(190, 190, 190, 170, 160)
    people = People.of(np.vstack([held, others]))
    traits = scale(AGES)
    few = {3: 0, 4: 1}
    assert range_lifts(membership(held), people, traits, few, LiftQuery()) == []
    # Without the value in the middle the run reaches over the gap, as nobody else lies there.
    ranks = {0: 0, 1: -1, 2: 1, 3: 2, 4: 3}
    (run,) = range_lifts(membership(held), people, traits, ranks, LiftQuery())
    assert [each.value for each in run.traits] == ["50-59", "60 and over"]
    assert range_lifts(membership(held), people, {}, {code: code for code in range(5)}, LiftQuery()) == []


def test_a_range_that_nobody_has_is_no_neighbour():
    """Nobody is 40-49: the scale has four values, and "under 50" is what is left below "50-59"."""
    held = rows(40, 40, 0, 10, 10)
    (run,) = found(held, rows(160, 160, 0, 190, 190), scale(AGES), LiftQuery())
    assert [each.value for each in run.traits] == ["under 30", "30-39"]
    assert run.in_words == "under 50"


def test_missing_values_belong_to_no_run():
    """Half of 200 customers and of 2,000 people have no age: shares are of all, 70 / 200 and 400 / 2,000."""
    held = np.vstack([rows(10, 10, 10, 30, 40), np.zeros((100, 5), dtype=bool)])
    others = np.vstack([rows(190, 190, 190, 170, 160), np.zeros((900, 5), dtype=bool)])
    (run,) = found(held, others, scale(AGES), LiftQuery())
    assert (run.customers, run.population) == (70, 400)
    assert run.frequency.value == pytest.approx(0.35)
    assert run.baseline_share == pytest.approx(0.2)


def test_the_strongest_run_comes_first_and_the_list_ends():
    """Three attributes alike but for their strength."""
    strong, weak = rows(5, 5, 40, 50), rows(15, 15, 30, 40)
    held = np.hstack([weak, strong, weak])
    others = np.hstack([rows(*[225] * 4)] * 3)
    traits = (
        scale(["1", "2", "3", "4"], 0, "a")
        | scale(["1", "2", "3", "4"], 4, "b")
        | scale(["1", "2", "3", "4"], 8, "c")
    )
    runs = found(held, others, traits, LiftQuery())
    assert [run.attribute for run in runs] == ["b", "a", "c"]
    assert [run.in_words for run in runs] == ["3-4"] * 3
    assert len(found(held, others, traits, LiftQuery(max_shown=2))) == 2


def brute_union(held: np.ndarray, first: int, last: int) -> int:
    return int(held[:, first : last + 1].any(axis=1).sum())


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), values=st.integers(3, 7), density=st.sampled_from([0.0, 0.2, 0.5]))
def test_runs_are_counted_right_even_where_people_have_two_values(seed: int, values: int, density: float):
    """With a density above 0 people have several values, which is then asked of the population."""
    rng = np.random.default_rng(seed)
    everybody = np.eye(values, dtype=bool)[rng.integers(0, values, 400)]
    everybody |= rng.random(everybody.shape) < density
    weights = np.where(everybody[:, values // 2 :].any(axis=1), 4.0, 1.0)
    held = np.zeros(400, dtype=bool)
    held[rng.choice(400, 80, replace=False, p=weights / weights.sum())] = True
    runs = found(everybody[held], everybody[~held], scale([str(at) for at in range(values)]), LENIENT)
    for run in runs:
        codes = [int(each.cluster_hash, 16) for each in run.traits]
        assert codes == list(range(codes[0], codes[-1] + 1))
        assert run.customers == brute_union(everybody[held], codes[0], codes[-1])
        assert run.population == brute_union(everybody, codes[0], codes[-1])


@settings(max_examples=60, deadline=None)
@given(counts=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=7))
def test_no_run_has_more_information(counts: list[tuple[int, int]]):
    """The told run has the most among those with the lift asked for that beat their own values."""
    held, others = rows(*[k for k, _ in counts]), rows(*[n for _, n in counts])
    total, people = len(held), len(held) + len(others)
    if total < 5 or not len(others):
        return
    runs = found(held, others, scale([str(at) for at in range(len(counts))]), LENIENT)
    there = [(k, k + n) for k, n in counts if k + n]
    gains = []
    for first, last in combinations(range(len(there)), 2):
        k, n = (sum(each[side] for each in there[first : last + 1]) for side in (0, 1))
        alone = [
            information(a / total, b / people) for a, b in there[first : last + 1] if a * people >= b * total
        ]
        gain = float(information(k / total, n / people))
        if (
            (first, last) != (0, len(there) - 1)
            and k * people >= n * total
            and gain > max([0, *alone]) + 1e-9
        ):
            gains.append(gain)
    if runs:
        share, base = runs[0].frequency.value, runs[0].baseline_share
        assert float(information(share, base)) == pytest.approx(max(gains))
        assert runs[0].q_value <= 0.5


def test_three_hundred_attributes_are_asked_once_of_the_population():
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 20, (5_000, 300)) + np.arange(300) * 20
    flat, offsets = codes.ravel().astype(np.int32), np.arange(5_001) * 300
    everybody = Membership.from_profiles(flat, offsets, range(6_000))
    people = People(everybody.bits, 5_000)
    customers = everybody.subset(np.arange(1_000))
    traits = {code: trait(code, f"a{code // 20}", str(code % 20)) for code in range(6_000)}
    assert range_lifts(customers, people, traits, {code: code % 20 for code in range(6_000)}) == []
    assert len(people.asked) <= 1


def test_a_membership_without_codes_or_customers_gives_nothing():
    nobody = Membership.from_profiles(np.empty(0, dtype=np.int32), np.zeros(1, dtype=np.int64), range(5))
    people = People.of(rows(5, 5, 5, 5, 5))
    assert range_lifts(nobody, people, scale(AGES), {code: code for code in range(5)}, LENIENT) == []
    assert range_lifts(membership(rows(5, 5)).only([]), people, {}, {}, LENIENT) == []
