"""Outcome records as another program sends them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from store.errors import BadInput, TooMany
from store.outcomes.ledger import Ledger
from store.outcomes.records_sent import MOST_RECORDS, OutcomeRecord

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "outcomes", "small")


def record(**told) -> OutcomeRecord:
    return OutcomeRecord.model_validate({"outcome": "won", "decided_at": "2025-01-02", "unit_id": "a"} | told)


def test_records_are_kept_with_their_attributes(ledger: Ledger) -> None:
    report = ledger.record(
        [
            record(
                record_id="1", amount=5, currency="EUR", attributes={"Employees": 7, "tools": ["b", "a", "b"]}
            ),
            record(record_id="2", outcome="lost", reasons=["went dark"], attributes={"is_public": True}),
            record(record_id="3", outcome="open", decided_at=None, attributes={"industry": "Retail"}),
        ],
        "account",
        NOW,
    )
    table = ledger.read(NOW)
    assert (report.recorded, report.outcomes) == (3, {"won": 1, "lost": 1, "open": 1})
    assert table.features.names == ["employees", "industry", "is_public", "tools"]
    assert table.went_dark.tolist()[:2] == [0, 1]
    tools = table.features.find("tools")
    assert tools is not None
    assert (tools.kind, tools.levels, tools.values.tolist()) == ("set", ("a", "b"), [0, 1])


def test_one_that_cannot_be_recorded_keeps_all_from_being(ledger: Ledger) -> None:
    with pytest.raises(BadInput) as refused:
        ledger.record([record(), record(decided_at="2027-01-01"), record(decided_at=None)], "account", NOW)
    assert "records[1]" in refused.value.where
    assert "records[2]" in refused.value.where
    assert "records[0]" not in refused.value.where
    assert not ledger.exists


def test_no_records_and_too_many_are_refused(ledger: Ledger) -> None:
    with pytest.raises(BadInput):
        ledger.record([], "account", NOW)
    with pytest.raises(TooMany):
        ledger.record([record()] * (MOST_RECORDS + 1), "account", NOW)


@pytest.mark.parametrize(
    "told",
    [
        {"amount": -1},
        {"amount": float("inf")},
        {"currency": "euro"},
        {"outcome": "maybe"},
        {"colour": "red"},
        {"attributes": {"a": float("nan")}},
        {"attributes": {"a": {"b": 1}}},
        {"unit_id": ""},
    ],
)
def test_values_that_do_not_fit_are_refused(told: dict) -> None:
    with pytest.raises(ValidationError):
        record(**told)


def test_names_of_attributes_that_are_one_in_other_spelling_are_refused(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match=r"records\[1\]"):
        ledger.record(
            [record(attributes={"tech_stack": 1}), record(attributes={"Tech Stack": 1})], "account", NOW
        )


def test_values_of_several_kinds_become_the_kind_that_fits_all(ledger: Ledger) -> None:
    """1, 2.5 and a word are categories; a number and a flag a number; a word and a list a set."""
    ledger.record(
        [
            record(record_id="1", attributes={"size": 1, "seats": True, "tools": "crm"}),
            record(record_id="2", attributes={"size": 2.5, "seats": 4, "tools": ["bi"]}),
            record(record_id="3", attributes={"size": "large", "seats": False}),
        ],
        "account",
        NOW,
    )
    features = {each.name: each for each in ledger.read(NOW).features.features}
    assert features["size"].levels == ("1", "2.5", "large")
    assert features["seats"].values.tolist() == [1, 4, 0]
    assert features["tools"].levels == ("bi", "crm")


def test_an_email_is_resolved_and_never_written(ledger: Ledger, tmp_path: Path) -> None:
    sent = OutcomeRecord.model_validate(
        {"outcome": "won", "decided_at": "2025-01-02", "email": "one@example.com"}
    )
    ledger.record([sent], "person", NOW, resolve=lambda emails: ["17"] * len(emails))
    assert ledger.read(NOW).unit_ids.tolist() == ["17"]
    files = [path for path in (tmp_path / "outcomes").rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not any(b"example.com" in path.read_bytes() for path in files)
