"""Every error in one shape, and none that says back what came in."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.rest.work import tools as routes
from store.errors import BadInput, Busy, Expired, NoRoom, NotFound, TooFewCustomers, TooMany

SECRET = "ann.lee@example.com"
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("find_persons?warehouse=us", {"expression": "("}, 422),
        ("find_persons?warehouse=us", {"expression": 7, "format": SECRET}, 422),
        ("find_persons?warehouse=us", {}, 422),
        ("find_persons?warehouse=us", [SECRET], 422),
        ("find_persons?warehouse=us", SECRET, 422),
        ("find_persons?warehouse=nowhere", {"expression": "a"}, 404),
        ("find_persons?warehouse=No%20Name", {"expression": "a"}, 422),
        ("no_such_tool", {}, 404),
        ("resolve_identities?warehouse=us", {"id_type": SECRET, "identifiers": [SECRET]}, 422),
        ("resolve_identities?warehouse=us", {"identifiers": {"email": SECRET}, "id_type": "email"}, 422),
        ("get_person?warehouse=us", {"person_ids": [SECRET]}, 422),
        ("get_person?warehouse=us", {"person_ids": list(range(1001))}, 413),
        ("analyze_customers?warehouse=us", {"id_type": "email", "identifiers": [SECRET]}, 422),
        ("analyze_customers?warehouse=us", {"person_ids": [SECRET]}, 422),
        ("generate_audience?warehouse=us", {"analysis_id": "icp_none"}, 404),
    ],
)
def test_a_refusal_is_a_problem_that_says_nothing_back(
    served: TestClient, path: str, body: Any, status: int
) -> None:
    answer = served.post(f"/v1/tools/{path}", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["status"] == status
    assert answer.json()["title"]
    assert answer.json()["detail"]
    assert SECRET not in answer.text


def test_a_body_that_is_not_json_is_told_as_such(served: TestClient) -> None:
    answer = served.post("/v1/tools/find_persons", content=f'{{"expression": {SECRET}')
    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM
    assert SECRET not in answer.text


def test_a_method_that_is_not_there_and_a_route_that_is_not_there_are_problems(served: TestClient) -> None:
    for answer in (served.get("/v1/tools/find_persons"), served.get("/v1/nothing")):
        assert answer.status_code in (404, 405)
        assert answer.headers["content-type"] == PROBLEM


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (BadInput, 422),
        (TooMany, 413),
        (NotFound, 404),
        (Expired, 410),
        (TooFewCustomers, 422),
        (NoRoom, 507),
        (Busy, 409),
    ],
)
def test_each_kind_of_refusal_has_its_status(
    served: TestClient, monkeypatch: pytest.MonkeyPatch, refusal: type[BadInput], status: int
) -> None:
    def refuse(*_: object) -> None:
        raise refusal("Not so", where="there", instead="Otherwise.")

    monkeypatch.setattr(routes, "call", refuse)
    answer = served.post("/v1/tools/find_persons", params={"warehouse": "us"}, json={"expression": "a"})
    assert answer.status_code == status
    assert answer.json() == {
        "type": f"urn:fieldmark:problem:{refusal.__name__}",
        "title": refusal.__doc__,
        "status": status,
        "detail": "Not so (there). Otherwise.",
        "where": "there",
        "instead": "Otherwise.",
    }


def test_a_failure_is_a_problem_without_its_cause(
    served: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(routes, "call", fail)
    answer = served.post("/v1/tools/find_persons", params={"warehouse": "us"}, json={"expression": "a"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert SECRET not in answer.text


def test_another_host_name_is_refused(served: TestClient) -> None:
    assert served.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
    assert served.get("/healthz", headers={"Host": "testserver"}).status_code == 400
    assert served.get("/healthz", headers={"Host": "localhost:9999"}).status_code == 200
    assert served.get("/healthz").json() == {"status": "ok"}
