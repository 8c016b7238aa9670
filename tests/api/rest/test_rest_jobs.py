"""Jobs over HTTP: asked for, followed, stopped, decided for, read."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.jobs import kinds, queue
from api.jobs.attempt import Attempt
from api.jobs.one_call import KEPT
from api.jobs.preferring import MANY
from api.rest.work.events import Pace, job_events, number_after
from api.rest.work.jobs import job_of
from store.records.runs import Run, begin_run, change_run, run_named
from store.workspace import House, Workspace

ASKED = {"tool": "list_clusters", "arguments": {"domain": "interest", "limit": 1}, "warehouse": "us"}


@pytest.fixture
def do(us: Workspace, open_house: Callable[..., House]) -> Callable[[str], Run]:
    """Does a job as a worker does, in this process."""
    house = open_house(us.home)

    def done(run_id: str) -> Run:
        run = begin_run(house.everywhere, run_id, run_named(house.database, run_id).turn, "here", house.now())
        assert run is not None
        Attempt(house, run, 60, lambda: False).go()
        return run_named(house.database, run_id)

    return done


@pytest.fixture
def asked(served: TestClient) -> dict[str, Any]:
    answer = served.post("/v1/jobs", json=ASKED)
    assert answer.status_code == 202, answer.text
    return answer.json()


def heard(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The events of a stream: id, kind, body."""
    events = []
    for part in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in part.splitlines() if not line.startswith(":"))
        if "event" in lines:
            events.append((lines.get("id", ""), lines["event"], json.loads(lines["data"])))
    return events


def test_a_job_is_asked_for_followed_and_read(served: TestClient, do: Callable[[str], Run]) -> None:
    answer = served.post("/v1/jobs", json=ASKED)
    job = answer.json()
    path = f"/v1/jobs/{job['run_id']}"
    assert (answer.status_code, answer.headers["location"]) == (202, path)
    assert int(answer.headers["retry-after"]) >= 1
    assert (job["status"], job["tool"], job["result"], job["actor"]) == (
        "queued",
        "list_clusters",
        None,
        "local",
    )
    early = served.get(f"{path}/result")
    assert (early.status_code, early.headers["retry-after"]) == (409, "1")
    assert served.get(path).headers["retry-after"] == "1"
    do(job["run_id"])
    done = served.get(path)
    assert "retry-after" not in done.headers
    assert (done.json()["status"], done.json()["result"]) == ("done", f"{path}/result")
    result = served.get(f"{path}/result")
    assert result.status_code == 200
    direct = served.post("/v1/tools/list_clusters?warehouse=us", json=ASKED["arguments"]).json()
    assert result.json()["clusters"] == direct["clusters"]
    assert result.json()["workflow_id"] == job["workflow_id"]
    trace = served.get(f"/v1/traces/{job['workflow_id']}").json()
    assert (trace["totals"]["jobs"], trace["totals"]["calls"]) == (1, 1)


def test_an_answer_is_gone_after_a_day(
    served: TestClient, asked: dict[str, Any], do: Callable[[str], Run], clock: Any
) -> None:
    do(asked["run_id"])
    clock.advance(seconds=KEPT / timedelta(seconds=1))
    assert served.get(f"/v1/jobs/{asked['run_id']}/result").status_code == 410
    assert served.get(f"/v1/jobs/{asked['run_id']}").json()["status"] == "done"


def test_a_refused_job_has_no_answer_and_says_why(served: TestClient, do: Callable[[str], Run]) -> None:
    asked = ASKED | {"tool": "find_persons", "arguments": {"expression": "00000000 AND ("}}
    job = served.post("/v1/jobs", json=asked).json()
    assert do(job["run_id"]).status == "refused"
    told = served.get(f"/v1/jobs/{job['run_id']}").json()
    assert told["message"]
    answer = served.get(f"/v1/jobs/{job['run_id']}/result")
    assert answer.status_code == 409
    assert "retry-after" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (ASKED | {"tool": "no_such_tool"}, 404),
        (ASKED | {"arguments": {"limit": "many"}}, 422),
        (ASKED | {"arguments": [1]}, 422),
        (ASKED | {"warehouse": "nowhere"}, 404),
        (ASKED | {"more": 1}, 422),
        ({}, 422),
    ],
)
def test_a_job_that_could_not_be_done_is_refused_at_once(
    served: TestClient, asked: dict[str, Any], status: int
) -> None:
    answer = served.post("/v1/jobs", json=asked)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert served.get("/v1/jobs").json()["items"] == []


