"""A model is kept only where it is better than the base rate, and promises what it holds."""

import json
import re

import numpy as np
import pytest

from store.errors import BadFile, BadInput, TooFewCustomers
from store.features import FeatureTable, category, number
from tests.tools.scoring.conversion.outcome_planted import START, days, planted
from tools.scoring.conversion.conversion import ConversionModel, ConversionQuery, learn_conversion

QUICK = ConversionQuery(iterations=40, learning_rate=0.1, resamples=50, most_permuted=600)
LINEAR = QUICK.model_copy(update={"candidates": ("linear",)})


@pytest.fixture(scope="module")
def learned():
    table, happened, _ = planted(1_500, 0)
    return learn_conversion(table, happened, days(1_500), QUICK)


def test_a_planted_effect_is_found_and_its_probabilities_are_right(learned):
    """The truth is linear, so nothing more than a linear model is kept."""
    table, _, true = planted(4_000, 9)
    assert learned.report.is_model
    assert learned.report.chosen == "linear"
    assert np.abs(learned.probabilities(table) - true).mean() < 0.05
    assert learned.report.split == "time"
    assert len(learned.report.windows) == 4


def test_what_matters_is_important_and_what_does_not_is_not(learned):
    named = {each.column: each.log_loss_rise for each in learned.report.importances}
    assert next(iter(named)) == "size"
    assert named["size"].low > 0.02
    assert all(abs(named[name].value) < 0.01 for name in ("region", "score") if name in named)


def test_every_candidate_is_told_and_the_base_rate_ranks_nothing(learned):
    base, *models = learned.report.candidates
    assert (base.kind, base.auc.value) == ("base_rate", 0.5)
    assert [each.kind for each in models] == ["linear", "additive", "boosting"]
    assert all(each.auc.low > 0.7 and each.p_value < 0.001 for each in models)
    assert sum(point.rows for point in learned.report.reliability) == sum(
        window.rows for window in learned.report.windows
    )


def test_intervals_hold_the_probability_and_mostly_the_truth(learned):
    table, _, true = planted(2_000, 8)
    low, high = learned.intervals(table)
    p = learned.probabilities(table)
    assert ((low <= p) & (p <= high) & (low >= 0) & (high <= 1)).all()
    assert np.mean((low <= true) & (true <= high)) > 0.75
    assert learned.estimates(table.take(np.arange(2)))[1].low == low[1]


def test_contributions_and_a_constant_add_up_to_the_log_odds(learned):
    table = planted(50, 7)[0]
    added = learned.contributions(table)
    constant = learned.fitted.margins(table) - added.sum(axis=1)
    assert added.shape == (50, len(learned.columns))
    assert constant == pytest.approx(constant[0])


def test_a_model_is_the_same_after_it_was_stored(learned):
    table = planted(100, 6)[0]
    again = ConversionModel.load(learned.dump())
    assert (again.probabilities(table) == learned.probabilities(table)).all()
    assert again.report == learned.report


@pytest.fixture(scope="module")
def bent():
    """Two columns that tell only together, so that trees with interactions are needed."""
    rng = np.random.default_rng(5)
    one, other = rng.random((2, 1_200)) < 0.5
    kind = category("kind", np.where(one, "a", "b"))
    table = FeatureTable(
        1_200, (kind, number("sign", np.where(other, 1.0, -1.0)), number("n", rng.random(1_200)))
    )
    happened = rng.random(1_200) < np.where(one == other, 0.7, 0.2)
    return table, learn_conversion(table, happened, None, QUICK)


def test_trees_are_kept_where_columns_tell_only_together(bent):
    table, model = bent
    assert model.report.chosen == "boosting"
    assert model.report.split == "folds"
    assert "no dates" in " ".join(model.report.warnings)
    assert model.contributions(table) is None


def test_trees_are_the_same_after_they_were_stored(bent):
    table, model = bent
    assert (ConversionModel.load(model.dump()).probabilities(table) == model.probabilities(table)).all()


def test_trees_of_another_scikit_learn_are_refused_by_version(bent):
    head, _, body = bent[1].dump().partition(b"\n")
    other = json.dumps(json.loads(head) | {"scikit_learn": "0.1"}).encode()
    with pytest.raises(BadFile, match=r"learned with scikit-learn 0\.1"):
        ConversionModel.load(other + b"\n" + body)


def test_what_is_no_stored_model_is_refused(learned):
    stored = learned.dump()
    for damaged, words in ((b"", "Not a stored"), (b"PK\x03\x04", "Not a stored"), (stored[:-5], "damaged")):
        with pytest.raises(BadFile, match=words):
            ConversionModel.load(damaged)


def test_additive_trees_tell_what_each_column_adds():
    table = planted(600, 3)[0]
    happened = np.random.default_rng(0).random(600) < 0.15 + 0.6 * (np.abs(table.features[0].values) > 1)
    query = QUICK.model_copy(update={"candidates": ("additive",), "permutations": 0})
    model = learn_conversion(table, happened, None, query)
    added = model.contributions(table)
    assert model.report.chosen == "additive"
    margins = model.fitted.margins(table)
    assert margins - added.sum(axis=1) == pytest.approx(np.full(600, (margins - added.sum(axis=1))[0]))
    assert added.mean(axis=0) == pytest.approx(np.zeros(len(model.columns)), abs=1e-9)


