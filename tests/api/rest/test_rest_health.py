"""Who may ask how the house is, and what it says to strangers."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.workspace import House

TOKEN = "collects-figures-0123456789"


@pytest.fixture
def home(tmp_path: Path, clock: Callable[[], datetime]) -> Callable[..., FastAPI]:
    def made(**settings: object) -> FastAPI:
        chosen = Settings(home=tmp_path / "home", **settings)  # type: ignore[arg-type]
        ids = iter(f"00000000-0000-4000-8000-{n:012d}" for n in range(10_000))
        house = House(chosen.home, base_url="http://127.0.0.1:8321", now=clock, new_id=lambda: next(ids))
        return application(chosen, house)

    return made


def client(app: FastAPI, address: str = "testclient") -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1:8321", client=(address, 50_000))


def test_anybody_may_ask_whether_it_is_there_and_ready(home: Callable[..., FastAPI], tmp_path: Path) -> None:
    with client(home(auth="required"), "198.51.100.7") as stranger:
        assert stranger.get("/healthz").json() == {"status": "ok"}
        ready = stranger.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (200, True)
        assert str(tmp_path) not in ready.text
        assert stranger.get("/metrics").status_code == 401


def test_what_is_not_ready_says_why_and_503(home: Callable[..., FastAPI]) -> None:
    with client(home(ready_disk_mb=1 << 40)) as owner:
        found = owner.get("/readyz")
    assert found.status_code == 503
    assert found.json()["checks"]["disk"] == {"ok": False, "why": "too little of the disk is free"}


def test_figures_are_for_the_owner_and_who_has_the_token(home: Callable[..., FastAPI]) -> None:
    app = home(auth="required", metrics_token=TOKEN)
    with client(app, "198.51.100.7") as collector:
        for given in (f"Bearer {TOKEN}x", "Bearer ", TOKEN, f"Basic {TOKEN}", "Bearer \xff"):
            answer = collector.get("/metrics", headers={"Authorization": given.encode("latin-1")})
            assert answer.status_code == 401, given
            assert TOKEN not in answer.text
        answer = collector.get("/metrics", headers={"Authorization": f"bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain")
        assert (
            'fieldmark_request_seconds_count{method="GET",route="/metrics",status="401"} 5.0' in answer.text
        )
        assert "fieldmark_records_up 1.0" in answer.text


def test_without_a_token_in_the_settings_none_is_right(home: Callable[..., FastAPI]) -> None:
    with client(home(auth="required"), "198.51.100.7") as collector:
        assert collector.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


def test_the_owner_of_the_machine_reads_figures_and_every_answer_has_an_id(
    home: Callable[..., FastAPI],
) -> None:
    with client(home()) as owner:
        assert owner.get("/healthz", headers={"X-Request-Id": "mine-1"}).headers["x-request-id"] == "mine-1"
        refused = owner.get("/v1/traces/not-there", headers={"X-Request-Id": "not valid!"})
        assert len(refused.headers["x-request-id"]) == 36
        assert 'route="/v1/traces/{workflow_id}"' in owner.get("/metrics").text
