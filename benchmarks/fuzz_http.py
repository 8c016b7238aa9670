"""Does any request make the server fail, answer out of its schema, or say back what came in?

    python -m benchmarks.fuzz_http --home HOME [--cases 10000] [--seed 1] [--json]

Cases are made from the OpenAPI document by schemathesis, right ones and wrong ones, about what is there and
what is not, by the owner and with a key of each role; besides, each raw body is sent to every route that
takes one. The house is served over a copy of the home.
"""

import argparse
import contextlib
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

from benchmarks.fuzz_known import customers_of, guided, planted, role_keys
from benchmarks.fuzz_report import MARKER, Fault, FuzzReport, problems_of
from benchmarks.own_server import own_server
from benchmarks.raw_bodies import RawBody, raw_bodies

PLAIN_ID = "unknown-id"
SETTINGS = {"FIELDMARK_JOBS_QUEUED": "20", "FIELDMARK_REQUESTS_PER_MINUTE": "0"}
TRIES = 2  # a server that has answered early closes the line; the next request on it finds that out


def fuzz_schema(schema: Any, report: FuzzReport, cases: int, call: Callable[[Any], Any]) -> None:
    """Send about so many generated cases, spread evenly over the operations of a schemathesis schema.

    call sends one case and gives schemathesis's Response.
    """
    operations = [found.ok() for found in schema.get_all_operations()]
    operations.sort(key=lambda each: each.method.upper() == "DELETE")  # what is there is there until the end
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
    from requests import RequestException
    from schemathesis.core.failures import Failure, FailureGroup

    sent = f"{case.path_parameters} {case.query} {str(case.body)[:300]}"
    report.cases += 1
    try:
        answer = call(case)
    except RequestException as error:  # a line that was cut, or a stream that broke off
        what = f"no whole answer: {type(error).__name__}"
        report.add(Fault(route=operation.label, what=what, status=0, sent=sent))
        return
    report.heard(answer.status_code, operation.label)
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
        report.add(Fault(route=operation.label, what=what, status=answer.status_code, sent=sent))


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
    for left in reversed(range(TRIES)):
        try:
            status, content_type, content = _answered(client, method, path, body)
        except httpx2.TransportError as error:
            if not left:
                what = f"no whole answer: {type(error).__name__}"
                report.add(Fault(route=route, what=what, status=0, sent=sent))
        else:
            report.heard(status)
            for what in problems_of(status, content_type, content):
                report.add(Fault(route=route, what=what, status=status, sent=sent))
            return


def _answered(client: httpx2.Client, method: str, path: str, body: RawBody) -> tuple[int, str, bytes]:
    headers = {"Content-Type": body.content_type, **dict(body.headers)}
    with client.stream(method, path, content=body.sent(), headers=headers) as answer:
        content_type = answer.headers.get("content-type", "")
        content = b"" if content_type.startswith("text/event-stream") else answer.read()
        return answer.status_code, content_type, content


def measure(home: Path, cases: int, seed: int, warehouse: str = "us") -> FuzzReport:
    """The report of a house that is served over a copy of this home."""
    import schemathesis

    report, began = FuzzReport(seed=seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fieldmark-fuzz-") as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy, symlinks=True)
        keys, customers = role_keys(copy), customers_of(copy, warehouse)
        with own_server(copy, ("--workers", "0"), SETTINGS) as server:
            with httpx2.Client(base_url=server.url, timeout=120) as client:
                document = client.get("/openapi.json").json()
                known = planted(client, warehouse, customers)
                client.headers["Authorization"] = f"Bearer {keys['admin']}"
                fuzz_raw(client, document, report)
            guide = guided(known, keys)

            def call(case: Any) -> Any:
                guide(case)
                return case.call(base_url=server.url, timeout=120)

            fuzz_schema(schemathesis.openapi.from_dict(document), report, cases, call)
    report.seconds = round(time.monotonic() - began, 1)
    return report


def main() -> int:
    """Print the report; 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--warehouse", default="us")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library that makes the cases
        report = measure(asked.home, asked.cases, asked.seed, asked.warehouse)
    if asked.json:
        print(report.model_dump_json(indent=1))
    else:
        _tell(report)
    return 1 if report.fault_count else 0


def _tell(report: FuzzReport) -> None:
    print(f"{report.cases:,} cases over {report.routes} operations")
    print(f"{report.raw_requests:,} raw requests with {report.raw_bodies} bodies")
    print(f"by class: {report.classes}; statuses: {dict(sorted(report.statuses.items()))}")
    print(f"{sum(report.reached.values()):,} cases reached {len(report.reached)} routes")
    print(f"{sum(report.succeeded.values()):,} were answered with 2xx, by {len(report.succeeded)} routes")
    print(f"{report.seconds} s; seed {report.seed}")
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
