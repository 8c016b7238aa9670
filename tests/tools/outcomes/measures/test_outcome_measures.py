"""Better tiers win more, over time and with intervals; what the threshold caught; what is open."""

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import stats
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from store.errors import BadInput
from store.outcomes.outcome_table import OutcomeTable
from tests.tools.outcomes.patterns.planted_outcomes import outcome_table
from tools.mining.evidence.statistics import wilson_interval
from tools.outcomes.measures.outcome_measures import MeasuresQuery, outcome_measures
from tools.outcomes.measures.pipeline import market_share
from tools.outcomes.measures.tiers import TIERS, tiers_of


def by_tier(*won_of: tuple[int, int, float]) -> tuple[OutcomeTable, np.ndarray]:
    """For each of the tiers A, B, C, D the won, all, and the score."""
    kinds = [kind for won, total, _ in won_of for kind in ["won"] * won + ["lost"] * (total - won)]
    scores = np.concatenate([np.full(total, score) for _, total, score in won_of])
    return outcome_table(kinds), scores


def test_tiers_begin_at_their_scores():
    scores = np.array([100, 80, 79.9, 60, 59.9, 40, 39.9, -5, np.nan])
    assert [TIERS[at] if at >= 0 else None for at in tiers_of(scores, MeasuresQuery())] == [
        "A", "A", "B", "B", "C", "C", "D", "D", None,
    ]  # fmt: skip
    with pytest.raises(ValidationError, match="falling"):
        MeasuresQuery(tier_a=50)


def test_win_rates_rise_with_the_tier():
    """40 of 100 in A, 30, 20 and 10 in B, C and D; z by the records one by one is sqrt(n) r."""
    outcomes, scores = by_tier((40, 100, 90), (30, 100, 70), (20, 100, 50), (10, 100, 10))
    found = outcome_measures(outcomes, scores)
    assert [cell.win_rate.value for cell in found.by_tier if cell.win_rate] == [0.4, 0.3, 0.2, 0.1]
    first = found.by_tier[0].win_rate
    assert first is not None
    assert (first.low, first.high) == wilson_interval(40, 100)
    ranks = 3 - tiers_of(scores, MeasuresQuery())
    r = np.corrcoef(ranks, outcomes.are("won"))[0, 1]
    assert found.win_rate_trend.statistic == pytest.approx(r * 20)
    assert found.win_rate_trend.direction == "rises"
    assert "as it should" in found.sentences[0]
    upside_down = outcome_measures(outcomes, 100 - scores)
    assert upside_down.win_rate_trend.direction == "falls"
    assert "wrong way" in upside_down.sentences[0]


def test_precision_and_recall_are_those_of_scikit_learn():
    rng = np.random.default_rng(1)
    won, scores = rng.random(500) < 0.3, rng.uniform(0, 100, 500)
    outcomes = outcome_table(np.where(won, "won", "lost").tolist())
    found = outcome_measures(outcomes, scores, MeasuresQuery(picked="C")).accuracy
    picked = scores >= 40
    left, false_alarm, missed, hit = confusion_matrix(won, picked).ravel()
    assert (found.true_positives, found.false_positives) == (hit, false_alarm)
    assert (found.false_negatives, found.true_negatives) == (missed, left)
    assert found.precision is not None
    assert found.precision.value == pytest.approx(precision_score(won, picked))
    assert found.recall is not None
    assert found.recall.value == pytest.approx(recall_score(won, picked))
    assert found.false_negative_rate is not None
    assert found.false_negative_rate.value == pytest.approx(1 - found.recall.value)
    assert found.false_positive_rate is not None
    assert found.false_positive_rate.value == pytest.approx(false_alarm / (~won).sum())


def test_periods_are_the_latest_and_hold_every_dated_record():
    """Two a month over 30 months, the last 12 months shown; one record has no day."""
    decided = np.repeat(np.datetime64("2023-01") + np.arange(30), 2).astype("datetime64[D]")
    decided = np.append(decided, np.datetime64("NaT"))
    outcomes = outcome_table(["won", "lost"] * 30 + ["won"], decided=decided)
    found = outcome_measures(outcomes, np.full(61, 90.0), MeasuresQuery(period="month"))
    assert [cell.period for cell in found.by_period][::11] == ["2024-07", "2025-06"]
    assert all((cell.won, cell.lost) == (1, 1) for cell in found.by_period)
    assert len(found.by_tier_and_period) == 12 * 4
    assert found.by_tier[0].won == 31
    quarters = outcome_measures(outcomes, np.full(61, 90.0), MeasuresQuery(max_periods=40))
    assert [cell.period for cell in quarters.by_period][0::9] == ["2023-Q1", "2025-Q2"]
    assert sum(cell.won + cell.lost for cell in quarters.by_period) == 60


def test_recall_that_falls_over_time_is_told():
    """Four quarters of 100 won: 80, 60, 40 and 20 of them were picked."""
    kinds, scores, decided = ["won"] * 400, [], []
    for quarter, picked in enumerate((80, 60, 40, 20)):
        scores += [90.0] * picked + [10.0] * (100 - picked)
        decided += [np.datetime64("2025-02-01") + 91 * quarter] * 100
    found = outcome_measures(outcome_table(kinds, decided=decided), np.array(scores))
    recalls = [each.recall.value for each in found.accuracy_by_period if each.recall]
    assert recalls == [0.8, 0.6, 0.4, 0.2]
    assert found.recall_over_time is not None
    assert found.recall_over_time.direction == "falls"
    assert found.precision_over_time is not None
    assert found.precision_over_time.direction == "no trend"


