"""What does a file of rows of any kind say of each of them, as typed columns?"""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import store.examples
from store.errors import BadFile, BadInput
from store.feature_file import FeatureFile, read_features
from store.features import Feature

NOW = datetime(2026, 1, 31, tzinfo=UTC)
ROWS = """account_id,contact email,company,employees,seats,is_public,industry,tools,founded,note
a1,one@example.com,Account 1,10,1,yes,Retail,crm|mail,2026-01-01,Long text one
a2,two@example.com,Account 2,,2,no,Energy,crm,2026-01-30,Long text two
a3,,Account 3,1000,1,,Retail,,2026-02-01,Long text three
a4,four@example.com,Account 4,25.5,3,no,,mail|crm,,Long text four
"""


def column(found: FeatureFile, name: str) -> Feature:
    feature = found.table.find(name)
    assert feature is not None, found.table.names
    return feature


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "accounts.csv"
    file.write_text(ROWS)
    return file


def test_numbers_keep_what_is_missing_as_unknown(rows: Path) -> None:
    assert np.array_equal(
        column(read_features(rows), "employees").values, [10, np.nan, 1000, 25.5], equal_nan=True
    )


def test_a_number_of_few_values_stays_a_number(rows: Path) -> None:
    seats = column(read_features(rows), "seats")
    assert (seats.kind, seats.values.tolist()) == ("number", [1, 2, 1, 3])


def test_yes_and_no_are_a_category_with_both_levels(rows: Path) -> None:
    flag = column(read_features(rows), "is_public")
    assert (flag.kind, flag.levels, flag.values.tolist()) == ("category", ("No", "Yes"), [1, 0, -1, 0])


def test_categories_are_codes_into_sorted_levels(rows: Path) -> None:
    industry = column(read_features(rows), "industry")
    assert (industry.levels, industry.values.tolist()) == (("Energy", "Retail"), [1, 0, 1, -1])


def test_lists_are_sets_whatever_order_a_row_writes_them_in(rows: Path) -> None:
    """Tools: crm and mail; crm; unknown; crm and mail."""
    tools = column(read_features(rows), "tools")
    assert tools.starts is not None
    assert (tools.levels, tools.values.tolist(), tools.starts.tolist()) == (
        ("crm", "mail"),
        [0, 1, 0, 0, 1],
        [0, 2, 3, 3, 5],
    )


def test_dates_become_days_before_the_moment_and_later_ones_are_unknown(rows: Path) -> None:
    """Of 31 January: 1 January is 30 days before, 30 January one, 1 February has not come."""
    days = column(read_features(rows, moment=NOW), "days_since_founded")
    assert np.array_equal(days.values, [30, 1, np.nan, np.nan], equal_nan=True)
    assert days.unit == "days"


def test_dates_without_a_moment_are_left_out_and_told(rows: Path) -> None:
    found = read_features(rows)
    assert "days_since_founded" not in found.table.names
    assert "no moment" in found.left_out["founded"]


def test_identifiers_and_names_are_no_features_and_ids_are_kept_apart(rows: Path) -> None:
    found = read_features(rows)
    assert found.ids["account_id"] == ["a1", "a2", "a3", "a4"]
    assert found.ids["contact email"][2] == ""
    assert not {"account_id", "contact_email", "company"} & set(found.table.names)
    assert {"account_id", "contact email", "company"} <= set(found.left_out)


def test_columns_that_are_asked_to_be_left_out_are(rows: Path) -> None:
    found = read_features(rows, leave_out=["industry"])
    assert "industry" not in found.table.names
    assert found.left_out["industry"] == "it was asked to leave it out"


def test_a_column_to_leave_out_that_is_not_there_is_refused(rows: Path) -> None:
    with pytest.raises(BadInput, match="no such column"):
        read_features(rows, leave_out=["sector"])


def test_a_column_of_one_value_is_kept_for_what_the_next_file_may_hold(tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("employees,industry\n10,Retail\n")
    found = read_features(file)
    assert [(each.name, each.kind) for each in found.table.features] == [
        ("employees", "number"),
        ("industry", "category"),
    ]


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("a,b\n")
    with pytest.raises(BadFile, match="no rows"):
        read_features(tmp_path / "none.csv")


def test_results_are_told_apart_from_features() -> None:
    found = read_features(Path(store.examples.__file__).parent / "bank_marketing.csv.gz")
    assert found.table.rows == 31_647
    assert found.outcomes.names == ["y"]
    assert "y" not in found.table.names
    assert len(found.table.names) == 16
    assert column(found, "balance").kind == "number"


def test_parquet_and_json_lines_say_the_same_as_csv(rows: Path, tmp_path: Path) -> None:
    table = f"read_csv('{rows}', header = true, all_varchar = true)"
    parquet, lines = tmp_path / "accounts.parquet", tmp_path / "accounts.jsonl"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT * FROM {table}) TO '{parquet}' (FORMAT parquet)")
        names = [name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()]
        cells = connection.execute(f"SELECT * FROM {table}").fetchall()
    lines.write_text("\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in cells) + "\n")
    first, *others = (read_features(path, moment=NOW) for path in (rows, parquet, lines))
    for other in others:
        assert other.table.names == first.table.names
        for mine, theirs in zip(first.table.features, other.table.features, strict=True):
            assert mine.levels == theirs.levels
            assert np.array_equal(mine.values, theirs.values, equal_nan=mine.kind == "number")


@settings(max_examples=6)
@given(st.lists(st.sampled_from(["Retail", "Energy", "Food & drink", ""]), min_size=1, max_size=60))
def test_every_cell_can_be_read_back_from_its_code(cells: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        file.write_text("industry,n\n" + "".join(f'"{cell}",{at}\n' for at, cell in enumerate(cells)))
        found = read_features(file).table.find("industry")
    if not any(cells):
        assert found is None
        return
    assert found is not None
    assert [found.levels[code] if code >= 0 else "" for code in found.values] == cells
