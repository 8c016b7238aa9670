from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.webhooks.retrying import ATTEMPTS, LADDER, next_attempt

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def test_there_are_ten_attempts_over_about_three_days():
    assert ATTEMPTS == 10
    assert sum(LADDER) == 5 + 300 + 1800 + (2 + 5 + 10 + 14 + 20 + 24) * 3600
    assert next_attempt("d", 10, NOW) is None
    assert next_attempt("d", 11, NOW) is None


@given(st.text(max_size=30), st.integers(1, 9))
def test_a_wait_is_the_ladders_within_a_tenth_and_the_same_each_time_it_is_asked(name: str, attempts: int):
    at = next_attempt(name, attempts, NOW)
    assert at is not None
    assert 0.9 * LADDER[attempts] <= (at - NOW).total_seconds() <= 1.1 * LADDER[attempts]
    assert at == next_attempt(name, attempts, NOW)


def test_what_fails_together_does_not_come_back_together():
    at = {next_attempt(f"delivery {i}", 3, NOW) for i in range(200)}
    assert len(at) == 200
    waits = sorted((one - NOW).total_seconds() for one in at if one)
    assert waits[20] < 0.95 * 1800 < 1.05 * 1800 < waits[180]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("Mon, 02 Mar 2026 08:10:00 GMT", 600),
        ("86400", 86_400),
        ("86401", 86_400),
        ("9" * 99, 86_400),
        ("Mon, 02 Mar 2036 08:10:00 GMT", 86_400),
    ],
)
def test_a_receiver_may_ask_for_a_longer_wait_up_to_a_day(asked: str, seconds: int):
    assert next_attempt("d", 1, NOW, asked) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "asked", ["0", "1", "-5", "", "soon", "1.5", "²", "Mon, 02 Mar 2020 08:10:00 GMT", "Mon, 99 Xyz", "1e9"]
)
def test_a_shorter_wait_or_what_is_none_changes_nothing(asked: str):
    assert next_attempt("d", 2, NOW, asked) == next_attempt("d", 2, NOW)
    assert next_attempt("d", 10, NOW, asked) is None


@given(st.text(max_size=60))
def test_whatever_is_asked_for_the_wait_is_bounded(asked: str):
    at = next_attempt("d", 1, NOW, asked)
    assert at is not None
    assert timedelta(seconds=4) < at - NOW <= timedelta(days=1)
