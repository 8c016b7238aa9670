"""What comes out of a few events, worked out by hand, and against a plain count of many."""

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import BadInput
from store.events import Behaviour, BehaviourReport, EventReading, WindowQuery
from tests.store.events.conftest import NOW, as_parquet, event, item, micros, rows, write_days

Load = Callable[..., BehaviourReport]
MUG, BAG = item("mug", "Home", 8.0), item("bag", "Bags", 30.0)
EVENTS = [
    # Ann: three pages in session 1 over midnight, a purchase of 46 in session 2, sent again a day later.
    event("ann", "2026-03-01 23:50:00", session=1, engaged_ms=4000, plan_level="free",
          device={"category": "mobile"}, geo={"country": "Spain", "city": "(not set)"},
          traffic_source={"source": "google", "medium": "cpc"}),
    event("ann", "2026-03-01 23:58:00", "view_item", session=1, items=[MUG]),
    event("ann", "2026-03-02 00:05:00", session=1, engaged_ms=8000, plan_level="pro",
          device={"category": "desktop", "web_info": {"browser": "Firefox"}}),
    event("ann", "2026-03-02 00:06:00", "add_to_cart", session=1, items=[BAG]),
    event("ann", "2026-03-04 10:00:00", session=2),
    event("ann", "2026-03-04 10:05:00", "purchase", session=2, order="T1", revenue=46.0,
          items=[MUG, MUG, BAG]),
    event("ann", "2026-03-05 00:01:00", "purchase", session=2, order="T1", revenue=46.0,
          items=[MUG, MUG, BAG]),
    # Bo: one page, without a session.
    event("bo", "2026-03-03 12:00:00", session=None,
          user_first_touch_timestamp=str(micros("2026-01-02 12:00:00"))),
    # An event of nobody, as consent mode sends it.
    event(None, "2026-03-03 12:00:00"),
]  # fmt: skip


def test_a_few_events_give_the_figures_worked_out_by_hand(load: Load, behaviour: Behaviour) -> None:
    """Ann: active on the 1st, 2nd, 4th and 5th; sessions 1 and 2; pages 3 / 2 = 1.5; engaged 12 s in all, 6 s
    a session; one order of 46; viewed the mug, added the bag, bought both: mean price (8 + 30) / 2 = 19.
    First to last activity: 1 March 23:50 to 5 March 00:01, three whole days.
    Bo: no session, so nothing is known a session; seen first in January.
    """
    report = load(EVENTS)
    assert (report.users, report.buyers, report.events, report.events_without_device) == (2, 1, 9, 1)
    ann, bo = rows(behaviour)["ann"], rows(behaviour)["bo"]
    assert (ann["days_active"], ann["sessions"], ann["page_views"], ann["events"]) == (4, 2, 3, 7)
    assert (ann["pages_per_session"], ann["engagement_seconds"], ann["mean_engagement_seconds"]) == (
        1.5,
        12,
        6,
    )
    assert (ann["purchases"], ann["revenue"], ann["order_value"], ann["age_days"]) == (1, 46, 46, 3)
    assert (ann["first_day"], ann["last_day"]) == (date(2026, 3, 1), date(2026, 3, 5))
    assert ann["first_purchase_day"] == ann["last_purchase_day"] == date(2026, 3, 4)
    assert (ann["device"], ann["browser"], ann["country"], ann["city"]) == (
        "desktop",
        "Firefox",
        "Spain",
        None,
    )
    assert (ann["first_source"], ann["first_medium"], ann["plan"]) == ("google", "cpc", "pro")
    assert (ann["products_viewed"], ann["products_added"], ann["products_purchased"]) == (1, 1, 2)
    assert (ann["mean_price"], ann["categories"], ann["categories_seen"]) == (19, ["Bags", "Home"], 2)
    assert (bo["purchases"], bo["revenue"], bo["order_value"], bo["sessions"]) == (0, 0, None, 0)
    assert (bo["pages_per_session"], bo["mean_engagement_seconds"], bo["last_purchase_day"]) == (None,) * 3
    assert bo["first_seen_at"] == micros("2026-01-02 12:00:00") < bo["first_activity_at"]
    assert (bo["products_viewed"], bo["mean_price"], bo["categories"]) == (0, None, None)


