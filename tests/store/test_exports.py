"""Exports: what a spreadsheet and a program read back, and who may fetch them until when."""

import csv
import errno
import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.errors import Expired, NoRoom, NotFound
from store.exports import Batch, ExportLink
from store.workspace import House

COLUMNS = ["person_id", "email1", "score"]
TABLES = [
    pa.table({"score": [0.5, None], "email1": ["a@example.com", None], "person_id": [1, 2]}),
    pa.table({"person_id": pa.array([3], pa.int64()), "email1": ['ö,"x"\n@example.com'], "score": [1.0]}),
]


def write(house: House, format: Any, batches: list[Batch] | Iterator[Batch], **options: Any) -> ExportLink:
    """An export called e1, the next one e2, and so on."""
    export_id = f"e{len(house.database.exports('f')) + 1}"
    given = {"columns": COLUMNS, "warehouse": "w", "workflow_id": "f", "now": house.now()}
    return house.exports.write(export_id, format, batches=batches, **{**given, **options})


def parts(link: ExportLink) -> dict[str, Any]:
    url = urlsplit(link.url)
    query = parse_qs(url.query)
    return {
        "name": url.path.rpartition("/")[2],
        "expires": int(query["expires"][0]),
        "signature": query["signature"][0],
    }


def fetched(house: House, link: ExportLink) -> str:
    return house.exports.fetch(**parts(link), now=house.now()).read_bytes().decode()


def rows_of_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_tables_become_a_csv_in_the_order_of_the_columns_asked_for(house: House) -> None:
    link = write(house, "csv", TABLES)
    assert rows_of_csv(fetched(house, link)) == [
        ["person_id", "email1", "score"],
        ["1", "a@example.com", "0.5"],
        ["2", "", ""],
        ["3", 'ö,"x"\n@example.com', "1"],
    ]
    assert (link.rows, link.format) == (3, "csv")


def test_rows_become_a_csv_like_tables_do(house: House) -> None:
    rows: list[Any] = [{"who": 1, "yes": True, "score": 0.5}, {"who": 2, "yes": None, "score": None}]
    link = write(
        house,
        "csv",
        [rows],
        flat=lambda row: {"person_id": row["who"], "email1": row["yes"], "score": row["score"]},
    )
    table = write(
        house, "csv", [pa.table({"person_id": [1, 2], "email1": [True, None], "score": [0.5, None]})]
    )
    assert rows_of_csv(fetched(house, link)) == rows_of_csv(fetched(house, table))


def test_json_and_json_lines_hold_the_shaped_rows(house: House) -> None:
    def shaped(row: dict[str, Any]) -> dict[str, Any]:
        return {"id": row["person_id"], "identifiers": {"email": row["email1"]}}

    expected = [
        {"id": 1, "identifiers": {"email": "a@example.com"}},
        {"id": 2, "identifiers": {"email": None}},
        {"id": 3, "identifiers": {"email": 'ö,"x"\n@example.com'}},
    ]
    whole = fetched(house, write(house, "json", TABLES, shaped=shaped))
    assert json.loads(whole) == expected
    lines = fetched(house, write(house, "jsonl", TABLES, shaped=shaped))
    assert [json.loads(line) for line in lines.splitlines()] == expected
    assert lines.endswith("}\n")
    nested: list[Any] = [{"a": [1, {"b": None}]}]
    assert json.loads(fetched(house, write(house, "json", [nested, [], nested]))) == nested * 2


@pytest.mark.parametrize("batches", [[], [[]], [TABLES[0].slice(0, 0)]])
def test_an_empty_result_is_a_whole_file(house: House, batches: list[Batch]) -> None:
    assert rows_of_csv(fetched(house, write(house, "csv", batches))) == [COLUMNS]
    assert json.loads(fetched(house, write(house, "json", batches))) == []
    link = write(house, "jsonl", batches)
    assert (fetched(house, link), link.rows, link.size_bytes) == ("", 0, 0)


