"""What one half of the customers finds the other confirms, if it is true, and seldom if it is chance."""

import numpy as np
import pytest
from scipy import stats

from tests.tools.mining.planted import People, Planted, membership, plain_traits, planted, table, trait
from tools.mining.evidence.confirmation import confirmed
from tools.mining.evidence.frequencies import Frequencies
from tools.mining.evidence.shown import DISCOVERIES, key_of
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import LiftReport, RangeLift
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery


def report_of(
    held: np.ndarray, people: People, places: list[int], *, falling: list[int] | None = None
) -> LiftReport:
    """A report that shows these traits, however they stand."""
    codes = np.arange(held.shape[1], dtype=np.int32)
    singles = Frequencies.of(codes, held.sum(axis=0)[None], np.array([len(held)]), people)
    traits = plain_traits(held.shape[1])
    return LiftReport(
        customers=len(held),
        population=people.total,
        top_attributes=singles.trait_lifts(0, places, traits),
        rare_attributes=singles.trait_lifts(0, falling or [], traits),
        unremarkable=[],
        top_intersections=[],
        multi_attribute_clusters=[],
        tested={"traits": len(codes), "pairs": 0, "sets": 0},
    )


def halves_of(held: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rows = np.random.default_rng(seed).permutation(len(held))
    return held[rows[: len(held) // 2]], held[rows[len(held) // 2 :]]


def test_two_traits_of_which_one_is_kept():
    """100 of 1,000 people have either trait; of the first 100 customers 20, of the other 100 then 16 and 10.

    Lifts 2 and 1.6, and 2 and 1.0: P(X >= 16) = 0.03 confirms, P(X >= 10) = 0.56 does not. Of the log lift
    log 1.6 / log 2 = 0.678 and 0 are kept, in the middle 0.339.
    """
    first, second = table({"11": 20, "00": 80}), table({"11": 10, "10": 6, "00": 84})
    people = People.of(np.vstack([first, second, table({"11": 64, "01": 6, "00": 730})]))
    assert people.sizes(np.arange(2, dtype=np.int32)).tolist() == [100, 100]
    whole = report_of(np.vstack([first, second]), people, [0, 1])
    half = report_of(first, people, [0, 1])
    told = confirmed(whole, half, membership(first), membership(second), plain_traits(2))
    kept, lost = (each.confirmation for each in told.top_attributes)
    assert kept is not None
    assert lost is not None
    assert (kept.found, kept.confirmed, lost.found, lost.confirmed) == (True, True, True, False)
    assert stats.hypergeom.sf(15, 1_000, 100, 100) < 0.05 < stats.hypergeom.sf(9, 1_000, 100, 100)
    assert (kept.lift_found.value, kept.lift_confirmed.value) == (pytest.approx(2.0), pytest.approx(1.6))
    low, high = wilson_interval(16, 100)
    assert (kept.lift_confirmed.low, kept.lift_confirmed.high) == (
        pytest.approx(low / 0.1),
        pytest.approx(high / 0.1),
    )
    assert told.holdout is not None
    assert (told.holdout.found_in, told.holdout.measured_on) == (100, 100)
    assert (told.holdout.found, told.holdout.confirmed) == (2, 1)
    assert told.holdout.kept_lift == pytest.approx(np.log(1.6) / np.log(2) / 2)


def test_what_the_customers_lack_is_confirmed_by_lacking_it():
    """Half of 1,000 people have it, 10 of the first 100 customers, and of the others 30 or none."""
    first = table({"1": 10, "0": 90})
    for second, kept in ((table({"1": 30, "0": 70}), np.log(0.6) / np.log(0.2)), (table({"0": 100}), None)):
        mine = np.vstack([first, second])
        people = People.of(np.vstack([mine, table({"1": 500 - mine.sum(), "0": 300 + mine.sum()})]))
        whole, half = (report_of(held, people, [], falling=[0]) for held in (mine, first))
        told = confirmed(whole, half, membership(first), membership(second), plain_traits(1))
        (found,) = told.rare_attributes
        assert found.confirmation is not None
        assert found.confirmation.found
        assert found.confirmation.confirmed
        assert told.holdout is not None
        assert told.holdout.kept_lift is not None
        assert np.isfinite(told.holdout.kept_lift)
        if kept is not None:
            assert told.holdout.kept_lift == pytest.approx(kept)


def test_a_trait_that_turns_to_the_other_side_is_not_confirmed():
    """More frequent in the first half, and far less frequent in the other."""
    first, second = table({"1": 60, "0": 40}), table({"1": 5, "0": 95})
    people = People.of(np.vstack([first, second, table({"1": 200, "0": 600})]))
    told = confirmed(
        report_of(np.vstack([first, second]), people, [0]),
        report_of(first, people, [0]),
        membership(first),
        membership(second),
        plain_traits(1),
    )
    assert told.holdout is not None
    assert told.holdout.confirmed == 0
    assert told.holdout.kept_lift is not None
    assert told.holdout.kept_lift < 0


def test_a_half_that_finds_nothing_keeps_nothing():
    held = table({"1": 50, "0": 50})
    people = People.of(np.vstack([held, held, table({"1": 100, "0": 700})]))
    told = confirmed(
        report_of(np.vstack([held, held]), people, [0]),
        report_of(held, people, []),
        membership(held),
        membership(held),
        plain_traits(1),
    )
    assert told.holdout is not None
    assert (told.holdout.found, told.holdout.confirmed, told.holdout.kept_lift) == (0, 0, None)
    (found,) = told.top_attributes
    assert found.confirmation is not None
    assert (found.confirmation.found, found.confirmation.confirmed) == (False, True)


def test_a_range_is_held_by_who_has_any_of_its_values():
    """10 of 40 have either of two values in each half, 100 of 1,000 people: lift 2.5."""
    first = table({"100": 6, "010": 4, "001": 30})
    people = People.of(np.vstack([first, first, table({"100": 60, "010": 20, "001": 840})]))
    report, half = (report_of(held, people, []) for held in (np.vstack([first, first]), first))
    single = report_of(first, people, [0]).top_attributes[0]
    run = RangeLift.model_validate(
        single.model_dump(exclude={"trait"})
        | {"attribute": "age", "label": "age", "in_words": "under 30", "population": 100}
        | {"traits": [trait(0, "age", "0"), trait(1, "age", "1")]}
    )
    told = confirmed(
        report.model_copy(update={"ranges": [run]}),
        half,
        membership(first),
        membership(first),
        {0: trait(0, "age", "0"), 1: trait(1, "age", "1")},
    )
    confirmation = told.ranges[0].confirmation
    assert confirmation is not None
    assert confirmation.lift_found.value == pytest.approx(2.5)
    assert confirmation.confirmed


@pytest.fixture(scope="module", params=[1, 2])
def world(request: pytest.FixtureRequest) -> Planted:
    return planted(request.param, customers=4_000)


def test_nearly_all_of_the_planted_truth_is_confirmed_at_its_full_lift(world: Planted):
    query = LiftQuery()
    first, second = halves_of(world.held, 1)
    report = lift_report(world.customers, world.people, world.traits, query)
    half = lift_report(membership(first), world.people, world.traits, query)
    told = confirmed(report, half, membership(first), membership(second), world.traits)
    assert told.holdout is not None
    assert told.holdout.found == sum(len(getattr(half, name)) for name in DISCOVERIES) > 40
    assert told.holdout.confirmed >= 0.95 * told.holdout.found
    assert told.holdout.kept_lift == pytest.approx(1.0, abs=0.08)
    alone = {key_of(each) for name in DISCOVERIES for each in getattr(half, name)}
    for name in DISCOVERIES:
        for each in getattr(told, name):
            assert each.confirmation.found == (key_of(each) in alone)
    assert told.model_copy(
        update={"holdout": None}
        | {name: getattr(report, name) for name in (*DISCOVERIES, "field_marks", "ranges")}
    ) == report.model_copy(update={"holdout": None})


def test_what_was_selected_from_noise_is_confirmed_as_seldom_as_the_test_says():
    """The 10 largest lifts of 120 traits of 200 customers drawn at random, 30 times: 300 findings.

    At most one in twenty is confirmed, and of their lifts nothing is kept.
    """
    world = planted(3, people=20_000, nothing=True)
    people, found, kept = world.people, 0, []
    rng = np.random.default_rng(3)
    for _ in range(30):
        mine = world.everybody[rng.choice(20_000, 400, replace=False)]
        first, second = mine[:200], mine[200:]
        lifts = first.mean(axis=0) / world.everybody.mean(axis=0)
        half = report_of(first, people, np.argsort(-lifts)[:10].tolist())
        told = confirmed(half, half, membership(first), membership(second), plain_traits(120)).holdout
        assert told is not None
        found += told.confirmed
        kept.append(told.kept_lift)
    # The ten of one draw are correlated: the bound is that of 100 independent ones.
    assert found <= 3 * stats.binom.ppf(0.999, 100, 0.05)
    assert np.median(kept) == pytest.approx(0.0, abs=0.2)


def test_weak_findings_keep_less_than_their_lift():
    """Found in 300 customers under faint segments: what was found looked stronger than it is."""
    kept = []
    for seed in range(4, 10):
        world = planted(seed, customers=600, people=10_000, strength=(0.2, 0.35))
        first, second = halves_of(world.held, seed)
        half = lift_report(membership(first), world.people, world.traits, LiftQuery())
        told = confirmed(half, half, membership(first), membership(second), world.traits).holdout
        assert told is not None
        if told.kept_lift is not None:
            kept.append(told.kept_lift)
    assert len(kept) >= 4
    assert 0.2 < np.median(kept) < 0.95


def test_halves_that_do_not_fit_are_refused():
    held = table({"11": 30, "00": 30})
    people = People.of(np.vstack([held, held, table({"00": 300})]))
    report = report_of(held, people, [0])
    customers = membership(held)
    for first, second, what in (
        (customers, customers.only([0]), "same codes"),
        (customers.subset(np.arange(20)), customers, "60 customers, the half has 20"),
        (customers, customers.subset(np.arange(0)), "without customers"),
    ):
        with pytest.raises(ValueError, match=what):
            confirmed(report, report, first, second, plain_traits(2))
