"""What is no JSON, or would break something behind, comes to no route."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.rest.form.json_body import DEEPEST, require_json
from store.errors import BadInput

PATH = "/v1/tools/list_clusters?warehouse=us"
SECRET = "ann.lee@example.com"
BODY = b'{"domain": "interest", "limit": 1}'


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"NaN",
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'"\\ud800"',
        b'{"\\udc00": 1}',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\x00"',
        b'{"a": "x\\u0000y"}',
        b'{"a\\u0000": 1}',
        b'"\\\\\\u0000"',
        b"\xef\xbb\xbf{}",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} {"b": 2}',
        nested(DEEPEST + 1),
        nested(5000),
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
    ],
)
def test_what_is_no_json_or_cannot_be_held_is_refused(served: TestClient, body: bytes) -> None:
    answer = served.post(PATH, content=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 2048
    with pytest.raises(BadInput):
        require_json(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": 123456789012345678901234567890}',
        b'"\\\\u0000"',
        '"\\ud83d\\ude00 é"'.encode(),
        nested(DEEPEST),
        b"[" + b",".join([b"[]"] * 1000) + b"]",
        b" \n1 ",
        b'{"a": "' + b"[{" * 5000 + b'"}',
    ],
)
def test_other_json_comes_through(body: bytes) -> None:
    require_json(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_every_document_without_nul_comes_through(document: Any) -> None:
    text = json.dumps(document)
    if "\\u0000" not in text and not any("\ud800" <= c <= "\udfff" for c in json.loads(f'"{SECRET}"')):
        require_json(text.encode())


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode(errors="replace")))
def test_no_bytes_break_a_route(served: TestClient, body: bytes) -> None:
    for path in ("/v1/jobs", "/v1/chat/plan", PATH):
        answer = served.post(path, content=body)
        assert answer.status_code in (200, 422), answer.text


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/vnd.api+json",
        "application/x-www-form-urlencoded",
    ],
)
def test_json_is_read_whatever_curl_says_it_is(served: TestClient, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert served.post(PATH, content=BODY, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/xml"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": SECRET},
        {"Content-Encoding": "gzip"},
    ],
)
def test_another_form_of_body_is_415(served: TestClient, headers: dict[str, str]) -> None:
    answer = served.post(PATH, content=BODY, headers=headers)
    assert answer.status_code == 415
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("application/json", 200),
        ("text/xml, application/*;q=0.5", 200),
        ("", 200),
        ("text/xml", 406),
        (f"{SECRET}", 406),
    ],
)
def test_an_answer_in_another_form_is_not_given(served: TestClient, accept: str, status: int) -> None:
    answer = served.get("/v1/warehouses", headers={"Accept": accept})
    assert answer.status_code == status
    assert SECRET not in answer.text


def test_nul_in_an_address_is_no_failure(served: TestClient) -> None:
    assert served.get("/v1/jobs/a%00b").status_code == 404
    assert served.get("/v1/jobs?warehouse=a%00b").status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "/v1/chat/x/turns/99999999999999999999/events",
        "/v1/chat/x/turns/0/cancel",
        "/v1/jobs?limit=99999999999999999999",
    ],
)
def test_numbers_beyond_all_bounds_are_refused(served: TestClient, path: str) -> None:
    answer = served.post(path) if path.endswith("cancel") else served.get(path)
    assert answer.status_code == 422


def test_a_method_that_is_not_there_names_those_that_are(served: TestClient) -> None:
    answer = served.put("/v1/jobs", json={})
    assert (answer.status_code, answer.headers["content-type"]) == (405, "application/problem+json")
    assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]


def test_unknown_fields_are_not_said_back(served: TestClient) -> None:
    answer = served.post("/v1/jobs", json={"tool": "help", SECRET: 1, "more": 2})
    assert answer.status_code == 422
    assert SECRET not in answer.text
    assert "body.more" in answer.text


def test_an_error_is_small_however_much_was_wrong(served: TestClient) -> None:
    body = {"unit": "account", "records": [{"outcome": SECRET * 50}] * 500}
    answer = served.post("/v1/warehouses/us/outcomes", json=body)
    assert answer.status_code == 422
    assert len(answer.content) < 2048
    assert SECRET not in answer.text
