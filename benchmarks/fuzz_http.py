"""Does any request make the server fail, answer out of its schema, or say back what came in?

    python -m benchmarks.fuzz_http --home HOME [--cases 10000] [--seed 1] [--json]

Cases are made from the OpenAPI document by schemathesis, right ones and wrong ones; besides, each raw body is
sent to every route that takes one. The house is served over a copy of the home.
"""

import argparse
import contextlib
import json
import logging
import shutil
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from pydantic import BaseModel, Field

from benchmarks.own_server import own_server
from benchmarks.raw_bodies import RawBody, raw_bodies

MARKER = "Zq7Plantedx9"
MOST_BYTES = 2_048  # of a problem
PROBLEM = "application/problem+json"
FAULTS_A_KIND = 3  # told of each route and kind; the count has them all
READ_BYTES = 1 << 20  # of a stream of events; the answer begins with its status
PLAIN_ID = "unknown-id"


class Fault(BaseModel):
    """What was wrong with an answer."""

    route: str
    what: str
    status: int
    sent: str = Field(description="What was sent, in short; made by us.")


class FuzzReport(BaseModel):
    """What was sent, and what was wrong."""

    seed: int
    cases: int = 0
    raw_bodies: int = 0
    raw_requests: int = 0
    routes: int = 0
    statuses: dict[int, int] = Field(default_factory=dict)
    fault_count: int = 0
    faults: list[Fault] = Field(default_factory=list)
    not_generated: list[str] = Field(default_factory=list, description="Routes without a case, and why.")
    seconds: float = 0

    def add(self, fault: Fault) -> None:
        """Count a fault, and keep it if it is one of the first of its kind."""
        self.fault_count += 1
        alike = [f for f in self.faults if (f.route, f.what[:60]) == (fault.route, fault.what[:60])]
        if len(alike) < FAULTS_A_KIND:
            self.faults.append(fault)


def problems_of(status: int, content_type: str, body: bytes, marker: str = MARKER) -> list[str]:
    """What is wrong with an answer whatever its route: a failure, a misshapen problem, an echo."""
    found = []
    if status >= 500:
        found.append(f"the server failed with {status}")
    if status >= 400:
        if not content_type.startswith(PROBLEM):
            found.append(f"an error as `{content_type}`")
        elif len(body) > MOST_BYTES:
            found.append(f"a problem of {len(body)} bytes")
        elif not _is_problem(body, status):
            found.append("a problem without its type, title or status")
        if marker.encode() in body:
            found.append("an error that says back what came in")
    return found


def _is_problem(body: bytes, status: int) -> bool:
    try:
        told = json.loads(body)
    except ValueError:
        return False
    return isinstance(told, dict) and {"type", "title", "status"} <= set(told) and told["status"] == status


def fuzz_schema(schema: Any, report: FuzzReport, cases: int, call: Callable[[Any], Any]) -> None:
    """Send about so many generated cases, spread evenly over the operations of a schemathesis schema.

    call sends one case and gives schemathesis's Response.
    """
    operations = [found.ok() for found in schema.get_all_operations()]
    report.routes = len(operations)
    for number, operation in enumerate(operations):
        # What an operation could not make is left to those after it.
        share = max(1, round((cases - report.cases) / (len(operations) - number)))
        try:
            _fuzz_operation(operation, report, share, call)
        except HypothesisException as error:
            report.not_generated.append(f"{operation.label}: {type(error).__name__}")