@pytest.mark.parametrize("path", ["", "/result"])
def test_a_job_that_is_not_there_is_a_problem(served: TestClient, path: str) -> None:
    assert served.get(f"/v1/jobs/call_none{path}").status_code == 404
    for change in ("cancel", "resume"):
        assert served.post(f"/v1/jobs/call_none/{change}").status_code == 404
    assert served.post("/v1/jobs/call_none/approve", json={"approved": True}).status_code == 404


def test_jobs_are_listed_in_pages_newest_first(
    served: TestClient, do: Callable[[str], Run], clock: Any
) -> None:
    made = []
    for _ in range(5):
        clock.advance(seconds=1)
        made.append(served.post("/v1/jobs", json=ASKED).json()["run_id"])
    do(made[0])
    found, cursor = [], None
    while True:
        page = served.get("/v1/jobs", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        found += [job["run_id"] for job in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == made[::-1]
    listed = lambda **params: [j["run_id"] for j in served.get("/v1/jobs", params=params).json()["items"]]  # noqa: E731
    assert listed(status="done") == made[:1]
    assert listed(status=["queued", "running"]) == made[:0:-1]
    assert listed(warehouse="eu") == []
    assert served.get("/v1/jobs", params={"status": "lost"}).status_code == 422


def test_a_queued_job_is_cancelled_and_goes_on(
    served: TestClient, asked: dict[str, Any], do: Callable[[str], Run]
) -> None:
    path = f"/v1/jobs/{asked['run_id']}"
    assert served.post(f"{path}/cancel").json()["status"] == "cancelled"
    assert served.post(f"{path}/cancel").status_code == 409
    assert served.get(f"{path}/result").status_code == 409
    assert served.post(f"{path}/resume").json()["status"] == "queued"
    assert do(asked["run_id"]).status == "done"


def test_a_file_waits_for_a_decision(served: TestClient, do: Callable[[str], Run], golf_hash: str) -> None:
    arguments = {"expression": golf_hash, "identifier_type": "email", "format": "csv"}
    asked = {"tool": "find_persons", "arguments": arguments, "warehouse": "us", "asks": True}
    job = served.post("/v1/jobs", json=asked).json()
    path = f"/v1/jobs/{job['run_id']}"
    assert do(job["run_id"]).status == "waiting"
    assert served.get(path).json()["waiting_for"]["action"] == "export"
    assert served.post(f"{path}/approve", json={"approved": "maybe"}).status_code == 422
    assert served.post(f"{path}/approve", json={"approved": True}).json()["status"] == "queued"
    assert do(job["run_id"]).status == "done"
    export = served.get(f"{path}/result").json()["export"]
    assert served.get(export["url"]).status_code == 200
    assert served.post(f"{path}/approve", json={"approved": True}).status_code == 409


def test_a_preferred_call_is_a_job_and_a_small_one_is_answered(served: TestClient) -> None:
    path, arguments = "/v1/tools/list_clusters?warehouse=us", ASKED["arguments"]
    assert served.post(path, json=arguments).status_code == 200
    answer = served.post(path, json=arguments, headers={"Prefer": "respond-async"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['run_id']}"
    assert answer.json()["workflow_id"]


def test_a_large_call_is_a_job_unless_waiting_is_preferred(served: TestClient) -> None:
    path = "/v1/tools/resolve_identities?warehouse=us"
    large = {"id_type": "email", "identifiers": ["nobody@example.com"] * (MANY + 1)}
    assert served.post(path, json=large).status_code == 202
    assert served.post(path, json=large, headers={"Prefer": "wait=60"}).status_code == 200


def test_events_tell_the_state_and_the_end(
    served: TestClient, asked: dict[str, Any], do: Callable[[str], Run]
) -> None:
    do(asked["run_id"])
    path = f"/v1/jobs/{asked['run_id']}/events"
    answer = served.get(path)
    assert answer.headers["content-type"].startswith("text/event-stream")
    ((number, kind, job),) = heard(answer.text)
    assert (kind, job["status"]) == ("done", "done")
    ((again, kind, _),) = heard(served.get(path, headers={"Last-Event-ID": number}).text)
    assert (again, kind) == (number, "done")
    ((_, kind, job),) = heard(served.get("/v1/jobs/call_none/events").text)
    assert (kind, job) == ("done", {"status": "unknown"})


def followed(house: House, run_id: str, changes: list[Callable[[], object]], after: int = -1) -> list[Any]:
    """The events that are told while these changes come, one after each look at the record."""
    looks = iter(changes)

    def look() -> Run | None:
        run = house.database.get(Run, run_id)
        if run is not None and run.status in ("queued", "running"):
            next(looks, lambda: None)()
        return run

    async def all_of_it() -> str:
        frames = job_events(look, lambda run: {"status": run.status, "step": run.step}, after, Pace(0, 60))
        return b"".join([frame async for frame in frames]).decode()

    return heard(asyncio.run(all_of_it()))


def change(house: House, run_id: str, **values: Any) -> Callable[[], object]:
    return lambda: change_run(house.database, run_id, ("queued", "running"), **values)


def test_each_change_is_told_once_and_whole(
    us: Workspace, open_house: Callable[..., House], served: TestClient
) -> None:
    house = open_house(us.home)
    run_id = served.post("/v1/jobs", json=ASKED).json()["run_id"]
    nothing = lambda: None  # noqa: E731
    changes = [
        nothing,
        change(house, run_id, status="running", step="a"),
        nothing,
        change(house, run_id, step="b"),
        change(house, run_id, status="done"),
    ]
    told = followed(house, run_id, changes)
    assert told == [
        ("0", "progress", {"status": "queued", "step": ""}),
        ("1", "progress", {"status": "running", "step": "a"}),
        ("2", "progress", {"status": "running", "step": "b"}),
        ("3", "done", {"status": "done", "step": "b"}),
    ]
    assert followed(house, run_id, []) == told[-1:]


def test_a_reader_who_comes_back_hears_only_what_is_new(
    us: Workspace, open_house: Callable[..., House], served: TestClient
) -> None:
    house = open_house(us.home)
    run_id = served.post("/v1/jobs", json=ASKED).json()["run_id"]
    change(house, run_id, status="running", step="a")()
    changes = [change(house, run_id, step="b"), change(house, run_id, status="done")]
    assert [number for number, _, _ in followed(house, run_id, changes, after=1)] == ["2", "3"]


def test_silence_is_broken_by_a_comment_and_leaving_ends_the_stream(
    us: Workspace, open_house: Callable[..., House], served: TestClient
) -> None:
    house = open_house(us.home)
    run_id = served.post("/v1/jobs", json=ASKED).json()["run_id"]

    async def first_four() -> list[bytes]:
        look = lambda: house.database.get(Run, run_id)  # noqa: E731
        frames = job_events(look, lambda run: job_of(run).status, pace=Pace(0, 0))
        told = [await anext(frames) for _ in range(4)]
        await frames.aclose()  # type: ignore[attr-defined]  # an async generator
        return told

    told = asyncio.run(first_four())
    assert told[2:] == [b": still here\n\n"] * 2


@pytest.mark.parametrize("said", [None, "", "abc", "-1", "٣", "9" * 5000, "1.5"])
def test_a_last_event_id_that_is_none_of_ours_is_the_beginning(said: str | None) -> None:
    assert number_after(said) == -1
    assert number_after("12") == 12


def test_every_tool_is_a_kind_of_job() -> None:
    assert {tool.name for tool in queue.CATALOGUE} == {tool.name for tool in kinds.CATALOGUE}
    assert all(kinds.kind_named(tool.name).tool == tool.name for tool in kinds.CATALOGUE)
