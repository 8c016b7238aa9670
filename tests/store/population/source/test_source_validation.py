"""Cells that do not fit their mapping: told by row and column, never by what they hold."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.errors import BadFile, BadMapping, ToolRefused
from store.population.mapping.model import CLUSTERED, Column, Mapping
from store.population.source import open_source, validation
from store.population.source.validation import check_cells

FLAG = {"kind": "flag"}


def _mapping(columns: dict[str, dict[str, object]], **more: object) -> Mapping:
    return Mapping.model_validate({"columns": columns, **more})


def _refused(
    path: Path | list[Path], mapping: Mapping, error: type[ToolRefused] = BadFile, limit: int = 10
) -> str:
    files = path if isinstance(path, list) else [path]
    with open_source(files) as source, pytest.raises(error) as caught:
        check_cells(source, mapping, limit)
    assert "Zebedee" not in str(caught.value)
    assert caught.value.instead
    return str(caught.value)


def _column(written, kind: dict[str, object], *cells: str) -> str:
    """The message for a column of these cells, beside a flag."""
    lines = "".join(f"{cell},1\n" for cell in cells)
    return _refused(written("people.csv", f"it,ok\n{lines}"), _mapping({"it": kind, "ok": FLAG}))


def test_cells_that_fit_pass(written) -> None:
    path = written(
        "people.csv",
        "id,age,lat,lon,q,when,opt,state,likes,won,mail\n"
        "1,18,-90,180,1,2024-01-31,yes,TX,a|b,1,not an address\n"
        "2, NA ,,,0.5,2024-01-31T10:00:00Z,,NA,,0,\n"
        "3,1e2,90,-180,0,,F,,c,,x@example.com\n",
    )
    mapping = _mapping(
        {
            "id": {"kind": "person_id"},
            "age": {"kind": "number"},
            "lat": {"kind": "latitude"},
            "lon": {"kind": "longitude"},
            "q": {"kind": "quality"},
            "when": {"kind": "last_modified"},
            "opt": FLAG,
            "state": {"kind": "category"},
            "likes": {"kind": "list"},
            "won": {"kind": "outcome"},
            "mail": {"kind": "identifier", "identifier": "email"},
        }
    )
    with open_source([path]) as source:
        check_cells(source, mapping)


@pytest.mark.parametrize(
    ("kind", "good", "bad", "says"),
    [
        ("number", "1.5", "Zebedee", "not a finite number"),
        ("number", "NaN", "inf", "not a finite number"),
        ("number", "1.5", "-infinity", "not a finite number"),
        ("person_id", "1", "1.5", "not a whole number"),
        ("person_id", "1", "Zebedee", "not a whole number"),
        ("quality", "0.5", "1.01", "not a number from 0 to 1"),
        ("last_modified", "2024-01-31", "31.1.2024", "not a time such as 2025-01-31T10:30:00"),
        ("flag", "TRUE", "Zebedee", "neither yes nor no"),
        ("flag", "1", "2", "neither yes nor no"),
        ("category", "a", "Zebedee" * 30, "longer than 200 characters"),
        ("outcome", "a", "é" * 201, "longer than 200 characters"),
        ("list", "a|b", "a|" + "Zebedee" * 30, "longer than 200 characters"),
    ],
)
def test_a_cell_that_does_not_fit_is_told_by_row_and_column(written, kind, good, bad, says) -> None:
    message = _column(written, {"kind": kind}, good, bad)
    assert f'row 2, column "it": {says}' in message
    assert 'in all 1 in "it"' in message
    assert "list their marks under `missing`" in message


@pytest.mark.parametrize(
    ("kind", "other", "bad"), [("latitude", "longitude", "90.5"), ("longitude", "latitude", "-181")]
)
def test_places_lie_on_the_earth(written, kind: str, other: str, bad: str) -> None:
    path = written("people.csv", f"a,b,ok\n1,1,1\n{bad},1,1\n")
    message = _refused(path, _mapping({"a": {"kind": kind}, "b": {"kind": other}, "ok": FLAG}))
    assert f'row 2, column "a": not a number from -{90 if kind == "latitude" else 180}' in message


def test_a_missing_mark_is_no_problem_when_it_is_listed(written) -> None:
    path = written("people.csv", "age\n1\nunknown\ninf\n")
    assert "in all 2" in _refused(path, _mapping({"age": {"kind": "number"}}))
    with open_source([path]) as source:
        check_cells(source, _mapping({"age": {"kind": "number"}}, missing=["unknown", "inf"]))


def test_a_missing_person_id_is_told(written) -> None:
    path = written("people.csv", "id,ok\n1,1\n,1\nNA,0\n")
    message = _refused(path, _mapping({"id": {"kind": "person_id"}, "ok": FLAG}))
    assert 'row 2, column "id": missing; row 3, column "id": missing' in message


def test_a_repeated_person_id_names_both_rows(written) -> None:
    path = written("people.csv", "id,ok\n7,1\n8,1\n7.0,0\n8,0\n7,0\n")
    message = _refused(path, _mapping({"id": {"kind": "person_id"}, "ok": FLAG}))
    assert 'row 3, column "id": the same as in row 1; row 4, column "id": the same as in row 2' in message
    assert 'in all 3 in "id"' in message
    assert "a row and a person_id of their own" in message


def test_rows_of_several_files_are_told_within_their_file(written) -> None:
    files = [written("a.csv", "id,age\n1,18\n2,19\n"), written("b.csv", "id,age\n1,Zebedee\n")]
    message = _refused(files, _mapping({"id": {"kind": "person_id"}, "age": {"kind": "number"}}))
    assert 'b.csv row 1, column "age": not a finite number' in message
    assert 'b.csv row 1, column "id": the same as in a.csv row 1' in message


def test_only_the_first_problems_are_listed_and_all_are_counted(written) -> None:
    lines = "".join(f"Zebedee,{'1' if at % 2 else 'Zebedee'}\n" for at in range(50))
    path = written("people.csv", f"age,opt\n{lines}")
    message = _refused(path, _mapping({"age": {"kind": "number"}, "opt": FLAG}), limit=3)
    assert message.count("not a finite number") == 2
    assert message.count("neither yes nor no") == 1
    assert 'in all 50 in "age", 25 in "opt"' in message


@pytest.mark.parametrize("kind", ["category", "outcome", "list"])
def test_too_many_different_values_are_refused(written, kind: str) -> None:
    many = "".join(f"value {at}\n" for at in range(10_001))
    message = _refused(written("people.csv", f"it\n{many}"), _mapping({"it": {"kind": kind}}))
    assert 'column "it": more than 10,000 different values' in message
    assert "`field`, `number` or `ignore`" in message
    with open_source([written("fewer.csv", f"it\n{many.removeprefix('value 0' + chr(10))}")]) as source:
        check_cells(source, _mapping({"it": {"kind": kind}}))


def test_values_are_counted_after_they_are_split(written) -> None:
    cells = "|".join(f"v{at}" for at in range(10_001))
    message = _refused(written("people.csv", f"it,b\n{cells},1\nx,1\n"), _mapping({"it": {"kind": "list"}}))
    assert "more than 10,000 different values" in message


def test_a_column_that_the_source_lacks_is_refused_with_a_near_name(written) -> None:
    path = written("people.csv", "Household_Income,opt\n1,1\n")
    mapping = _mapping({"household income": {"kind": "number"}, "zzz": FLAG})
    message = _refused(path, mapping, BadMapping)
    assert '"household income" (did you mean "Household_Income"?), "zzz"' in message
    assert "people.csv" in message


def test_a_mapping_without_clusters_is_refused(written) -> None:
    path = written("people.csv", "name,opt\nZebedee,1\n")
    message = _refused(path, _mapping({"name": {"kind": "field"}}), BadMapping)
    assert "category, date, flag, list, number, outcome" in message


@pytest.mark.parametrize(("column", "kind"), [("likes", "category"), ("day", "number")])
def test_lists_and_dates_cannot_be_every_kind(tmp_path: Path, column: str, kind: str) -> None:
    table = pa.table({"likes": [["a"]], "day": pa.array([0], pa.date32()), "ok": [1]})
    pq.write_table(table, tmp_path / "people.parquet")
    mapping = _mapping({column: {"kind": kind}, "ok": FLAG})
    message = _refused(tmp_path / "people.parquet", mapping, BadMapping)
    assert f'cannot be `{kind}` (column "{column}")' in message


def test_typed_columns_are_checked_as_well(tmp_path: Path) -> None:
    table = pa.table({"x": [1.5, float("nan"), float("inf")], "opt": [True, False, None], "n": [1, 2, 2]})
    pq.write_table(table, tmp_path / "people.parquet")
    mapping = _mapping({"x": {"kind": "number"}, "opt": FLAG, "n": {"kind": "person_id"}})
    message = _refused(tmp_path / "people.parquet", mapping)
    assert 'row 3, column "n": the same as in row 2; row 3, column "x": not a finite number' in message
    assert 'in all 1 in "x", 1 in "n"' in message


def test_the_clustered_kinds_are_those_of_the_mapping() -> None:
    assert set(validation.CLUSTERED) == CLUSTERED


def test_a_mapping_of_very_many_columns_is_checked(tmp_path: Path) -> None:
    names = [f"c{at}" for at in range(1_200)]
    (tmp_path / "wide.csv").write_text("\n".join([",".join(names), *[",".join(["7"] * 1_200)] * 20]) + "\n")
    with open_source([tmp_path / "wide.csv"]) as source:
        check_cells(source, Mapping(columns={name: Column(kind="number") for name in names}))


def test_impossible_dates_are_counted_like_other_cells(written) -> None:
    message = _column(written, {"kind": "date"}, "2023-02-28", "2023-02-30", "", "31 Jan 2023", "soon")
    assert 'row 2, column "it": not a date such as 2025-01-31' in message
    assert 'in all 2 in "it"' in message


def test_a_date_that_could_be_read_in_two_ways_asks_for_a_format(written) -> None:
    message = _column(written, {"kind": "date"}, "2023-02-28", "03/04/2023", "13/04/2023")
    assert 'row 2, column "it": a date of which day and month could be swapped' in message
    assert 'in all 2 in "it"' in message
    assert "`format`, such as %d/%m/%Y" in message
    wrong = _column(written, {"kind": "date", "format": "%d/%m/%Y"}, "03/04/2023", "04/13/2023")
    assert 'row 2, column "it": not a date of the form %d/%m/%Y' in wrong


def test_who_is_born_after_the_day_of_the_age_is_told(written) -> None:
    age = {"kind": "date", "as": "age", "as_of": "2024-12-31"}
    message = _column(written, age, "1980-05-05", "2025-01-01")
    assert 'row 2, column "it": not a date such as 2025-01-31, up to 2024-12-31' in message