@pytest.mark.parametrize("wrapped", [False, True])
def test_parquet_and_json_give_the_same_users(
    load: Load, behaviour: Behaviour, tmp_path: Path, wrapped: bool
) -> None:
    load(EVENTS)
    other = Behaviour(tmp_path / "other")
    files = as_parquet(write_days(EVENTS, tmp_path / "again"), wrapped=wrapped)
    other.load(files, NOW, progress=lambda *_: None)
    assert rows(other) == rows(behaviour)


def test_what_comes_after_the_cut_off_is_target_and_changes_no_feature(
    load: Load, behaviour: Behaviour, tmp_path: Path
) -> None:
    """Up to 3 March Ann bought nothing; on the two days after it she spent 46, once."""
    load(EVENTS, windows=WindowQuery(cut_off=date(2026, 3, 3), target_days=2))
    found = rows(behaviour)
    before = Behaviour(tmp_path / "before")
    files = write_days([each for each in EVENTS if each["event_date"] <= "20260303"], tmp_path / "early")
    before.load(files, NOW, progress=lambda *_: None)
    targets = ("target_purchases", "target_revenue", "target_purchased")
    for key, row in rows(before).items():
        assert [row.pop(name) for name in targets] == [None] * 3
        assert {name: value for name, value in found[key].items() if name not in targets} == row
    assert [found["ann"][name] for name in targets] == [1, 46, 1]
    assert [found["bo"][name] for name in targets] == [0, 0, 0]
    assert found["ann"]["revenue"] == 0


def test_a_purchase_sent_before_the_cut_off_is_no_target_when_it_is_sent_again(
    load: Load, behaviour: Behaviour
) -> None:
    load(EVENTS, windows=WindowQuery(cut_off=date(2026, 3, 4), target_days=1))
    ann = rows(behaviour)["ann"]
    assert (ann["purchases"], ann["target_purchases"], ann["target_revenue"]) == (1, 0, 0)


@pytest.mark.parametrize("cut_off", ["2026-02-28", "2026-03-04", "2026-03-05"])
def test_a_target_that_is_not_all_there_is_refused(load: Load, cut_off: str) -> None:
    with pytest.raises(BadInput, match=r"not all loaded .*Take a day from 2026-03-01 to 2026-03-03"):
        load(EVENTS, windows=WindowQuery(cut_off=date.fromisoformat(cut_off), target_days=2))


def test_purchases_without_an_id_are_told_apart_by_their_time(load: Load, behaviour: Behaviour) -> None:
    """Two at one time are one sent twice; a third is another; whose revenue is unknown has none to add."""
    load([
        event("ann", "2026-03-01 10:00:00", "purchase", revenue=5.0),
        event("ann", "2026-03-01 10:00:00", "purchase", revenue=5.0, order="(not set)"),
        event("ann", "2026-03-01 11:00:00", "purchase", revenue=7.0, order=""),
        event("bo", "2026-03-01 11:00:00", "purchase", order="T2"),
    ])  # fmt: skip
    found = rows(behaviour)
    assert (found["ann"]["purchases"], found["ann"]["revenue"], found["ann"]["order_value"]) == (2, 12, 6)
    assert (found["bo"]["purchases"], found["bo"]["revenue"], found["bo"]["order_value"]) == (1, None, None)


def test_of_two_values_at_one_time_the_greater_is_the_last(load: Load, behaviour: Behaviour) -> None:
    at = "2026-03-01 10:00:00"
    load([event("ann", at, device={"category": name}) for name in ("desktop", "tablet", "mobile")])
    assert rows(behaviour)["ann"]["device"] == "tablet"


PERSONS = [
    event("phone", "2026-03-01 10:00:00", session=7),
    event("phone", "2026-03-02 10:00:00", session=8, user_id="u1"),
    event("laptop", "2026-03-02 11:00:00", session=7, user_id="u1"),
    event("visitor", "2026-03-02 11:00:00", session=7),
    event("visitor", "2026-03-04 11:00:00", "purchase", session=9, user_id="u1", order="T1", revenue=9.0),
    event("new phone", "2026-03-04 12:00:00", "purchase", session=9, user_id="u1", order="T2", revenue=1.0),
]


