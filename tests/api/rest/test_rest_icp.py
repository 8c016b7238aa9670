"""The ideal customer of a warehouse over HTTP: as the guides ask for it, and kept once it is made."""

import json
import statistics
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.events import Behaviour, WindowQuery
from store.synthetic.events import generate_events
from store.workspace import House
from tools.behaviour.icp.answers import IcpAnalysis, IcpScore

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LEAD = {
    "country": "United States",
    "device": "desktop",
    "acquisition_channel": "organic",
    "session_count": 5,
    "page_views": 25,
    "engagement_time_seconds": 450,
}


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a house with a warehouse of 150,000 generated events; 30 days lie after the cut-off."""
    home, out = tmp_path_factory.mktemp("shop"), tmp_path_factory.mktemp("events")
    generate_events(150_000, 3, out, last_day=date(2026, 3, 1))
    files = sorted(out.glob("events_*"))
    Behaviour(home / "warehouses" / "shop").load(
        files, NOW, windows=WindowQuery(cut_off=date(2026, 1, 30)), progress=lambda *_: None, workers=1
    )
    return home


@pytest.fixture
def client(shop: Path) -> Iterator[TestClient]:
    house = House(shop, base_url="http://127.0.0.1:8321", now=lambda: NOW, new_id=lambda: str(uuid.uuid4()))
    app = application(Settings(home=house.home), house)
    with TestClient(app, base_url="http://127.0.0.1:8321", raise_server_exceptions=False) as client:
        yield client


def scored(client: TestClient, **features: Any) -> dict[str, Any]:
    answer = client.post("/v1/warehouses/shop/icp-score", json={"features": features})
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"success", "data"}
    return answer.json()["data"]


def test_the_analysis_has_the_fields_of_the_guide_and_nothing_else(client):
    headers = {"Authorization": "Bearer sk_live_abc123xyz789"}
    answer = client.get("/v1/warehouses/shop/icp-analysis", headers=headers).json()
    assert answer["success"] is True
    found = IcpAnalysis.model_validate(answer["data"])
    assert set(answer["data"]) == {"analysis_id", "warehouse_id", "created_at", "segments", "recommendations"}
    assert found.analysis_id.startswith("icp_")
    assert found.warehouse_id == "shop"
    assert sum(segment.percentage for segment in found.segments) == pytest.approx(100, abs=0.5)
    assert sum(found.segments[0].device_breakdown.values()) == pytest.approx(1, abs=0.01)
    assert {one.segment for one in found.recommendations} <= {one.name for one in found.segments}


def test_the_analysis_is_made_once_for_the_same_users(client, shop):
    first = client.get("/v1/warehouses/shop/icp-analysis").json()
    assert client.get("/v1/warehouses/shop/icp-analysis").json() == first
    assert len(list((shop / "artifacts" / "icp_analysis").glob("*.json"))) == 1


def test_the_request_of_the_guide_works_as_it_is_written(client):
    """curl sends `-d '{…}'` as a form: the body is JSON all the same."""
    answer = client.post(
        "/v1/warehouses/shop/icp-score",
        content=json.dumps({"features": LEAD}),
        headers={
            "Authorization": "Bearer sk_live_abc123xyz789",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    assert answer.status_code == 200
    found = IcpScore.model_validate(answer.json()["data"])
    assert set(answer.json()["data"]) == set(IcpScore.model_fields)
    assert 0 <= found.score <= 100
    assert found.tier[:4] in {"A - ", "B - ", "C - ", "D - "}
    assert found.match_confidence in {"high", "medium", "low"}
    assert 0 <= found.probability_high_value <= 1
    assert found.predicted_ltv >= 0
    assert found.recommendations


def test_who_does_more_scores_higher(client):
    low = scored(client, **LEAD | {"session_count": 1, "page_views": 1, "engagement_time_seconds": 5})
    high = scored(client, **LEAD | {"session_count": 30, "page_views": 250, "engagement_time_seconds": 9_000})
    assert high["score"] > low["score"]
    assert high["probability_high_value"] > low["probability_high_value"]
    assert high["predicted_ltv"] > low["predicted_ltv"]


def test_what_is_left_out_is_unknown(client):
    assert 0 <= scored(client)["score"] <= 100
    assert scored(client, country="Atlantis", session_count=None)["match_confidence"] == "low"


def test_a_score_is_made_from_a_model_that_is_held_open(client):
    """No bound of time here: only that the first call learns, and those after it do not learn again."""
    began = time.perf_counter()
    scored(client, **LEAD)
    first = time.perf_counter() - began
    later = []
    for _ in range(5):
        began = time.perf_counter()
        scored(client, **LEAD)
        later.append(time.perf_counter() - began)
    assert statistics.median(later) < first


@pytest.mark.parametrize(
    ("body", "where", "right"),
    [
        (b'{"features": {"city": "jane@example.com"', "body", "Send one JSON document"),
        (b'{"features": {"session_count": -1}}', "session_count", "features"),
        (b'{"features": {"session_count": "jane@example.com"}}', "session_count", "features"),
        (b'{"features": {"jane@example.com": 1}}', "a field", "features"),
        (b"[1]", "a field", "features"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_without_its_values(client, body, where, right):
    answer = client.post("/v1/warehouses/shop/icp-score", content=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert right in answer.json()["instead"]
    assert "jane" not in answer.text
    if where != "a field":
        assert where in answer.json()["where"]


def test_a_warehouse_without_events_says_how_to_load_some(client):
    for answer in (
        client.get("/v1/warehouses/empty/icp-analysis"),
        client.post("/v1/warehouses/empty/icp-score", json={"features": LEAD}),
    ):
        assert answer.status_code == 404
        assert "behaviour load" in answer.json()["instead"]
