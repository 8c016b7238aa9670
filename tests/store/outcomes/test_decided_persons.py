"""Which people of the population did a deal end well, or badly, with?"""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from store.errors import BadInput
from store.outcomes.ledger import Ledger
from store.outcomes.outcome_table import OutcomeTable
from store.outcomes.persons import decided_persons
from store.outcomes.records_sent import OutcomeRecord

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def table(tmp_path: Path) -> OutcomeTable:
    """3 was lost, then won; 1 won, then churned; 2 lost; 9 is open; `x7` numbers nobody."""
    told = [
        ("3", "lost", "2025-01-01"),
        ("3", "won", "2025-02-01"),
        ("1", "won", "2025-01-05"),
        ("1", "churned", "2025-06-01"),
        ("2", "lost", "2025-03-01"),
        ("9", "open", None),
        ("x7", "won", "2025-03-01"),
        ("12", "won", "2025-03-02"),
    ]
    records = [
        OutcomeRecord.model_validate({"unit_id": unit, "outcome": outcome, "decided_at": day})
        for unit, outcome, day in told
    ]
    ledger = Ledger(tmp_path / "outcomes", "small")
    ledger.record(records, "person", NOW)
    return ledger.read(NOW)


def test_the_latest_decision_of_a_person_counts(table: OutcomeTable) -> None:
    assert decided_persons(table, ["won", "expanded"]).tolist() == [3, 12]
    assert decided_persons(table, ["lost"]).tolist() == [2]
    assert decided_persons(table, ["churned", "lost"]).tolist() == [1, 2]
    assert decided_persons(table, ["won"]).dtype == np.int64


def test_nobody_is_both_won_and_lost(table: OutcomeTable) -> None:
    assert not set(decided_persons(table, ["won"])) & set(decided_persons(table, ["lost", "churned"]))


def test_of_no_decisions_there_are_no_persons(table: OutcomeTable) -> None:
    assert decided_persons(table.take(table.are("open")), ["won"]).tolist() == []


def test_outcomes_of_accounts_are_refused(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "accounts", "small")
    ledger.record([OutcomeRecord.model_validate({"unit_id": "a", "outcome": "open"})], "account", NOW)
    with pytest.raises(BadInput, match="accounts"):
        decided_persons(ledger.read(NOW), ["won"])
