"""What is said before and past the routes: the name of the house, a failure's id, secrets kept by nobody."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from benchmarks.own_server import own_server
from store.records.access.members import Member, add_member
from store.records.access.passwords import password_hash
from store.workspace import House

PASSWORD = "a long enough password"
HOOK = "https://93.184.216.34/hook"


def test_a_host_that_is_not_ours_is_told_as_a_problem(served: TestClient) -> None:
    for host in ("elsewhere.example.com", "127.0.0.1.example.com", "", "a b", "[::1"):
        answer = served.get("/healthz", headers={"Host": host})
        assert answer.status_code == 400, host
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 400
        assert answer.headers["x-request-id"]
        assert not host or host not in answer.text


def test_a_failure_has_the_id_of_its_request(served: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("api.rest.organisation.organisation.organisation_named", fails)
    answer = served.get("/v1/organisation", headers={"X-Request-Id": "mine-1"})
    assert (answer.status_code, answer.headers.get_list("x-request-id")) == (500, ["mine-1"])
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert served.get("/v1/organisation").headers["x-request-id"] != "mine-1"


def test_what_is_shown_once_is_kept_by_nobody(served: TestClient) -> None:
    house: House = served.app.state.house  # type: ignore[attr-defined]  # FastAPI's
    shown = {}
    for path, body, field in (
        ("/v1/keys", {"name": "k", "role": "viewer"}, "secret"),
        ("/v1/webhooks", {"url": HOOK}, "secret"),
    ):
        headers = {"Idempotency-Key": f"once {path}".replace(" ", "-")}
        answer = served.post(path, json=body, headers=headers)
        assert answer.headers["cache-control"] == "no-store", path
        shown[path] = answer.json()[field]
        again = served.post(path, json=body, headers=headers)
        assert again.status_code == 409, path
        assert shown[path] not in again.text
        if path == "/v1/webhooks":
            rotate = f"/v1/webhooks/{answer.json()['webhook_id']}/rotate-secret"
            rotated = served.post(rotate, headers={"Idempotency-Key": "rotate"})
            assert rotated.headers["cache-control"] == "no-store"
            shown[rotate] = rotated.json()["secret"]
    assert len(set(shown.values())) == 3
    kept = [file.read_bytes() for file in house.home.rglob("*") if file.is_file() and "sent" in str(file)]
    assert not [path for path, secret in shown.items() for each in kept if secret.encode() in each]


def test_a_sign_in_is_kept_by_nobody(served: TestClient, clock: Callable[[], datetime]) -> None:
    house: House = served.app.state.house  # type: ignore[attr-defined]  # FastAPI's
    member = Member(
        member_id="member_1",
        email="someone@example.com",
        name="Someone",
        role="admin",
        password_hash=password_hash(PASSWORD),
        created_at=clock(),
    )
    add_member(house.database, member)
    headers = {"Idempotency-Key": "sign-in"}
    wanted = {"email": "someone@example.com", "password": PASSWORD}
    signed_in = served.post("/v1/sign-in", json=wanted, headers=headers)
    assert (signed_in.status_code, signed_in.headers["cache-control"]) == (200, "no-store"), signed_in.text
    csrf = {"X-CSRF-Token": signed_in.json()["csrf_token"]}
    assert served.get("/v1/me").headers["cache-control"] == "no-store"
    changed = served.post(
        "/v1/me/password",
        json={"password": PASSWORD, "new_password": f"{PASSWORD} too"},
        headers=csrf | {"Idempotency-Key": "password"},
    )
    assert (changed.status_code, changed.headers["cache-control"]) == (204, "no-store")


def test_the_events_of_what_is_unknown_end_whole_over_a_socket(tmp_path: Path) -> None:
    with own_server(tmp_path / "home", ("--workers", "0")) as server:
        for path in ("/v1/jobs/0/events", "/v1/chat/unknown/turns/1/events", "/v1/jobs/0/events"):
            # httpx2 raises RemoteProtocolError where the last chunk is missing.
            answer = httpx2.get(server.url + path, timeout=60)
            assert answer.status_code == 200
            assert answer.headers["transfer-encoding"] == "chunked"
            assert answer.text.startswith("retry: 2000\n\n")
            assert "event: done" in answer.text
            assert '"unknown"' in answer.text
            assert answer.text.endswith("\n\n")
