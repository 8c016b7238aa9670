"""What came of the deals of one warehouse?"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.errors import BadFile, BadInput, Busy, NotFound
from store.features import Feature
from store.locks import Lock
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.ledger import Ledger, LoadReport
from store.outcomes.outcome_table import OutcomeTable

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
DEALS = """deal_id,account_id,outcome,opened_at,decided_at,amount,currency,reason,products,employees
1,a,won,2025-01-01,2025-03-01,100,EUR,price|fit,core,10
2,b,lost,2025-01-01,2025-02-01,200,EUR,no budget,,20
3,c,open,2025-06-01,,300,EUR,,,30
"""
Load = Callable[..., LoadReport]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "outcomes", "small")


@pytest.fixture
def load(ledger: Ledger, tmp_path: Path) -> Load:
    """Loads deals from text."""

    def loading(
        text: str, history: str = "", now: datetime = NOW, into: Ledger = ledger, **query
    ) -> LoadReport:
        file, known = tmp_path / "deals.csv", tmp_path / "history.csv"
        file.write_text(text)
        known.write_text(history)
        return into.load(file, IntakeQuery(**query), now, history=known if history else None)

    return loading


def column(table: OutcomeTable, name: str) -> Feature:
    feature = table.features.find(name)
    assert feature is not None, table.features.names
    return feature


def test_records_come_oldest_decision_first_and_open_ones_last(ledger: Ledger, load: Load) -> None:
    """1 took 59 days from 1 January to 1 March 2025, 2 took 31."""
    load(DEALS)
    table = ledger.read(NOW)
    assert table.record_ids.tolist() == ["2", "1", "3"]
    assert table.unit_ids.tolist() == ["b", "a", "c"]
    assert np.array_equal(table.cycle_days, [31, 59, np.nan], equal_nan=True)
    assert np.isnat(table.decided_at[2])
    assert table.amounts.tolist() == [200, 100, 300]
    assert table.currency == "EUR"
    assert table.reasons.levels == ("fit", "no budget", "price")
    assert table.products.levels == ("core",)
    assert column(table, "employees").values.tolist() == [20, 10, 30]


def test_loading_the_same_file_twice_changes_nothing(ledger: Ledger, load: Load) -> None:
    first, second = load(DEALS), load(DEALS)
    assert (first.replaced, second.replaced) == (0, 3)
    assert (second.records, second.data_hash) == (3, first.data_hash)
    assert [line.replaced for line in ledger.manifest.loads] == [0, 3]


def test_a_later_record_of_an_id_takes_the_earlier_one_s_place(ledger: Ledger, load: Load) -> None:
    load(DEALS)
    load("deal_id,account_id,outcome,opened_at,decided_at,amount\n3,c,won,2025-06-01,2025-07-01,350\n")
    table = ledger.read(NOW)
    assert table.record_ids.tolist() == ["2", "1", "3"]
    assert table.are("won").tolist() == [False, True, True]
    assert np.isnan(column(table, "employees").values[2])  # what the new record does not say is not known


def test_the_hash_is_the_same_whatever_the_order_of_the_loads(tmp_path: Path, load: Load) -> None:
    """Three files of different columns: one writes 0 and 1, one yes and no in a column."""
    files = [
        DEALS,
        "deal_id,account_id,outcome,decided_at,public,industry\n"
        "7,d,won,2025-01-01,1,Retail\n8,e,lost,2025-01-02,0,\n",
        "deal_id,account_id,outcome,decided_at,public,employees\n"
        "9,f,won,2025-01-01,yes,5\n5,g,lost,2025-01-02,no,6\n",
    ]
    hashes = set()
    for at, order in enumerate([files, files[::-1]]):
        ledger = Ledger(tmp_path / f"ledger-{at}", "small")
        hashes.add([load(text, into=ledger) for text in order][-1].data_hash)
    assert len(hashes) == 1


def test_the_hash_changes_with_anything_that_is_recorded(tmp_path: Path, load: Load) -> None:
    changes = [("price|fit", "price"), ("a,won", "z,won"), ("EUR", "USD")]
    texts = [DEALS, *(DEALS.replace(old, new) for old, new in changes), DEALS.replace(",30\n", ",31\n")]
    hashes = [
        load(text, into=Ledger(tmp_path / f"ledger-{at}", "small")).data_hash for at, text in enumerate(texts)
    ]
    assert len(set(hashes)) == len(texts)


def test_other_currencies_than_the_main_one_are_not_summed(ledger: Ledger, load: Load) -> None:
    load(DEALS)
    report = load("deal_id,account_id,outcome,decided_at,amount,currency\n4,d,won,2025-08-01,999,USD\n")
    table = ledger.read(NOW)
    assert table.currency == "EUR"
    assert np.array_equal(table.amounts, [200, 100, np.nan, 300], equal_nan=True)
    assert report.warnings == ledger.warnings()
    assert "USD" in report.warnings[0]


def test_last_days_keeps_the_latest_decisions_and_the_open_deals(ledger: Ledger, load: Load) -> None:
    """1 March 2025 is 366 days before 2 March 2026, 1 February 394."""
    load(DEALS)
    assert ledger.read(NOW, last_days=367).record_ids.tolist() == ["1", "3"]
    assert ledger.read(NOW, last_days=366).record_ids.tolist() == ["3"]


def test_a_reader_of_the_past_sees_no_later_decision(ledger: Ledger, load: Load) -> None:
    load(DEALS)
    then = ledger.read(datetime(2025, 2, 15, tzinfo=UTC))
    assert then.record_ids.tolist() == ["2"]


def test_accounts_and_persons_are_kept_apart(ledger: Ledger, load: Load) -> None:
    load(DEALS)
    load("deal_id,person_id,outcome,decided_at\n1,17,won,2025-01-01\n")
    with pytest.raises(BadInput, match="accounts and of persons"):
        ledger.read(NOW)
    assert ledger.read(NOW, unit="person").unit_ids.tolist() == ["17"]
    assert ledger.read(NOW, unit="account").rows == 3


def test_an_empty_ledger_says_how_to_fill_it(ledger: Ledger) -> None:
    assert not ledger.exists
    with pytest.raises(NotFound, match="outcomes load"):
        ledger.read(NOW)


def test_a_load_that_is_refused_leaves_the_ledger_as_it_was(
    ledger: Ledger, load: Load, tmp_path: Path
) -> None:
    before = load(DEALS)
    with pytest.raises(BadFile):
        load("deal_id,account_id,outcome,decided_at\n1,a,shaken,2025-01-01\n")
    assert ledger.manifest.data_hash == before.data_hash
    assert not list((tmp_path / "outcomes").glob("working-*"))


def test_one_writer_at_a_time(ledger: Ledger, load: Load, tmp_path: Path) -> None:
    other = Lock(tmp_path / "outcomes" / "outcomes.lock")
    assert other.taken()
    try:
        with pytest.raises(Busy):
            load(DEALS)
    finally:
        other.let_go()
    assert load(DEALS).records == 3


def test_what_a_killed_writer_left_is_removed(load: Load, tmp_path: Path) -> None:
    left = tmp_path / "outcomes" / "working-1"
    left.mkdir(parents=True)
    (left / "records.parquet").write_text("half")
    load(DEALS)
    assert not left.exists()


def test_the_newest_versions_are_kept(ledger: Ledger, load: Load, tmp_path: Path) -> None:
    for amount in range(4):
        load(DEALS.replace("100", str(amount)))
    assert len(list((tmp_path / "outcomes" / "versions").iterdir())) == 3
    assert ledger.read(NOW).amounts[1] == 3


HISTORY = """account_id,as_of,employees,tools
a,2024-12-01,5,crm
a,2024-12-31,7,crm|mail
a,2025-01-02,8,crm|mail|bi
b,2025-01-15,50,mail
c,2025-05-01,1,
c,2026-01-01,2,
c,2026-01-01,3,crm
c,2027-01-01,4,
"""


def test_attributes_are_those_of_the_last_row_before_the_opening(ledger: Ledger, load: Load) -> None:
    """1 opened on 1 January: the row of 31 December. 2 opened before its first row. 3 is open: its last row
    of today, of two of one day the later one; what 2027 will bring is not known."""
    report = load(DEALS, HISTORY)
    table = ledger.read(NOW)
    assert table.record_ids.tolist() == ["2", "1", "3"]
    assert np.array_equal(column(table, "employees").values, [np.nan, 7, 3], equal_nan=True)
    assert report.with_history == 2
    assert report.left_out["employees"] == "the history tells it"


def test_attributes_may_be_those_of_the_decision(ledger: Ledger, load: Load) -> None:
    """1 was decided on 1 March: the row of 2 January. 2 on 1 February: that of 15 January."""
    load(DEALS, HISTORY, as_of="decided")
    assert column(ledger.read(NOW), "employees").values.tolist() == [50, 8, 3]


def test_a_row_of_the_very_day_of_the_opening_counts(ledger: Ledger, load: Load) -> None:
    load(DEALS, "account_id,as_of,employees\na,2025-01-01,9\na,2025-01-01 00:00:01,99\nb,2025-01-01,8\n")
    assert column(ledger.read(NOW), "employees").values.tolist()[:2] == [8, 9]


def test_without_a_day_of_opening_nothing_is_known_of_it(ledger: Ledger, load: Load) -> None:
    text = "deal_id,account_id,outcome,decided_at\n1,a,won,2025-03-01\n2,b,lost,2025-02-01\n"
    report = load(text, HISTORY)
    assert report.with_history == 0
    assert any("opened" in note for note in report.notes)
    assert not column(ledger.read(NOW), "employees").known().any()


@pytest.mark.parametrize(
    ("history", "told"),
    [
        ("account_id,employees\na,5\n", "as_of"),
        ("as_of,employees\n2024-01-01,5\n", "accountid"),
        ("account_id,as_of,employees\na,soon,5\n", "no day that can be read"),
    ],
)
def test_a_history_without_units_or_days_is_refused(load: Load, history: str, told: str) -> None:
    with pytest.raises(BadFile, match=told):
        load(DEALS, history)


days = st.integers(0, 40)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from("abc"), days, st.integers(1, 99)), min_size=1, max_size=30),
    st.lists(st.tuples(st.sampled_from("abc"), days), min_size=1, max_size=12),
)
def test_no_attribute_comes_from_after_the_opening(
    tmp_path_factory: pytest.TempPathFactory, load: Load, history: list, deals: list
) -> None:
    """Against a plain search: the last row of the file among those of the latest day up to the opening."""
    first = np.datetime64("2025-01-01", "D")
    told = "account_id,as_of,seats\n" + "".join(
        f"{unit},{first + day},{seats}\n" for unit, day, seats in history
    )
    text = "deal_id,account_id,outcome,opened_at,decided_at\n" + "".join(
        f"{at},{unit},won,{first + day},{first + 50}\n" for at, (unit, day) in enumerate(deals)
    )
    ledger = Ledger(tmp_path_factory.mktemp("ledger"), "small")
    load(text, told, into=ledger)
    table = ledger.read(NOW)
    seats = column(table, "seats").values
    for record, found in zip(table.record_ids.tolist(), seats.tolist(), strict=True):
        unit, day = deals[int(record)]
        earlier = [
            (as_of, at, value) for at, (of, as_of, value) in enumerate(history) if of == unit and as_of <= day
        ]
        assert found == max(earlier)[2] if earlier else np.isnan(found)


def test_people_who_were_erased_are_not_told_of_and_not_kept_by_the_next_load(
    load: Load, tmp_path: Path
) -> None:
    gone: list[int] = []
    ledger = Ledger(tmp_path / "outcomes", "small", lambda: np.array(gone, dtype=np.int64))
    text = "deal_id,person_id,outcome,decided_at\n1,17,won,2025-01-01\n2,18,lost,2025-01-02\n"
    load(text, into=ledger)
    gone.append(17)
    assert ledger.read(NOW).unit_ids.tolist() == ["18"]
    assert load(text, into=ledger).records == 1
    gone.clear()
    assert ledger.read(NOW).unit_ids.tolist() == ["18"]
