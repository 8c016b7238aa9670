"""The queue's file: over a SQLite that is new enough, with writers that wait for each other."""

import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from store import queue_file
from store.errors import BadInput
from store.queue_file import OLDEST, queue_engine


def test_the_sqlite_is_new_enough_and_keeps_a_log(tmp_path: Path) -> None:
    engine = queue_engine(tmp_path / "new" / "jobs.db")
    with engine.connect() as connection:
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
        journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
    engine.dispose()
    assert tuple(map(int, version.split("."))) >= OLDEST
    assert journal == "wal"


def test_an_old_sqlite_without_another_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    with pytest.raises(BadInput, match=r"too old for jobs, which need 3\.42"):
        queue_engine(tmp_path / "jobs.db")


def test_a_new_sqlite_of_the_python_itself_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 45, 0))
    assert queue_file._sqlite() is sqlite3
