"""The SQL of a cell, on a table of hand-made cells."""

import datetime as dt
from collections.abc import Callable

import duckdb
import pytest

from store.population.mapping.model import Column, Mapping
from store.population.source import cells
from store.population.source.cells import (
    flag_sql,
    list_sql,
    missing_sql,
    number_sql,
    person_id_sql,
    timestamp_sql,
    value_sql,
)


def _read(sql: str, texts: list[str | None], type: str = "VARCHAR") -> list[object]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f'CREATE TABLE t (n INTEGER, "a ""b""" {type})')
        connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(texts)))
        return [value for (value,) in connection.execute(f"SELECT {sql} FROM t ORDER BY n").fetchall()]


def _mapping(kind: str = "category", missing: list[str] | None = None, **more: object) -> Mapping:
    column = Column.model_validate({"kind": kind, **more})
    return Mapping(columns={'a "b"': column}, **({} if missing is None else {"missing": missing}))


def test_missing_marks_and_blanks_are_null_and_others_trimmed() -> None:
    mapping = _mapping(missing=["NA", "it's"])
    found = _read(missing_sql('a "b"', mapping), [None, "", "  ", " NA ", "it's", " x y ", "na"])
    assert found == [None, None, None, None, None, "x y", "na"]


def test_values_are_replaced_after_trimming() -> None:
    mapping = _mapping(values={"m": "Male", "f": "it's"})
    assert _read(value_sql('a "b"', mapping), [" m", "f", "x", "NA"]) == ["Male", "it's", "x", None]


def test_numbers_are_finite() -> None:
    texts = ["1", " -2.5 ", "1e3", "inf", "-Infinity", "nan", "x", "", "1,5", None, "1e400"]
    found = _read(number_sql('a "b"', _mapping("number")), texts)
    assert found == [1.0, -2.5, 1000.0, None, None, None, None, None, None, None, None]


def test_a_number_can_be_a_missing_mark() -> None:
    mapping = _mapping("number", missing=["-9", ""])
    assert _read(number_sql('a "b"', mapping), ["-9", " -9", "9", "-9.5"]) == [None, None, 9.0, -9.5]
    assert _read(number_sql('a "b"', mapping), [-9, 9], "INTEGER") == [None, 9.0]


def test_flags_in_any_usual_spelling() -> None:
    texts = [
        "yes",
        " TRUE",
        "1",
        "Y",
        "t",
        "1.0",
        "no",
        "False",
        "0",
        "n ",
        "F",
        "0.0",
        "maybe",
        "",
        "NA",
        None,
    ]
    found = _read(flag_sql('a "b"', _mapping("flag")), texts)
    assert found == ["Yes"] * 6 + ["No"] * 6 + [None] * 4


def test_flags_heed_values_and_missing_marks() -> None:
    assert _read(flag_sql('a "b"', _mapping("flag", values={"ja": "yes"})), ["ja", "no"]) == ["Yes", "No"]
    assert _read(flag_sql('a "b"', _mapping("flag", missing=["0", "n"])), ["1", "0", "n", "no"]) == [
        "Yes",
        None,
        None,
        "No",
    ]
    assert _read(flag_sql('a "b"', _mapping("flag")), [True, False, None], "BOOLEAN") == ["Yes", "No", None]


def test_times_are_in_utc() -> None:
    texts = ["2024-01-31", "2024-01-31T10:30:00Z", "2024-01-31 10:30:00+02:00", "31/01/2024", "x", ""]
    assert _read(timestamp_sql('a "b"', _mapping("last_modified")), texts) == [
        dt.datetime(2024, 1, 31),
        dt.datetime(2024, 1, 31, 10, 30),
        dt.datetime(2024, 1, 31, 8, 30),
        None,
        None,
        None,
    ]


def test_person_ids_are_whole_and_not_rounded() -> None:
    texts = ["17", " 018 ", "-3", "17.0", "17.5", "1e3", "x", "", "9" * 25]
    found = _read(person_id_sql('a "b"', _mapping("person_id")), texts)
    assert found == [17, 18, -3, 17, None, None, None, None, None]


def test_lists_are_split_trimmed_and_freed_of_marks() -> None:
    mapping = _mapping("list", separator=";", values={"g": "golf"})
    found = _read(list_sql('a "b"', mapping, "text"), ["g; chess;;NA;golf", "", None])
    assert [sorted(values) if isinstance(values, list) else values for values in found] == [
        ["chess", "golf"],
        None,
        None,
    ]
    [found] = _read(list_sql('a "b"', mapping, "list"), [[" g", "", "a;b"]], "VARCHAR[]")
    assert isinstance(found, list)
    assert sorted(found) == ["a;b", "golf"]


@pytest.mark.parametrize("sql", [missing_sql, value_sql, number_sql, flag_sql, timestamp_sql, person_id_sql])
def test_no_missing_marks_at_all_still_leaves_out_blanks(sql: Callable[[str, Mapping], str]) -> None:
    assert _read(sql('a "b"', _mapping("flag", missing=[])), ["", " "]) == [None, None]


def test_yes_and_no_do_not_overlap() -> None:
    assert not set(cells.YES) & set(cells.NO)
