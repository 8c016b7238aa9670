"""What is in the house that is fuzzed: one of everything, so that generated cases find something."""

import itertools
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from store.access import Role
from store.records.access.keys import make_key
from store.workspace import House

# The lists, with the field of an item that is the id, and the parameter that takes it.
LISTS = (
    ("/v1/analyses", "analysis_id", "analysis_id"),
    ("/v1/audiences", "id", "audience_id"),
    ("/v1/briefings", "id", "briefing_id"),
    ("/v1/jobs", "run_id", "run_id"),
    ("/v1/chat", "conversation_id", "conversation_id"),
    ("/v1/icp-profiles", "icp_profile_id", "icp_profile_id"),
    ("/v1/keys", "key_id", "key_id"),
    ("/v1/members", "member_id", "member_id"),
    ("/v1/webhooks", "webhook_id", "webhook_id"),
)
TURNS: tuple[Role | None, ...] = ("admin", None, "admin", "analyst", "admin", "viewer")  # None: the owner


def role_keys(home: Path) -> dict[Role, str]:
    """A key of each role to the house in this folder."""
    house = House(home, base_url="", now=lambda: datetime.now(UTC), new_id=lambda: str(uuid.uuid4()))
    try:
        return {role: _key(house, role) for role in ("viewer", "analyst", "admin")}
    finally:
        house.close()


def _key(house: House, role: Role) -> str:
    made = make_key(
        house.database,
        key_id=f"key_{house.new_id()}",
        name=f"Cases of a {role}",
        role=role,
        scopes=None,
        now=house.now(),
        created_by="local",
    )
    return made[1]


def customers_of(home: Path, warehouse: str, many: int = 200) -> list[int]:
    """The ids of some people of a warehouse."""
    house = House(home, base_url="", now=lambda: datetime.now(UTC), new_id=lambda: str(uuid.uuid4()))
    try:
        return [int(each) for each in house.workspace(warehouse).population.shards[0].person_ids[:many]]
    finally:
        house.close()


def planted(client: httpx2.Client, warehouse: str, customers: list[int]) -> dict[str, str]:
    """One of everything, made over HTTP by the owner: the ids by the parameters that take them."""
    known = {"warehouse": warehouse, "number": "1"}

    def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(path, json=body, params={"warehouse": warehouse} if "tools" in path else None)
        return answer.raise_for_status().json()

    found = post("/v1/tools/analyze_customers", {"person_ids": customers})
    known["workflow_id"] = found["workflow_id"]
    (cluster,) = post("/v1/tools/list_clusters", {"limit": 1})["clusters"]
    known["expression"] = known["cluster_hash"] = cluster["cluster_hash"]
    post("/v1/tools/generate_audience", {"expression": known["expression"], "format": "csv"})
    post("/v1/tools/run_briefing", {"icp_profile": found["analysis_id"]})
    job = post("/v1/jobs", {"tool": "help", "warehouse": warehouse})
    post(f"/v1/jobs/{job['run_id']}/cancel", {})  # or its events would never end: nobody works here
    post("/v1/keys", {"name": "Planted", "role": "viewer"})
    post("/v1/members", {"email": "planted@example.com", "name": "Planted", "role": "viewer"})
    hook = post("/v1/webhooks", {"url": "https://93.184.216.34/hook"})
    tried = client.post(f"/v1/webhooks/{hook['webhook_id']}/test").raise_for_status()
    known["delivery_id"] = tried.json()["delivery_id"]
    post("/v1/icp-profiles", {"name": "Planted", "description": "Planted", "industries": ["Software"]})
    with client.stream("POST", "/v1/chat", json={"message": "help", "warehouse": warehouse}) as said:
        for _ in said.iter_lines():
            pass
    return known | listed(client)


def listed(client: httpx2.Client) -> dict[str, str]:
    """The newest id of each list that has one."""
    known = {}
    for path, field, parameter in LISTS:
        items = client.get(path).raise_for_status().json()["items"]
        if items:
            known[parameter] = items[0][field]
    return known


def guided(known: Mapping[str, str], keys: Mapping[Role, str]) -> Callable[[Any], None]:
    """Makes every other case one about what is there, and lets each come as somebody who may come in.

    A credential that was made up would end at the door, once a key has been made.
    """
    numbers = itertools.count()

    def guide(case: Any) -> None:
        number = next(numbers)
        for name in [name for name in case.headers or {} if name.lower() in ("authorization", "cookie")]:
            del case.headers[name]
        if case.cookies:
            case.cookies.clear()
        role = TURNS[number % len(TURNS)]
        if role is not None:
            case.headers["Authorization"] = f"Bearer {keys[role]}"
        # Coprime to the turns of the roles, so that each role asks for what is there and for what is not.
        if number % 7 < 4:
            _point(case, known)

    return guide


def _point(case: Any, known: Mapping[str, str]) -> None:
    for name in re.findall(r"\{(\w+)\}", case.operation.path):
        if name in known and case.path_parameters:
            case.path_parameters[name] = known[name]
    if case.query and "warehouse" in case.query:
        case.query["warehouse"] = known["warehouse"]
    if isinstance(case.body, dict):
        case.body |= {name: known[name] for name, value in case.body.items() if value and name in known}
