"""Webhooks over HTTP: a secret is shown once, and nothing inside is reached."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from api.webhooks.delivering import Deliverer
from store.workspace import House
from tests.api.webhooks.conftest import Receiver, answer

BASE = "http://127.0.0.1:8321"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def laptop(house: House) -> Settings:
    return Settings(home=house.home, webhooks_private=True)


@pytest.fixture
def own(house: House, laptop: Settings, clock: Callable[[], datetime]) -> House:
    return House(house.home, base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))


@pytest.fixture
def client(laptop: Settings, own: House) -> Iterator[TestClient]:
    with TestClient(application(laptop, own), base_url=BASE, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def hook(client: TestClient, receiver: Receiver) -> dict[str, Any]:
    made = client.post("/v1/webhooks", json={"url": receiver.url, "description": "of a test"})
    assert made.status_code == 201, made.text
    return made.json()


def test_a_secret_is_shown_when_it_is_made_and_never_again(client: TestClient, hook: dict[str, Any]):
    assert hook["secret"].startswith("whsec_")
    path = f"/v1/webhooks/{hook['webhook_id']}"
    shown = client.get(path)
    assert shown.json() == hook | {"secret": None}
    assert client.get("/v1/webhooks").json() == {"items": [hook | {"secret": None}], "next_cursor": None}
    changed = client.patch(path, json={"description": "changed"})
    assert (changed.json()["description"], changed.json()["secret"]) == ("changed", None)
    rotated = client.post(f"{path}/rotate-secret")
    assert rotated.json()["secret"] not in (None, hook["secret"])
    assert rotated.headers["cache-control"] == "no-store"
    assert rotated.json()["old_secret_until"] == "2026-03-03T08:00:00Z"


def test_a_new_webhook_says_where_it_is_and_is_kept_by_no_cache(client: TestClient, receiver: Receiver):
    made = client.post("/v1/webhooks", json={"url": receiver.url, "events": ["job.done", "job.done"]})
    assert made.headers["location"] == f"/v1/webhooks/{made.json()['webhook_id']}"
    assert made.headers["cache-control"] == "no-store"
    assert made.json()["events"] == ["job.done"]
    assert client.get(made.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"url": "https://169.254.169.254/latest/"},
        {"url": "https://no-such-host.example/"},
        {"url": "http://10.0.0.1/"},
        {"url": "ftp://example.com/"},
        {"url": ""},
        {"url": 3},
        {},
        {"url": "https://example.com/" + "a" * 3000},
        {"url": "https://127.0.0.1:5000/", "events": ["job.undone"]},
        {"url": "https://127.0.0.1:5000/", "description": "\u0000"},
        {"url": "https://127.0.0.1:5000/", "description": "a" * 201},
        {"url": "https://127.0.0.1:5000/", "secret": "whsec_mine"},
    ],
)
def test_what_does_not_fit_is_refused_and_not_echoed(
    client: TestClient, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    refused = client.post("/v1/webhooks", json=body)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert len(refused.text) < 2000
    assert "169.254" not in refused.text
    assert "no-such-host" not in refused.text
    assert client.get("/v1/webhooks").json()["items"] == []


def test_a_url_is_checked_when_it_is_changed_too(client: TestClient, hook: dict[str, Any]):
    path = f"/v1/webhooks/{hook['webhook_id']}"
    assert client.patch(path, json={"url": "https://[fd00:ec2::254]/"}).status_code == 422
    assert client.get(path).json()["url"] == hook["url"]


def test_a_test_message_is_delivered_and_listed(
    client: TestClient, own: House, laptop: Settings, hook: dict[str, Any], receiver: Receiver
):
    path = f"/v1/webhooks/{hook['webhook_id']}"
    sent = client.post(f"{path}/test")
    assert (sent.status_code, sent.json()["status"], sent.json()["event"]) == (202, "pending", "webhook.test")
    Deliverer(own, laptop).deliver_due()
    (line,) = client.get(f"{path}/deliveries").json()["items"]
    assert (line["status"], line["last_status"], line["attempts"]) == ("sent", 204, 1)
    assert receiver.got[0][0]["webhook-id"] == line["message_id"]
    assert client.get(f"{path}/deliveries?status=dead").json()["items"] == []
    assert client.get(f"{path}/deliveries?status=odd").status_code == 422


def test_deliveries_come_in_pages(client: TestClient, hook: dict[str, Any]):
    path, found, after = f"/v1/webhooks/{hook['webhook_id']}", [], ""
    sent = [client.post(f"{path}/test").json()["delivery_id"] for _ in range(5)]
    while after is not None:
        page = client.get(f"{path}/deliveries?limit=2{f'&cursor={after}' if after else ''}").json()
        found += [line["delivery_id"] for line in page["items"]]
        after = page["next_cursor"]
    assert sorted(found) == sorted(sent)
    assert client.get(f"{path}/deliveries?cursor=none").status_code == 422


def test_what_was_not_taken_is_replayed_one_by_one_or_together(
    client: TestClient, own: House, laptop: Settings, hook: dict[str, Any], receiver: Receiver
):
    path = f"/v1/webhooks/{hook['webhook_id']}"
    client.post(f"{path}/test")
    receiver.answering = lambda handler, _: answer(handler, 410)
    Deliverer(own, laptop).deliver_due()
    assert client.get(path).json()["disabled_why"] == "gone"
    assert client.post(f"{path}/replay-dead").status_code == 409
    assert client.post(f"{path}/test").status_code == 409
    assert client.patch(path, json={"enabled": True}).json()["disabled_why"] == ""
    assert client.post(f"{path}/replay-dead", json={"since": "2026-03-02T08:00:01Z"}).json() == {
        "replayed": 0
    }
    assert client.post(f"{path}/replay-dead", json={"since": "2026-03-02T08:00:00"}).status_code == 422
    assert client.post(f"{path}/replay-dead").json() == {"replayed": 1}
    receiver.answering = lambda handler, _: answer(handler, 200)
    Deliverer(own, laptop).deliver_due()
    (line,) = client.get(f"{path}/deliveries").json()["items"]
    assert line["status"] == "sent"
    again = client.post(f"/v1/webhook-deliveries/{line['delivery_id']}/replay")
    assert (again.status_code, again.json()["status"]) == (202, "pending")
    assert again.json()["message_id"] == line["message_id"]


@pytest.mark.parametrize("given", ["hook_none", "%00", "%F0%9F%A6%8A", "a" * 500])
def test_what_is_not_there_is_a_problem(client: TestClient, given: str):
    answers = [
        client.get(f"/v1/webhooks/{given}"),
        client.patch(f"/v1/webhooks/{given}", json={}),
        client.delete(f"/v1/webhooks/{given}"),
        client.post(f"/v1/webhooks/{given}/rotate-secret"),
        client.post(f"/v1/webhooks/{given}/test"),
        client.get(f"/v1/webhooks/{given}/deliveries"),
        client.post(f"/v1/webhooks/{given}/replay-dead"),
        client.post(f"/v1/webhook-deliveries/{given}/replay"),
    ]
    assert {found.status_code for found in answers} == {404}


def test_a_removed_webhook_is_gone(client: TestClient, hook: dict[str, Any]):
    path = f"/v1/webhooks/{hook['webhook_id']}"
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404
    assert client.get("/v1/webhooks").json()["items"] == []
