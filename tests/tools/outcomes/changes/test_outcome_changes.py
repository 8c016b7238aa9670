"""What changed in who buys: wins or mix, all or one level, told once, and nothing when nothing did."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from benchmarks.outcome_changes import BEFORE_WEEKS, Planted, deals, week_of
from store.errors import BadInput
from store.features import category, number, sets
from tests.tools.outcomes.changes.weeks_of_deals import (
    UNTIL,
    is_late,
    only_columns,
    weeks_of_deals,
    with_columns,
)
from tests.tools.outcomes.patterns.planted_outcomes import outcome_table
from tools.outcomes.changes.findings import OutcomeChanges
from tools.outcomes.changes.outcome_changes import OutcomeChangesQuery, outcome_changes

STEADY = {"Software": (80, 400), "Logistics": (44, 200), "Health": (60, 300), "Retail": (40, 200)}
LATELY = {"Software": (16, 80), "Logistics": (9, 40), "Health": (12, 60), "Retail": (8, 40)}
QUERY = OutcomeChangesQuery(until=UNTIL.item())


def keys(found: OutcomeChanges) -> list[str]:
    return [change.key for change in found.changes]


def test_when_nothing_changed_nothing_is_told():
    found = outcome_changes(weeks_of_deals(STEADY, LATELY), QUERY)
    assert (found.changes, found.carried, found.data, found.missing) == ([], [], [], [])
    assert [each.days for each in found.windows] == [7, 28, 91]
    assert (found.windows[1].decided, found.windows[1].won) == (220, 45)
    assert found.windows[1].before_decided == 1100
    assert found.tests > 10
    assert found.figures[1].win_rate.now is not None
    assert found.figures[1].win_rate.now.value == pytest.approx(45 / 220)


def test_a_level_that_wins_more_is_told_with_its_figures():
    """Logistics from 44 of 200 to 30 of 40; all others as before. That all win more is its doing."""
    found = outcome_changes(weeks_of_deals(STEADY, LATELY | {"Logistics": (30, 40)}), QUERY)
    (change,) = found.changes
    assert change.key == "win_rate:industry=Logistics:up"
    assert (change.about, change.direction, change.moved) == ("level", "up", "wins")
    assert (change.label, change.value, change.window_days) == ("Industry", "Logistics", 28)
    assert (change.n, change.inside, change.n_before) == (40, 30, 200)
    assert (change.before.value, change.now.value) == (0.22, 0.75)
    assert change.difference.value == pytest.approx(0.53)
    assert change.difference.low > 0.3
    assert change.p_value < change.q_value <= found.level
    assert change.pipeline_share is not None
    assert change.pipeline_share.now is not None
    assert change.pipeline_share.now.value == pytest.approx(40 / 220)
    assert {each.carried_by for each in found.carried} <= {change.key}


def test_a_level_that_wins_less_is_told_as_down():
    before = STEADY | {"Health": (180, 300)}
    found = outcome_changes(weeks_of_deals(before, LATELY | {"Health": (6, 60)}), QUERY)
    assert keys(found) == ["win_rate:industry=Health:down"]


def test_when_all_win_more_it_is_one_change():
    """Odds of every one of eight industries and four groups rise alike, 20 % to 50 %."""
    before = {f"Industry {at}": (20, 100) for at in range(8)}
    table = weeks_of_deals(before, {name: (20, 40) for name in before})
    table = with_columns(table, category("group", [f"Group {at % 4}" for at in range(table.rows)]))
    found = outcome_changes(table, QUERY)
    assert keys(found) == ["win_rate:up"]
    assert found.carried == []
    assert found.changes[0].about == "all"


def test_a_change_of_mix_alone_is_told_as_mix():
    """Logistics from a fifth of the deals to three fifths, every win rate as before."""
    before = {name: (40, 200) for name in STEADY}
    now = {"Software": (6, 30), "Logistics": (36, 180), "Health": (6, 30), "Retail": (6, 30)}
    found = outcome_changes(weeks_of_deals(before, now), QUERY)
    assert keys(found) == ["pipeline_share:industry=Logistics:up"]
    assert found.changes[0].moved == "mix"
    assert (found.changes[0].n, found.changes[0].inside) == (270, 180)
    assert all(each.carried_by == keys(found)[0] for each in found.carried)


def test_a_win_rate_that_falls_by_the_mix_is_carried_by_it():
    """Poor deals (10 %) rise from a fifth to three quarters; good ones (50 %) still win one in two."""
    table = weeks_of_deals({"Good": (400, 800), "Poor": (20, 200)}, {"Good": (30, 60), "Poor": (18, 180)})
    found = outcome_changes(table, QUERY)
    assert [key.split(":")[0] for key in keys(found)] == ["pipeline_share"]
    whole = [each for each in found.carried if each.about == "all"]
    assert [(each.key, each.carried_by) for each in whole] == [("win_rate:down", keys(found)[0])]


def test_a_level_that_was_there_and_is_gone_has_vanished():
    now = LATELY | {"Logistics": (0, 0), "Software": (25, 120)}
    found = outcome_changes(weeks_of_deals(STEADY, now), QUERY)
    gone = [each for each in found.changes if each.direction == "vanished"]
    assert [(each.key, each.now.value) for each in gone] == [("pipeline_share:industry=Logistics:down", 0.0)]


def test_another_column_that_says_the_same_is_carried():
    """A region that is that of nearly all logistics deals rises with them, and is told under them."""
    table = weeks_of_deals(STEADY, LATELY | {"Logistics": (30, 40)})
    industry = table.features.features[0]
    logistics = industry.values == industry.levels.index("Logistics")
    port = logistics ^ (np.arange(table.rows) % 40 == 0)
    found = outcome_changes(with_columns(table, category("region", np.where(port, "Port", "Inland"))), QUERY)
    assert len(found.changes) == 1
    assert {each.carried_by for each in found.carried} == {found.changes[0].key}
    assert {each.attribute for each in (*found.changes, *found.carried)} == {"industry", "region"}


def test_deals_of_one_account_are_no_several_proofs():
    """Thirty more wins of logistics: of thirty accounts a change, of one account none."""
    table = weeks_of_deals(STEADY, LATELY | {"Logistics": (30, 40)})
    industry = table.features.features[0]
    wins = table.are("won") & is_late(table, 28) & (industry.values == industry.levels.index("Logistics"))
    one = replace(table, unit_ids=np.where(wins, "account of all", table.unit_ids))
    assert keys(outcome_changes(table, QUERY))
    found = outcome_changes(one, QUERY)
    assert keys(found) == []
    assert found.figures[1].win_rate.now is not None
    assert found.figures[1].win_rate.now.value == pytest.approx(66 / 220)


def test_a_number_is_compared_by_ranges_whose_keys_stay():
    """The upper half of a number wins 60 % lately, and 20 % before."""
    table = weeks_of_deals({"Any": (200, 1000)}, {"Any": (80, 200)})
    high = np.zeros(table.rows, dtype=bool)
    for late, share in ((False, 0.5), (True, 0.75)):
        for won in (False, True):
            rows = np.flatnonzero((is_late(table, 28) == late) & (table.are("won") == won))
            high[rows[: int(len(rows) * (share if won else 1 - share if late else 0.5))]] = True
    values = np.where(high, 100.0, 10.0) + np.arange(table.rows) % 7
    found = outcome_changes(
        only_columns(table, [number("size", values, unit="people")]), QUERY.model_copy(update={"ranges": 2})
    )
    told = [*found.changes, *found.carried]
    assert "win_rate:size=range 2 of 2:up" in [each.key for each in told]
    assert next(each.value for each in told if each.attribute).endswith("people and over")


def test_contract_values_rise_for_all_and_tiers_are_carried():
    """Values 1.5 times what they were in every tier; rates and scores as before."""
    table, scores = weeks_of_deals({"Any": (400, 1600)}, {"Any": (100, 400)}), np.zeros(0)
    rng = np.random.default_rng(5)
    values = rng.lognormal(9, 0.4, table.rows) * np.where(is_late(table, 28), 1.5, 1.0)
    scores = np.tile([90.0, 70.0, 50.0, 20.0], table.rows // 4)
    found = outcome_changes(replace(table, amounts=values), QUERY, None, scores)
    assert keys(found) == ["contract_value:up"]
    assert found.changes[0].difference.low > 0
    assert all(each.carried_by == "contract_value:up" for each in found.carried)
    assert found.currency == "EUR"


def test_a_tier_that_wins_less_is_told_by_its_letter():
    scores = np.concatenate([np.tile([90.0, 70.0, 50.0, 20.0], 300), np.tile([90.0, 70.0, 50.0, 20.0], 60)])
    won = np.zeros(1440, dtype=bool)
    won[:1200:8], won[1:1200:8], won[2:1200:8], won[3:1200:8] = True, True, True, True
    won[4:1200:8] = True  # all of tier A before, half of the others
    won[1201::8], won[1202::8], won[1203::8] = True, True, True
    days = np.concatenate(
        [UNTIL - 209 + np.arange(1200) * 182 // 1200, UNTIL - 27 + np.arange(240) * 28 // 240]
    )
    table = outcome_table(np.where(won, "won", "lost").tolist(), decided=days)
    found = outcome_changes(table, QUERY, None, scores)
    assert "win_rate:fit_tier=A:down" in keys(found)
    change = next(each for each in found.changes if each.about == "tier")
    assert (change.tier, change.now.value) == ("A", 0.0)
    tier = next(each for each in found.tiers if each.tier == "A" and each.window_days == 28)
    assert (tier.won, tier.lost, tier.moved) == (0, 60, ["win_rate"])
    assert [each.tier for each in found.tiers] == ["A", "B", "C", "D"] * 3


def test_scores_that_shift_are_told():
    table = weeks_of_deals({"Any": (200, 1000)}, {"Any": (40, 200)})
    rng = np.random.default_rng(6)
    scores = np.clip(rng.normal(50, 15, table.rows) - 15 * is_late(table, 28), 0, 100)
    found = outcome_changes(table, QUERY, None, scores)
    assert "score:down" in [each.key for each in (*found.changes, *found.carried)]


def test_a_score_for_every_record_is_needed():
    with pytest.raises(BadInput, match="3 scores"):
        outcome_changes(weeks_of_deals(STEADY, LATELY), QUERY, None, np.zeros(3))


@pytest.mark.parametrize("kinds", [[], ["open"] * 3, ["won"], ["won", "lost"]])
def test_too_few_records_say_what_is_missing(kinds):
    days = [None if kind == "open" else str(UNTIL) for kind in kinds]
    columns = [category("industry", ["Any"] * len(kinds)), sets("tools", [[]] * len(kinds))]
    found = outcome_changes(outcome_table(kinds, columns, decided=days), QUERY)
    assert found.changes == []
    assert not found.tested
    if "won" in kinds:
        assert "of 10 needed" in found.missing[0]
        assert "before, of 50 needed" in found.missing[0]
    assert outcome_changes(outcome_table([], decided=[])).missing == ["No record is decided yet."]


def test_without_losses_there_is_no_win_rate_to_change():
    found = outcome_changes(weeks_of_deals({"Any": (200, 200)}, {"Any": (50, 50)}), QUERY)
    assert "nothing was lost" in found.missing[0]


def test_columns_without_values_or_with_one_change_nothing():
    table = weeks_of_deals(STEADY, LATELY)
    empty = with_columns(
        table,
        number("nothing", np.full(table.rows, np.nan)),
        number("same", np.full(table.rows, 7.0)),
        category("one", ["only"] * table.rows),
        category("blank", [""] * table.rows),
        sets("none", [[]] * table.rows),
    )
    assert outcome_changes(empty, QUERY).changes == []
    assert outcome_changes(empty, QUERY).tests == outcome_changes(table, QUERY).tests


def test_the_first_window_begins_after_the_last_briefing():
    table = weeks_of_deals(STEADY, LATELY)
    found = outcome_changes(table, QUERY.model_copy(update={"since": (UNTIL - 10).item()}))
    assert [window.days for window in found.windows] == [10, 28, 91]
    assert found.windows[0].first == (UNTIL - 9).item()
    assert found.windows[0].before_last == (UNTIL - 10).item()


def test_what_is_decided_later_is_not_known_yet():
    table = weeks_of_deals(STEADY, LATELY | {"Logistics": (30, 40)})
    earlier = QUERY.model_copy(update={"until": (UNTIL - 28).item()})
    assert outcome_changes(table, earlier) == outcome_changes(table.take(~is_late(table, 28)), earlier)


def test_the_order_of_records_says_nothing():
    table = weeks_of_deals(STEADY, LATELY | {"Logistics": (30, 40)})
    shuffled = table.take(np.random.default_rng(0).permutation(table.rows))
    assert outcome_changes(shuffled, QUERY) == outcome_changes(table, QUERY)


def test_what_is_told_survives_being_kept():
    found = outcome_changes(weeks_of_deals(STEADY, LATELY | {"Logistics": (30, 40)}), QUERY)
    assert OutcomeChanges.model_validate_json(found.model_dump_json()) == found


def test_a_planted_change_is_told_soon_and_not_before():
    """Logistics from 22 % to 60 % at 120 deals a week."""
    table, _ = deals(7, BEFORE_WEEKS + 10, 120.0, planted=Planted(0.6, BEFORE_WEEKS + 4))
    query = OutcomeChangesQuery()
    weeks = [week_of(table, None, BEFORE_WEEKS + week, query) for week in range(9)]
    told = ["win_rate:industry=Logistics:up" in each.significant_keys for each in weeks]
    assert not any(told[:4])
    assert all(told[7:])


def test_of_one_process_false_alarms_are_as_rare_as_asked():
    """24 weeks at a level of 5 %, in half of them accounts with several deals: 1.2 expected at most."""
    query = OutcomeChangesQuery(level=0.05)
    alarms = 0
    for seed in range(24):
        table, scores = deals(seed, BEFORE_WEEKS + 1, 70.0, repeated=0.3 * (seed % 2))
        found = week_of(table, scores, BEFORE_WEEKS, query)
        alarms += bool(found.significant_keys or found.data)
    assert alarms <= 1.2 + 2.6 * np.sqrt(1.2)


def test_windows_have_to_rise_and_briefings_lie_in_the_past():
    with pytest.raises(ValidationError, match="rise"):
        OutcomeChangesQuery(windows_days=(28, 7))
    with pytest.raises(ValidationError, match="before the last day"):
        OutcomeChangesQuery(until=UNTIL.item(), since=UNTIL.item())
