"""Several files as one table, and what is remembered of them."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from store.population.source import open_source


def test_files_are_read_by_the_names_of_columns_in_the_order_given(written) -> None:
    first = written("b.csv", "name,code\nAnna,1\nBert,2\n")
    second = written("a.csv", "code;name\n3;Cleo\n")
    with open_source([first, second]) as source:
        rows = source.connection.execute(f"SELECT * FROM {source.sql}").fetchall()
        assert source.rows == 3
        assert [source.place(row) for row in (1, 2, 3)] == ["b.csv row 1", "b.csv row 2", "a.csv row 1"]
    assert rows == [
        ("Anna", "1", 1, str(first)),
        ("Bert", "2", 2, str(first)),
        ("Cleo", "3", 3, str(second)),
    ]


def test_rows_of_large_files_keep_their_order(tmp_path: Path) -> None:
    for file in range(2):
        lines = "\n".join(str(at) for at in range(file * 300_000, (file + 1) * 300_000))
        (tmp_path / f"{file}.csv").write_text(f"n\n{lines}\n")
    with open_source([tmp_path / "0.csv", tmp_path / "1.csv"]) as source:
        wrong = source.connection.execute(
            f"SELECT count(*) FROM {source.sql} WHERE CAST(n AS BIGINT) <> source_row - 1"
        ).fetchone()
    assert wrong == (0,)


def test_files_with_different_columns_are_refused(refusal, written) -> None:
    message = refusal(
        written("a.csv", "name,code\nZebedee,1\n"), written("b.csv", "name,Code,age\nZebedee,1,2\n")
    )
    assert "lacks code and adds Code, age" in message
    assert "a.csv" in message


def test_parquet_columns_of_different_types_are_refused(refusal, tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"n": ["Zebedee"]}), tmp_path / "b.parquet")
    message = refusal(tmp_path / "a.parquet", tmp_path / "b.parquet")
    assert '"n" is text here and integer there' in message


def test_integers_and_decimals_of_parquet_files_go_together(tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"n": [2.5]}), tmp_path / "b.parquet")
    with open_source([tmp_path / "a.parquet", tmp_path / "b.parquet"]) as source:
        assert source.columns == {"n": "decimal"}
        assert source.connection.execute(f"SELECT n FROM {source.sql}").fetchall() == [(1.0,), (2.5,)]


def test_a_source_describes_its_files(written) -> None:
    path = written("a.csv", "name\nAnna\nBert\n")
    with open_source([path]) as source:
        [described] = source.describe()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert described == {
        "file": str(path),
        "format": "csv",
        "size_bytes": 15,
        "sha256": digest,
        "rows": 2,
        "encoding": "utf-8",
        "left_out": {},
    }


def test_closing_leaves_nothing_behind(written, tmp_path: Path) -> None:
    workplace = tmp_path / "workplace"
    workplace.mkdir()
    with open_source([written("a.csv", "name\nJosé\n".encode("cp1252"))], temp=workplace) as source:
        assert list(workplace.iterdir())
        assert source.rows == 1
    assert not list(workplace.iterdir())


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    names = [f"c{at}" for at in range(10_000)]
    line = ",".join(["7"] * 10_000)
    (tmp_path / "wide.csv").write_text("\n".join([",".join(names), *[line] * 100]) + "\n")
    with open_source([tmp_path / "wide.csv"]) as source:
        assert (source.rows, len(source.columns), source.columns["c9999"]) == (100, 10_000, "integer")
