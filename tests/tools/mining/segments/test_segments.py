"""Segments are found where they are, told by what marks them, and not made up."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from benchmarks.planted_segments import SETTINGS, Sample, World
from store.errors import TooFewCustomers
from tests.tools.mining.planted import People, Planted, membership, plain_traits, planted, table, trait
from tools.mining.findings import SegmentReport
from tools.mining.segments.division import enough
from tools.mining.segments.features import telling_traits
from tools.mining.segments.segments import SegmentQuery, segment_report

# Fewer and smaller bootstrap samples than usual.
QUICK = SegmentQuery(draws=4, stability_rows=1_000)


@pytest.fixture(scope="module", params=[1])
def easy(request: pytest.FixtureRequest) -> Planted:
    return planted(request.param, customers=3_000, people=20_000, strength=(0.7, 0.9), marks_each=10)


@pytest.fixture(scope="module")
def divided(easy: Planted) -> tuple[SegmentReport, np.ndarray]:
    return segment_report(easy.customers, easy.people, easy.traits, QUICK)


def two_halves() -> tuple[np.ndarray, People]:
    """60 customers with traits 0-3, 40 with 4-7, among 1,000 people of whom the others have none."""
    held = table({"11110000": 60, "00001111": 40})
    rng = np.random.default_rng(0)
    return held, People.of(np.vstack([held, rng.random((900, 8)) < 0.05]))


def test_two_halves_are_two_segments():
    """Segment 0: 60 of 60 have trait 0; in the population 60 of 1,000 and about 45 others."""
    held, people = two_halves()
    report, labels = segment_report(membership(held), people, plain_traits(8))
    assert labels.tolist() == [0] * 60 + [1] * 40
    assert [(each.segment_id, each.size, each.percentage) for each in report.segments] == [
        (0, 60, 60.0),
        (1, 40, 40.0),
    ]
    assert report.background is None
    first = report.segments[0].traits
    assert {each.trait.name for each in first} == {"trait_0", "trait_1", "trait_2", "trait_3"}
    assert first[0].frequency.value == 1
    size = people.sizes(np.array([0]))[0]
    assert {each.trait.name: each for each in first}["trait_0"].lift.value == pytest.approx(1_000 / size)


def test_a_segment_is_also_told_against_the_other_customers():
    """60 of 60 have trait 0, of the 40 others none: with half a person (60.5 / 60.5) / (0.5 / 40.5) = 81."""
    held, people = two_halves()
    report, _ = segment_report(membership(held), people, plain_traits(8))
    (found,) = (each for each in report.segments[0].traits_against_others if each.trait.name == "trait_0")
    assert (found.customers, found.population, found.baseline_share) == (60, 0, 0.0)
    assert found.lift.value == pytest.approx(81, rel=1e-6)
    assert found.lift.low > 1


def test_planted_segments_are_recovered(easy: Planted, divided: tuple[SegmentReport, np.ndarray]):
    report, labels = divided
    assert len(report.segments) == 5
    assert adjusted_rand_score(easy.segment, labels) >= 0.9
    assert [each.size for each in report.segments] == [int((labels == i).sum()) for i in range(5)]
    assert report.background is not None
    assert report.background.size == int((labels == -1).sum())
    assert report.chosen_by.startswith("least BIC (within 1 %) at 5 of 1 to ")
    # The search ends two numbers after the BIC has turned.
    assert [each["k"] for each in report.candidates] == list(range(1, len(report.candidates) + 1))
    assert 7 <= len(report.candidates) <= 12
    assert all({"k", "bic", "silhouette", "inertia"} <= set(each) for each in report.candidates)
    assert report.candidates[4]["agreement"] > 0.8
    within = [each["inertia"] for each in report.candidates[:5]]
    assert within == sorted(within, reverse=True)


def test_the_traits_of_a_planted_segment_are_its_marks(
    easy: Planted, divided: tuple[SegmentReport, np.ndarray]
):
    report, labels = divided
    for each in report.segments:
        true = np.bincount(easy.segment[labels == each.segment_id] + 1).argmax() - 1
        told = {int(found.trait.cluster_hash, 16) for found in each.traits[:8]}
        assert len(told & easy.sets[true]) >= 7
        others = {int(found.trait.cluster_hash, 16) for found in each.traits_against_others[:8]}
        assert len(others & easy.sets[true]) >= 7


def test_what_all_people_have_in_common_does_not_drown_the_segments():
    """Customers who lie apart on two common factors: dozens of traits are enriched, the marks are told by."""
    world = planted(
        3, customers=8_000, codes=160, strength=(0.5, 0.7), marks_each=10, correlation=2.0, shift=0.8
    )
    features = telling_traits(world.customers, world.people, world.traits, SegmentQuery())
    planted_codes = frozenset().union(*world.sets)
    assert features.own
    assert np.mean([code in planted_codes for code in features.places]) > 0.95
    query = SegmentQuery(max_segments=6, draws=0)
    _, labels = segment_report(world.customers, world.people, world.traits, query)
    assert adjusted_rand_score(world.segment, labels) > 0.5


@pytest.mark.parametrize("seed", [4, 5])
def test_draws_from_the_population_are_one_segment_and_the_report_says_so(seed: int):
    nothing = planted(seed, nothing=True, correlation=1.5)
    report, labels = segment_report(nothing.customers, nothing.people, nothing.traits)
    assert len(report.segments) == 1
    assert report.chosen_by.startswith("no structure")
    assert report.segments[0].size == nothing.customers.total
    assert report.segments[0].traits_against_others == []
    assert not labels.any()


def test_customers_of_one_kind_are_one_segment():
    rng = np.random.default_rng(6)
    held = rng.random((500, 8)) < 0.7
    people = People.of(np.vstack([held, rng.random((5_000, 8)) < 0.2]))
    report, _ = segment_report(membership(held), people, plain_traits(8))
    assert report.chosen_by.startswith("no structure")
    assert len(report.segments[0].traits) == 8


def test_parts_that_other_people_fall_into_as_well_are_named_so():
    """The customers just lie apart from others on two factors that all people differ by."""
    world = planted(7, customers=4_000, shares=(), motifs=(), correlation=1.5, shift=1.0)
    query = SegmentQuery(max_segments=6, draws=2)
    report, _ = segment_report(world.customers, world.people, world.traits, query)
    assert len(report.segments) > 1
    assert report.chosen_by.endswith("other people fall into such parts as well")


def test_small_segments_join_the_background():
    """70, 60 and 20 customers with traits of their own: 20 are under the floor of 30."""
    held = table({"111100000000": 70, "000011110000": 60, "000000001111": 20})
    rng = np.random.default_rng(8)
    people = People.of(np.vstack([held, rng.random((3_000, 12)) < 0.05]))
    query = SegmentQuery(min_feature_lift=1.0, min_size=15)
    report, labels = segment_report(membership(held), people, plain_traits(12), query)
    assert [each.size for each in report.segments] == [70, 60, 20]
    query = SegmentQuery(min_feature_lift=1.0, min_size=15, min_share=0.2)
    report, labels = segment_report(membership(held), people, plain_traits(12), query)
    assert [each.size for each in report.segments] == [70, 60]
    assert report.background is not None
    assert report.background.size == (labels == -1).sum() == 20


def test_a_trait_that_no_customer_has_takes_no_part():
    held, _ = two_halves()
    wider = np.hstack([held, np.zeros((len(held), 1), dtype=bool)])
    everybody = People.of(np.vstack([wider, table({"000000001": 900})]))
    report, _ = segment_report(membership(wider), everybody, plain_traits(9))
    told = {
        found.trait.name for each in report.segments for found in each.traits + each.traits_against_others
    }
    assert told == {f"trait_{code}" for code in range(8)}


def test_one_value_of_a_variable_is_told():
    held, people = two_halves()
    names = {code: trait(code, f"variable_{code // 2}", str(code)) for code in range(8)}
    report, _ = segment_report(membership(held), people, names)
    for each in report.segments:
        told = [found.trait.name for found in each.traits]
        assert len(told) == len(set(told)) == 2


def test_the_seed_alone_decides(easy: Planted):
    query = SegmentQuery(seed=5, max_segments=3, draws=2)
    first, again = (segment_report(easy.customers, easy.people, easy.traits, query) for _ in range(2))
    assert first[0] == again[0]
    assert np.array_equal(first[1], again[1])


def test_too_few_customers_are_refused():
    with pytest.raises(TooFewCustomers):
        segment_report(membership(table({"1": 30})), People.of(table({"1": 90})), plain_traits(1))


@pytest.mark.parametrize(
    ("bics", "expected"),
    [
        ([1_000, 500, 100, 90, 82, 79, 85], 4),
        ([10, 20, 30, 40], 0),
        ([40, 30, 20, 10], 3),
        ([50.0], 0),
        ([200, 101, 100, 100], 1),
    ],
)
def test_the_least_number_within_a_hundredth_of_the_lowest_bic_is_enough(bics: list[float], expected: int):
    """1,000 to 79 gains 921; 1 % of it is 9.2, so 82 at four is enough. 200 to 100: 101 is enough."""
    assert enough(bics) == expected


def test_the_order_of_the_customers_does_not_matter(easy: Planted, divided: tuple[SegmentReport, np.ndarray]):
    order = np.random.default_rng(9).permutation(easy.customers.total)
    report, labels = segment_report(easy.customers.subset(order), easy.people, easy.traits, QUICK)
    assert np.array_equal(labels, divided[1][order])
    assert report == divided[0]


def test_equal_customers_are_in_one_segment():
    """Eight traits make 256 patterns at most: each is of one segment, whatever sample it was fitted on."""
    held, people = two_halves()
    noisy = held ^ (np.random.default_rng(10).random(held.shape) < 0.1)
    query = SegmentQuery(fit_rows=100, choose_rows=100)
    many = np.vstack([noisy] * 3)
    _, labels = segment_report(membership(many), people, plain_traits(8), query)
    assert np.array_equal(labels, np.tile(labels[:100], 3))


def test_planted_segments_are_stable_and_most_of_their_members_typical(
    divided: tuple[SegmentReport, np.ndarray],
):
    for each in divided[0].segments:
        assert each.stability is not None
        assert each.stability > 0.75
        assert each.typical is not None
        assert each.exceptional is not None
        assert each.typical > 0.7 * each.size
        assert each.exceptional < 0.1 * each.size


def test_members_of_two_clear_halves_are_typical_and_none_exceptional():
    """Nobody has traits of both halves: all are certain, and every bootstrap sample finds both."""
    held, people = two_halves()
    report, _ = segment_report(membership(held), people, plain_traits(8))
    assert [(each.typical, each.exceptional) for each in report.segments] == [(60, 0), (40, 0)]
    assert [each.stability for each in report.segments] == pytest.approx([1, 1])


def test_segments_below_the_floor_of_stability_are_said_to_dissolve(easy: Planted):
    query = SegmentQuery(max_segments=2, draws=3, stability_rows=300, min_stability=1.0)
    report, labels = segment_report(easy.customers, easy.people, easy.traits, query)
    assert report.chosen_by == "no structure: every part dissolves when the customers are drawn anew"
    assert not labels.any()
    query = SegmentQuery(draws=2, stability_rows=1_000)
    report, _ = segment_report(easy.customers, easy.people, easy.traits, query)
    floor = float(np.median([each.stability or 0 for each in report.segments]))
    report, _ = segment_report(
        easy.customers, easy.people, easy.traits, query.model_copy(update={"min_stability": floor})
    )
    below = [each.segment_id for each in report.segments if (each.stability or 0) < floor]
    assert 0 < len(below) < 5
    assert report.chosen_by.endswith("drawn anew: segment " + ", ".join(map(str, below)))


def test_stability_is_left_out_where_no_samples_are_drawn(easy: Planted):
    query = SegmentQuery(draws=0, max_segments=3)
    report, _ = segment_report(easy.customers, easy.people, easy.traits, query)
    assert all(each.stability is None for each in report.segments)
    assert all(each.typical for each in report.segments)


def test_what_all_people_share_is_told_apart_from_weak_segments():
    """Six strong factors in everybody; the true parameters reach 0.8, a plain mixture about 0.4."""
    world = World(4, 200, SETTINGS["hard"])
    sample = Sample.of(world, 6_000, 12_000)
    query = SegmentQuery(draws=0)
    report, labels = segment_report(sample.customers, sample.population, sample.traits, query)
    likeliest = world.likeliest(sample.customers.rows().astype(bool))
    reached = adjusted_rand_score(sample.truth, labels)
    assert len(report.segments) == 5
    assert reached > 0.85 * adjusted_rand_score(sample.truth, likeliest)


def test_the_same_factors_without_segments_are_no_structure():
    world = World(5, 120, SETTINGS["hard"], nothing=True)
    sample = Sample.of(world, 3_000, 12_000)
    report, labels = segment_report(sample.customers, sample.population, sample.traits)
    assert report.chosen_by.startswith("no structure")
    assert not labels.any()


def test_customers_who_are_all_alike_are_one_segment():
    held = np.ones((60, 6), dtype=bool)
    people = People.of(np.vstack([held, np.random.default_rng(0).random((600, 6)) < 0.2]))
    report, labels = segment_report(membership(held), people, plain_traits(6))
    assert [each.size for each in report.segments] == [60]
    assert report.chosen_by.startswith("no structure")
    assert not labels.any()


def test_customers_without_attributes_are_one_segment():
    held = np.zeros((60, 0), dtype=bool)
    report, _ = segment_report(membership(held), People(np.zeros((0, 1), np.uint64), 500), {})
    assert report.segments[0].size == 60
    assert report.chosen_by.startswith("no structure: fewer than 3 traits")


def test_an_attribute_that_everybody_has_changes_nothing():
    held, _ = two_halves()
    wider = np.hstack([held, np.ones((100, 1), dtype=bool)])
    rng = np.random.default_rng(0)
    everybody = np.vstack([wider, np.hstack([rng.random((900, 8)) < 0.05, np.ones((900, 1), dtype=bool)])])
    report, labels = segment_report(membership(wider), People.of(everybody), plain_traits(9))
    assert labels.tolist() == [0] * 60 + [1] * 40
    assert all(found.trait.name != "trait_8" for each in report.segments for found in each.traits)


def test_twenty_thousand_attributes_are_bounded_by_the_features():
    """20,000 rare attributes and two halves of six: the halves are found, by 120 traits at most."""
    rng = np.random.default_rng(11)
    rare = rng.random((300, 20_000), dtype=np.float32) < 0.02
    marks = rng.random((300, 12)) < np.where(np.arange(12) < 6, 0.05, 0.9)
    marks[:150] = marks[:150, ::-1]
    others = np.hstack([rng.random((600, 12)) < 0.05, rng.random((600, 20_000), dtype=np.float32) < 0.02])
    held = np.hstack([marks, rare])
    people = People.of(np.vstack([held, others]))
    _, labels = segment_report(membership(held), people, plain_traits(20_012), SegmentQuery(draws=2))
    assert adjusted_rand_score(np.arange(300) < 150, labels) > 0.9
    assert max(people.asked) <= 120 * 119 // 2
