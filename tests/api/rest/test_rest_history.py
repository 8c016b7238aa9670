"""Recipes, replays and comparisons of runs over HTTP."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from agent.generate_audience import start_audience
from agent.requests import AudienceQuery
from api.app import application
from api.rest.found.history import history_routes
from api.settings import Settings
from store.workspace import House, Workspace


@pytest.fixture
def asked(us: Workspace, clock: Callable[[], datetime]) -> Iterator[Callable[..., Any]]:
    """Asks the application for a path under /v1/runs."""
    house = House(us.home, base_url="http://127.0.0.1:8321", now=clock, new_id=us.new_id)
    app = application(Settings(home=us.home), house)
    if not any(getattr(route, "path", "").startswith("/v1/runs/") for route in app.routes):
        app.include_router(history_routes())
    with TestClient(app, base_url="http://127.0.0.1:8321", raise_server_exceptions=False) as client:
        yield lambda method, path, **params: client.request(method, f"/v1/runs/{path}", params=params)


@pytest.fixture
def audience(us: Workspace, golf_hash: str) -> Callable[..., str]:
    """Makes an audience of people who play golf, and gives its id."""
    return lambda **more: start_audience(us, AudienceQuery(expression=golf_hash, **more)).audience_id


def test_a_recipe_says_what_a_run_was_made_from(us: Workspace, asked: Any, audience: Any) -> None:
    run_id = audience()
    found = asked("GET", f"{run_id}/recipe")
    assert found.status_code == 200
    assert found.json()["made_from"]["snapshot_id"] == us.warehouse.current_id
    assert len(found.json()["result_hash"]) == 64


def test_a_replay_finds_the_same(asked: Any, audience: Any) -> None:
    run_id = audience()
    found = asked("POST", f"{run_id}/replay").json()
    assert (found["same"], found["differences"]) == (True, [])
    assert found["hash_now"] == asked("GET", f"{run_id}/recipe").json()["result_hash"]


def test_two_runs_are_compared(asked: Any, audience: Any) -> None:
    found = asked("GET", "compare", before=audience(), after=audience(target_size=50))
    assert found.status_code == 200
    assert found.json()["inputs"] == ["Not alike: `target_size`, none before and 50 after."]


@pytest.mark.parametrize(("method", "path"), [("GET", "icp_none/recipe"), ("POST", "icp_none/replay")])
def test_an_unknown_run_is_not_found(asked: Any, method: str, path: str) -> None:
    found = asked(method, path)
    assert found.status_code == 404
    assert "no recipe of this run" in found.json()["detail"]


def test_a_run_compared_with_itself_is_refused(asked: Any, audience: Any) -> None:
    run_id = audience()
    found = asked("GET", "compare", before=run_id, after=run_id)
    assert found.status_code == 422
    assert "same as itself" in found.json()["detail"]
