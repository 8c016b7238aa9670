"""Segments are found where they are, told by what marks them, and not made up."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from store.errors import TooFewCustomers
from tests.tools.mining.planted import People, Planted, membership, plain_traits, planted, table, trait
from tools.mining.findings import SegmentReport
from tools.mining.segments.features import telling_traits
from tools.mining.segments.segments import SegmentQuery, knee, segment_report


@pytest.fixture(scope="module", params=[1, 2])
def easy(request: pytest.FixtureRequest) -> Planted:
    return planted(request.param, strength=(0.7, 0.9), marks_each=10)


@pytest.fixture(scope="module")
def divided(easy: Planted) -> tuple[SegmentReport, np.ndarray]:
    return segment_report(easy.customers, easy.people, easy.traits)


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
    assert "knee" in report.chosen_by
    assert [each["k"] for each in report.candidates] == list(range(1, 13))
    assert all(set(each) == {"k", "bic", "silhouette"} for each in report.candidates)


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
    query = SegmentQuery(max_segments=8)
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
    assert report.chosen_by == "no structure: one kind describes the customers best"
    assert len(report.segments[0].traits) == 8


def test_parts_that_other_people_fall_into_as_well_are_named_so():
    """The customers just lie apart from others on two factors that all people differ by."""
    world = planted(7, customers=4_000, shares=(), motifs=(), correlation=1.5, shift=1.0)
    query = SegmentQuery(max_segments=6)
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
    query = SegmentQuery(seed=5, max_segments=4)
    first, again = (segment_report(easy.customers, easy.people, easy.traits, query) for _ in range(2))
    assert first[0] == again[0]
    assert np.array_equal(first[1], again[1])


def test_too_few_customers_are_refused():
    with pytest.raises(TooFewCustomers):
        segment_report(membership(table({"1": 30})), People.of(table({"1": 90})), plain_traits(1))


@pytest.mark.parametrize(
    ("bics", "expected"),
    [
        ([1_000, 500, 100, 90, 82, 75, 70], 3),
        ([10, 20, 30, 40], 1),
        ([40, 30, 20, 10], 4),
        ([50.0], 1),
        ([50, 40], 2),
    ],
)
def test_the_knee_ends_where_little_is_gained(bics: list[float], expected: int):
    assert knee(bics) == expected
