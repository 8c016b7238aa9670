"""Parquet: what is read by type, and what is refused."""

import datetime as dt
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.errors import NoRoom
from store.population.source import open_source


def _written(path: Path, table: pa.Table, **options: object) -> Path:
    pq.write_table(table, path, **options)
    return path


def test_columns_keep_their_types(tmp_path: Path) -> None:
    day, time = dt.date(2024, 1, 31), dt.datetime(2024, 1, 31, 10, 30)
    table = pa.table(
        {
            "n": pa.array([1, None], pa.int32()),
            "x": [1.5, 2.0],
            "m": [decimal.Decimal("1.50")] * 2,
            "b": [True, False],
            "d": [day, day],
            "t": [time, time],
            "s": ["a", "b"],
            "k": pa.array(["x", "y"]).dictionary_encode(),
            "l": [["a", "b"], []],
            "e": pa.nulls(2),
        }
    )
    with open_source([_written(tmp_path / "people.parquet", table)]) as source:
        assert source.columns == {
            "n": "integer",
            "x": "decimal",
            "m": "decimal",
            "b": "boolean",
            "d": "date",
            "t": "timestamp",
            "s": "text",
            "k": "text",
            "l": "list",
            "e": "text",
        }
        rows = source.connection.execute(f"SELECT * FROM {source.sql}").fetchall()
    file = str(tmp_path / "people.parquet")
    money = decimal.Decimal("1.50")
    assert rows == [
        (1, 1.5, money, True, day, time, "a", "x", ["a", "b"], None, 1, file),
        (None, 2.0, money, False, day, time, "b", "y", [], None, 2, file),
    ]


def test_nested_and_binary_columns_are_left_out_by_name(tmp_path: Path) -> None:
    table = pa.table({"n": [1], "pet": [{"kind": "dog"}], "raw": [b"Zebedee"], "deep": [[["a"]]]})
    with open_source([_written(tmp_path / "people.parquet", table)]) as source:
        assert list(source.columns) == ["n"]
        left_out = source.describe()[0]["left_out"]
    assert list(left_out) == ["pet", "raw", "deep"]
    assert "struct" in left_out["pet"]


def test_only_nested_columns_are_refused(refusal, tmp_path: Path) -> None:
    message = refusal(_written(tmp_path / "people.parquet", pa.table({"pet": [{"kind": "Zebedee"}]})))
    assert "Flatten" in message


def test_no_rows_are_refused(refusal, tmp_path: Path) -> None:
    assert "no rows" in refusal(_written(tmp_path / "people.parquet", pa.table({"n": pa.nulls(0)})))


@pytest.mark.parametrize("cut", [-10, 100])
def test_a_cut_off_file_is_refused(refusal, tmp_path: Path, cut: int) -> None:
    path = _written(tmp_path / "people.parquet", pa.table({"name": ["Zebedee"] * 100}))
    path.write_bytes(path.read_bytes()[:cut])
    message = refusal(path)
    assert "footer" in message
    assert "copy it whole" in message


def test_a_broken_page_is_told_by_its_column(refusal, tmp_path: Path) -> None:
    table = pa.table({"n": range(50_000), "name": [f"Zebedee {at}" for at in range(50_000)]})
    path = _written(tmp_path / "people.parquet", table, use_dictionary=False, compression="snappy")
    place = pq.read_metadata(path).row_group(0).column(1)
    content = bytearray(path.read_bytes())
    middle = place.data_page_offset + place.total_compressed_size // 2
    content[middle : middle + 1_000] = b"\xff" * 1_000
    path.write_bytes(content)
    assert 'column "name"' in refusal(path)


def test_names_that_repeat_are_refused(refusal, tmp_path: Path) -> None:
    table = pa.table([[1], ["Zebedee"]], names=["a", "A"])
    assert '"a" at columns 1, 2' in refusal(_written(tmp_path / "people.parquet", table))


def test_too_large_a_cell_is_told_by_row_and_column(refusal, tmp_path: Path) -> None:
    table = pa.table({"note": ["a"] * 100 + ["Zebedee" * 200_000]})
    message = refusal(_written(tmp_path / "people.parquet", table))
    assert 'row 101, column "note"' in message
    assert "1 MiB" in message


def test_a_huge_cell_is_refused_from_the_footer_or_the_memory_limit(refusal, tmp_path: Path) -> None:
    table = pa.table({"note": ["Zebedee" * 30_000_000]})
    path = _written(tmp_path / "people.parquet", table, compression="zstd")
    del table
    message = refusal(path)
    assert 'column "note"' in message
    assert "too large" in message


def test_more_than_the_memory_limit_is_said_as_such(refusal, tmp_path: Path) -> None:
    cells = ["Zebedee" * 10_000_000] + ["a"] * 1_000
    path = _written(tmp_path / "people.parquet", pa.table({"note": cells}), compression="zstd")
    message = refusal(path, error=NoRoom, memory_limit="40MB")
    assert "Raise the memory limit" in message
