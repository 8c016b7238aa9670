"""What sets customers apart is found, counted right, and not found where there is nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from store.errors import TooFewCustomers
from tests.tools.mining.planted import People, Planted, membership, plain_traits, planted, table, trait
from tools.mining.findings import LiftReport, SetLift
from tools.mining.lift import LiftQuery, lift_report

LENIENT = LiftQuery(
    min_customers=2,
    min_persons=1,
    min_support=0.01,
    q=0.5,
    min_lift=1,
    min_enrichment=1,
    min_added=1,
    max_overlap=1,
    max_pair_overlap=1,
)
# What a reader may take for a discovery; unremarkable traits are none.
DISCOVERIES = ("top_attributes", "rare_attributes", "top_intersections", "multi_attribute_clusters")

FORTY = table({"11": 16, "10": 4, "01": 4, "00": 16})
THOUSAND = table({"11": 40, "10": 160, "01": 160, "00": 640})


def reported(held: np.ndarray, others: np.ndarray, query: LiftQuery) -> LiftReport:
    people = People.of(np.vstack([held, others]))
    return lift_report(membership(held), people, plain_traits(held.shape[1]), query)


def codes_of(found: SetLift) -> frozenset[int]:
    return frozenset(int(each.cluster_hash, 16) for each in found.traits)


def test_forty_customers_with_a_pair():
    """Customers: 16 have both traits, 4 + 4 one, 16 none: shares 1/2, joint 0.4, lift 0.4 / 0.25 = 1.6.

    Others: 40, 160 + 160, 640, so that 56 of all 1,040 have both: lift over the population
    0.4 / (56 / 1,040) = 7.43. One pair is tested, so that q = p = the larger of the two tails.
    """
    report = reported(FORTY, THOUSAND, LiftQuery(min_customers=40, min_persons=10))
    (pair,) = report.top_intersections
    assert (pair.customers, pair.population) == (16, 56)
    assert pair.frequency.value == pytest.approx(0.4)
    assert pair.lift.value == pytest.approx(1.6)
    assert pair.lift_over_population.value == pytest.approx(7.42857)
    chance, usual = stats.hypergeom.sf(15, 40, 20, 20), stats.hypergeom.sf(15, 1_040, 56, 40)
    assert pair.p_value == pytest.approx(max(chance, usual))
    assert pair.q_value == pytest.approx(max(chance, usual))
    assert pair.beyond_others
    assert report.tested == {"traits": 2, "pairs": 1, "sets": 0}
    assert [each.customers for each in report.top_attributes] == [20, 20]
    assert report.top_attributes[0].lift.value == pytest.approx(0.5 / (220 / 1_040))
    assert report.multi_attribute_clusters == []


def test_the_interval_of_a_pair_is_that_of_dependent_shares():
    """n var(log lift) = 1 / .4 - 1 / .5 - 1 / .5 + 2 x 1.6 - 1 = 0.7; error of log lift sqrt(.7 / 40)."""
    (pair,) = reported(FORTY, THOUSAND, LiftQuery(min_customers=40, min_persons=10)).top_intersections
    spread = np.exp(1.95996 * np.sqrt(0.7 / 40))
    assert (pair.lift.low, pair.lift.high) == (
        pytest.approx(1.6 / spread, rel=1e-4),
        pytest.approx(1.6 * spread, rel=1e-4),
    )


def test_what_all_people_have_in_common_is_told_last_and_not_deepened():
    """Everywhere 0 and 1 go together, and the customers have both more; 2 and 3 meet only here."""
    rng = np.random.default_rng(1)
    factor = rng.random((8_000, 1)) < 0.15
    others = np.hstack([rng.random((8_000, 2)) < np.where(factor, 0.7, 0.1), rng.random((8_000, 2)) < 0.2])
    factor, motif = rng.random((1_000, 1)) < 0.6, rng.random((1_000, 1)) < 0.3
    held = np.hstack(
        [
            rng.random((1_000, 2)) < np.where(factor, 0.7, 0.1),
            rng.random((1_000, 2)) < np.where(motif, 0.8, 0.2),
        ]
    )
    pairs = reported(held, others, LiftQuery()).top_intersections
    assert [(codes_of(each), each.beyond_others) for each in pairs] == [
        (frozenset({2, 3}), True),
        (frozenset({0, 1}), False),
    ]


def test_traits_that_nobody_else_has_are_counted_like_others():
    """Of 200 customers 90 have all three traits and 5 each one; of 1,800 others nobody has any.

    So 95 have each and 90 have both: lift 0.45 / 0.475^2 for a pair, 0.45 / 0.475^3 for all. The pairs
    are of the same 90 as all three, and not told beside them.
    """
    held = table({"111": 90, "100": 5, "010": 5, "001": 5, "000": 95})
    pairs = reported(held, table({"000": 1_800}), LiftQuery(max_length=2))
    assert pairs.top_intersections[0].lift.value == pytest.approx(0.45 / 0.475**2)
    report = reported(held, table({"000": 1_800}), LiftQuery())
    assert report.top_intersections == []
    (found,) = report.multi_attribute_clusters
    assert (found.customers, found.population) == (90, 90)
    assert found.lift.value == pytest.approx(0.45 / 0.475**3)
    assert found.lift_over_population.value == pytest.approx(10)


def test_customers_without_common_traits_are_no_mistake():
    report = reported(np.zeros((60, 3), dtype=bool), np.zeros((50, 3), dtype=bool), LiftQuery())
    assert all(getattr(report, name) == [] for name in (*DISCOVERIES, "unremarkable"))
    assert report.tested == {"traits": 0, "pairs": 0, "sets": 0}


def test_a_trait_too_rare_to_be_missed_is_no_rare_attribute():
    """Of 1,000 customers none has trait 0, where 1 % of 11,000 would be 10 persons: under the floor of 20."""
    held, others = np.zeros((1_000, 2), dtype=bool), table({"11": 110, "01": 400, "00": 9_490})
    report = reported(held, others, LiftQuery())
    assert [each.trait.name for each in report.rare_attributes] == ["trait_1"]


@pytest.mark.parametrize(
    "asked", [{"min_enrichment": 100}, {"min_added": 100}, {"min_support": 0.9}, {"q": 1e-300}]
)
def test_every_threshold_can_refuse_all_sets(easy: Planted, asked: dict[str, float]):
    report = lift_report(easy.customers, easy.people, easy.traits, LiftQuery.model_validate(asked))
    assert report.multi_attribute_clusters == []


def test_codes_without_a_trait_take_no_part():
    held = table({"111": 40, "000": 20})
    people = People.of(np.vstack([held, table({"000": 900})]))
    report = lift_report(membership(held), people, {2: trait(2)})
    assert [each.trait.name for each in report.top_attributes] == ["trait_2"]


def test_too_few_customers_are_refused_with_size_and_floor():
    held = table({"11": 49})
    with pytest.raises(TooFewCustomers, match=r"49 customers.*50"):
        reported(held, table({"00": 100}), LiftQuery())


def test_values_of_one_variable_never_meet():
    rng = np.random.default_rng(2)
    held = rng.random((500, 4)) < 0.6
    people = People.of(np.vstack([held, rng.random((5_000, 4)) < 0.1]))
    names = {code: trait(code, f"variable_{code // 2}", str(code)) for code in range(4)}
    report = lift_report(membership(held), people, names, LENIENT)
    assert report.tested["pairs"] == 4
    for found in report.top_intersections + report.multi_attribute_clusters:
        assert len({each.name for each in found.traits}) == len(found.traits)


def test_outcome_rates_are_customers_among_those_who_have_it():
    """20 of 220 people with the first trait are customers, and 16 of the 56 with both."""
    report = reported(FORTY, THOUSAND, LiftQuery(min_customers=40, min_persons=10, outcome_rates=True))
    (pair,) = report.top_intersections
    single = report.top_attributes[0]
    assert pair.rate is not None
    assert single.rate is not None
    assert pair.rate.value == pytest.approx(16 / 56)
    assert single.rate.value == pytest.approx(20 / 220)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_every_figure_is_what_counting_gives(seed: int):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 2, (120, 1))
    held = rng.random((120, 6)) < rng.uniform(0.1, 0.9, (2, 6))[kind[:, 0]]
    others = rng.random((400, 6)) < rng.uniform(0.1, 0.6, 6)
    report = reported(held, others, LENIENT)
    everybody = np.vstack([held, others])
    for single in report.top_attributes + report.rare_attributes + report.unremarkable:
        code = int(single.trait.cluster_hash, 16)
        assert single.customers == held[:, code].sum()
        assert single.population == everybody[:, code].sum()
        assert single.lift.low <= single.lift.value <= single.lift.high
    for found in report.top_intersections + report.multi_attribute_clusters:
        members = list(codes_of(found))
        assert found.customers == held[:, members].all(axis=1).sum()
        assert found.population == everybody[:, members].all(axis=1).sum()
        product = held[:, members].mean(axis=0).prod()
        assert found.lift.value == pytest.approx(found.customers / 120 / product)
        assert found.lift.low <= found.lift.value <= found.lift.high
        assert 0 <= found.p_value <= found.q_value <= 0.5


@pytest.fixture(scope="module", params=[1, 2, 3])
def easy(request: pytest.FixtureRequest) -> Planted:
    return planted(request.param)


def test_planted_sets_fill_the_top_and_nothing_else_does(easy: Planted):
    people = easy.people
    report = lift_report(easy.customers, people, easy.traits)
    shown = [codes_of(each) for each in report.top_intersections[:20] + report.multi_attribute_clusters[:20]]
    assert all(any(codes <= planted_set for planted_set in easy.sets) for codes in shown)
    found = sum(any(codes <= planted_set for codes in shown) for planted_set in easy.sets)
    assert found >= 7
    assert len(people.asked) <= 6
    assert not report.bounded


def test_companions_complete_what_the_search_cut_short(easy: Planted):
    """The longest motif has 4 traits, a segment 8: companions name most of the rest."""
    report = lift_report(easy.customers, easy.people, easy.traits)
    for found in report.multi_attribute_clusters[:5]:
        companions = {int(each.cluster_hash, 16) for each in found.companions}
        assert not companions & codes_of(found)
        whole = codes_of(found) | companions
        assert any(len(whole & planted_set) >= 0.8 * len(whole) for planted_set in easy.sets)


def test_weak_segments_under_strong_common_correlations_are_found():
    found, false = 0, 0
    for seed in (4, 5):
        hard = planted(seed, customers=8_000, strength=(0.35, 0.55), correlation=1.5, marks_each=6, shift=0.5)
        report = lift_report(hard.customers, hard.people, hard.traits)
        shown = [
            codes_of(each) for each in report.top_intersections[:20] + report.multi_attribute_clusters[:20]
        ]
        found += sum(any(codes <= planted_set for codes in shown) for planted_set in hard.sets)
        false += sum(not any(codes <= planted_set for planted_set in hard.sets) for codes in shown)
    assert found >= 14
    assert false <= 2


@pytest.mark.parametrize("seed", [6, 7, 8])
@pytest.mark.parametrize("correlation", [0.8, 2.0])
def test_customers_drawn_from_the_population_have_nothing_of_their_own(seed: int, correlation: float):
    nothing = planted(seed, nothing=True, correlation=correlation)
    report = lift_report(nothing.customers, nothing.people, nothing.traits)
    assert all(getattr(report, name) == [] for name in DISCOVERIES)
    assert len(report.unremarkable) > 0


def test_shuffled_labels_give_no_more_discoveries_than_q():
    """Under no difference a false discovery rate of q is the chance of any discovery: 80 shuffles at 10 %.

    Without minimal effects, which would hide a fault of the tests.
    """
    query = LiftQuery(q=0.1, min_lift=1, min_enrichment=1, min_added=1, max_length=3)
    rng = np.random.default_rng(9)
    people = planted(9, people=3_000, nothing=True).everybody
    traits = plain_traits(120)
    shuffles = 80
    some = 0
    for _ in range(shuffles):
        held = people[rng.choice(len(people), 400, replace=False)]
        report = lift_report(membership(held), People.of(people), traits, query)
        some += any(getattr(report, name) for name in DISCOVERIES)
    assert some <= stats.binom.ppf(0.999, shuffles, 0.1)


def test_the_same_question_has_the_same_answer(easy: Planted):
    first, again = (lift_report(easy.customers, easy.people, easy.traits) for _ in range(2))
    assert first == again


def test_limits_are_told():
    world = planted(10)
    report = lift_report(world.customers, world.people, world.traits, LiftQuery(max_counted=100))
    assert report.bounded
    assert (
        len(lift_report(world.customers, world.people, world.traits, LiftQuery(max_shown=3)).top_attributes)
        == 3
    )


def test_a_population_that_lost_some_customers_is_served():
    world = planted(11, customers=1_000, people=5_000)
    people = People.of(world.everybody[:-200])
    report = lift_report(world.customers, people, world.traits, LiftQuery(outcome_rates=True))
    for found in report.top_attributes + report.top_intersections + report.multi_attribute_clusters:
        assert found.customers <= found.population
        assert found.rate is not None
        assert found.rate.high <= 1
