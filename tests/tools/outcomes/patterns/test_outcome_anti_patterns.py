"""What lowers the win rate is found with its figures, told once, and not found where there is nothing."""

import numpy as np
import pytest
from scipy import stats

from store.errors import TooFewCustomers
from store.features import category, number, sets
from store.outcomes.outcome_table import OutcomeTable
from tests.tools.outcomes.patterns.planted_outcomes import START, outcome_table, random_features
from tools.mining.evidence.statistics import wilson_interval
from tools.outcomes.patterns.anti_patterns import OutcomeAntiPatternQuery, anti_patterns

SEEDS = 40


def drawn(rng: np.random.Generator, rates: np.ndarray) -> list[str]:
    return ["won" if hit else "lost" for hit in rng.random(len(rates)) < rates]


def words(outcomes: OutcomeTable, **query: object) -> list[str]:
    return [each.words for each in anti_patterns(outcomes, OutcomeAntiPatternQuery(**query)).patterns]


def test_a_condition_with_its_figures_worked_out():
    """200 deals. Retail: 2 of 100 won; Banking: 50 of 100. One column of two levels: two tests of one length.

    p = P(98 or more lost of 100 drawn from 200 with 148 lost); q = 2 p. Retail takes 100 days, others 50;
    of the lost 49 of 98 go dark in Retail and 5 of 50 elsewhere. A won deal is worth 1,000 everywhere, so a
    day in Retail pays as much from a win rate of 50 % x 100 / 50 = 100 %.
    """
    kinds = ["won"] * 2 + ["lost"] * 98 + ["won"] * 50 + ["lost"] * 50
    dark = [0] * 2 + [1] * 49 + [0] * 49 + [0] * 50 + [1] * 5 + [0] * 45
    outcomes = outcome_table(
        kinds,
        [category("industry", ["Retail"] * 100 + ["Banking"] * 100)],
        decided=START + np.arange(200),
        amounts=[1_000.0] * 200,
        cycles=[100.0] * 100 + [50.0] * 100,
        dark=dark,
    )
    report = anti_patterns(outcomes)
    (found,) = report.patterns
    p = stats.hypergeom.sf(97, 200, 148, 100)
    assert found.words == "Industry is Retail"
    assert (found.deals, found.won, found.lost_amount) == (100, 2, 98_000.0)
    assert found.p_value == pytest.approx(p, rel=1e-6)
    assert found.q_value == pytest.approx(2 * p, rel=1e-6)
    low, high = wilson_interval(2, 100)
    assert (found.win_rate.value, found.win_rate.low, found.win_rate.high) == (0.02, low, high)
    assert found.other_win_rate.value == 0.5
    assert found.cycle_days is not None
    assert found.cycle_days.value.value == 100
    assert found.go_dark_share is not None
    assert found.go_dark_share.value.value == 0.5
    assert found.go_dark_share.others is not None
    assert found.go_dark_share.others.value == 0.1
    assert found.pursuit.break_even_rate == pytest.approx(1.0)
    assert found.pursuit.verdict == "leave"
    assert report.tested == {"conditions": 2, "pairs": 0, "triples": 0}
    assert "2 % are won" in found.sentence
    assert "100 days instead of 50 days" in found.sentence


def test_a_seldom_won_deal_that_pays_is_worth_pursuing():
    """Retail is won at 10 % against 50 %, but brings ten times as much: break-even 50 % / 10 = 5 %."""
    kinds = ["won"] * 40 + ["lost"] * 360 + ["won"] * 200 + ["lost"] * 200
    amounts = [10_000.0] * 400 + [1_000.0] * 400
    columns = [category("industry", ["Retail"] * 400 + ["Banking"] * 400)]
    (found,) = anti_patterns(outcome_table(kinds, columns, amounts=amounts)).patterns
    assert found.pursuit.break_even_rate == pytest.approx(0.05)
    assert found.pursuit.verdict == "pursue"
    unknown = anti_patterns(outcome_table(kinds, columns)).patterns[0].pursuit
    assert (unknown.verdict, unknown.break_even_rate, unknown.deals_a_year) == ("unknown", None, None)


def test_what_leaving_them_frees_and_what_would_change_the_verdict():
    """400 deals a day each over 400 days; 73 of Retail, one in five, in the last 365 days, of 70 days.

    With an hour a week: 73 x 70 / 7 = 730 hours a year.
    """
    retail = np.arange(400) % 5 == 0
    kinds = np.where(retail, "lost", np.where(np.arange(400) % 2 == 0, "won", "lost"))
    outcomes = outcome_table(
        kinds.tolist(),
        [category("industry", np.where(retail, "Retail", "Banking"))],
        decided=START + np.arange(400),
        cycles=np.full(400, 70.0),
    )
    (found,) = anti_patterns(outcomes, OutcomeAntiPatternQuery(hours_per_week=1)).patterns
    verdict = found.pursuit
    assert verdict.deals_a_year == 73
    assert verdict.deal_days_a_year == pytest.approx(73 * 70)
    assert verdict.hours_a_year == pytest.approx(730)
    assert verdict.verdict == "leave"
    assert verdict.break_even_rate is not None
    needed = verdict.wins_to_reconsider
    if needed is None:
        assert wilson_interval(20, 100)[1] < verdict.break_even_rate
    else:
        assert (
            wilson_interval(needed, 100)[1] >= verdict.break_even_rate > wilson_interval(needed - 1, 100)[1]
        )


def test_open_deals_that_meet_it_are_at_stake():
    kinds = ["lost"] * 100 + ["won"] * 100 + ["open"] * 3
    columns = [category("industry", ["Retail"] * 100 + ["Banking"] * 100 + ["Retail", "Retail", "Banking"])]
    amounts = [np.nan] * 200 + [500.0, np.nan, 900.0]
    (found,) = anti_patterns(outcome_table(kinds, columns, amounts=amounts)).patterns
    assert (found.open_deals, found.open_amount, found.lost_amount) == (2, 500.0, None)


