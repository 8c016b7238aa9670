"""What is read of exports: their shapes, days, amounts, silence, and what is refused."""

# ruff: noqa: E501  # rows of exports

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from store.errors import BadFile, BadInput, BadMapping
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.intake.reading import Delivery, read_export
from store.outcomes.outcome_table import OUTCOMES
from store.outcomes.shapes.column_file import ColumnFile, read_column_file

NOW = datetime(2026, 3, 2, tzinfo=UTC)
Read = Callable[..., tuple[Delivery, dict[str, dict]]]

HUBSPOT_CSV = """Record ID,Deal Name,Deal Stage,Close Date,Create Date,Amount,Currency,Closed Lost Reason,\
Closed Won Reason,Pipeline,Associated Company IDs (Primary),Last Activity Date,Deal Type,Deal probability,Seats
1,Deal 1,Closed Won,2025-03-01 10:00,2025-01-01 09:00,"1,200.50",EUR,,Price;Fit,Sales,11,2025-02-28,New Business,1,10
2,Deal 2,Closed Lost,2025-04-01 10:00,2025-01-15 09:00,500,EUR,No response,,Sales,12;13,2025-03-28,New Business,0,20
3,Deal 3,Closed Lost,2025-04-01 10:00,2025-01-15 09:00,500,EUR,Budget,,Sales,12,2025-03-28,Renewal,0,30
4,Deal 4,Contract Sent,2027-04-01 10:00,2025-05-15 09:00,500,EUR,,,Sales,14,2025-02-28,New Business,0.9,40
5,Deal 5,Closed Lost,2025-04-01 10:00,2025-01-15 09:00,,EUR,,,Sales,15,2025-02-28,New Business,0,50
6,Deal 6,Closed Lost,2025-04-01 10:00,2025-01-15 09:00,,EUR,,,Sales,16,2025-03-28,New Business,0,60
"""
HUBSPOT_API = """hs_object_id,dealname,dealstage,closedate,createdate,amount,hs_is_closed_won,hs_is_closed,\
hs_primary_associated_company,seats
1,Deal 1,8812345,2025-03-01T10:00:00.000Z,2025-01-01T09:00:00.000Z,100,true,true,11,10
2,Deal 2,8812346,1743501600000,1736931600000,,false,true,12,20
3,Deal 3,8812347,,2025-05-15T09:00:00.000Z,,false,false,13,30
"""
SALESFORCE_API = """Id,Name,StageName,IsClosed,IsWon,Amount,CloseDate,CreatedDate,AccountId,Type,LeadSource,\
Loss_Reason__c,LastActivityDate,CurrencyIsoCode,Probability
006A,Deal 1,Closed Won,true,true,100,2025-03-01,2025-01-01T09:00:00.000+0000,001A,New Customer,Web,,,USD,100
006B,Deal 2,Closed Won,true,true,200,2025-03-02,2025-01-01T09:00:00.000+0000,001B,Existing Customer - Upgrade,\
Partner,,,USD,100
006C,Deal 3,Closed Lost,true,false,300,2025-03-03,2025-01-01T09:00:00.000+0000,001C,New Customer,Web,Went dark,,USD,0
006D,Deal 4,Prospecting,false,false,,2026-09-03,2025-01-01T09:00:00.000+0000,001D,New Customer,Web,,,USD,10
"""
SALESFORCE_REPORT = """Opportunity ID,Opportunity Name,Account Name,Stage,Close Date,Created Date,Amount,Won,\
Closed,Type,Age,Fiscal Period
006A,Deal 1,Account 1,Closed Won,3/15/2025,1/5/2025,"$1,000.00",1,1,New Business,69,Q1-2025
006B,Deal 2,Account 1,Closed Lost,3/16/2025,1/6/2025,"USD 2,000.00",0,1,New Business,69,Q1-2025
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads an export from text: the delivery, and its records by their ids."""

    def reading(
        text: str, said: dict | None = None, resolve=None, **query
    ) -> tuple[Delivery, dict[str, dict]]:
        file = tmp_path / "deals.csv"
        file.write_text(text)
        delivery = read_export(
            file,
            tmp_path,
            IntakeQuery(**query),
            NOW,
            said=ColumnFile.model_validate(said or {}),
            resolve=resolve,
        )
        rows = pq.read_table(delivery.path).to_pylist()
        return delivery, {row["record_id"]: row for row in rows}

    return reading


def outcomes(rows: dict[str, dict]) -> dict[str, str]:
    return {key: OUTCOMES[row["outcome"]] for key, row in rows.items()}


def test_hubspot_s_csv_export_is_read(read: Read) -> None:
    delivery, rows = read(HUBSPOT_CSV)
    assert (delivery.report.shape, delivery.report.unit) == ("hubspot", "account")
    assert outcomes(rows) == {"1": "won", "2": "lost", "3": "churned", "4": "open", "5": "lost", "6": "lost"}
    first = rows["1"]
    assert (first["unit_id"], first["amount"], first["currency"]) == ("11", 1200.5, "EUR")
    assert (first["opened_at"], first["decided_at"]) == (date(2025, 1, 1), date(2025, 3, 1))
    assert first["reasons"] == ["Fit", "Price"]
    assert rows["2"]["unit_id"] == "12"  # the first of two companies
    assert rows["4"]["decided_at"] is None  # the close date of an open deal is a hope


