"""What do models learn of accounts, and what was known when?"""

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.accounts.account_features import account_features
from store.accounts.account_file import AccountOptions
from store.accounts.history import write_history
from store.accounts.numbering import account_key, account_number, number_sql
from store.errors import BadFile, BadInput

DAY = date(2026, 1, 1)
Written = Callable[..., Path]
Options = Callable[..., AccountOptions]

TEXT = (
    "Account ID,Company name,Website,Employees,Employees 1 Year Ago,Industry,Is Public,Technologies,"
    "Page Views,First Visit Date,Intent Topics,Segment\n"
    "b2,Account 2,account-2.example.com,110,100,Retail,No,SAP;Snowflake,10,2025-12-22,CRM,x\n"
    "a1,Account 1,account-1.example.com,,50,Software,Yes,,,,,y\n"
)


def test_features_are_typed_and_grouped_in_the_order_of_the_file(written: Written) -> None:
    """Growth of b2 is 10 / 100; its 10 views in the 10 days since 2025-12-22 are one a day."""
    found = account_features([written(TEXT)], DAY)
    assert found.ids == ["b2", "a1"]
    table = found.table
    assert table.rows == 2
    growth = table.find("growth_velocity")
    assert growth is not None
    assert growth.domain == "firmographic"
    np.testing.assert_allclose(growth.values, [0.1, np.nan])
    views = table.find("engagement_intensity")
    assert views is not None
    assert views.domain == "behavioural"
    np.testing.assert_allclose(views.values, [1.0, np.nan])
    public = table.find("is_public")
    assert public is not None
    assert public.levels == ("No", "Yes")
    assert public.values.tolist() == [0, 1]
    stack = table.find("technologies")
    assert stack is not None
    assert stack.starts is not None
    assert (stack.kind, stack.domain, stack.levels) == ("set", "technographic", ("SAP", "Snowflake"))
    assert stack.starts.tolist() == [0, 2, 2]
    topics = table.find("intent_topics")
    assert topics is not None
    assert topics.domain == "intent"


def test_who_an_account_is_and_dates_are_no_features(written: Written) -> None:
    names = account_features([written(TEXT)], DAY).table.names
    assert not {"account_id", "account_name", "account_domain", "first_visit", "segment"} & set(names)


def test_committees_are_features_too(written: Written, with_contacts: Options) -> None:
    options = with_contacts("Contact ID,Account ID,Title\nc1,a1,CFO\n")
    roles = account_features([written(TEXT)], DAY, options).table.find("committee_roles")
    assert roles is not None
    assert roles.levels == ("Finance C-level",)
    assert roles.known().tolist() == [False, True]


def test_free_text_in_a_column_of_categories_is_left_out(written: Written) -> None:
    rows = "".join(f"{at},industry {at}\n" for at in range(1, 1_202))
    assert account_features([written(f"Account ID,Industry\n{rows}")], DAY).table.names == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Account ID,Employees\n1,5\n,6\n", "row 2"),
        ("Account ID,Employees\n1,5\n2,7\n1,6\n", "row 3"),
        ("Account ID,Employees\n0015g00000XyZab,5\n0015g00000XyZabAAB,7\n", "row 2"),
    ],
)
def test_accounts_without_an_id_or_with_the_same_are_refused_with_the_row(
    written: Written, text: str, says: str
) -> None:
    with pytest.raises(BadFile, match=says):
        account_features([written(text)], DAY)


def test_an_account_is_known_by_its_website_where_there_is_no_id(written: Written) -> None:
    found = account_features(
        [written("Website,Employees\nhttps://www.account-1.example.com/,5\naccount-2.example.com,6\n")], DAY
    )
    assert found.ids == ["account-1.example.com", "account-2.example.com"]


def test_numbers_of_ids_are_the_ids_or_their_digests() -> None:
    digest = int(hashlib.sha256(b"0015g00000XyZab").hexdigest()[:16], 16) & (2**63 - 1)
    assert account_number("17") == 17
    assert account_number("0015g00000XyZab") == account_number("0015g00000XyZabAAB") == digest
    assert account_number("017") != 17
    assert account_key(" 0015g00000XyZabAAB ") == "0015g00000XyZab"


IDS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(
        lambda id: id == id.strip() != ""
    ),
    st.integers(0, 10**20).map(str),
    st.from_regex(r"\A001[0-9A-Za-z]{12}[A-Z0-5]{3}\Z"),
)


@settings(max_examples=25)
@given(st.lists(IDS, min_size=1, max_size=20))
def test_the_engine_numbers_accounts_as_python_does(ids: list[str]) -> None:
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT {number_sql('id')} FROM (SELECT unnest(?) AS id)", [ids]
        ).fetchall()
    assert [found for (found,) in rows] == [account_number(text) for text in ids]
    assert all(0 <= found < 2**63 for (found,) in rows)


def test_a_history_has_a_row_an_account_and_day_with_what_was_known_then(
    written: Written, tmp_path: Path
) -> None:
    """On 2025-01-01 the account had 100 employees and no visit yet; on 2026-01-01 150, 50 % more."""
    header = "Account ID,Employees,Employees 1 Year Ago,Page Views,First Visit Date\n"
    before = written(header + "a1,100,100,,2025-06-01\na2,10,5,1,2024-12-31\n", "before.csv")
    after = written(header + "a1,150,100,30,2025-06-01\n", "after.csv")
    out = tmp_path / "history.parquet"
    rows = write_history([(after, date(2026, 1, 1)), (before, date(2025, 1, 1))], out)
    found = pq.read_table(out).to_pydict()
    assert rows == 3
    assert found["account_id"] == ["a1", "a2", "a1"]
    assert found["as_of"] == [date(2025, 1, 1), date(2025, 1, 1), date(2026, 1, 1)]
    assert found["growth_velocity"] == [0.0, 1.0, 0.5]
    assert found["first_visit"] == [None, date(2024, 12, 31), date(2025, 6, 1)]


def test_two_deliveries_of_one_day_are_refused(written: Written, tmp_path: Path) -> None:
    file = written(TEXT)
    with pytest.raises(BadInput, match="one delivery a day"):
        write_history([(file, DAY), (file, DAY)], tmp_path / "history.parquet")
