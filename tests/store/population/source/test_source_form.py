"""Files that are told by their name or first bytes."""

import os
from pathlib import Path

import pytest


def test_a_file_that_is_not_there_is_refused(refusal, tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "people.csv")


def test_a_folder_is_refused(refusal, tmp_path: Path) -> None:
    (tmp_path / "people.csv").mkdir()
    message = refusal(tmp_path / "people.csv")
    assert "folder" in message
    assert "Name the files in it" in message


def test_a_pipe_is_refused_rather_than_waited_for(refusal, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "people.csv")
    assert "not a regular file" in refusal(tmp_path / "people.csv")


@pytest.mark.parametrize("name", ["people.csv", "people.jsonl", "people.parquet"])
def test_an_empty_file_is_refused(refusal, written, name: str) -> None:
    assert "empty" in refusal(written(name, ""))


def test_a_file_without_the_right_to_read_it_is_refused(refusal, written, monkeypatch) -> None:
    path = written("people.csv", "name\nZebedee\n")

    def denied(self: Path, *args: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    message = refusal(path)
    assert "Permission denied" in message
    assert "right to read" in message


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("people.xlsx", "Save the sheet as CSV"),
        ("people.json", ".jsonl"),
        ("people", ".csv, .tsv"),
        ("people.parquet.gz", ".parquet"),
        ("people.gz", ".csv"),
    ],
)
def test_an_unknown_ending_is_refused_with_the_known_ones(refusal, written, name: str, advice: str) -> None:
    message = refusal(written(name, "name\nZebedee\n"))
    assert "is not read" in message
    assert advice in message


@pytest.mark.parametrize(
    ("name", "first", "what"),
    [
        ("people.csv", b"PK\x03\x04Zebedee", "Excel workbook"),
        ("people.csv", b"PAR1Zebedee", "Parquet"),
        ("people.csv", b"\x1f\x8b\x08Zebedee", "gzip"),
        ("people.jsonl", b"SQLite format 3\x00Zebedee", "SQLite"),
        ("people.parquet", b"%PDF-1.7 Zebedee", "PDF"),
    ],
)
def test_a_file_of_another_form_than_its_name_says_is_named(refusal, written, name, first, what) -> None:
    assert what in refusal(written(name, first))


def test_files_of_several_formats_are_refused(refusal, written) -> None:
    message = refusal(written("a.csv", "n\n1\n2\n"), written("b.jsonl", '{"n": 1}\n'))
    assert "csv, jsonl" in message
    assert "one format" in message


def test_a_file_given_twice_is_refused(refusal, written) -> None:
    path = written("a.csv", "name\nZebedee\n")
    assert "twice" in refusal(path, path.parent / "." / "a.csv")


def test_no_file_at_all_is_refused(refusal) -> None:
    assert "No file" in refusal()