def test_silence_before_a_loss_is_told_from_words_and_from_days_without_activity(read: Read) -> None:
    """2 says no response; 3 names a budget; 5 was silent for 32 days, 6 for 4; 1 was won, 4 is open."""
    _, rows = read(HUBSPOT_CSV)
    assert {key: row["went_dark"] for key, row in rows.items()} == {
        "1": 0,
        "2": 1,
        "3": 0,
        "4": None,
        "5": 1,
        "6": 0,
    }
    _, patient = read(HUBSPOT_CSV, dark_after_days=32)
    assert patient["5"]["went_dark"] == 0


def test_what_follows_from_the_stage_and_what_names_somebody_is_no_attribute(read: Read) -> None:
    delivery, _ = read(HUBSPOT_CSV)
    assert sorted(each.name for each in delivery.attributes) == ["pipeline", "seats"]
    assert set(delivery.report.left_out) == {"Deal Name", "Deal probability"}


def test_hubspot_s_api_names_are_read_with_flags_and_milliseconds(read: Read) -> None:
    """1743501600000 ms is 2025-04-01 10:00 UTC; 1736931600000 ms is 2025-01-15 09:00."""
    delivery, rows = read(HUBSPOT_API)
    assert delivery.report.shape == "hubspot"
    assert outcomes(rows) == {"1": "won", "2": "lost", "3": "open"}
    assert (rows["2"]["opened_at"], rows["2"]["decided_at"]) == (date(2025, 1, 15), date(2025, 4, 1))


def test_salesforce_s_api_names_are_read(read: Read) -> None:
    delivery, rows = read(SALESFORCE_API)
    assert (delivery.report.shape, delivery.report.unit) == ("salesforce", "account")
    assert outcomes(rows) == {"006A": "won", "006B": "expanded", "006C": "lost", "006D": "open"}
    assert rows["006C"]["reasons"] == ["Went dark"]
    assert rows["006C"]["went_dark"] == 1
    assert [each.name for each in delivery.attributes] == ["lead_source"]


def test_salesforce_s_report_is_read_with_american_dates_and_names_of_accounts(read: Read) -> None:
    delivery, rows = read(SALESFORCE_REPORT)
    assert (rows["006A"]["opened_at"], rows["006A"]["decided_at"]) == (date(2025, 1, 5), date(2025, 3, 15))
    assert (rows["006A"]["amount"], rows["006B"]["amount"]) == (1000, 2000)
    assert rows["006A"]["unit_id"] == rows["006B"]["unit_id"]
    assert "Account 1" not in str(rows)
    assert any("digests" in note for note in delivery.report.notes)


def test_days_that_could_be_months_are_refused_until_it_is_said_which(read: Read) -> None:
    text = "outcome,decided_at,account_id\nwon,03/04/2025,1\nlost,05/06/2025,2\n"
    with pytest.raises(BadFile, match="day_first"):
        read(text)
    _, rows = read(text, {"day_first": True})
    assert {row["decided_at"] for row in rows.values()} == {date(2025, 4, 3), date(2025, 6, 5)}


def test_rows_that_say_nothing_certain_are_refused_with_their_places(read: Read) -> None:
    text = """deal_id,account_id,outcome,opened_at,decided_at,amount
1,a,won,2025-01-01,2025-02-01,10
2,a,won,2025-03-01,2025-02-01,10
3,a,lost,2025-01-01,2027-02-01,10
4,a,lost,2025-01-01,soon,10
5,a,lost,2025-01-01,,10
6,a,lost,2025-01-01,2025-02-01,-10
7,a,lost,2025-01-01,2025-02-01,ten
8,a,shaken hands,2025-01-01,2025-02-01,10
9,,lost,2025-01-01,2025-02-01,10
10,a,,2025-01-01,2025-02-01,10
11,a,lost,long ago,2025-02-01,10
"""
    delivery, rows = read(text)
    assert set(rows) == {"1"}
    assert {each.reason: each.places for each in delivery.report.refused} == {
        "it was decided before it was opened": ["row 2"],
        "it was decided in the future": ["row 3"],
        "the day of the decision cannot be read": ["row 4"],
        "it has no day of decision": ["row 5"],
        "the amount is negative": ["row 6"],
        "the amount is no number": ["row 7"],
        "the stage is not understood": ["row 8"],
        "it does not say which account it was with": ["row 9"],
        "it has no stage": ["row 10"],
        "the day of opening cannot be read": ["row 11"],
    }
    assert delivery.report.unknown_stages == {"shaken hands": 1}


