from collections.abc import Callable

import numpy as np
import pytest

from store.errors import BadInput
from store.features import FeatureTable, category, number, sets
from tools.scoring.fit.bins.scales import coder
from tools.scoring.fit.bins.words import bin_words, joined_words, number_words
from tools.scoring.fit.profile import FitProfile, Scale
from tools.scoring.fit.scoring import coded, confidences, fit_scores, tiers_of

Accounts = Callable[..., tuple[FeatureTable, FeatureTable]]
EMPLOYEES = Scale(name="employees", kind="number", label="Employees", whole=True, edges=[50, 500])
INDUSTRY = Scale(
    name="industry", kind="category", label="Industry", groups=[["Steel"], ["Health", "Software"]], other=1
)


def _bins(scale: Scale, table: FeatureTable) -> list[int]:
    return coder(scale, table)(0, table.rows).tolist()


def test_a_value_on_an_edge_is_above_it() -> None:
    table = FeatureTable(5, (number("employees", [49.9, 50, 499, 500, None]),))
    assert _bins(EMPLOYEES, table) == [1, 2, 2, 3, 0]


def test_levels_never_seen_are_any_other() -> None:
    table = FeatureTable(4, (category("industry", ["Software", "Steel", "Opera", None]),))
    assert _bins(INDUSTRY, table) == [2, 1, 1, 0]


def test_an_empty_set_is_unknown_and_another_value_is_no() -> None:
    scale = Scale(name="tools", kind="set", label="Tools", value="SAP")
    table = FeatureTable(3, (sets("tools", [["AWS", "SAP"], ["AWS"], []]),))
    assert _bins(scale, table) == [2, 1, 0]
    assert _bins(scale, table.only([])) == [0, 0, 0]


def test_a_column_of_another_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="a category, and the profile has learned it as a number"):
        coder(EMPLOYEES, FeatureTable(1, (category("employees", ["50"]),)))


def test_bins_are_told_in_words() -> None:
    assert bin_words(EMPLOYEES) == ["unknown", "under 50", "50 to 499", "500 and over"]
    broken = EMPLOYEES.model_copy(update={"whole": False, "unit": "EUR", "edges": [0.5, 12_000.0]})
    assert bin_words(broken)[1:] == ["under 0.5 EUR", "0.5 to 12,000 EUR", "12,000 EUR and over"]
    assert bin_words(INDUSTRY) == ["unknown", "Steel or any other", "Health or Software"]
    assert joined_words(EMPLOYEES, [1, 3]) == "under 50 or 500 and over"
    assert joined_words(EMPLOYEES, [2, 3]) == "50 and over"
    single = EMPLOYEES.model_copy(update={"edges": [3.0, 4.0]})
    assert bin_words(single)[2] == "3"
    assert [number_words(value) for value in (1990, 12_500, 0.35, 0.00001)] == [
        "1990",
        "12,500",
        "0.35",
        "1e-05",
    ]


def test_tiers_begin_at_80_60_and_40() -> None:
    assert tiers_of(np.array([100, 80, 79.99, 60, 59.99, 40, 39.99, 0])).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_confidence_falls_with_the_spread_and_with_what_is_unknown() -> None:
    spread = np.array([0.05, 0.05, 0.05, 0.15, 0.25])
    known = np.array([1.0, 0.6, 0.4, 1.0, 1.0])
    assert confidences(spread, known).tolist() == [2, 1, 0, 1, 0]


def test_an_ideal_row_has_a_the_worst_d_and_the_best_100(planted: FitProfile) -> None:
    table = FeatureTable(
        3,
        (
            number("employees", [120, 20, 120]),
            category("industry", ["Software", "Steel", "Health"]),
            sets("tools", [["SAP"], ["AWS"], ["SAP", "AWS"]]),
        ),
    )
    scores = fit_scores(planted, table, evidence=True)
    assert scores.score.tolist() == pytest.approx([100, 0, 100], abs=0.5)
    assert scores.tier.tolist() == [0, 3, 0]
    assert scores.disqualifier.tolist() == [-1, 0, -1]
    assert scores.confidence[0] == 2
    assert scores.evidence is not None
    assert scores.evidence.shape == (3, 3)


def test_a_disqualified_row_has_39_at_most(planted: FitProfile, accounts: Accounts) -> None:
    eager = planted.criteria[0].model_copy(
        update={"bins": [each.model_copy(update={"evidence": 9.0}) for each in planted.criteria[0].bins]}
    )
    profile = planted.model_copy(update={"criteria": [eager, *planted.criteria[1:]]})
    scores = fit_scores(profile, accounts()[1])
    ruled = scores.disqualifier == 0
    assert set(scores.score[ruled].tolist()) == {39.0}
    assert set(scores.tier[ruled].tolist()) == {3}
    assert scores.score[~ruled].min() > 80


def test_what_the_table_lacks_is_unknown(planted: FitProfile, accounts: Accounts) -> None:
    ideal, _ = accounts()
    scores = fit_scores(planted, ideal.only(["employees"]))
    assert scores.known_weight.max() == pytest.approx(planted.criteria[1].weight)
    assert set(scores.confidence.tolist()) == {0}
    nothing = fit_scores(planted, ideal.only([]))
    assert len(set(nothing.score.tolist())) == 1
    assert not nothing.known_weight.any()


def test_no_rows_give_no_scores(planted: FitProfile, accounts: Accounts) -> None:
    assert fit_scores(planted, accounts()[0].take(np.arange(0)), evidence=True).score.shape == (0,)


def test_steps_change_nothing(planted: FitProfile, accounts: Accounts) -> None:
    ideal, _ = accounts()
    whole = np.concatenate([codes for _, codes, _ in coded(planted, ideal)], axis=1)
    parts = np.concatenate([codes for _, codes, _ in coded(planted, ideal, 7)], axis=1)
    assert (whole == parts).all()


def test_a_score_depends_on_its_row_alone(planted: FitProfile, accounts: Accounts) -> None:
    ideal, _ = accounts()
    order = np.random.default_rng(1).permutation(ideal.rows)
    turned = FeatureTable(ideal.rows, ideal.take(order).features[::-1])
    assert (fit_scores(planted, turned).score == fit_scores(planted, ideal).score[order]).all()
