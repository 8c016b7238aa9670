from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import BadInput, TooFewCustomers
from store.features import FeatureTable, category, number
from tools.scoring.fit.knots import evidence_at, knots_of, rising, scores_at, slope_at
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.queries import FitQuery
from tools.scoring.fit.scoring import fit_scores

Accounts = Callable[..., tuple[FeatureTable, FeatureTable]]


def _named(profile: FitProfile, name: str):
    return next(each for each in profile.criteria if each.scale.name == name)


def test_the_planted_ranges_values_and_order_of_weights_are_found(planted: FitProfile) -> None:
    """Steel at -6 tells most, then the range of employees, then SAP; noise and colour tell nothing."""
    assert [each.scale.name for each in planted.criteria] == ["industry", "employees", "tools"]
    employees = _named(planted, "employees")
    assert employees.scale.edges == pytest.approx([50, 500], rel=0.05)
    assert set(_named(planted, "industry").good.split(" or ")) == {"Health", "Software"}
    assert _named(planted, "tools").scale.value == "SAP"
    assert sum(each.weight for each in planted.criteria) == pytest.approx(1.0)
    assert [each.tier for each in planted.criteria] == [1, 1, 3]
    assert all(each.stability == 1.0 for each in planted.criteria)
    assert all(each.held_out_gain.low > 0 for each in planted.criteria)


def test_nearly_nobody_in_steel_disqualifies(planted: FitProfile) -> None:
    (ruled,) = planted.disqualifiers
    assert (ruled.scale.name, ruled.words) == ("industry", "Steel")
    assert ruled.ideal_share.high < 0.01
    assert ruled.others_share.low > 0.25


def test_the_held_out_auc_is_near_that_of_the_true_odds(planted: FitProfile) -> None:
    """The odds that the accounts are drawn from have an AUC of 0.83 on the values that are shown."""
    assert planted.auc is not None
    assert 0.79 < planted.auc.low < planted.auc.value < planted.auc.high < 0.87


def test_shuffled_labels_give_no_criteria_and_no_disqualifiers(accounts: Accounts) -> None:
    """One profile in 40 may be wrong; the bounds of the tests are wide, so none is expected."""
    profiles = [learn_fit(*accounts(300, seed, shuffled=True)) for seed in range(40)]
    assert sum(bool(each.criteria) for each in profiles) <= 1
    assert sum(bool(each.disqualifiers) for each in profiles) <= 1


def test_a_profile_without_criteria_gives_everybody_the_middle(accounts: Accounts) -> None:
    ideal, others = accounts(300, 5, shuffled=True)
    profile = learn_fit(ideal, others)
    scores = fit_scores(profile, ideal)
    assert profile.knots == []
    assert set(scores.score.tolist()) == {50.0}
    assert set(scores.tier.tolist()) == {2}
    assert set(scores.confidence.tolist()) == {0}


def test_json_keeps_every_score(planted: FitProfile, accounts: Accounts) -> None:
    ideal, _ = accounts()
    again = FitProfile.model_validate_json(planted.model_dump_json())
    assert again == planted
    assert (fit_scores(again, ideal).score == fit_scores(planted, ideal).score).all()


def test_the_version_is_of_the_content(planted: FitProfile, accounts: Accounts) -> None:
    assert learn_fit(*accounts()).version == planted.version
    assert learn_fit(*accounts(), FitQuery(pseudo_rows=30)).version != planted.version


def test_the_order_of_rows_and_columns_changes_nothing(accounts: Accounts) -> None:
    ideal, others = accounts(1_000)
    rng = np.random.default_rng(0)
    mixed = [table.take(rng.permutation(table.rows)) for table in (ideal, others)]
    turned = [FeatureTable(table.rows, table.features[::-1]) for table in mixed]
    first, second = learn_fit(ideal, others), learn_fit(*turned)
    assert [each.scale for each in first.criteria] == [each.scale for each in second.criteria]
    assert np.allclose(fit_scores(first, ideal).score, fit_scores(second, ideal).score, atol=1e-3)