def test_a_day_by_which_time_zones_differ_is_no_contradiction(read: Read) -> None:
    _, rows = read("deal_id,account_id,outcome,opened_at,decided_at\n1,a,won,2025-01-02,2025-01-01\n")
    assert rows["1"]["opened_at"] == rows["1"]["decided_at"] == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1200", 1200),
        ("1,200", 1200),
        ("$1,200.50", 1200.5),
        ("1.200,50 €", 1200.5),
        ("EUR 1200,5", 1200.5),
        ("1e3", 1000),
        ("1 200", 1200),
    ],
)
def test_amounts_are_read_as_people_write_them(read: Read, cell: str, amount: float) -> None:
    _, rows = read(f'deal_id,account_id,outcome,decided_at,amount\n1,a,won,2025-01-01,"{cell}"\n')
    assert rows["1"]["amount"] == amount


def test_a_file_of_columns_says_what_the_shape_does_not(read: Read, tmp_path: Path) -> None:
    file = tmp_path / "columns.toml"
    file.write_text(
        'currency = "EUR"\nleave_out = ["secret"]\n[columns]\noutcome = "how"\ndecided_at = "when"\n'
        'account_id = "who"\n[stages]\nwon = ["Signed"]\nlost = ["Binned"]\n'
    )
    said = read_column_file(file).model_dump()
    delivery, rows = read(
        "how,when,who,size,secret\nSigned,2025-01-01,a,1,x\nBinned,2025-01-02,b,2,y\n", said
    )
    assert sorted(outcomes(rows).values()) == ["lost", "won"]
    assert [each.name for each in delivery.attributes] == ["size"]
    assert {row["unit_id"] for row in rows.values()} == {"a", "b"}


def test_a_file_of_columns_that_is_wrong_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "columns.toml"
    file.write_text('[columns]\nfate = "how"\n')
    with pytest.raises(BadMapping, match="columns"):
        read_column_file(file)
    with pytest.raises(BadMapping, match="no such file"):
        read_column_file(tmp_path / "none.toml")


def test_a_column_that_is_named_and_not_there_is_refused(read: Read) -> None:
    with pytest.raises(BadInput, match="no column `fate`"):
        read("outcome,decided_at,account_id\nwon,2025-01-01,a\n", {"columns": {"outcome": "fate"}})


def test_a_file_that_is_no_export_is_refused_with_its_columns(read: Read) -> None:
    with pytest.raises(BadFile, match="no export of outcomes"):
        read("colour,size\nred,1\n")


def test_a_file_without_accounts_or_persons_is_refused(read: Read) -> None:
    with pytest.raises(BadFile, match="which person"):
        read("outcome,decided_at\nwon,2025-01-01\n")


def test_a_file_of_which_no_row_can_be_recorded_is_refused_with_the_reasons(read: Read) -> None:
    with pytest.raises(BadFile, match=r"None of the 1 rows.*the stage is not understood"):
        read("outcome,decided_at,account_id\nshaken,2025-01-01,a\n")


def test_an_email_stands_for_a_person_and_is_not_kept(read: Read) -> None:
    asked: list[str] = []

    def resolve(emails):
        asked.extend(emails)
        return ["17" if email.startswith("known") else None for email in emails]

    text = "outcome,decided_at,email\nwon,2025-01-01,known@example.com\nlost,2025-01-02,other@example.com\n"
    delivery, rows = read(text, resolve=resolve)
    assert asked == ["known@example.com", "other@example.com"]
    assert [row["unit_id"] for row in rows.values()] == ["17"]
    assert "example.com" not in str(rows) + delivery.report.model_dump_json()
    assert [each.reason for each in delivery.report.refused] == [
        "nobody of the population has its e-mail address"
    ]


def test_emails_without_a_population_are_refused(read: Read) -> None:
    with pytest.raises(BadInput, match="no people"):
        read("outcome,decided_at,email\nwon,2025-01-01,known@example.com\n")


def test_of_rows_with_one_record_id_the_last_counts(read: Read) -> None:
    delivery, rows = read(
        "deal_id,account_id,outcome,decided_at\n1,a,lost,2025-01-01\n1,a,won,2025-01-02\n2,a,won,2025-01-03\n"
    )
    assert outcomes(rows) == {"1": "won", "2": "won"}
    assert (delivery.report.rows, delivery.report.recorded, delivery.report.repeated) == (3, 2, 1)


def test_records_without_ids_have_a_stable_one_of_what_they_say(read: Read) -> None:
    text = "account_id,outcome,decided_at,amount\na,won,2025-01-01,10\na,won,2025-01-01,11\n"
    _, once = read(text)
    _, again = read(text)
    assert len(once) == 2
    assert set(once) == set(again)
    assert all(key.startswith("d-") for key in once)


def test_a_date_among_the_attributes_counts_its_days_to_the_opening(read: Read) -> None:
    """Founded 31 days before the opening; a visit after it was not known then."""
    text = (
        "deal_id,account_id,outcome,opened_at,decided_at,founded\n"
        "1,a,won,2025-02-01,2025-05-01,2025-01-01\n2,b,lost,2025-02-01,2025-05-01,2025-03-01\n"
    )
    _, rows = read(text)
    assert rows["1"]["a:days_since_founded"] == 31
    assert rows["2"]["a:days_since_founded"] is None
