"""Destinations, erasures and the exports of one person over REST; and an entry for whatever is changed."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from store.workspace import Workspace
from tests.conftest import Clock

ERASURES = "/v1/warehouses/us/erasures"


def some_ids(us: Workspace, many: int) -> list[int]:
    return [int(each) for each in us.population.shards[0].person_ids[:many]]


def written(served: TestClient, ids: list[int]) -> str:
    sent = {"person_ids": ids, "format": "csv"}
    answer = served.post("/v1/tools/get_person?warehouse=us", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()["export"]["url"].rpartition("/")[2].partition(".")[0]


def actions(served: TestClient) -> list[tuple[str, str]]:
    return [(each["action"], each["about"]) for each in served.get("/v1/audit").json()["items"]]


def test_the_exports_of_one_person_come_in_pages(served: TestClient, us: Workspace, clock: Clock) -> None:
    one, two = some_ids(us, 2)
    made = []
    for ids in ([one], [two], [one, two], [two], [one]):
        made.append(written(served, ids))
        clock.advance(minutes=1)
    asked = {"person_id": one, "warehouse": "us", "limit": 2}
    first = served.get("/v1/exports", params=asked).json()
    assert [each["export_id"] for each in first["items"]] == [made[4], made[2]]
    assert first["items"][1]["people"] == 2
    rest = served.get("/v1/exports", params={**asked, "cursor": first["next_cursor"]}).json()
    assert [each["export_id"] for each in rest["items"]] == [made[0]]
    assert rest["next_cursor"] is None
    for wrong in ("x", 1 << 63):
        assert served.get("/v1/exports", params={"person_id": wrong}).status_code == 422
    assert served.get("/v1/exports", params={"person_id": one, "warehouse": "zz"}).status_code == 404


def test_an_erasure_revokes_and_the_list_names_nobody(served: TestClient, us: Workspace) -> None:
    one, two = some_ids(us, 2)
    made, other = written(served, [one]), written(served, [two])
    answer = served.post(ERASURES, json={"person_id": one})
    assert answer.status_code == 201, answer.text
    done = answer.json()
    assert (done["known"], done["exports_revoked"]) == (True, [made])
    assert served.post("/v1/tools/get_person?warehouse=us", json={"person_ids": [one]}).json()[
        "not_found"
    ] == [str(one)]
    page = served.get(ERASURES).json()
    [line] = page["items"]
    assert (line["erasure_id"], line["exports_revoked"], line["actor"]) == (done["erasure_id"], 1, "local")
    assert str(one) not in str(page)
    assert ("person.erased", "us") in actions(served)
    assert ("export.revoked", made) in actions(served)
    assert ("export.revoked", other) not in actions(served)


@pytest.mark.parametrize(
    "wrong", [{}, {"person_id": 1, "identifiers": []}, {"person_id": "x"}, {"person_id": 1, "more": 1}]
)
def test_an_erasure_of_nobody_said_is_refused(served: TestClient, wrong: dict[str, Any]) -> None:
    assert served.post(ERASURES, json=wrong).status_code == 422


def test_an_erasure_by_identifiers_never_echoes_them(served: TestClient, us: Workspace) -> None:
    unknown = {"identifiers": [{"id_type": "email", "values": ["nobody-9x7q@example.com"]}]}
    answer = served.post(ERASURES, json=unknown)
    assert answer.status_code == 404
    assert "9x7q" not in answer.text
    shard = us.population.shards[0]
    emails = shard.fields.take(shard.person_ids[:200] * 0 + range(200), ["email1"])["email1"]
    email = next(each for each in emails if each)
    answer = served.post(ERASURES, json={"identifiers": [{"id_type": "email", "values": [email]}]})
    assert answer.status_code in (201, 409)
    assert email not in answer.text


def test_what_was_kept_of_somebody_is_dropped(served: TestClient, us: Workspace, golf_hash: str) -> None:
    """They are one of an audience's sample, and in an answer that was kept in case it is asked for again."""
    sent = {"expression": golf_hash}
    audience = served.post("/v1/tools/generate_audience?warehouse=us", json=sent).json()
    shown = audience["sample"][0]["person_id"]
    path = "/v1/tools/get_person?warehouse=us"
    asked, headers = {"person_ids": [shown]}, {"Idempotency-Key": "once"}
    assert served.post(path, json=asked, headers=headers).json()["profiles"]
    done = served.post(ERASURES, json={"person_id": shown}).json()
    assert done["artifacts"] == 2
    kept = served.get(f"/v1/audiences/{audience['audience_id']}").json()
    assert [each["person_id"] for each in kept["sample"]] == [
        each["person_id"] for each in audience["sample"][1:]
    ]
    assert served.post(path, json=asked, headers=headers).status_code == 409


def test_the_customers_of_an_analysis_are_fewer_by_one(served: TestClient, us: Workspace) -> None:
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    (shard,) = us.population.shards
    ids = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:120]]
    found = served.post("/v1/tools/analyze_customers?warehouse=us", json={"person_ids": ids}).json()
    before = us.artifacts.people("customers", found["analysis_id"])
    assert ids[0] in before
    assert served.post(ERASURES, json={"person_id": ids[0]}).json()["artifacts"] >= 1
    after = us.artifacts.people("customers", found["analysis_id"])
    assert sorted(after) == sorted(set(before) - {ids[0]})


def test_a_destination_is_added_tried_and_removed(served: TestClient, tmp_path: Path, us: Workspace) -> None:
    served.app.state.settings.export_folders = str(tmp_path)  # type: ignore[attr-defined]  # the application's own state
    url = (tmp_path / "out").as_uri()
    made = served.post("/v1/destinations", json={"name": "box", "url": url})
    assert (made.status_code, made.headers["location"]) == (201, "/v1/destinations/box")
    assert served.post("/v1/destinations", json={"name": "box", "url": url}).status_code == 409
    assert served.post("/v1/destinations/box/test").json() == {"name": "box", "takes_files": True}
    sent = {"destination": "meta", "person_ids": some_ids(us, 50), "delivery": "box"}
    exported = served.post("/v1/tools/export_audience?warehouse=us", json=sent).json()
    [file] = exported["files"]
    assert file["delivered"]["url"].startswith(url)
    assert [each["name"] for each in served.get("/v1/destinations").json()["items"]] == ["box"]
    assert served.delete("/v1/destinations/box").status_code == 204
    assert served.delete("/v1/destinations/box").status_code == 404
    wanted = [("destination.removed", "box"), ("destination.tested", "box"), ("destination.added", "box")]
    wanted += [("export.delivered", file["export_id"]), ("export.written", file["export_id"])]
    assert set(wanted) <= set(actions(served))


def test_the_keys_of_a_bucket_never_come_back(served: TestClient) -> None:
    keys = {"key": "KEY9x7q", "secret": "SECRET9x7q"}
    made = served.post("/v1/destinations", json={"name": "b", "url": "s3://bucket/x", **keys})
    assert made.status_code == 201
    wrong = served.post("/v1/destinations", json={"name": "c", "url": "s3://B", **keys, "region": "!"})
    assert wrong.status_code == 422
    told = made.text + wrong.text + served.get("/v1/destinations").text + served.get("/v1/audit").text
    assert "9x7q" not in told


@pytest.mark.parametrize("url", ["file:///etc", "file:///tmp/../etc", "s3://b/..", "https://example.com/x"])
def test_a_destination_elsewhere_is_refused(served: TestClient, url: str) -> None:
    assert served.post("/v1/destinations", json={"name": "x", "url": url}).status_code == 422