def test_a_person_is_all_devices_it_is_known_by(load: Load, behaviour: Behaviour) -> None:
    """u1 has phone (7, 8), laptop (7), visitor (7, 9) and the new phone (9): six sessions, two purchases."""
    load(PERSONS, reading=EventReading(user="person"))
    (key, found), = rows(behaviour).items()  # fmt: skip
    assert (key, found["sessions"], found["purchases"], found["revenue"]) == ("u1", 6, 2, 10)


def test_whom_a_device_belongs_to_is_not_learned_from_the_target(load: Load, behaviour: Behaviour) -> None:
    """At the cut-off the visitor is nobody yet, so its purchase is its own; the new phone's is that of u1."""
    windows = WindowQuery(cut_off=date(2026, 3, 2), target_days=2)
    load(PERSONS, reading=EventReading(user="person"), windows=windows)
    found = rows(behaviour)
    assert {key: row["target_revenue"] for key, row in found.items()} == {"u1": 1, "visitor": 9}
    assert found["u1"]["sessions"] == 3


def test_the_window_is_as_long_as_asked_and_gaps_are_told(load: Load, behaviour: Behaviour) -> None:
    days = ["2026-03-01", "2026-03-02", "2026-03-05"]
    report = load([event("ann", f"{day} 10:00:00", session=n) for n, day in enumerate(days)])
    assert report.missing_days == [date(2026, 3, 3), date(2026, 3, 4)]
    assert rows(behaviour)["ann"]["sessions"] == 3
    report = load([], windows=WindowQuery(days=4))
    assert (report.windows.first_day, report.events) == (date(2026, 3, 2), 2)
    assert rows(behaviour)["ann"]["sessions"] == 2


def test_the_users_are_read_as_typed_columns(load: Load, behaviour: Behaviour) -> None:
    load(EVENTS, windows=WindowQuery(cut_off=date(2026, 3, 3), target_days=2))
    users = behaviour.users()
    assert users.ids.tolist() == ["ann", "bo"]
    features, targets = users.features, users.targets

    def column(name: str) -> Any:
        found = features.find(name)
        assert found is not None
        return found

    assert column("sessions").values.tolist() == [1, 0]
    assert column("revenue").unit == users.currency == "USD"
    assert column("order_value").known().tolist() == [False, False]
    assert column("last_day").values.tolist() == [(date(2026, 3, d) - date(1970, 1, 1)).days for d in (2, 3)]
    assert column("country").levels == ("Spain",)
    assert column("country").values.tolist() == [0, -1]
    assert column("product_categories").known().tolist() == [True, False]
    assert not set(targets.names) & set(features.names)
    assert [each.values.tolist() for each in targets.features] == [[1, 0], [46, 0], [1, 0]]


HAPPENED = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(0, 5 * 86_400 - 1),
        st.sampled_from(["page_view", "purchase", "scroll"]),
        st.integers(1, 3),
        st.sampled_from(["T1", "T2", "T3"]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=10)
@given(HAPPENED)
def test_counts_over_many_days_are_those_of_all_events_at_once(happened: list[tuple]) -> None:
    start = micros("2026-03-01 00:00:00") // 1_000_000
    events = []
    for who, second, name, session, order in happened:
        at = str(NOW.fromtimestamp(start + second, NOW.tzinfo))[:19]
        more = {"order": order, "revenue": float(order[1:])} if name == "purchase" else {}
        events.append(event(who, at, name, session, **more))
    with tempfile.TemporaryDirectory() as folder:
        behaviour = Behaviour(Path(folder))
        behaviour.load(write_days(events, Path(folder) / "days"), NOW, progress=lambda *_: None, workers=1)
        found = rows(behaviour)
    assert set(found) == {each[0] for each in happened}
    for who, row in found.items():
        own = [each for each in happened if each[0] == who]
        orders = {each[4] for each in own if each[2] == "purchase"}
        assert row["days_active"] == len({each[1] // 86_400 for each in own})
        assert row["sessions"] == len({each[3] for each in own})
        assert row["page_views"] == sum(each[2] == "page_view" for each in own)
        assert row["purchases"] == len(orders)
        assert row["revenue"] == sum(float(order[1:]) for order in orders)
        assert row["last_day"] - row["first_day"] <= timedelta(4)
