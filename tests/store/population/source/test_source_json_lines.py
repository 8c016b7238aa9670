"""JSON Lines: what is read, and what is refused with its line."""

import gzip
from pathlib import Path

import pytest

from store.population.source import open_source

LINES = (
    '{"name": "Anna", "age": 18, "likes": ["golf", "chess"], "active": true, "pet": {"kind": "dog"}}\n'
    "\n"
    '{"age": 2.5, "name": "Björn", "likes": null, "more": "x"}\n'
)


def _rows(path: Path) -> tuple[dict[str, str], list[tuple]]:
    with open_source([path]) as source:
        names = ", ".join(source.columns)
        sql = f"SELECT {names}, source_row FROM {source.sql} ORDER BY source_row"
        return source.columns, source.connection.execute(sql).fetchall()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["people.jsonl", "people.ndjson"])
def test_scalars_are_text_and_lists_are_lists(written, name: str, encoding: str) -> None:
    columns, rows = _rows(written(name, LINES.encode(encoding)))
    assert columns == {"name": "text", "age": "decimal", "likes": "list", "active": "boolean", "more": "text"}
    assert rows == [
        ("Anna", "18", ["golf", "chess"], "true", None, 1),
        ("Björn", "2.5", None, None, "x", 2),
    ]


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl.gz"
    path.write_bytes(gzip.compress(LINES.encode()))
    assert len(_rows(path)[1]) == 2


def test_columns_of_objects_are_left_out_by_name(written) -> None:
    with open_source([written("people.jsonl", LINES)]) as source:
        assert source.describe()[0]["left_out"] == {"pet": "holds objects, or lists of them"}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"name": "Zebedee"', "not JSON"),
        ('{"name": "Zebedee"} {"name": "b"}', "not JSON"),
        ('["Zebedee"]', "not an object"),
        ('"Zebedee"', "not an object"),
        ('{"name": "Zebedee", "name": "b"}', '"name" twice'),
    ],
)
def test_a_line_that_is_no_object_is_refused_with_its_number(refusal, written, line: str, what: str) -> None:
    message = refusal(written("people.jsonl", f'{{"name": "a"}}\n\n{line}\n{{"name": "c"}}\n'))
    assert "line 3" in message
    assert what in message
    assert "one JSON object a line" in message


def test_a_list_here_and_a_value_there_is_refused(refusal, written) -> None:
    message = refusal(written("people.jsonl", '{"likes": ["Zebedee"]}\n{"likes": "Zebedee"}\n'))
    assert '"likes" holds a list in some lines' in message
    assert "up to line 2" in message


def test_names_that_differ_only_in_case_are_refused(refusal, written) -> None:
    assert '"Age" at columns 1, 2' in refusal(written("people.jsonl", '{"Age": 1}\n{"age": 2}\n'))


def test_objects_without_a_plain_value_are_refused(refusal, written) -> None:
    assert "Flatten" in refusal(written("people.jsonl", '{"a": {"b": "Zebedee"}}\n'))


def test_blank_lines_alone_are_refused(refusal, written) -> None:
    assert "no objects" in refusal(written("people.jsonl", "\n \n"))


def test_too_large_a_cell_is_told_by_line_and_column(refusal, written) -> None:
    message = refusal(written("people.jsonl", '{"a": 1}\n{"a": 2, "note": "' + "Zebedee" * 200_000 + '"}\n'))
    assert "line 2" in message
    assert '"note" is larger than 1 MiB' in message


def test_more_than_ten_thousand_keys_are_refused(refusal, written) -> None:
    lines = "".join(f'{{"c{at}": 1}}\n' for at in range(10_001))
    assert "more than 10,000 columns" in refusal(written("people.jsonl", lines))


def test_a_nul_byte_is_refused(refusal, written) -> None:
    assert "line 2" in refusal(written("people.jsonl", b'{"a": 1}\n{"a": "Zebedee\x00"}\n'))