DANGEROUS = [
    *("=1+1", "+SUM(A1)", "-2+3", "@cmd", "\t=1", "\r=1", "\n=1", "=", "+1-415-555-0100", "-"),
    *("＝1+1", "＋1", "－1", "＠cmd", "\u22121+1"),  # in full width, and a minus sign
    *(" =1", "\u00a0=1", "\u3000＝1", "\ufeff=1", "\u200b@a", " \t =1", "\tplain"),
    *("|calc", " |calc", "｜calc", "=cmd|' /C calc'!A0", "+1 cmd|' /C calc'!A0"),
]
HARMLESS = [
    *("-1.5", "+1 415 555 0100", "+14155550100", "-1e-05", "a=1", "1-2", "'=1", "", "ü"),
    *(" plain", "\u3000plain", "a|b", "cmd|' /C calc'!A0", "1＝1"),
]


@pytest.mark.parametrize("type", [pa.string(), pa.large_string()])
def test_no_cell_of_a_csv_can_run_as_a_formula(house: House, type: pa.DataType) -> None:
    texts = [*DANGEROUS, *HARMLESS]
    expected = [*(f"'{text}" for text in DANGEROUS), *HARMLESS]
    table = pa.table({"a": pa.array([*texts, None], type), "b": pa.array([-1] * (len(texts) + 1))})
    read = rows_of_csv(fetched(house, write(house, "csv", [table], columns=["a", "b"])))[1:]
    assert [a for a, _ in read] == [*expected, ""]
    assert {b for _, b in read} == {"-1"}
    rows: list[Any] = [{"a": text, "b": -1} for text in texts]
    read = rows_of_csv(fetched(house, write(house, "csv", [rows], columns=["a", "b"])))[1:]
    assert [a for a, _ in read] == expected
    assert json.loads(fetched(house, write(house, "json", [table])))[0]["a"] == "=1+1"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), min_size=1))
def test_every_text_is_read_back_but_for_the_guard(house: House, texts: list[str]) -> None:
    table = pa.table({"a": pa.array(texts, pa.string()), "b": ["x"] * len(texts)})
    read = rows_of_csv(fetched(house, write(house, "csv", [table], columns=["a", "b"])))[1:]
    assert [a.removeprefix("'") for a, _ in read] == [text.removeprefix("'") for text in texts]
    lines = fetched(house, write(house, "jsonl", [table]))
    assert [json.loads(line)["a"] for line in lines.split("\n")[:-1]] == texts


def test_names_of_columns_are_quoted_where_they_must_be(house: House) -> None:
    table = pa.table({'a,"b"': ["x"], "plain": ["y"]})
    text = fetched(house, write(house, "csv", [table], columns=['a,"b"', "plain"]))
    assert rows_of_csv(text) == [['a,"b"', "plain"], ["x", "y"]]
    assert text.startswith('"a,""b""",plain\n')


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError, ValueError),
        (KeyboardInterrupt, KeyboardInterrupt),
        (lambda: OSError(errno.ENOSPC, "full"), NoRoom),
    ],
)
def test_nothing_stays_of_an_export_that_fails(house: House, format: str, error: Any, told: Any) -> None:
    def batches() -> Iterator[Batch]:
        yield TABLES[0]
        raise error()

    with pytest.raises(told):
        write(house, format, batches())
    assert os.listdir(house.home / "exports") == []
    assert house.database.exports("f") == []


def test_nothing_stays_of_an_export_that_could_not_be_recorded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(record: object) -> None:
        raise RuntimeError("locked")

    monkeypatch.setattr(house.database, "keep", fail)
    with pytest.raises(RuntimeError):
        write(house, "csv", TABLES)
    assert os.listdir(house.home / "exports") == []


def test_the_link_says_what_it_leads_to_and_is_recorded(house: House) -> None:
    link = write(house, "csv", TABLES)
    assert link.url.startswith("http://127.0.0.1:8321/v1/exports/e1.csv?expires=1772442000&signature=")
    assert link.expires_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert link.size_bytes == len(fetched(house, link).encode())
    [record] = house.database.exports("f")
    assert (record.export_id, record.warehouse, record.rows, record.expires_at) == (
        "e1",
        "w",
        3,
        link.expires_at,
    )


def test_a_link_ends_after_one_hour_to_the_second(house: House, clock) -> None:
    link = write(house, "csv", TABLES)
    clock.advance(minutes=59, seconds=59)
    assert fetched(house, link)
    clock.advance(seconds=1)
    with pytest.raises(Expired) as refusal:
        fetched(house, link)
    assert refusal.value.status == 410


