"""Schedules over REST: made, changed, run, removed, by those who may."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.jobs.scheduling import Scheduler
from api.settings import Settings
from store.workspace import House
from tests.api.rest.tenants_planted import bearer, key
from tests.conftest import Clock

PATH = "/v1/schedules"


@pytest.fixture
def house(served: TestClient) -> House:
    return served.app.state.house  # type: ignore[attr-defined]  # the application's own state


def made(client: TestClient, **said: Any) -> dict[str, Any]:
    answer = client.post(PATH, params={"warehouse": "us"}, json=said)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"{PATH}/{answer.json()['schedule_id']}"
    return answer.json()


def test_a_schedule_is_made_read_changed_and_removed(served: TestClient) -> None:
    schedule = made(served, weekday="thursday", timezone="Europe/Berlin", recipients=["a@example.com"])
    path = f"{PATH}/{schedule['schedule_id']}"
    assert (schedule["cron"], schedule["when"]) == ("0 8 * * thu", "every Thursday at 08:00")
    assert "a@example.com" not in served.get(path).text
    changed = served.patch(path, json={"at": "10:15", "paused": True}).json()
    assert (changed["cron"], changed["is_paused"], changed["next_times"]) == ("15 10 * * thu", True, [])
    assert served.patch(path, json={"name": "Sales"}).json()["is_paused"] is True
    assert served.get(path).json() == served.get(PATH).json()["items"][0]
    assert served.delete(path).status_code == 204
    for answer in (served.get(path), served.delete(path), served.get(f"{path}/slots")):
        assert answer.status_code == 404


def test_every_post_makes_another_one(served: TestClient) -> None:
    first, second = made(served), made(served)
    assert first["schedule_id"] != second["schedule_id"]
    page = served.get(PATH, params={"limit": 1}).json()
    rest = served.get(PATH, params={"limit": 1, "cursor": page["next_cursor"]}).json()
    assert {each["schedule_id"] for each in page["items"] + rest["items"]} == {
        first["schedule_id"],
        second["schedule_id"],
    }
    assert served.get(PATH, params={"warehouse": "other"}).json()["items"] == []


def test_a_new_schedule_has_no_id_and_a_wrong_one_is_refused(served: TestClient) -> None:
    given = {"params": {"warehouse": "us"}}
    assert served.post(PATH, json={"schedule_id": "sched_1"}, **given).status_code == 422
    refused = served.post(PATH, json={"cron": "* * * * *"}, **given)
    assert (refused.status_code, "oftener" in refused.json()["detail"]) == (422, True)
    assert served.get(PATH).json()["items"] == []


def test_it_is_run_now_and_its_slots_are_listed(
    served: TestClient, house: House, clock: Clock, us: Any
) -> None:
    schedule = made(served)["schedule_id"]
    job = served.post(f"{PATH}/{schedule}/run")
    assert (job.status_code, job.json()["tool"], job.json()["status"]) == (202, "run_briefing", "queued")
    assert served.get(job.headers["Location"]).json()["run_id"] == job.json()["run_id"]
    clock.advance(days=14, minutes=2)
    assert Scheduler(house, Settings(home=us.home)).tick() == 1
    found = served.get(f"{PATH}/{schedule}/slots").json()["items"]
    assert [(each["slot"], each["status"], each["missed"]) for each in found] == [
        ("2026-03-16T08:00", "taken", 1),
        ("2026-03-09T08:00", "skipped", 0),
    ]
    assert served.get(f"{PATH}/{schedule}").json()["last_slot"] == found[0]


def test_a_schedule_of_a_warehouse_that_is_gone_can_be_paused_and_removed(
    served: TestClient, house: House
) -> None:
    path = f"{PATH}/{made(served)['schedule_id']}"
    (house.home / "warehouses" / "us").rename(house.home / "warehouses" / "gone")
    assert served.patch(path, json={"paused": True}).json()["is_paused"] is True
    assert served.delete(path).status_code == 204


def test_a_viewer_reads_and_changes_nothing(served: TestClient, house: House) -> None:
    schedule = made(served)["schedule_id"]
    headers = bearer(key(house, "viewer")[1])
    assert served.get(f"{PATH}/{schedule}", headers=headers).status_code == 200
    for method, path in (("POST", ""), ("PATCH", f"/{schedule}"), ("DELETE", f"/{schedule}")):
        answer = served.request(method, f"{PATH}{path}?warehouse=us", json={}, headers=headers)
        assert answer.status_code == 403, method
    assert served.post(f"{PATH}/{schedule}/run", headers=headers).status_code == 403


def test_every_change_is_noted_with_who_made_it(served: TestClient, house: House, clock: Clock) -> None:
    headers = bearer(key(house, "admin")[1])
    path = f"{PATH}/{made(served)['schedule_id']}"
    for method, to, body in (
        ("PATCH", path, {"at": "09:00"}),
        ("POST", f"{path}/run", None),
        ("DELETE", path, None),
    ):
        clock.advance(seconds=1)
        assert served.request(method, to, json=body, headers=headers).status_code < 300
    entries = served.get("/v1/audit", params={"limit": 3}, headers=headers).json()["items"]
    assert [each["action"] for each in entries] == ["schedule.removed", "schedule.run", "schedule.changed"]
    assert all(each["actor"].startswith("key_") and each["about"] in path for each in entries)
