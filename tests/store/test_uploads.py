"""Uploaded files: kept under a safe name, replaced, removed."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.errors import BadFile, NotFound
from store.locks import Lock
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


def test_a_file_waits_under_an_id_of_its_own_until_a_conversation_takes_it(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    uploads.save_from("up_1", "a.csv", io.BytesIO(b"email\nx\n"))
    assert uploads.hand_over("up_1", "chat_1").read_bytes() == b"email\nx\n"
    for gone in ("up_1", "chat_1", "../chat_1", "up_../x"):
        with pytest.raises(NotFound):
            uploads.hand_over(gone, "chat_2")


def test_what_nobody_went_on_with_is_swept_and_what_is_held_is_not(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    for key in ("up_1", "chat_1", "chat_2"):
        uploads.save(key, "a.csv", b"a")
    lock = Lock(tmp_path / "conversations" / "chat_1.lock")
    assert lock.taken()
    now = datetime.now(UTC)
    assert uploads.sweep(now - timedelta(days=1)) == 0
    assert uploads.sweep(now + timedelta(minutes=1)) == 2
    assert uploads.file_of("chat_1") is not None
    lock.let_go()
