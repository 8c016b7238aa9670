"""A house in which every text that can come from outside would do harm if it were more than text."""

import csv
import random
from pathlib import Path
from typing import Any

import httpx2
import orjson

from agent import CATALOGUE
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.ledger import ledger_of
from store.population.mapping import Column, Mapping
from store.workspace import House, Workspace
from tests.api.pages.proof.hostile import FAMILIES, HOSTILE, fitting
from tests.conftest import silent
from tools.calls import call, tool_named

WAREHOUSE = "hostile"
CELLS = fitting(200)  # as long as a value may be
PEOPLE_OF_EACH, BUYERS = 12, 300
# Texts of kept results that a model, or a template, wrote.
WRITTEN = {"headline", "summary", "in_words", "description", "label", "phrase", "action", "expected_impact"}
WRITTEN |= {"segment", "risk", "known", "markdown", "formula", "inputs", "figure"}


class Rotating:
    """The hostile strings in turn, so that each stands somewhere."""

    def __init__(self) -> None:
        self._at = 0

    def __call__(self, longest: int = 8_000, *, without_lines: bool = False) -> str:
        for _ in HOSTILE:
            text = HOSTILE[self._at % len(HOSTILE)]
            self._at += 1
            if len(text) <= longest and not (without_lines and not text.isprintable()):
                return text
        raise LookupError("no string fits")


def fill(house: House, folder: Path, url: str) -> Workspace:
    """Put the strings wherever text can come in; the workspace that shows them."""
    workspace = house.workspace(WAREHOUSE)
    turn = Rotating()
    _load(workspace, folder, turn)
    analysis = _call(workspace, "analyze_customers", outcome={"attribute": "buyer", "value": "Yes"})
    _call(workspace, "run_briefing", icp_profile=analysis.analysis_id)
    _call(workspace, "generate_audience", analysis_id=analysis.analysis_id, strategy="reach")
    _make_profiles(workspace, turn)
    _spoil(house.home / "artifacts", turn)
    _load_outcomes(workspace, folder, turn)
    with httpx2.Client(base_url=url, timeout=60) as client:
        _post(client, turn)
        _talk(client)
    return workspace


def _load(workspace: Workspace, folder: Path, turn: Rotating) -> None:
    """A population whose headers, labels, phrases and values are hostile; 300 of it are buyers."""
    draw = random.Random(5)
    headers = [turn(120, without_lines=True) for _ in range(6)]
    path = folder / "people.csv"
    people = PEOPLE_OF_EACH * len(HOSTILE)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "email", "buyer", *headers])
        for number in range(people):
            is_buyer = number % people < BUYERS
            likely = CELLS[:6] if is_buyer else CELLS
            cells = [draw.choice(likely) for _ in headers]
            writer.writerow([number + 1, f"p{number}@example.com", "Yes" if is_buyer else "No", *cells])
    columns = {
        "id": Column(kind="person_id", domain="id"),
        "email": Column(kind="identifier", identifier="email", domain="email"),
        "buyer": Column(kind="outcome", attribute="buyer", label=turn(), domain="purchase"),
    }
    for place, header in enumerate(headers):
        columns[header] = Column(kind="category", attribute=f"trait_{place}", label=turn(), domain="interest")
    workspace.warehouse.load([path], Mapping(columns=columns), workspace.now(), progress=silent, processes=1)


def _call(workspace: Workspace, tool: str, **arguments: Any) -> Any:
    return call(tool_named(CATALOGUE, tool), workspace, arguments)


def _make_profiles(workspace: Workspace, turn: Rotating) -> None:
    for _ in range(12):
        few = [[turn(100) for _ in range(3)] for _ in range(5)]
        names = ("industries", "geography", "roles", "signals", "disqualifiers")
        given = dict(zip(names, few, strict=True))
        _call(
            workspace, "create_icp_profile", name=turn(110), description=turn(), visibility="shared", **given
        )


def _spoil(artifacts: Path, turn: Rotating) -> None:
    """Let the kept words be what a bad model could have written."""
    for kind in ("analysis", "briefing"):
        for path in (artifacts / kind).glob("*.json"):
            path.write_bytes(orjson.dumps(_spoiled(orjson.loads(path.read_bytes()), turn)))


def _spoiled(found: Any, turn: Rotating, name: str = "") -> Any:
    if isinstance(found, dict):
        return {key: _spoiled(value, turn, key) for key, value in found.items()}
    if isinstance(found, list):
        return [_spoiled(each, turn, name) for each in found]
    return turn() if isinstance(found, str) and name in WRITTEN else found


def _load_outcomes(workspace: Workspace, folder: Path, turn: Rotating) -> None:
    path = folder / "outcomes.csv"
    header = [
        "record_id",
        "person_id",
        "outcome",
        "decided_at",
        "loss_reason",
        *(turn(60, without_lines=True),) * 1,
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number, text in enumerate(HOSTILE, start=1):
            outcome = "won" if number % 3 == 0 else "lost"
            writer.writerow(
                [f"r{number}", number, outcome, f"2026-01-{number % 28 + 1:02d}", text, turn(300)]
            )
    ledger_of(workspace.warehouse).load(path, IntakeQuery(), workspace.now())


def _post(client: httpx2.Client, turn: Rotating) -> None:
    """Names that people give: of keys, members, webhooks, destinations; and what they say."""
    accepted = 0
    for number in range(12):
        accepted += _taken(client, "/v1/keys", {"name": turn(100, without_lines=True), "role": "viewer"})
        member = {"email": f"m{number}@example.com", "name": turn(100, without_lines=True), "role": "viewer"}
        accepted += _taken(client, "/v1/members", member)
        hook = {"url": f"https://93.184.216.34/{number}", "description": turn(200, without_lines=True)}
        accepted += _taken(client, "/v1/webhooks", hook)
    for texts in FAMILIES.values():
        message = "\n".join(texts)[:3_900]
        said = {"workflow_id": "11111111-1111-4111-8111-111111111111", "kind": "other", "message": message}
        accepted += _taken(client, f"/v1/tools/submit_feedback?warehouse={WAREHOUSE}", said)
    assert accepted > 30, "hardly anything was taken, so nothing is shown"


def _taken(client: httpx2.Client, path: str, body: dict[str, Any]) -> bool:
    answer = client.post(path, json=body)
    assert answer.status_code < 500, (path, answer.text)
    return answer.status_code < 300


def _talk(client: httpx2.Client) -> None:
    """A turn for each of some families, with all its strings in it."""
    for family in ("tags", "markdown", "templates", "unicode", "headers"):
        message = "\n".join(FAMILIES[family])[:7_900]
        with client.stream("POST", "/v1/chat", json={"message": message, "warehouse": WAREHOUSE}) as answer:
            assert answer.status_code in (200, 422), answer.status_code
            for _ in answer.iter_lines():
                pass
