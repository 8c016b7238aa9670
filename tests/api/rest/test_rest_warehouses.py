"""What is there to ask, and what was asked."""

import pytest
from starlette.testclient import TestClient

from store.workspace import Workspace


@pytest.fixture
def analysis(served: TestClient, us: Workspace) -> dict:
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    (shard,) = us.population.shards
    people = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:150]]
    answer = served.post("/v1/tools/analyze_customers", json={"person_ids": people})  # the only warehouse
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_warehouses_and_snapshots_are_listed(served: TestClient, us: Workspace) -> None:
    (whole,) = served.get("/v1/warehouses").json()["items"]
    assert whole == served.get("/v1/warehouses/us").json()
    assert (whole["name"], whole["persons"], whole["has_outcomes"]) == ("us", 100_000, False)
    assert whole["snapshot_id"] == us.warehouse.current_id
    (line,) = served.get("/v1/warehouses/us/snapshots").json()["items"]
    assert line["snapshot_id"] == us.warehouse.current_id
    assert line["current"] is True
    assert line["persons"] == 100_000


@pytest.mark.parametrize(
    "path",
    [
        "warehouses/nowhere",
        "warehouses/nowhere/snapshots",
        "warehouses/nowhere/analyses",
        "analyses/icp_x",
        "analyses/icp_x/report",
        "analyses/..%2fx",
        "audiences/audience_x",
        "briefings/briefing_x",
        "briefings/..%2fx",
        "traces/none",
    ],
)
def test_what_is_not_there_is_a_problem(served: TestClient, path: str) -> None:
    answer = served.get(f"/v1/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_analysis_is_kept_listed_and_shown(served: TestClient, analysis: dict) -> None:
    (line,) = served.get("/v1/warehouses/us/analyses").json()["items"]
    assert served.get("/v1/analyses", params={"warehouse": "us"}).json()["items"] == [line]
    assert served.get("/v1/analyses", params={"warehouse": "eu"}).json()["items"] == []
    assert line["analysis_id"] == analysis["analysis_id"]
    assert line["headline"] == analysis["headline"]
    kept = served.get(f"/v1/analyses/{analysis['analysis_id']}").json()
    assert kept["lift"] == analysis["lift"]
    assert kept["workflow_id"] == analysis["workflow_id"]
    report = served.get(f"/v1/analyses/{analysis['analysis_id']}/report")
    assert report.headers["content-type"] == "text/html; charset=utf-8"
    assert report.text.lower().startswith("<!doctype html>")
    trace = served.get(f"/v1/traces/{analysis['workflow_id']}").json()
    assert (trace["nodes"][0]["name"], trace["nodes"][0]["outcome"]) == ("analyze_customers", "ok")
    assert trace["totals"]["calls"] == 1


def test_audiences_briefings_and_feedback_are_found_again(served: TestClient, analysis: dict) -> None:
    asked = {"analysis_id": analysis["analysis_id"], "strategy": "reach"}
    audience = served.post("/v1/tools/generate_audience", json=asked).json()
    (line,) = served.get("/v1/audiences").json()["items"]
    assert (line["id"], line["count"]) == (audience["audience_id"], audience["total"])
    assert line["headline"] == audience["in_words"]
    kept = served.get(f"/v1/audiences/{line['id']}").json()
    assert (kept["total"], kept["sample"]) == (audience["total"], audience["sample"])
    briefing = served.post("/v1/tools/run_briefing", json={}).json()
    (line,) = served.get("/v1/briefings", params={"warehouse": "us"}).json()["items"]
    assert (line["id"], line["headline"]) == (briefing["briefing_id"], briefing["headline"])
    assert served.get(f"/v1/briefings/{line['id']}").json()["markdown"] == briefing["markdown"]
    said = {"workflow_id": analysis["workflow_id"], "kind": "other", "message": "Well done."}
    feedback = served.post("/v1/tools/submit_feedback", json=said).json()
    (line,) = served.get("/v1/feedback").json()["items"]
    assert (line["feedback_id"], line["message"]) == (feedback["feedback_id"], "Well done.")
