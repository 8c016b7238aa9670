"""Uploaded files: kept under a safe name, replaced, removed."""

from pathlib import Path

import pytest

from store.errors import BadFile
from store.uploads import Uploads, safe_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("best.csv", "best.csv"),
        ("../../best customers (1).csv", "best_customers_1_.csv"),
        ("C:\\Users\\x\\best.csv.gz", "best.csv.gz"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        ("x" * 300 + ".parquet", "x" * 92 + ".parquet"),
    ],
)
def test_a_name_is_made_safe_and_keeps_its_ending(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_a_file_takes_the_place_of_the_one_before_and_is_removed(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    uploads.save("chat_1", "a.csv", b"a")
    path = uploads.save("chat_1", "b.csv", b"b")
    assert [file.name for file in path.parent.iterdir()] == ["b.csv"]
    assert uploads.has(path)
    assert not uploads.has(tmp_path / "b.csv")
    uploads.remove("chat_1")
    uploads.remove("chat_1")
    assert not path.exists()


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        Uploads(tmp_path).save("chat_1", "a.csv", b"")