def test_a_column_given_twice_does_not_count_twice(accounts: Accounts) -> None:
    ideal, others = accounts(2_000)
    twice = [
        table.beside(replace(table.features[0], name="headcount", label="Headcount"))
        for table in (ideal, others)
    ]
    once, doubled = learn_fit(ideal, others), learn_fit(*twice)
    assert len(doubled.criteria) == len(once.criteria)
    assert _named(doubled, "employees").same_as == ["Headcount"]
    # Another column makes other folds, so the coefficients differ a little.
    gap = fit_scores(once, ideal).score - fit_scores(doubled, twice[0]).score
    assert np.abs(gap).max() < 1


def test_half_of_the_ideal_score_a_or_b_and_the_others_mostly_less(
    planted: FitProfile, accounts: Accounts
) -> None:
    ideal, others = accounts(seed=9)
    mine, theirs = fit_scores(planted, ideal), fit_scores(planted, others)
    assert np.median(mine.tier) == 0
    assert np.median(theirs.tier) >= 2


def test_fewer_than_fifty_are_said_and_shrunk_further(accounts: Accounts) -> None:
    ideal, others = accounts()
    few = ideal.take(np.arange(30))
    told = learn_fit(few, others)
    loose = learn_fit(few, others, FitQuery(few_rows=1))
    assert told.warnings[0].startswith("Only 30 customers, fewer than 50")
    strongest = [max(abs(one.evidence) for one in each.criteria[0].bins) for each in (told, loose)]
    assert strongest[0] < strongest[1]


@pytest.mark.parametrize("rows", [1, 2, 9])
def test_a_handful_of_rows_proves_nothing(accounts: Accounts, rows: int) -> None:
    ideal, others = accounts(200)
    profile = learn_fit(ideal.take(np.arange(rows)), others)
    assert profile.criteria == []
    assert f"{rows} customers are too few" in profile.warnings[1]


def test_no_rows_are_refused(accounts: Accounts) -> None:
    ideal, others = accounts(200)
    with pytest.raises(TooFewCustomers, match="no ideal rows"):
        learn_fit(ideal.take(np.arange(0)), others)
    with pytest.raises(TooFewCustomers, match="no other rows"):
        learn_fit(ideal, others.take(np.arange(0)))


def test_constant_and_empty_columns_say_nothing() -> None:
    table = FeatureTable(
        60, (number("same", [1.0] * 60), number("none", [None] * 60), category("blank", [None] * 60))
    )
    assert learn_fit(table, table).criteria == []
    assert learn_fit(FeatureTable(60, ()), FeatureTable(60, ())).criteria == []


def test_columns_of_one_side_alone_are_left_out_and_named(accounts: Accounts) -> None:
    ideal, others = accounts(400)
    profile = learn_fit(ideal.without(["colour"]), others)
    assert "Not on both sides, so left out: colour." in profile.warnings


def test_being_unknown_counts_only_where_it_is_proven() -> None:
    rng = np.random.default_rng(4)
    ideal = FeatureTable(500, (number("revenue", np.where(rng.random(500) < 0.7, np.nan, rng.random(500))),))
    others = FeatureTable(500, (number("revenue", np.where(rng.random(500) < 0.1, np.nan, rng.random(500))),))
    (criterion,) = learn_fit(ideal, others).criteria
    assert [each.words for each in criterion.bins] == ["unknown", "any"]
    assert criterion.bins[0].evidence > 1 > 0 > criterion.bins[1].evidence
    assert criterion.good == "unknown"


def test_a_trend_that_is_asked_for_holds(accounts: Accounts) -> None:
    profile = learn_fit(*accounts(), FitQuery(trends={"employees": "rising"}))
    said = [each.evidence for each in _named(profile, "employees").bins[1:]]
    assert said == sorted(said)
    with pytest.raises(BadInput, match="no numbers of both sides"):
        learn_fit(*accounts(400), FitQuery(trends={"industry": "rising"}))


