"""Customers beside the lost: right figures, and no difference where labels are shuffled."""

import numpy as np
import pytest
from scipy import stats

from tests.tools.mining.planted import People, Planted, World, membership, plain_traits, planted, table, trait
from tools.mining.evidence.contrast import contrasted, marks_of_the_lost
from tools.mining.evidence.shown import DISCOVERIES
from tools.mining.evidence.statistics import difference_interval, wilson_interval
from tools.mining.findings import Contrast, LiftReport, RangeLift, SetLift, TraitLift
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery
from tools.mining.rows.membership import Membership

SMALL = LiftQuery(min_customers=2, min_persons=1, q=0.5, min_lift=1)


def report_of(customers: Membership, **lists: list) -> LiftReport:
    """A report of these lists, of 6 pairs tested: those of four traits."""
    names = (*DISCOVERIES, "unremarkable")
    return LiftReport(
        customers=customers.total,
        population=1_000,
        tested={"traits": len(customers.codes), "pairs": 6, "sets": 0},
        **{name: lists.get(name, []) for name in names},
        ranges=lists.get("ranges", []),
    )


def single(customers: Membership, place: int) -> TraitLift:
    """A trait of a report; what it says of the population plays no part here."""
    having = int(customers.counts()[place])
    share = {"value": having / customers.total, "low": 0.0, "high": 1.0}
    return TraitLift.model_validate(
        {"trait": trait(place), "customers": having, "frequency": share, "population": 100}
        | {"baseline_share": 0.1, "lift": share, "p_value": 0.01, "q_value": 0.01}
    )


def joint(customers: Membership, places: list[int]) -> SetLift:
    return SetLift.model_validate(
        single(customers, places[0]).model_dump(exclude={"trait"})
        | {"traits": [trait(place) for place in places], "customers": customers.count_of(places)}
        | {"lift_over_population": {"value": 1.0, "low": 1.0, "high": 1.0}}
    )


def lost_of(finding: TraitLift | SetLift | RangeLift) -> Contrast:
    assert finding.lost is not None
    return finding.lost


def test_two_traits_of_forty_customers_and_forty_lost():
    """Trait 0: 20 of 40 customers, 5 of 40 lost: difference 0.375, ratio 4. Trait 1: 10 and 10 of 40.

    Fisher, one-sided: 0.00031 and 0.60. In both directions four tests: q = 4 x 0.00031 for the first.
    """
    won = membership(table({"11": 5, "10": 15, "01": 5, "00": 15}))
    lost = membership(table({"11": 1, "10": 4, "01": 9, "00": 26}))
    shown = report_of(won, top_attributes=[single(won, 0)], unremarkable=[single(won, 1)])
    told = contrasted(shown, won, lost, plain_traits(2))
    first, second = lost_of(told.top_attributes[0]), lost_of(told.unremarkable[0])
    assert told.lost == 40
    assert (first.lost, second.lost) == (5, 10)
    assert (first.difference.value, first.ratio.value) == (pytest.approx(0.375), pytest.approx(4.0))
    assert (second.difference.value, second.ratio.value) == (pytest.approx(0.0), pytest.approx(1.0))
    share, gap = wilson_interval(5, 40), difference_interval(20, 40, 5, 40)
    assert (first.lost_share.low, first.lost_share.high) == (pytest.approx(share[0]), pytest.approx(share[1]))
    assert (first.difference.low, first.difference.high) == (pytest.approx(gap[0]), pytest.approx(gap[1]))
    theirs = stats.contingency.relative_risk(20, 40, 5, 40).confidence_interval(0.95)
    assert (first.ratio.low, first.ratio.high) == (pytest.approx(theirs.low), pytest.approx(theirs.high))
    p_value = stats.fisher_exact([[20, 20], [5, 35]], alternative="greater").pvalue
    assert first.p_value == pytest.approx(p_value)
    assert first.q_value == pytest.approx(4 * p_value)
    assert second.q_value > 0.5


def test_what_the_lost_have_more_often_is_tested_the_other_way():
    """Mirrored: 5 of 40 customers and 20 of 40 lost have it."""
    won, lost = membership(table({"1": 5, "0": 35})), membership(table({"1": 20, "0": 20}))
    told = contrasted(report_of(won, rare_attributes=[single(won, 0)]), won, lost, plain_traits(1))
    contrast = lost_of(told.rare_attributes[0])
    assert contrast.difference.high < 0
    assert contrast.p_value == pytest.approx(stats.fisher_exact([[5, 35], [20, 20]], "less").pvalue)
    assert contrast.q_value == pytest.approx(2 * contrast.p_value)