def test_contract_value_and_cycle_by_tier_with_a_trend():
    """Contracts of A are worth three times as much as those of D, and close in half the time."""
    rng = np.random.default_rng(2)
    scores = rng.uniform(0, 100, 400)
    amounts = rng.lognormal(8, 0.5, 400) * np.where(scores >= 80, 3, 1)
    cycles = rng.gamma(9, 10, 400) / np.where(scores >= 80, 2, 1)
    outcomes = outcome_table(["won"] * 400, amounts=amounts, cycles=cycles)
    found = outcome_measures(outcomes, scores)
    assert found.contract_value_trend is not None
    assert found.cycle_trend is not None
    assert (found.contract_value_trend.direction, found.cycle_trend.direction) == ("rises", "falls")
    tau = stats.kendalltau(3 - tiers_of(scores, MeasuresQuery()), amounts)
    assert found.contract_value_trend.statistic == pytest.approx(tau.statistic)
    top = found.by_tier[0]
    assert top.contract_value is not None
    assert top.cycle_days is not None
    assert top.contract_value.value == pytest.approx(amounts[scores >= 80].mean())
    assert top.cycle_days.value == pytest.approx(np.median(cycles[scores >= 80]))


def test_pipeline_coverage_by_hand():
    """A wins 40 of 100, D 10 of 100. Open: 1,000 and an unknown amount in A, 2,000 in D, 500 without a score.

    400 + 200 = 600 expected, of a target of 1,200 half.
    """
    kinds = ["won"] * 40 + ["lost"] * 60 + ["won"] * 10 + ["lost"] * 90 + ["open"] * 4
    scores = np.array([90.0] * 100 + [10.0] * 100 + [90, 90, 10, np.nan])
    amounts = [np.nan] * 200 + [1_000.0, np.nan, 2_000.0, 500.0]
    found = outcome_measures(
        outcome_table(kinds, amounts=amounts), scores, MeasuresQuery(target_amount=1_200)
    ).pipeline
    assert found is not None
    assert (found.open_amount, found.unscored_deals, found.tiers[0].without_amount) == (3_000, 1, 1)
    assert found.expected_amount is not None
    assert found.coverage is not None
    assert found.expected_amount.value == pytest.approx(600)
    assert found.coverage.value == pytest.approx(0.5)
    first, last = wilson_interval(40, 100), wilson_interval(10, 100)
    down = np.hypot(1_000 * (0.4 - first[0]), 2_000 * (0.1 - last[0]))
    up = np.hypot(1_000 * (first[1] - 0.4), 2_000 * (last[1] - 0.1))
    assert (found.expected_amount.low, found.expected_amount.high) == pytest.approx((600 - down, 600 + up))
    assert "50 % of the target" in found.sentence


def test_a_tier_that_decided_nothing_takes_the_rate_of_all():
    """B has open deals and no decided ones: 50 of 100."""
    kinds = ["won"] * 50 + ["lost"] * 50 + ["open"]
    scores = np.array([90.0] * 100 + [70.0])
    found = outcome_measures(outcome_table(kinds, amounts=[1.0] * 100 + [100.0]), scores).pipeline
    assert found is not None
    assert found.tiers[1].expected_amount is not None
    assert found.tiers[1].expected_amount.value == pytest.approx(50)


@pytest.mark.parametrize(("top", "width"), [(1, "narrow"), (10, "fitting"), (40, "broad")])
def test_the_share_of_the_market_in_the_top_tier(top: int, width: str):
    scores = np.array([90.0] * top + [10.0] * (100 - top) + [np.nan] * 7)
    found = market_share(scores, MeasuresQuery())
    assert found is not None
    assert (found.scored, found.tiers["A"].value, found.width) == (100, top / 100, width)
    assert sum(share.value for share in found.tiers.values()) == pytest.approx(1)
    assert market_share(np.array([np.nan]), MeasuresQuery()) is None


@pytest.mark.parametrize("kinds", [[], ["won"], ["won", "lost"], ["open"], ["lost"] * 3])
@pytest.mark.parametrize("score", [90.0, np.nan])
def test_tiny_tables_are_measured_without_claims(kinds: list[str], score: float):
    found = outcome_measures(outcome_table(kinds), np.full(len(kinds), score), market_scores=np.empty(0))
    assert found.win_rate_trend.direction == "no trend"
    assert found.market is None
    assert found.scored + found.unscored == sum(kind in ("won", "lost") for kind in kinds)


def test_scores_that_say_nothing_give_a_trend_as_rarely_as_they_should():
    """At 5 % of 200 shuffles 10 are expected, 20 with a chance of one in a thousand."""
    rng = np.random.default_rng(3)
    query, rising = MeasuresQuery(draws=100), 0
    for _ in range(200):
        outcomes = outcome_table(np.where(rng.random(200) < 0.3, "won", "lost").tolist())
        rising += (
            outcome_measures(outcomes, rng.uniform(0, 100, 200), query).win_rate_trend.direction != "no trend"
        )
    assert rising <= 20


def test_scores_have_to_be_as_many_as_records():
    with pytest.raises(BadInput, match="1 scores for 2 records"):
        outcome_measures(outcome_table(["won", "lost"]), np.array([1.0]))
