"""Columns of persons, by their local numbers."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from store.population.fields import Fields, contact_columns, read_fields, write_fields


@pytest.fixture
def fields(tmp_path: Path) -> Fields:
    table = pa.table(
        {"name": ["Ann", None, "Ödön"], "email1": ["a", "b", None], "raw:age": [30.0, None, 1.5]}
    )
    write_fields(table, tmp_path)
    return read_fields(tmp_path)


def test_values_come_in_the_order_asked_for_and_unknown_columns_are_left_out(fields: Fields) -> None:
    assert fields.take(np.array([2, 0, 2]), ["name", "email2", "email1"]) == {
        "name": ["Ödön", "Ann", "Ödön"],
        "email1": [None, "a", None],
    }
    assert fields.take(np.array([], dtype=np.int64), ["name"]) == {"name": []}


def test_raw_numbers_have_nan_where_they_are_missing(fields: Fields) -> None:
    np.testing.assert_array_equal(fields.raw("age"), [30.0, np.nan, 1.5])


def test_rows_have_the_person_first_and_other_arrays_last(fields: Fields) -> None:
    table = fields.rows(
        np.array([1, 2]), ["email1", "email2"], score=np.array([0.5, 1.0]), person_id=np.array([7, 8])
    )
    assert table.to_pylist() == [
        {"person_id": 7, "email1": "b", "email2": None, "score": 0.5},
        {"person_id": 8, "email1": None, "email2": None, "score": 1.0},
    ]
    assert table.column_names == ["person_id", "email1", "email2", "score"]
    assert fields.rows(np.array([0]), ["email1"]).to_pylist() == [{"email1": "a"}]


def test_three_columns_of_each_kind_of_contact() -> None:
    assert contact_columns(["email", "phone"]) == ["email1", "email2", "email3", "phone1", "phone2", "phone3"]


def test_a_table_without_rows_is_kept(tmp_path: Path) -> None:
    write_fields(pa.table({"name": pa.array([], pa.string())}), tmp_path)
    assert read_fields(tmp_path).take(np.array([], dtype=np.int64), ["name"]) == {"name": []}