def test_a_set_counts_among_all_that_might_have_been_shown():
    """6 pairs tested are those of four traits, of which 4 sets of three can be formed; in two directions."""
    won = membership(table({"1110": 30, "0000": 30, "0001": 40}))
    lost = membership(table({"1110": 5, "0000": 95}))
    shown = report_of(
        won, top_intersections=[joint(won, [0, 1])], multi_attribute_clusters=[joint(won, [0, 1, 2])]
    )
    told = contrasted(shown, won, lost, plain_traits(4))
    p_value = stats.fisher_exact([[30, 70], [5, 95]], alternative="greater").pvalue
    pair, longer = lost_of(told.top_intersections[0]), lost_of(told.multi_attribute_clusters[0])
    assert (pair.lost, longer.lost) == (5, 5)
    assert pair.p_value == pytest.approx(p_value)
    assert pair.q_value == pytest.approx(12 * p_value)
    assert longer.q_value == pytest.approx(8 * p_value)


def test_a_range_is_any_of_its_values_among_all_runs():
    """Two of three values: 30 of 60 customers and 6 of 60 lost; three values have six runs."""
    won = membership(table({"100": 20, "010": 10, "001": 30}))
    lost = membership(table({"100": 4, "010": 2, "001": 54}))
    ages = {code: trait(code, "age", str(code)) for code in range(3)}
    run = RangeLift.model_validate(
        single(won, 0).model_dump(exclude={"trait"})
        | {"attribute": "age", "label": "age", "in_words": "under 30", "traits": [ages[0], ages[1]]}
    )
    (told,) = contrasted(report_of(won, ranges=[run]), won, lost, ages).ranges
    p_value = stats.fisher_exact([[30, 30], [6, 54]], alternative="greater").pvalue
    assert (lost_of(told).lost, lost_of(told).q_value) == (6, pytest.approx(12 * p_value))


def test_few_lost_give_wide_intervals_and_none_give_nothing():
    won, few = membership(table({"1": 50, "0": 50})), membership(table({"1": 1, "0": 4}))
    shown = report_of(won, top_attributes=[single(won, 0)])
    contrast = lost_of(contrasted(shown, won, few, plain_traits(1)).top_attributes[0])
    assert contrast.difference.high - contrast.difference.low > 0.4
    nobody = few.subset(np.arange(0))
    assert contrasted(shown, won, nobody, plain_traits(1)) == shown
    assert marks_of_the_lost(won, nobody, plain_traits(1)) == []


def test_a_trait_that_nobody_of_either_has_is_no_difference():
    won, lost = membership(table({"10": 30, "00": 30})), membership(table({"10": 5, "00": 55}))
    told = contrasted(report_of(won, rare_attributes=[single(won, 1)]), won, lost, plain_traits(2))
    contrast = lost_of(told.rare_attributes[0])
    assert (contrast.lost, contrast.p_value, contrast.q_value) == (0, 1.0, 1.0)
    assert contrast.ratio.low < 1 < contrast.ratio.high


def test_other_codes_are_refused():
    won = membership(table({"11": 30}))
    for ask in (
        lambda: contrasted(report_of(won), won, won.only([0]), plain_traits(2)),
        lambda: marks_of_the_lost(won, won.only([0]), plain_traits(2)),
    ):
        with pytest.raises(ValueError, match="same codes"):
            ask()


def test_a_mark_of_the_lost():
    """Trait 0: 40 of 100 lost, 40 of 400 won: ratio 4, difference 0.3. Trait 1 is as frequent, 2 rarer."""
    won = membership(table({"110": 20, "101": 20, "011": 180, "000": 180}))
    lost = membership(table({"110": 20, "100": 20, "010": 30, "000": 30}))
    (mark,) = marks_of_the_lost(won, lost, plain_traits(3))
    assert mark.trait.name == "trait_0"
    assert (mark.customers, mark.population) == (40, 40)
    assert (mark.frequency.value, mark.baseline_share) == (0.4, 0.1)
    assert mark.lift.value == pytest.approx(4.0)
    theirs = stats.contingency.relative_risk(40, 100, 40, 400).confidence_interval(0.95)
    assert (mark.lift.low, mark.lift.high) == (pytest.approx(theirs.low), pytest.approx(theirs.high))
    assert mark.difference is not None
    assert mark.difference.value == pytest.approx(0.3)
    p_value = stats.fisher_exact([[40, 60], [40, 360]], alternative="greater").pvalue
    assert mark.p_value == pytest.approx(p_value, rel=0.1)
    assert mark.p_value < mark.q_value <= 6 * mark.p_value


