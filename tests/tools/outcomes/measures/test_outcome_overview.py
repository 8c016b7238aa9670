"""What there is to learn from, and what it is too little for."""

import datetime as dt

import numpy as np
import pytest

from tests.tools.outcomes.patterns.planted_outcomes import outcome_table
from tools.mining.evidence.statistics import wilson_interval
from tools.outcomes.measures.overview import OverviewQuery, overview


def test_eight_records_by_hand():
    """3 won, 2 lost, one churned, one expanded, one open; the won took 10, 20 and 60 days."""
    outcomes = outcome_table(
        ["won", "won", "won", "lost", "lost", "churned", "expanded", "open"],
        decided=[
            "2025-01-01",
            "2025-02-01",
            "2025-03-01",
            "2025-01-05",
            None,
            "2025-04-01",
            "2025-04-02",
            None,
        ],
        opened=[None] * 7 + ["2025-05-01"],
        amounts=[100, 200, 600, 50, np.nan, np.nan, np.nan, 70],
        cycles=[10, 20, 60, 5, np.nan, np.nan, np.nan, np.nan],
        reasons=[[], [], [], ["price", "timing"], ["price"], ["fit"], [], []],
    )
    found = overview(outcomes)
    assert found.counts == {"won": 3, "lost": 2, "churned": 1, "expanded": 1, "open": 1}
    assert (found.first_day, found.last_day) == (dt.date(2025, 1, 1), dt.date(2025, 5, 1))
    assert found.days_covered == 120
    assert found.win_rate is not None
    assert (found.win_rate.value, found.win_rate.low) == (0.6, wilson_interval(3, 5)[0])
    assert (found.won_amount, found.lost_amount, found.open_amount) == (900, 50, 70)
    assert found.amounts_known_share == 5 / 8
    assert found.contract_value_mean is not None
    assert found.contract_value_mean.value == 300
    assert found.cycle_won_days is not None
    assert found.cycle_won_days.value == 20
    assert found.cycle_lost_days is None
    shares = {reason: share.value for reason, share in found.reasons["lost"].items()}
    assert shares == {"price": 1.0, "timing": 0.5}
    assert [gate.what for gate in found.gates] == ["few won", "few lost", "short", "undated"]
    assert found.sentence.startswith("60 % of 5 decided records were won (23 % to 88 %)")


@pytest.mark.parametrize(
    ("kinds", "gates"),
    [
        ([], ["no won", "no lost", "short"]),
        (["won"], ["few won", "no lost", "short", "undated"]),
        (["open", "open"], ["no won", "no lost", "short"]),
        (["won"] * 49 + ["lost"] * 50, ["few won", "short", "undated"]),
    ],
)
def test_every_gate_says_what_it_means(kinds: list[str], gates: list[str]):
    found = overview(outcome_table(kinds))
    assert [gate.what for gate in found.gates] == gates
    assert all(gate.sentence.endswith(".") for gate in found.gates)


def test_enough_records_over_enough_time_pass_every_gate():
    outcomes = outcome_table(["won", "lost"] * 50, decided=np.datetime64("2025-01-01") + 2 * np.arange(100))
    assert overview(outcomes).gates == []
    assert [gate.what for gate in overview(outcomes, OverviewQuery(enough_won=51)).gates] == ["few won"]
