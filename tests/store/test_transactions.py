"""Purchases are read whole: what is a refund, a free order or no date is told and never guessed."""

import gzip
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.errors import BadFile
from store.transactions import read_transactions

FOLDER = Path(os.environ.get("FIELDMARK_DATA", "/nonexistent"))


def _file(folder: Path, text: str, name: str = "purchases.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_columns_are_recognised_and_rows_ordered_by_customer_and_day(tmp_path):
    """Days since 1970: 2024-01-02 is 19724, 2024-01-05 is 19727."""
    path = _file(
        tmp_path,
        "Customer ID,Order Date,Amount,Qty\nb,2024-01-05,3.5,1\na,2024-01-02,2,2\nb,2024-01-02,1,1\n",
    )
    read = read_transactions([path])
    assert read.ids.tolist() == ["a", "b"]
    assert read.customers.tolist() == [0, 1, 1]
    assert read.days.tolist() == [19724, 19724, 19727]
    assert read.amounts.tolist() == [2.0, 1.0, 3.5]
    assert read.quantities is not None
    assert read.quantities.tolist() == [2.0, 1.0, 1.0]
    assert read.notes == ()


def test_a_refund_lowers_the_newest_purchases_before_it(tmp_path):
    """Customer a: 10, then 6, then -8: the 6 is taken back whole and 2 of the 10."""
    path = _file(
        tmp_path,
        "customer,date,amount\na,2024-01-01,10\na,2024-01-02,6\na,2024-01-03,-8\n"
        "b,2024-01-01,4\nb,2024-01-02,-9\n",
    )
    read = read_transactions([path])
    assert read.ids.tolist() == ["a"]
    assert read.amounts.tolist() == [8.0]
    assert "2 refunds were taken off the purchases before them" in read.notes
    assert "refunds of 5.00 have no purchase before them and were left out" in read.notes
    assert "1 customers have no purchase left" in read.notes


def test_free_orders_are_kept_or_dropped_as_asked(tmp_path):
    path = _file(tmp_path, "customer,date,amount\na,2024-01-01,0\na,2024-01-02,5\n")
    assert read_transactions([path]).amounts.tolist() == [0.0, 5.0]
    assert read_transactions([path], free="drop").amounts.tolist() == [5.0]


def test_rows_alike_in_every_column_are_two_purchases_unless_dropped(tmp_path):
    path = _file(tmp_path, "customer,date,amount\na,2024-01-01,5\na,2024-01-01,5\na,2024-01-01,6\n")
    assert read_transactions([path]).rows == 3
    dropped = read_transactions([path], repeated="drop")
    assert dropped.rows == 2
    assert dropped.notes == ("1 rows that repeat another were left out",)


def test_a_few_unreadable_rows_are_left_out_and_told(tmp_path):
    path = _file(
        tmp_path,
        "customer,date,amount\na,2024-01-01,5\na,someday,5\n,2024-01-01,5\na,2024-01-03,much\na,2024-02-01,1\na,2024-02-02,1\n",
    )
    read = read_transactions([path])
    assert read.rows == 3
    assert read.notes == ("3 rows without a readable customer, date or amount were left out",)


def test_a_column_that_mostly_fails_is_refused_without_its_values(tmp_path):
    path = _file(tmp_path, "customer,date,amount\na,03/04/2024,5\nb,03/05/2024,6\n")
    with pytest.raises(BadFile, match="date_format") as refusal:
        read_transactions([path])
    assert "03/04" not in str(refusal.value)
    assert read_transactions([path], date_format="%d/%m/%Y").days.tolist() == [19816, 19846]


def test_missing_and_unknown_columns_are_named(tmp_path):
    path = _file(tmp_path, "who,when,much\na,2024-01-01,5\n")
    with pytest.raises(BadFile, match="customer and date and amount"):
        read_transactions([path])
    with pytest.raises(BadFile, match="no column whom"):
        read_transactions([path], columns={"customer": "whom"})
    named = read_transactions([path], columns={"customer": "who", "date": "when", "amount": "much"})
    assert named.rows == 1


def test_parquet_days_and_times_are_the_same_days(tmp_path):
    times = np.array(["2024-01-02T23:59:59", "2024-01-03T00:00:00"], dtype="datetime64[us]")
    table = pa.table({"user_id": [7, 7], "timestamp": times, "revenue": [1.0, 2.0]})
    pq.write_table(table, tmp_path / "p.parquet")
    assert read_transactions([tmp_path / "p.parquet"]).days.tolist() == [19724, 19725]


def test_plain_whole_numbers_are_days_written_together(tmp_path):
    path = _file(tmp_path, "id,date,spend\n1,19970101,5\n2,19970102,6\n")
    assert read_transactions([path]).days.tolist() == [9862, 9863]


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    rows = [f"{customer},2024-01-{day:02},{customer}.{day}" for customer in (1, 2) for day in (3, 1, 3)]
    one = read_transactions([_file(tmp_path, "\n".join(["id,date,amount", *rows]), "a.csv")])
    other = read_transactions([_file(tmp_path, "\n".join(["id,date,amount", *rows[::-1]]), "b.csv")])
    assert one.amounts.tolist() == other.amounts.tolist()
    assert one.days.tolist() == other.days.tolist()


@pytest.mark.skipif(
    not (FOLDER / "cdnow_transactions.csv.gz").exists(), reason="FIELDMARK_DATA names no CDNOW"
)
def test_the_cdnow_file_is_read_whole(tmp_path):
    read = read_transactions([FOLDER / "cdnow_transactions.csv.gz"])
    with gzip.open(FOLDER / "cdnow_transactions.csv.gz", "rt") as lines:
        total = sum(float(line.rsplit(",", 1)[1]) for line in list(lines)[1:])
    assert (read.rows, len(read.ids)) == (69_659, 23_570)
    assert read.amounts.sum() == pytest.approx(total)
