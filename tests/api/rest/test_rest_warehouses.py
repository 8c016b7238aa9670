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
    assert served.get("/v1/warehouses").json() == ["us"]
    (line,) = served.get("/v1/warehouses/us/snapshots").json()
    assert line["snapshot_id"] == us.warehouse.current_id
    assert line["current"] is True
    assert line["persons"] == 100_000


@pytest.mark.parametrize(
    "path",
    [
        "warehouses/nowhere/snapshots",
        "warehouses/nowhere/analyses",
        "analyses/icp_x",
        "analyses/icp_x/report",
        "analyses/..%2fx",
    ],
)
def test_what_is_not_there_is_a_problem(served: TestClient, path: str) -> None:
    answer = served.get(f"/v1/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_analysis_is_kept_listed_and_shown(served: TestClient, analysis: dict) -> None:
    (line,) = served.get("/v1/warehouses/us/analyses").json()
    assert line["analysis_id"] == analysis["analysis_id"]
    assert line["headline"] == analysis["headline"]
    kept = served.get(f"/v1/analyses/{analysis['analysis_id']}").json()
    assert kept["lift"] == analysis["lift"]
    assert kept["workflow_id"] == analysis["workflow_id"]
    report = served.get(f"/v1/analyses/{analysis['analysis_id']}/report")
    assert report.headers["content-type"] == "text/html; charset=utf-8"
    assert report.text.lower().startswith("<!doctype html>")
    (trace,) = served.get(f"/v1/traces/{analysis['workflow_id']}").json()
    assert trace["tool"] == "analyze_customers"
    assert trace["outcome"] == "ok"
    assert served.get("/v1/traces/none").json() == []
