"""How often may they ask, and what are they told of it?"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access.pacing import requests_log
from api.access.pacing.pace import Pace
from store.records.access.keys import make_key


class Watch:
    """A clock in seconds that the test sets."""

    def __init__(self, start):
        self.start, self.seconds = start, 0.0

    def __call__(self):
        return self.start + timedelta(seconds=self.seconds)


@pytest.fixture
def watch(clock):
    return Watch(clock())


def test_a_window_moves_with_each_request(watch):
    """Three in 10 s, asked at 0, 4, 8: full at 8 and free at 10, when the one of 0 has left the window."""
    pace = Pace(3, 10, watch)
    seen = []
    for seconds in (0, 4, 8, 9, 10, 11, 14):
        watch.seconds = seconds
        taken = pace.take("a")
        seen.append((taken.granted, taken.remaining, taken.reset))
    assert seen == [
        (True, 2, 10),
        (True, 1, 6),
        (True, 0, 2),
        (False, 0, 1),
        (True, 0, 4),
        (False, 0, 3),
        (True, 0, 4),
    ]
    assert pace.take("b").granted


def test_what_is_given_back_does_not_count(watch):
    pace = Pace(1, 10, watch)
    assert pace.take("a").granted
    pace.give_back("a")
    assert pace.take("a").granted
    pace.give_back("nobody")


@given(
    most=st.integers(1, 5),
    steps=st.lists(st.floats(0, 20, allow_nan=False).map(lambda each: round(each, 1)), max_size=40),
)
def test_no_window_ever_holds_more_than_the_limit(most, steps):
    from datetime import UTC, datetime

    watch = Watch(datetime(2026, 3, 1, tzinfo=UTC))
    pace, granted = Pace(most, 10, watch), []
    for step in steps:
        watch.seconds += step
        before = [when for when in granted if when > watch.seconds - 10 + 1e-6]
        taken = pace.take("a")
        assert taken.granted == (len(before) < most) or abs(granted[-most] + 10 - watch.seconds) < 1e-5
        if taken.granted:
            granted.append(watch.seconds)


def test_those_who_asked_long_ago_are_forgotten(watch, monkeypatch):
    monkeypatch.setattr(requests_log, "SWEPT_AT", 100)
    pace = Pace(2, 10, watch)
    for number in range(100):
        pace.take(f"address {number}")
    watch.seconds = 11
    for number in range(10):
        pace.take(f"later {number}")
    assert len(pace._log._times) == 10


def test_a_key_is_told_what_remains_and_when_to_ask_again(serve, own_house, clock):
    """Two in a minute: the third is refused for the 50 s that are left of the first one's minute."""
    keys = [
        make_key(
            own_house.database,
            key_id=f"key_{number}",
            name="",
            role="viewer",
            now=clock(),
            created_by="local",
        )[1]
        for number in range(2)
    ]
    client = serve(requests_per_minute=2)
    first, second = ({"Authorization": f"Bearer {secret}"} for secret in keys)
    answer = client.get("/v1/me", headers=first)
    assert answer.headers["ratelimit-limit"] == "2"
    assert answer.headers["ratelimit-remaining"] == "1"
    assert answer.headers["ratelimit"] == '"default";r=1;t=60'
    assert answer.headers["ratelimit-policy"] == '"default";q=2;w=60'
    clock.advance(seconds=10)
    assert client.get("/v1/me", headers=first).status_code == 200
    refused = client.get("/v1/me", headers=first)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "50"
    assert refused.headers["content-type"] == "application/problem+json"
    assert "50 seconds" in refused.json()["instead"]
    assert client.get("/v1/me", headers=second).status_code == 200  # a key of its own
    clock.advance(seconds=50)
    assert client.get("/v1/me", headers=first).status_code == 200


def test_the_owner_of_the_machine_is_not_held_and_0_is_no_limit(serve, own_house, clock):
    client = serve(requests_per_minute=1)
    assert {client.get("/v1/me").status_code for _ in range(5)} == {200}
    assert "ratelimit-limit" not in client.get("/v1/me").headers
    secret = make_key(
        own_house.database, key_id="key_1", name="", role="viewer", now=clock(), created_by="local"
    )[1]
    free = serve(requests_per_minute=0)
    answers = [free.get("/v1/me", headers={"Authorization": f"Bearer {secret}"}) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
