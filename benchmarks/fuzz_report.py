"""What is a fault in an answer, and how many were there?"""

import json

from pydantic import BaseModel, Field, computed_field

MARKER = "Zq7Plantedx9"
MOST_BYTES = 2_048  # of a problem
PROBLEM = "application/problem+json"
FAULTS_A_KIND = 3  # told of each route and kind; the count has them all
AT_THE_DOOR = (401, 403)


class Fault(BaseModel):
    """What was wrong with an answer."""

    route: str
    what: str
    status: int = Field(description="0 where no whole answer came.")
    sent: str = Field(description="What was sent, in short; made by us.")


class FuzzReport(BaseModel):
    """What was sent, and what was wrong."""

    seed: int
    cases: int = 0
    raw_bodies: int = 0
    raw_requests: int = 0
    routes: int = 0
    statuses: dict[int, int] = Field(default_factory=dict)
    reached: dict[str, int] = Field(
        default_factory=dict, description="Generated cases that reached each route: neither 401 nor 403."
    )
    succeeded: dict[str, int] = Field(
        default_factory=dict, description="Generated cases of each route that were answered with 2xx."
    )
    fault_count: int = 0
    faults: list[Fault] = Field(default_factory=list)
    not_generated: list[str] = Field(default_factory=list, description="Routes without a case, and why.")
    seconds: float = 0

    @computed_field(description="Answers by their class; `401, 403` ended at the door.")
    @property
    def classes(self) -> dict[str, int]:
        counted: dict[str, int] = {}
        for status, many in sorted(self.statuses.items()):
            name = class_of(status)
            counted[name] = counted.get(name, 0) + many
        return counted

    def heard(self, status: int, route: str | None = None) -> None:
        """Count an answer; by its route where a case was made for it."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if route is not None and status not in AT_THE_DOOR:
            self.reached[route] = self.reached.get(route, 0) + 1
        if route is not None and 200 <= status < 300:
            self.succeeded[route] = self.succeeded.get(route, 0) + 1

    def add(self, fault: Fault) -> None:
        """Count a fault, and keep it if it is one of the first of its kind."""
        self.fault_count += 1
        alike = [f for f in self.faults if (f.route, f.what[:60]) == (fault.route, fault.what[:60])]
        if len(alike) < FAULTS_A_KIND:
            self.faults.append(fault)


def class_of(status: int) -> str:
    """`2xx`, or `401, 403` for what ended at the door."""
    return ", ".join(map(str, AT_THE_DOOR)) if status in AT_THE_DOOR else f"{status // 100}xx"


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