def test_a_pair_is_told_where_neither_alone_explains_it():
    """Large and Retail together are won at 3 %, all else at 30 %; counts as a plain loop gives them."""
    rng = np.random.default_rng(3)
    large, retail = rng.random(3_000) < 0.4, rng.random(3_000) < 0.4
    columns = [
        number("employees", np.where(large, 6_000.0, 100.0)),
        category("industry", np.where(retail, "Retail", "Banking")),
        *random_features(rng, 3_000),
    ]
    kinds = drawn(rng, np.where(large & retail, 0.03, 0.3))
    (found,) = anti_patterns(outcome_table(kinds, columns)).patterns
    assert found.words == "Employees 6,000 and over and Industry is Retail"
    won = np.array(kinds) == "won"
    assert (found.deals, found.won) == ((large & retail).sum(), (large & retail & won).sum())
    assert found.other_win_rate.value == pytest.approx(won[~(large & retail)].mean())


def test_a_triple_is_told_where_no_pair_explains_it():
    rng = np.random.default_rng(4)
    parts = rng.random((3, 6_000)) < 0.5
    columns = [category(f"c{at}", np.where(part, "Yes", "No")) for at, part in enumerate(parts)]
    kinds = drawn(rng, np.where(parts.all(axis=0), 0.05, 0.4))
    assert words(outcome_table(kinds, columns)) == ["C0: yes and C1: yes and C2: yes"]


def test_a_condition_is_not_joined_by_others_that_add_nothing():
    rng = np.random.default_rng(5)
    size = np.exp(rng.normal(4, 2, 4_000)).round()
    columns = [number("employees", size, label="Employees"), *random_features(rng, 4_000)]
    kinds = drawn(rng, np.where(size >= 500, 0.03, 0.3))
    (told,) = words(outcome_table(kinds, columns))
    assert told.startswith("Employees ")
    assert " and " not in told.removesuffix(" and over")


def test_another_name_for_the_same_deals_is_not_told_again():
    """Revenue follows employees, but for one deal in fifty."""
    rng = np.random.default_rng(6)
    large = rng.random(3_000) < 0.3
    other = large ^ (rng.random(3_000) < 0.02)
    columns = [
        category("size", np.where(large, "Large", "Small")),
        category("revenue", np.where(other, "High", "Low")),
    ]
    kinds = drawn(rng, np.where(large, 0.05, 0.35))
    assert words(outcome_table(kinds, columns)) == ["Size is Large"]


def test_two_causes_are_both_told():
    rng = np.random.default_rng(7)
    tools = [["Rival"] if hit else ["Friend"] for hit in rng.random(4_000) < 0.2]
    young = rng.random(4_000) < 0.2
    bad = young | np.array([row == ["Rival"] for row in tools])
    columns = [sets("technologies", tools), category("stage", np.where(young, "Seed", "Later"))]
    found = words(outcome_table(drawn(rng, np.where(bad, 0.04, 0.35)), columns))
    assert sorted(found) == ["Stage is Seed", "Technologies include Rival"]


def test_what_is_known_of_the_lost_alone_says_nothing():
    """A column that is filled in for most of the lost and few of the won, with values that mean nothing."""
    rng = np.random.default_rng(8)
    kinds = np.array(drawn(rng, np.full(3_000, 0.3)))
    known = rng.random(3_000) < np.where(kinds == "lost", 0.9, 0.2)
    values = [
        value if is_known else None for value, is_known in zip(rng.integers(0, 3, 3_000), known, strict=True)
    ]
    assert words(outcome_table(kinds.tolist(), [category("survey", values)])) == []


def test_many_deals_of_one_account_are_no_many_proofs():
    """Of 40 accounts with 50 deals each, four are in Retail, and lose every time: 200 lost deals.

    Four losing accounts of 40, of which half win, prove nothing.
    """
    accounts = np.repeat(np.arange(40), 50)
    retail = accounts < 4
    kinds = np.where(retail | (accounts % 2 == 1), "lost", "won")
    outcomes = outcome_table(
        kinds.tolist(),
        [category("industry", np.where(retail, "Retail", "Banking"))],
        units=[f"account-{at}" for at in accounts],
        decided=START + np.tile(np.arange(50), 40),
    )
    report = anti_patterns(outcomes, OutcomeAntiPatternQuery(min_records=2))
    assert report.patterns == []
    assert report.win_rate.high - report.win_rate.low > 0.25  # as of 40 accounts, not of 2,000 deals
    assert "1,960 of 2,000" in report.notes[0]


def test_shuffled_outcomes_give_hardly_ever_a_finding():
    """At q = 5 % of 40 shuffles two are expected to tell anything at the very most; 6 has a chance of 1 %."""
    alarms = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        outcomes = outcome_table(drawn(rng, np.full(600, 0.25)), random_features(rng, 600))
        alarms += bool(anti_patterns(outcomes).patterns)
    assert alarms <= 5


def test_only_won_records_are_refused_by_name():
    with pytest.raises(TooFewCustomers, match="survivorship"):
        anti_patterns(outcome_table(["won"] * 100))


@pytest.mark.parametrize("kinds", [[], ["won"], ["won", "lost"], ["lost"] * 50, ["open"] * 50])
def test_too_few_records_are_refused(kinds: list[str]):
    with pytest.raises(TooFewCustomers):
        anti_patterns(outcome_table(kinds))


def test_no_columns_give_no_patterns():
    assert anti_patterns(outcome_table(["won"] * 30 + ["lost"] * 30)).patterns == []
