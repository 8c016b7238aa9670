"""How often a finding would be found again is the chance that it passes the same thresholds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.tools.mining.planted import People, Planted, membership, plain_traits, planted
from tools.mining.evidence.shown import DISCOVERIES, SETS, key_of
from tools.mining.evidence.stability import Cutoffs, again_traits, with_stability
from tools.mining.evidence.statistics import (
    as_p_values,
    benjamini_hochberg,
    largest_discovery,
    log_p_enriched,
)
from tools.mining.evidence.variables import dependent, implications, variables_of
from tools.mining.findings import LiftReport
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery
from tools.mining.rows.population_counts import SetSizes
from tools.mining.sets.ground import Ground
from tools.mining.sets.multiplicity import possible_sets


def judged(report: LiftReport, world: Planted, query: LiftQuery) -> LiftReport:
    """The report with stability, as the search that gave it would ask for it."""
    ground, people_of, cutoffs = asked(report, world, query)
    return with_stability(report, ground.customers, world.traits, people_of, query, cutoffs)


def asked(report: LiftReport, world: Planted, query: LiftQuery) -> tuple[Ground, SetSizes, Cutoffs]:
    customers, people = world.customers, world.people
    floor = max(query.min_persons, int(np.ceil(query.min_support * customers.total)))
    customers = customers.only(np.flatnonzero(customers.counts() >= floor))
    variables = variables_of(customers.codes, world.traits)
    ground = Ground.of(customers, people.sizes(customers.codes), people.total, variables, floor)
    possible = possible_sets(variables, query.max_length)
    cutoffs = Cutoffs.of(report, query.q, possible, deepened(ground, people, query.q))
    return ground, SetSizes(people, customers.codes, ground.sizes), cutoffs


def deepened(ground: Ground, people: People, q: float) -> float:
    """The largest p-value of a pair beyond chance, of all pairs that do not depend on one another."""
    implied = implications(ground.customers, people, ground.sizes, ground.together)
    free = np.triu(~dependent(ground.variables, implied, ground.counts), 1)
    first, second = np.nonzero(free)
    counts = (ground.together[first, second], ground.counts[first], ground.counts[second])
    p_values = as_p_values(log_p_enriched(*counts, ground.customers.total))
    return largest_discovery(p_values, benjamini_hochberg(p_values), q)


def again(having: int, *, floor: int = 1, min_lift: float = 1.0, cutoff: float = 0.05) -> float:
    """Of 100 customers `having` have a trait that 100 of 1,000 people have."""
    (chance,) = again_traits(
        np.array([having]), 100, np.array([100]), 1_000, floor=floor, min_lift=min_lift, cutoff=cutoff
    )
    return chance


def test_a_trait_comes_again_when_enough_of_another_sample_have_it():
    """Of 100 customers 20, of 1,000 people 100 have it, so 10 are expected.

    At p <= 0.001 the hypergeometric tail asks for 21, a ratio of 1.45 for 15, a floor of 22 for 22: the
    chance is that of as many in Binomial(100, 0.2).
    """
    assert stats.hypergeom.sf(20, 1_000, 100, 100) <= 0.001 < stats.hypergeom.sf(19, 1_000, 100, 100)
    assert again(20, cutoff=0.001) == pytest.approx(stats.binom.sf(20, 100, 0.2))
    assert again(20, cutoff=1.0, min_lift=1.45) == pytest.approx(stats.binom.sf(14, 100, 0.2))
    assert again(20, cutoff=1.0, floor=22) == pytest.approx(stats.binom.sf(21, 100, 0.2))


def test_a_trait_that_just_passes_comes_again_half_the_time_and_a_strong_one_always():
    """At p <= 0.001 the least is 21 of 100 (see above), the middle of Binomial(100, 0.21)."""
    assert again(21, cutoff=0.001) == pytest.approx(0.5, abs=0.06)
    assert again(60, cutoff=0.001) == pytest.approx(1.0, abs=1e-9)
    assert again(100) == 1
    assert again(0, cutoff=0.001) == 0
    assert again(50, cutoff=0.0) == 0


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_count_of_a_sample_is_judged_as_the_customers_were(data: st.DataObject):
    """The closed form against the sum over all counts, each put to the tests by scipy."""
    total, others = data.draw(st.integers(1, 40)), data.draw(st.integers(1, 80))
    having = data.draw(st.integers(0, total))
    sizes = having + data.draw(st.integers(0, others))
    asked = {
        "floor": data.draw(st.integers(1, 10)),
        "min_lift": data.draw(st.sampled_from([1.0, 1.15, 2.0])),
        "cutoff": data.draw(st.sampled_from([0.3, 0.05, 0.001])),
    }
    people = total + others
    usual = max(sizes, 0.5) / people
    counts = np.arange(total + 1)
    tails = stats.hypergeom(people, sizes, total)
    more = (counts >= asked["floor"]) & (counts / total / usual >= asked["min_lift"])
    more &= tails.sf(counts - 1) <= asked["cutoff"] * (1 + 1e-9)
    less = counts / total / usual <= 1 / asked["min_lift"]
    less &= tails.cdf(counts) <= asked["cutoff"] * (1 + 1e-9)
    chances = stats.binom.pmf(counts, total, having / total)
    for depleted, passes in ((False, more), (True, less)):
        (chance,) = again_traits(
            np.array([having]), total, np.array([sizes]), people, depleted=depleted, **asked
        )
        assert chance == pytest.approx(chances[passes].sum(), abs=1e-9)


@pytest.fixture(scope="module")
def faint() -> Planted:
    """Some findings of it are sure, some are not."""
    return planted(3, customers=1_200, people=12_000, codes=90, strength=(0.3, 0.5), marks_each=4)


def test_running_the_whole_search_again_on_drawn_rows_agrees(faint: Planted):
    """60 reports of as many rows drawn with replacement, each with its own q-values, and all sets shown.

    A report by chance has more discoveries or fewer, so its cutoffs are others; the mean lies within
    10 points all the same, and no finding is off by more than 5 standard errors of both. A pair counts as
    found where it is told within a longer set.
    """
    query = LiftQuery(max_overlap=1, max_pair_overlap=1, max_shown=1_000)
    told = judged(lift_report(faint.customers, faint.people, faint.traits, query), faint, query)
    rng = np.random.default_rng(1)
    samples, rest = 60, faint.everybody[: -len(faint.held)]
    reports = []
    for _ in range(samples):
        held = faint.held[rng.integers(0, len(faint.held), len(faint.held))]
        people = People.of(np.vstack([rest, held]))
        reports.append(lift_report(membership(held), people, faint.traits, query))
    for names in (("top_attributes",), SETS):
        shown = [each for name in names for each in getattr(told, name)]
        found = [[key_of(each) for name in names for each in getattr(one, name)] for one in reports]
        again = [[any(key_of(each) <= key for key in keys) for keys in found] for each in shown]
        share = np.mean(again, axis=1)
        expected = np.array([each.again for each in shown])
        assert len(shown) >= 5
        assert expected.mean() == pytest.approx(share.mean(), abs=0.1)
        error = np.sqrt((expected * (1 - expected) + 0.02) * (1 / samples + 1 / 200))
        assert np.all(np.abs(share - expected) <= 5 * error)


def test_a_field_of_findings_from_sure_to_doubtful(faint: Planted):
    query = LiftQuery()
    report = lift_report(faint.customers, faint.people, faint.traits, query)
    told = judged(report, faint, query)
    for name in ("top_attributes", "top_intersections"):
        figures = [each.again for each in getattr(told, name)]
        assert max(figures) == pytest.approx(1.0, abs=1e-4)
        assert min(figures) < 0.9
        assert all(0 <= each <= 1 for each in figures)
    assert all(each.again is None for each in told.unremarkable)
    assert told.model_copy(update={name: getattr(report, name) for name in DISCOVERIES}) == report


def test_what_the_customers_lack_is_judged_the_other_way():
    """Of 400 customers 10 have a trait that half of 4,000 others have, and 180 one that 2,000 have too."""
    rng = np.random.default_rng(2)
    held = np.zeros((400, 3), dtype=bool)
    held[:10, 0] = held[:160, 1] = held[::2, 2] = True
    everybody = np.vstack([held, rng.random((4_000, 3)) < 0.5])
    world = Planted(held, everybody, plain_traits(3), np.zeros(400), [])
    query = LiftQuery()
    report = lift_report(world.customers, world.people, world.traits, query)
    told = judged(report, world, query)
    sure, doubtful = told.rare_attributes
    assert sure.again == pytest.approx(1.0)
    assert doubtful.again is not None
    usual = doubtful.population / report.population
    most = max(
        k
        for k in range(401)
        if k / 400 / usual <= 1 / 1.15
        and stats.hypergeom.cdf(k, report.population, doubtful.population, 400)
        <= Cutoffs.of(report, 0.05, {}, 0.0).traits
    )
    assert doubtful.again == pytest.approx(stats.binom.cdf(most, 400, 0.4), abs=1e-6)


def test_a_lone_strong_finding_is_not_measured_against_itself():
    """One trait of ten differs, with p far below 0.05 / 20: the cutoff is that, and not its own p-value."""
    rng = np.random.default_rng(3)
    held, others = rng.random((300, 10)) < 0.2, rng.random((6_000, 10)) < 0.2
    held[:, 0] = rng.random(300) < 0.5
    people = People.of(np.vstack([held, others]))
    report = lift_report(membership(held), people, plain_traits(10), LiftQuery())
    assert [each.trait.name for each in report.top_attributes] == ["trait_0"]
    assert Cutoffs.of(report, 0.05, {}, 0.0).traits == pytest.approx(0.05 / 20)


def test_a_few_of_the_traits_tell_a_lower_cutoff_than_all(faint: Planted):
    report, part = (
        lift_report(faint.customers, faint.people, faint.traits, LiftQuery(max_shown=shown))
        for shown in (1_000, 3)
    )
    whole, less = Cutoffs.of(report, 0.05, {}, 0.0), Cutoffs.of(part, 0.05, {}, 0.0)
    assert 0 < less.traits <= whole.traits
    assert max(each.p_value for each in report.top_attributes) <= whole.traits


def test_the_cutoff_of_sets_counts_all_that_could_have_been_told(faint: Planted):
    """q * told / (possible * lengths): told are as many pairs and longer sets as the report shows."""
    report = lift_report(faint.customers, faint.people, faint.traits)
    cutoffs = Cutoffs.of(report, 0.05, {2: 1_000, 3: 50_000}, 1e-3)
    assert cutoffs.sets[2] == pytest.approx(0.05 * len(report.top_intersections) / 2_000)
    assert cutoffs.sets[3] == pytest.approx(0.05 * len(report.multi_attribute_clusters) / 100_000)
    assert cutoffs.deepened == 1e-3


def test_a_stricter_cutoff_makes_findings_rarer(faint: Planted):
    query = LiftQuery()
    report = lift_report(faint.customers, faint.people, faint.traits, query)
    ground, people_of, cutoffs = asked(report, faint, query)
    strict = replace(cutoffs, traits=1e-12, sets=dict.fromkeys(cutoffs.sets, 1e-20))

    def figures(cutoffs: Cutoffs) -> np.ndarray:
        told = with_stability(report, ground.customers, faint.traits, people_of, query, cutoffs)
        return np.array([each.again for name in DISCOVERIES for each in getattr(told, name)])

    assert np.all(figures(strict) <= figures(cutoffs))
    assert figures(strict).mean() < figures(cutoffs).mean() - 0.05


def test_a_report_without_findings_stays_as_it_is():
    nothing = planted(4, customers=500, people=4_000, nothing=True)
    query = LiftQuery()
    report: LiftReport = lift_report(nothing.customers, nothing.people, nothing.traits, query)
    assert judged(report, nothing, query) == report


def test_customers_that_do_not_fit_the_report_are_refused(faint: Planted):
    query = LiftQuery()
    report = lift_report(faint.customers, faint.people, faint.traits, query)
    ground, people_of, cutoffs = asked(report, faint, query)
    some, fewer = ground.customers.subset(np.arange(100)), ground.customers.only([0, 1])
    for customers, what in ((some, "of 1200 customers, here are 100"), (fewer, "same codes")):
        with pytest.raises(ValueError, match=what):
            with_stability(report, customers, faint.traits, people_of, query, cutoffs)