@pytest.mark.parametrize("dated", [True, False])
def test_shuffled_outcomes_give_no_model(dated):
    """The interval of the AUC holds one half, and the base rate is what is answered."""
    table, happened, _ = planted(800, 1)
    shuffled = np.random.default_rng(4).permutation(happened)
    model = learn_conversion(table, shuffled, days(800) if dated else None, QUICK)
    assert not model.report.is_model
    assert model.report.why.startswith("No candidate is better than the base rate beyond chance")
    for each in model.report.candidates:
        assert each.auc.low <= 0.5 <= each.auc.high
    assert len(set(model.probabilities(table))) == 1
    assert model.probabilities(table)[0] == pytest.approx(shuffled.mean(), abs=0.08)


def test_shuffled_outcomes_seldom_give_a_model():
    """Twenty shufflings at a level of 0.05: more than four would be a chance of 1 in 300."""
    table, happened, _ = planted(240, 2)
    rng = np.random.default_rng(0)
    query = LINEAR.model_copy(update={"permutations": 0})
    found = [learn_conversion(table, rng.permutation(happened), None, query) for _ in range(20)]
    assert sum(each.report.is_model for each in found) <= 4


def test_few_outcomes_are_told_and_only_a_linear_model_is_tried():
    table, happened, _ = planted(120, 2)
    model = learn_conversion(table, happened, None, QUICK)
    assert happened.sum() < 50
    assert [each.kind for each in model.report.candidates] == ["base_rate", "linear"]
    assert re.search(r"Only \d+ of one outcome, fewer than 50", " ".join(model.report.warnings))
    low, high = model.intervals(table)
    assert (high - low).mean() > 0.2


def test_a_rate_that_doubles_is_told_and_followed():
    """From a tenth to a third for the newest quarter; the newest 200 held-out rows give the rate."""
    rng = np.random.default_rng(6)
    rows = 2_000
    happened = rng.random(rows) < np.where(np.arange(rows) < 0.75 * rows, 0.1, 0.33)
    table = FeatureTable(rows, (number("noise", rng.normal(size=rows)),))
    model = learn_conversion(table, happened, days(rows), LINEAR)
    assert any("The rate moved from" in each for each in model.report.warnings)
    assert model.probabilities(table).mean() == pytest.approx(happened[-200:].mean(), abs=0.02)


def test_rows_that_are_to_be_scored_are_compared():
    table, happened, _ = planted(400, 3)
    other = planted(300, 4)[0].beside(number("size", np.full(300, 50.0)))
    report = learn_conversion(table, happened, None, LINEAR, population=other).report
    assert report.representation is not None
    assert report.representation.outside_share == 1
    assert any("beyond all labelled rows" in each for each in report.warnings)


def test_only_so_many_rows_are_learned_from_and_the_newest_of_them():
    table, happened, _ = planted(1_400, 5)
    query = LINEAR.model_copy(update={"most_rows": 1_000})
    report = learn_conversion(table, happened, days(1_400), query).report
    assert report.rows == 1_000
    assert report.windows[-1].ends == (START + 399).item()
    assert report.warnings[0] == "Learned from the newest 1,000 of 1,400 rows."


def test_dates_that_are_one_day_are_no_windows():
    table, happened, _ = planted(300, 6)
    report = learn_conversion(table, happened, np.full(300, START), LINEAR).report
    assert report.split == "folds"
    assert any("held out at random" in each for each in report.warnings)


def test_a_table_of_constants_gives_the_base_rate():
    table = FeatureTable(200, (number("n", [1.0] * 200), category("c", [None] * 200)))
    report = learn_conversion(table, np.arange(200) % 4 == 0, None, QUICK).report
    assert not report.is_model
    assert report.columns_left_out == ["n", "c"]


@pytest.mark.parametrize("yes", [0, 9, 91, 100])
def test_under_ten_of_either_outcome_is_refused(yes):
    table = FeatureTable(100, (number("n", np.arange(100.0)),))
    with pytest.raises(TooFewCustomers, match=f"Only {yes} happened"):
        learn_conversion(table, np.arange(100) < yes)


def test_no_rows_are_refused():
    with pytest.raises(TooFewCustomers, match="Only 0 happened and 0 did not"):
        learn_conversion(FeatureTable(0, ()), np.zeros(0, dtype=bool))


def test_what_does_not_fit_is_refused():
    table, happened, _ = planted(100, 0)
    dates = days(100)
    dates[3] = np.datetime64("NaT")
    for outcomes, when, words in (
        (happened[:50], None, "50 outcomes for 100 rows"),
        (happened.astype(int), None, "not yes or no"),
        (happened, dates, "1 decided rows have no date"),
        (happened, dates[:9], "not one for each of 100 rows"),
    ):
        with pytest.raises(BadInput, match=words):
            learn_conversion(table, outcomes, when)


def test_the_same_seed_gives_the_same_model():
    table, happened, _ = planted(300, 7)
    query = QUICK.model_copy(update={"iterations": 10, "candidates": ("additive", "boosting")})
    one, other = (learn_conversion(table, happened, None, query) for _ in range(2))
    assert one.report == other.report
    assert (one.probabilities(table) == other.probabilities(table)).all()