def test_weights_of_one_change_nothing_and_heavier_rows_count_more(accounts: Accounts) -> None:
    ideal, others = accounts(1_000)
    rows = ideal.rows + others.rows
    plain = learn_fit(ideal, others)
    assert learn_fit(ideal, others, weights=np.ones(rows)) == plain
    big = np.nan_to_num(np.concatenate([each.features[0].values for each in (ideal, others)])) >= 100
    weighed = learn_fit(ideal, others, weights=np.where(big, 5.0, 1.0))
    kish = [
        weights.sum() ** 2 / (weights**2).sum() for weights in np.split(np.where(big, 5.0, 1.0), [ideal.rows])
    ]
    found = _named(weighed, "industry").bins
    assert sum(each.ideal for each in found) == pytest.approx(kish[0])
    assert sum(each.others for each in found) == pytest.approx(kish[1])


@pytest.mark.parametrize("weights", [[1.0], [-1.0] * 400, [np.nan] * 400, [0.0] * 400])
def test_weights_that_do_not_fit_are_refused(accounts: Accounts, weights: list[float]) -> None:
    ideal, others = accounts(400)
    with pytest.raises(BadInput, match=r"Weights are not|All weights"):
        learn_fit(ideal, others, weights=weights)


def test_times_make_the_folds_blocks(accounts: Accounts) -> None:
    """An effect that the first half alone shows is found in fewer folds than one that lasts."""
    rng = np.random.default_rng(2)
    rows = 600
    early = np.arange(rows) < rows / 5
    lasting = [rng.random(rows) < share for share in (0.7, 0.3)]
    passing = [rng.random(rows) < np.where(early, share, 0.5) for share in (0.98, 0.02)]
    tables = [
        FeatureTable(rows, (category("lasting", lasting[at]), category("passing", passing[at])))
        for at in (0, 1)
    ]
    profile = learn_fit(*tables, ideal_times=np.arange(rows), other_times=np.arange(rows))
    assert profile.criteria[0].scale.name == "lasting"
    assert all(each.stability <= 0.8 for each in profile.criteria[1:])


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=30),
    st.lists(st.floats(-50, 50), min_size=1, max_size=30),
)
@settings(max_examples=100)
def test_knots_rise_strictly_and_scores_with_them(ideal: list[float], others: list[float]) -> None:
    worst, best = min(ideal + others), max(ideal + others)
    weights = np.ones(len(ideal)), np.ones(len(others))
    knots = knots_of(worst, best, np.array(ideal), np.array(others), weights, ("customers", "others"))
    if best - worst < 1e-6:
        return
    places = np.array([knot.evidence for knot in knots])
    assert (np.diff(places) > 0).all()
    assert scores_at(knots, places) == pytest.approx([0, 40, 60, 80, 100])
    grid = scores_at(knots, np.linspace(worst, best, 50))
    assert (np.diff(grid) >= 0).all()
    assert evidence_at(knots, 60) == pytest.approx(places[2])
    assert slope_at(knots, places[0]) > 0


def test_knots_are_the_percentiles_that_are_told() -> None:
    """Others 0..9: median 4, 80th 7, 90th 8; ideal 9, 9.5, 10, 10.5: 25th 9, harder than 8."""
    others, ideal = np.arange(10.0), np.array([9.0, 9.5, 10.0, 10.5])
    knots = knots_of(-1, 12, ideal, others, (np.ones(4), np.ones(10)), ("customers", "others"))
    assert [(knot.evidence, knot.score) for knot in knots] == [(-1, 0), (4, 40), (7, 60), (9, 80), (12, 100)]
    assert knots[3].meaning == "25th percentile of the customers"
    assert scores_at(knots, np.array([5.5])) == pytest.approx([50])


def test_places_that_meet_are_moved_apart() -> None:
    assert rising([0, 0, 0, 0, 1]) == pytest.approx([0, 0.001, 0.002, 0.003, 1])
    assert rising([0, 1, 1, 1, 1]) == pytest.approx([0, 0.997, 0.998, 0.999, 1])