def _fuzz_operation(operation: Any, report: FuzzReport, cases: int, call: Callable[[Any], Any]) -> None:
    from schemathesis import GenerationMode

    right, wrong = (
        operation.as_strategy(mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    # What fails is kept and told; hypothesis need not make it smaller.
    @seeded(report.seed)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        verbosity=Verbosity.quiet,
    )
    @given(st.one_of(right, wrong) if _can_be_wrong(operation) else right)
    def send(case: Any) -> None:
        _send_case(operation, case, report, call)

    send()


def _can_be_wrong(operation: Any) -> bool:
    """Whether it takes anything that could be given wrong."""
    return bool(operation.body) or any(True for _ in operation.iter_parameters())


def _send_case(operation: Any, case: Any, report: FuzzReport, call: Callable[[Any], Any]) -> None:
    from schemathesis.core.failures import Failure, FailureGroup

    answer = call(case)
    report.cases += 1
    report.statuses[answer.status_code] = report.statuses.get(answer.status_code, 0) + 1
    content_type = (answer.headers.get("content-type") or [""])[0]
    found = problems_of(answer.status_code, content_type, answer.content or b"")
    # A stream has no schema.
    if answer.status_code < 500 and not content_type.startswith("text/event-stream"):
        try:
            case.validate_response(answer, checks=_conformance())
        except (Failure, FailureGroup) as failure:
            told = getattr(failure, "exceptions", [failure])
            found += [f"out of schema: {each.title}: {str(each.message)[:160]}" for each in told]
    for what in found:
        report.add(
            Fault(
                route=operation.label,
                what=what,
                status=answer.status_code,
                sent=f"{case.path_parameters} {case.query} {str(case.body)[:300]}",
            )
        )


def _conformance() -> list[Any]:
    from schemathesis.checks import CHECKS, load_all_checks

    load_all_checks()
    names = ("response_schema_conformance", "content_type_conformance", "status_code_conformance")
    return [CHECKS.get_one(name) for name in names]


def raw_requests(document: dict[str, Any], bodies: list[RawBody]) -> Iterator[tuple[str, str, RawBody]]:
    """Method, path and body: every body to every route that takes one, with ids of nothing."""
    for template, methods in document["paths"].items():
        path = template.replace("{warehouse}", "us")
        while "{" in path:
            path = path[: path.index("{")] + PLAIN_ID + path[path.index("}") + 1 :]
        for method in methods:
            if method in ("post", "put", "patch"):
                yield from ((method.upper(), path, body) for body in bodies)


def fuzz_raw(
    client: httpx2.Client, document: dict[str, Any], report: FuzzReport, most: int | None = None
) -> None:
    """Send every raw body to every route that takes one; of `most` of them, evenly chosen."""
    bodies = raw_bodies(MARKER)
    asked = list(raw_requests(document, bodies))
    report.raw_bodies = len(bodies)
    step = 1 if most is None else max(1, len(asked) // most)
    for method, path, body in asked[::step]:
        _send_raw(client, method, path, body, report)


def _send_raw(client: httpx2.Client, method: str, path: str, body: RawBody, report: FuzzReport) -> None:
    route, sent = f"{method} {path}", f"raw: {body.name}"
    report.raw_requests += 1
    try:
        status, content_type, content = _answered(client, method, path, body)
    except httpx2.TransportError:
        # A server that has answered early closes the line; the next request on it finds that out.
        try:
            status, content_type, content = _answered(client, method, path, body)
        except httpx2.TransportError as error:
            report.add(Fault(route=route, what=f"no answer: {type(error).__name__}", status=0, sent=sent))
            return
    report.statuses[status] = report.statuses.get(status, 0) + 1
    for what in problems_of(status, content_type, content):
        report.add(Fault(route=route, what=what, status=status, sent=sent))


def _answered(client: httpx2.Client, method: str, path: str, body: RawBody) -> tuple[int, str, bytes]:
    headers = {"Content-Type": body.content_type, **dict(body.headers)}
    with client.stream(method, path, content=body.sent(), headers=headers) as answer:
        content_type = answer.headers.get("content-type", "")
        content = b"" if content_type.startswith("text/event-stream") else answer.read()
        return answer.status_code, content_type, content


def measure(home: Path, cases: int, seed: int) -> FuzzReport:
    """The report of a house that is served over a copy of this home."""
    import schemathesis

    report, began = FuzzReport(seed=seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fieldmark-fuzz-") as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy, symlinks=True)
        with own_server(copy, ("--workers", "0"), {"FIELDMARK_JOBS_QUEUED": "20"}) as server:
            with httpx2.Client(base_url=server.url, timeout=120) as client:
                document = client.get("/openapi.json").json()
                fuzz_raw(client, document, report)
            schema = schemathesis.openapi.from_dict(document)
            fuzz_schema(schema, report, cases, lambda case: _called(case, server.url))
    report.seconds = round(time.monotonic() - began, 1)
    return report


def _called(case: Any, url: str) -> Any:
    # A credential that was made up would end at the door, once the cases before have made a key.
    for name in [name for name in case.headers or {} if name.lower() in ("authorization", "cookie")]:
        del case.headers[name]
    if case.cookies:
        case.cookies.clear()
    return case.call(base_url=url, timeout=120)


def main() -> int:
    """Print the report; 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library that makes the cases
        report = measure(asked.home, asked.cases, asked.seed)
    if asked.json:
        print(report.model_dump_json(indent=1))
    else:
        _tell(report)
    return 1 if report.fault_count else 0


def _tell(report: FuzzReport) -> None:
    print(f"{report.cases:,} cases over {report.routes} operations, {report.raw_requests:,} raw requests")
    print(f"statuses: {dict(sorted(report.statuses.items()))}; {report.seconds} s; seed {report.seed}")
    kinds = Counter((fault.route, fault.what[:120], fault.status) for fault in report.faults)
    for (route, what, status), _ in sorted(kinds.items()):
        example = next(f for f in report.faults if (f.route, f.what[:120]) == (route, what))
        print(f"  {route} {status}: {what}\n      {example.sent[:200]}")
    for each in report.not_generated:
        print(f"  no case: {each}")
    print(f"{report.fault_count} faults")


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
