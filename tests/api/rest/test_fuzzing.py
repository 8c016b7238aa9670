"""No request makes the server fail, answer out of its schema, or say back what came in."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from benchmarks.fuzz_http import MARKER, FuzzReport, fuzz_raw, fuzz_schema, problems_of
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
