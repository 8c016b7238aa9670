"""One answer for a request under a key: of two tries one wins, and its time ends."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.records import Database
from store.records.answers import GIVEN_UP, KEPT, Answer, begin_answer, end_answer, forget_answers, give_up

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "fieldmark.db")
    yield opened
    opened.close()


def attempt(body_key: str, now: datetime = NOON, request_hash: str = "h") -> Answer:
    return Answer(answer_id="ans_1", request_hash=request_hash, body_key=body_key, begun_at=now)


def ended(database: Database, answer: Answer, now: datetime = NOON) -> bool:
    return end_answer(database, answer, 200, [("etag", '"1"')], now, is_shown_once=False)


def test_the_first_try_answers_and_the_second_is_told_so(database: Database) -> None:
    first = attempt("a")
    assert begin_answer(database, first, NOON) is None
    earlier = begin_answer(database, attempt("b"), NOON)
    assert earlier is not None
    assert (earlier.body_key, earlier.status) == ("a", 0)
    assert ended(database, first)
    earlier = begin_answer(database, attempt("c"), NOON)
    assert earlier is not None
    assert (earlier.status, earlier.headers) == (200, [["etag", '"1"']])


def test_a_key_that_was_given_up_is_free(database: Database) -> None:
    first = attempt("a")
    begin_answer(database, first, NOON)
    give_up(database, first)
    assert begin_answer(database, attempt("b"), NOON) is None


def test_a_killed_server_frees_its_key_after_ten_minutes_and_comes_too_late_then(database: Database) -> None:
    first = attempt("a")
    begin_answer(database, first, NOON)
    assert begin_answer(database, attempt("b"), NOON + GIVEN_UP - SECOND) is not None
    second = attempt("c", NOON + GIVEN_UP)
    assert begin_answer(database, second, NOON + GIVEN_UP) is None
    assert not ended(database, first)
    give_up(database, first)  # frees nothing of the second
    assert ended(database, second)


def test_an_answer_is_kept_for_a_day(database: Database) -> None:
    first = attempt("a")
    begin_answer(database, first, NOON)
    ended(database, first)
    assert forget_answers(database, NOON + KEPT - SECOND) == []
    assert begin_answer(database, attempt("b"), NOON + KEPT - SECOND) is not None
    assert begin_answer(database, attempt("c", NOON + KEPT), NOON + KEPT) is None  # though nobody swept yet
    assert forget_answers(database, NOON + 2 * KEPT) == ["c"]
    assert forget_answers(database, NOON + 2 * KEPT) == []


def test_another_organisation_does_not_forget_ours(database: Database) -> None:
    begin_answer(database, attempt("a"), NOON)
    assert forget_answers(database.of("org_1"), NOON + 2 * KEPT) == []
    assert forget_answers(database, NOON + 2 * KEPT) == ["a"]


def test_of_many_that_come_at_once_one_answers(database: Database) -> None:
    barrier, won = threading.Barrier(8), list[str]()

    def come(name: str) -> None:
        barrier.wait()
        if begin_answer(database, attempt(name), NOON) is None:
            won.append(name)

    threads = [threading.Thread(target=come, args=(f"t{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