@pytest.mark.parametrize(
    "altered",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "ä" * 64},
        {"signature": "\udcff"},
        {"expires": 1772442001},
        {"expires": 10**30},
        {"expires": -(10**30)},
        {"name": "e2.csv"},
        {"name": "e1.json"},
        {"name": "../secret.key"},
        {"name": "./e1.csv"},
        {"name": "/etc/passwd"},
        {"name": "e1.csv\n1"},
        {"name": "\udcff"},
    ],
)
def test_a_link_that_we_did_not_make_is_not_found(house: House, altered: dict[str, Any]) -> None:
    link = write(house, "csv", TABLES)
    write(house, "json", TABLES)
    with pytest.raises(NotFound) as refusal:
        house.exports.fetch(**{**parts(link), **altered}, now=house.now())
    assert refusal.value.status == 404


def test_files_whose_hour_is_over_are_removed_by_the_next_export(house: House, clock) -> None:
    old = write(house, "csv", TABLES)
    clock.advance(minutes=30)
    write(house, "json", TABLES)
    clock.advance(minutes=30)
    write(house, "json", TABLES)
    assert sorted(os.listdir(house.home / "exports")) == ["e2.json", "e3.json"]
    with pytest.raises(Expired):
        house.exports.fetch(**parts(old), now=house.now() - timedelta(minutes=30))


def test_another_house_does_not_honour_the_link(house: House, open_house, tmp_path: Path) -> None:
    link = write(house, "csv", TABLES)
    other = open_house(tmp_path / "other")
    write(other, "csv", TABLES)
    with pytest.raises(NotFound):
        other.exports.fetch(**parts(link), now=house.now())


def test_an_export_written_again_under_its_id_is_one_file_and_one_record(house: House) -> None:
    given = {"columns": COLUMNS, "warehouse": "w", "workflow_id": "f"}
    first = house.exports.write("run", "csv", batches=TABLES, now=house.now(), **given)
    later = house.now() + timedelta(minutes=30)
    again = house.exports.write("run", "csv", batches=[], now=later, **given)
    assert again == first
    assert len(house.database.exports("f")) == len(list((house.home / "exports").iterdir())) == 1
    tomorrow = house.now() + timedelta(days=1)
    after = house.exports.write("run", "csv", batches=TABLES, now=tomorrow, **given)
    assert after.expires_at == tomorrow + timedelta(hours=1)
    assert len(house.database.exports("f")) == 1


def test_texts_by_column_become_a_csv_under_a_header_that_may_repeat(house: House) -> None:
    batches: list[Any] = [{"0": ["a", None], "1": [None, "=b"]}, {"0": ["c"], "1": ["d"]}]
    link = write(house, "csv", batches, columns=["0", "1"], header=["Email", "Email"])
    assert rows_of_csv(fetched(house, link)) == [["Email", "Email"], ["a", ""], ["", "'=b"], ["c", "d"]]
    lines = fetched(house, write(house, "jsonl", batches, columns=["0", "1"]))
    assert json.loads(lines.splitlines()[2]) == {"0": "c", "1": "d"}


def test_a_revoked_export_is_gone_and_is_not_written_again_within_its_hour(house: House) -> None:
    link = write(house, "csv", TABLES)
    house.exports.revoke("e1", house.now())
    house.exports.revoke("e1", house.now() + timedelta(minutes=5))
    [record] = house.database.exports("f")
    assert record.revoked_at == house.now()
    assert os.listdir(house.home / "exports") == []
    with pytest.raises(Expired, match="revoked"):
        fetched(house, link)
    given = {"columns": COLUMNS, "warehouse": "w", "workflow_id": "f"}
    with pytest.raises(Expired, match="revoked"):
        house.exports.write("e1", "csv", batches=TABLES, now=house.now(), **given)
    later = house.now() + timedelta(hours=1)
    assert house.exports.write("e1", "csv", batches=TABLES, now=later, **given).rows == 3
    with pytest.raises(NotFound):
        house.exports.revoke("e9", house.now())


def test_downloads_are_counted_on_the_record(house: House) -> None:
    write(house, "csv", TABLES)
    for _ in range(3):
        house.exports.count_download("e1.csv")
    house.exports.count_download("e9.csv")
    assert [record.downloads for record in house.database.exports("f")] == [3]
