"""No request makes the server fail, answer out of its schema, or say back what came in."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.fuzz_http import fuzz_raw, fuzz_schema
from benchmarks.fuzz_report import MARKER, FuzzReport, problems_of
from benchmarks.raw_bodies import raw_bodies

CASES, RAW, SEED = 250, 150, 20_261_122
PROBLEM = "application/problem+json"
MISSHAPEN = "a problem without its type, title or status"


@pytest.fixture
def report() -> FuzzReport:
    return FuzzReport(seed=SEED)


@pytest.fixture
def quiet() -> Iterator[None]:
    """Without the warnings of the libraries that make the cases."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_generated_cases_find_no_fault(served: TestClient, report: FuzzReport, quiet: None) -> None:
    import schemathesis
    from requests import Request
    from schemathesis.core.transport import Response

    def call(case: Any) -> Any:
        asked = Request(**case.as_transport_kwargs(base_url=str(served.base_url))).prepare()
        headers = dict(asked.headers)
        answer = served.request(asked.method, asked.url, headers=headers, content=asked.body)
        return Response.from_any(answer)

    schema = schemathesis.openapi.from_dict(served.app.openapi())  # type: ignore[attr-defined]  # FastAPI's
    fuzz_schema(schema, report, CASES, call)
    assert report.cases >= CASES * 0.8
    assert not report.faults, report.faults


def test_an_answer_that_breaks_off_is_a_fault_and_the_next_case_is_sent(
    report: FuzzReport, quiet: None
) -> None:
    import schemathesis
    from requests.exceptions import ChunkedEncodingError

    def call(_: Any) -> Any:
        raise ChunkedEncodingError

    paths = {"/a": {"get": {"responses": {"200": {"description": "a"}}}}}
    paths["/b"] = paths["/a"]
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}
    fuzz_schema(schemathesis.openapi.from_dict(document), report, 2, call)
    assert (report.cases, report.fault_count) == (2, 2)
    assert {fault.route for fault in report.faults} == {"GET /a", "GET /b"}
    assert {fault.what for fault in report.faults} == {"no whole answer: ChunkedEncodingError"}


def test_answers_are_counted_by_class_and_apart_from_those_at_the_door(report: FuzzReport) -> None:
    """200, 204, 404 and 422 reached a route; 401 and 403 did not."""
    for status in (200, 204, 401, 403, 404, 422):
        report.heard(status, "GET /a")
    report.heard(422)  # a raw body, of no route
    assert report.classes == {"2xx": 2, "401, 403": 2, "4xx": 3}
    assert (report.reached, report.succeeded) == ({"GET /a": 4}, {"GET /a": 2})


def test_raw_bodies_find_no_fault(served: TestClient, report: FuzzReport) -> None:
    fuzz_raw(served, served.app.openapi(), report, RAW)  # type: ignore[attr-defined,arg-type]  # FastAPI's; httpx2's
    assert report.raw_requests >= RAW
    assert not report.faults, report.faults


def test_there_are_more_than_sixty_raw_bodies_each_with_a_name_of_its_own() -> None:
    names = [body.name for body in raw_bodies(MARKER)]
    assert len(names) == len(set(names)) > 60


@pytest.mark.parametrize(
    ("status", "kind", "body", "wrong"),
    [
        (200, "application/json", b"{}", []),
        (422, PROBLEM, b'{"type": "a", "title": "b", "status": 422}', []),
        (500, PROBLEM, b'{"type": "a", "title": "b", "status": 500}', ["the server failed with 500"]),
        (422, "application/json", b"{}", ["an error as `application/json`"]),
        (422, PROBLEM, b"{}", [MISSHAPEN]),
        (
            404,
            PROBLEM,
            b'{"type": "a", "title": "b", "status": 422}',
            [MISSHAPEN],
        ),
        (422, PROBLEM, b'{"title": "' + b"x" * 2_048 + b'"}', ["a problem of 2061 bytes"]),
        (
            422,
            PROBLEM,
            b'{"type": "a", "title": "%s", "status": 422}' % MARKER.encode(),
            ["an error that says back what came in"],
        ),
    ],
)
def test_what_a_fault_is(status: int, kind: str, body: bytes, wrong: list[str]) -> None:
    assert problems_of(status, kind, body) == wrong
