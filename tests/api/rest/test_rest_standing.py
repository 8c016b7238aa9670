"""Standing audiences over HTTP: kept, told, made anew, paused, removed."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.destinations import Destination, Destinations, Keys
from store.records.access.audit import entries_of
from store.workspace import House, Workspace

BASE = "http://127.0.0.1:8321"
ROWS = "id,plan,email\n1,Pro,a@example.org\n2,Pro,b@example.org\n3,Free,c@example.org\n"
COLUMNS = {
    "id": {"kind": "person_id", "domain": "id"},
    "plan": {"kind": "category", "domain": "purchase"},
    "email": {"kind": "identifier", "identifier": "email"},
}
PATH = "/v1/standing-audiences"


@pytest.fixture
def crowd(load: Callable[..., Workspace], tmp_path: Path) -> Workspace:
    workspace = load(ROWS, COLUMNS, warehouse="crowd")
    made = Destination(name="ads", url=f"file://{tmp_path / 'out'}", created_at=workspace.now())
    Destinations(workspace.home).add(made, Keys(), [tmp_path])
    return workspace


@pytest.fixture
def client(crowd: Workspace, house: House, clock: Callable[[], datetime]) -> Iterator[TestClient]:
    own = House(house.home, base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))
    app = application(Settings(home=house.home), own)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def pro(crowd: Workspace) -> str:
    found = crowd.population.catalogue.valued("plan", "Pro")
    assert found is not None
    return found.cluster_hash


def test_an_audience_is_kept_told_made_anew_and_removed(
    client: TestClient, crowd: Workspace, pro: str, tmp_path: Path
) -> None:
    made = client.post(PATH, json={"name": "pro", "expression": pro, "destination": "ads"})
    assert made.status_code == 201, made.text
    assert made.json()["people"] == 2
    one = made.headers["location"]
    assert client.get(one).json()["name"] == "pro"
    assert [each["name"] for each in client.get(PATH).json()["audiences"]] == ["pro"]

    (dry,) = client.post(f"{PATH}/refresh", json={}).json()["audiences"]
    assert (dry["status"], dry["people"], list((tmp_path / "out").glob("*"))) == ("would_change", 2, [])
    (done,) = client.post(f"{one}/refresh", json={"mode": "yes"}).json()["audiences"]
    assert (done["status"], done["synced"]) == ("synced", "ads")
    assert len(list((tmp_path / "out").glob("pro-*.csv"))) == 1
    (again,) = client.post(f"{PATH}/refresh", json={"mode": "yes"}).json()["audiences"]
    assert again["status"] == "unchanged"

    (change,) = client.get(f"{one}/changes").json()["items"]
    assert (change["number"], change["people"], change["delivered_to"]) == (1, 2, "ads")
    assert client.post(f"{one}/pause").json()["is_paused"]
    assert not client.post(f"{one}/resume").json()["is_paused"]
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404
    noted = {entry.action for entry in entries_of(crowd.database, 50)}
    assert {f"standing.{each}" for each in ("kept", "synced", "paused", "resumed", "removed")} <= noted


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"name": "x"}, 422),
        ({"name": " x", "expression": "a"}, 422),
        ({"name": "x", "expression": "nobody"}, 422),
        ({"name": "x", "ranked_by": "outcomes"}, 422),
        ({"name": "x", "ranked_by": "outcomes", "target_size": 5}, 404),
        ({"name": "x", "analysis_id": "newest"}, 404),
        ({"name": "x", "audience_id": "audience_0"}, 404),
    ],
)
def test_what_cannot_be_kept_is_refused_and_says_why(
    client: TestClient, sent: dict[str, object], status: int
) -> None:
    answer = client.post(PATH, json=sent)
    assert answer.status_code == status, answer.text
    assert client.get(PATH).json()["audiences"] == []