def test_a_mark_that_none_of_the_won_has_comes_first_and_is_finite():
    won, lost = membership(table({"01": 50, "00": 350})), membership(table({"10": 40, "01": 30, "00": 30}))
    first, second = marks_of_the_lost(won, lost, plain_traits(2))
    assert (first.trait.name, second.trait.name) == ("trait_0", "trait_1")
    assert np.isfinite([first.lift.value, first.lift.high]).all()
    assert first.population == 0


def test_codes_without_a_trait_take_no_part_in_the_contrast():
    won = membership(table({"11": 30, "00": 30}))
    lost = membership(table({"11": 5, "00": 55}))
    told = contrasted(report_of(won, top_attributes=[single(won, 0)]), won, lost, {0: trait(0)})
    contrast = lost_of(told.top_attributes[0])
    assert contrast.q_value == pytest.approx(2 * contrast.p_value)
    assert marks_of_the_lost(won, lost, {1: trait(1)}, SMALL) == []


def test_planted_marks_of_the_lost_are_found_every_time():
    """Three traits that lost customers hold three times as often as won ones, of 120."""
    for seed in range(3):
        world = planted(seed, customers=2_000)
        lost = world.held[:600].copy()
        rng = np.random.default_rng(seed)
        marked = [code for code in range(80) if not any(code in one for one in world.sets)][:3]
        lost[:, marked] |= rng.random((600, 3)) < 2 * world.held[:, marked].mean(axis=0) + 0.05
        found = marks_of_the_lost(membership(world.held[600:]), membership(lost), world.traits)
        told = {int(each.trait.cluster_hash, 16) for each in found}
        assert told >= set(marked)
        # What follows from a marked trait (the chains) is marked too.
        assert len(told) <= 3 + 4


@pytest.fixture(scope="module")
def mixed() -> Planted:
    """Customers far from the population, so that there is much to show."""
    return planted(1, customers=9_000, people=20_000, strength=(0.25, 0.4))


def test_shuffling_won_and_lost_gives_no_more_differences_than_q(mixed: Planted):
    """40 reports of 500 customers against 4,000 lost of the same kind, at q = 0.1.

    Traits and sets are shown because these 500 have them often; over the shown ones alone the q-values would
    call traits different in about half of the reports, and pairs in a third.
    """
    people, some, shown = mixed.people, 0, 0
    for seed in range(40):
        rows = np.random.default_rng(seed).permutation(9_000)
        won, lost = membership(mixed.held[rows[:500]]), membership(mixed.held[rows[500:4_500]])
        report = lift_report(won, people, mixed.traits, LiftQuery(q=0.1))
        told = contrasted(report, won, lost, mixed.traits)
        contrasts = [each.lost for name in DISCOVERIES for each in getattr(told, name)]
        shown += len(contrasts)
        some += any(each.q_value <= 0.1 for each in contrasts)
    assert shown > 100
    assert some <= stats.binom.ppf(0.999, 40, 0.1)


def test_shuffled_labels_mark_no_lost():
    """40 times 400 won and 300 lost of one strongly correlated world, without minimal effects, at q = 0.1."""
    world = World(np.random.default_rng(5), 120, correlation=2.0)
    traits, query = world.traits(), LiftQuery(q=0.1, min_lift=1, min_persons=1, min_support=1e-6)
    some = 0
    for _ in range(40):
        held = world.draw(700)
        some += bool(marks_of_the_lost(membership(held[:400]), membership(held[400:]), traits, query))
    assert some <= stats.binom.ppf(0.999, 40, 0.1)


def test_customers_drawn_from_a_strongly_correlated_population_have_no_more_findings_than_q():
    """Each kind of list alone: 40 draws of 300 of 3,000 people at q = 0.1, without minimal effects."""
    query = LiftQuery(q=0.1, min_lift=1, min_enrichment=1, min_added=1, max_length=3)
    world = World(np.random.default_rng(6), 120, correlation=2.0)
    everybody = world.draw(3_000)
    people, traits = People.of(everybody), world.traits()
    rng = np.random.default_rng(7)
    some = dict.fromkeys(DISCOVERIES, 0)
    for _ in range(40):
        held = everybody[rng.choice(3_000, 300, replace=False)]
        report = lift_report(membership(held), people, traits, query)
        for name in DISCOVERIES:
            some[name] += bool(getattr(report, name))
    assert max(some.values()) <= stats.binom.ppf(0.999, 40, 0.1)
