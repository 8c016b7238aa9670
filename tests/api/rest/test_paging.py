"""Lists in pages: of every route, with cursors that only we make."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.rest.form.paging import cursor_at, page_of, place_of
from store.errors import BadInput
from store.records.newest import Place

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LISTS = [
    "/v1/jobs",
    "/v1/warehouses",
    "/v1/warehouses/us/snapshots",
    "/v1/warehouses/us/analyses",
    "/v1/analyses",
    "/v1/audiences",
    "/v1/briefings",
    "/v1/feedback",
    "/v1/corrections",
    "/v1/schedules",
    "/v1/recipients",
    "/v1/deliveries",
    "/v1/chat",
]


def test_a_page_has_so_many_rows_and_says_where_the_next_begins() -> None:
    """Four rows were looked for to show three: there is a next page, which begins after the third."""
    rows = [NOON - timedelta(minutes=number) for number in range(4)]
    page = page_of(rows, 3, lambda row: Place(row, "k"), lambda row: row.minute)
    assert page.items == [0, 59, 58]
    assert place_of(page.next_cursor) == Place(rows[2], "k")
    assert page_of(rows[:3], 3, lambda row: Place(row, "k")).next_cursor is None
    assert page_of(list[datetime](), 3, lambda row: Place(row, "k")).items == []


@given(st.datetimes(timezones=st.just(UTC)), st.text(st.characters(exclude_characters="\x00", codec="utf-8")))
def test_a_cursor_is_its_place(at: datetime, key: str) -> None:
    assert place_of(cursor_at(Place(at, key))) == Place(at, key)


@given(st.text(max_size=80) | st.binary(max_size=40).map(lambda raw: raw.hex()))
def test_another_text_is_no_cursor(cursor: str) -> None:
    with pytest.raises(BadInput, match="none of ours"):
        place_of(cursor)


@pytest.mark.parametrize("path", LISTS)
def test_each_list_is_a_page(served: TestClient, path: str) -> None:
    page = served.get(path).json()
    assert set(page) <= {"items", "next_cursor"}
    assert isinstance(page["items"], list)
    for bad in ({"cursor": "abc"}, {"limit": 0}, {"limit": 201}, {"limit": "x"}, {"cursor": "x" * 513}):
        answer = served.get(path, params=bad)
        assert answer.status_code == 422, (path, bad)
        assert answer.headers["content-type"] == "application/problem+json"


def test_warehouses_come_in_pages_by_name(served: TestClient, us: object) -> None:
    home = us.home  # type: ignore[attr-defined]  # a Workspace
    for name in ("eu", "asia"):
        (home / "warehouses" / name / "outcomes").mkdir(parents=True)
    first = served.get("/v1/warehouses", params={"limit": 2}).json()
    assert [line["name"] for line in first["items"]] == ["asia", "eu"]
    assert first["items"][0] == {"name": "asia", "has_outcomes": True, "has_events": False}
    second = served.get("/v1/warehouses", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [line["name"] for line in second["items"]] == ["us"]
    assert second["items"][0]["persons"] == 100_000
    assert "next_cursor" not in second
