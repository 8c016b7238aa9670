"""Two organisations in one house, and one of everything that the first of them can have."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.testclient import TestClient

from store.access import Role, Scope
from store.records.access.keys import ApiKey, make_key, revoke_key
from store.workspace import House

MARKER = "Planted9x7q"  # in every text of the first organisation; no answer to another one may hold it
OTHER = "org_other"
BASE = "http://127.0.0.1:8321"
ROWS = "id,email,city\n1,person1@example.com,Austin\n2,person2@example.com,Austin\n"
COLUMNS = {
    "id": {"kind": "person_id"},
    "email": {"kind": "identifier", "identifier": "email"},
    "city": {"kind": "category"},
}


@dataclass
class Known:
    """The ids of what the first organisation has, by the name of the parameter that takes them."""

    ids: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)  # what could not be made, and why

    def unknown(self, name: str) -> str:
        """An id of the same form that never was anybody's."""
        known = self.ids[name]
        if name == "warehouse":
            return "nowhere"
        head, found, _ = known.partition("_")
        stranger = str(uuid.UUID(int=7))
        return f"{head}_{stranger}" if found and len(known) > 20 else stranger


def key(
    house: House, role: Role = "admin", scopes: tuple[Scope, ...] | None = None, **more: Any
) -> tuple[ApiKey, str]:
    """A key of the organisation of this house, and its secret."""
    return make_key(
        house.database,
        key_id=f"key_{house.new_id()}",
        name=f"A key of a {role}",
        role=role,
        scopes=scopes,
        now=house.now(),
        created_by="local",
        **more,
    )


def revoked_key(house: House) -> str:
    made, secret = key(house)
    revoke_key(house.database, made.key_id, house.now())
    return secret


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def plant(client: TestClient, secret: str, person_ids: list[int], expression: str) -> Known:
    """Make one of everything as somebody who may; the ids of it."""
    known, headers = Known(), bearer(secret)

    def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = client.post(path, json=body, headers=headers)
        assert answer.status_code < 300, (path, answer.text)
        return answer.json()

    tools = "/v1/tools"
    found = post(f"{tools}/analyze_customers?warehouse=us", {"person_ids": person_ids})
    known.ids |= {"analysis_id": found["analysis_id"], "workflow_id": found["workflow_id"], "warehouse": "us"}
    audience = post(f"{tools}/generate_audience?warehouse=us", {"expression": expression, "format": "csv"})
    known.ids["audience_id"] = audience["audience_id"]
    exports = client.get("/v1/exports", headers=headers).json()["items"]
    known.ids["export_id"] = exports[0]["export_id"]
    briefing = post(f"{tools}/run_briefing?warehouse=us", {"icp_profile": found["analysis_id"]})
    known.ids["briefing_id"] = briefing["briefing_id"]
    said = post(
        f"{tools}/submit_feedback?warehouse=us",
        {"workflow_id": found["workflow_id"], "kind": "other", "message": MARKER},
    )
    known.ids["feedback_id"] = said["feedback_id"]
    wrong = {"person_id": person_ids[0], "which": "email1"}
    known.ids["correction_id"] = post("/v1/corrections/splits?warehouse=us", wrong)["correction_id"]
    known.ids["schedule_id"] = post("/v1/schedules?warehouse=us", {"name": MARKER})["schedule_id"]
    known.ids["recipient_id"] = post("/v1/recipients", {"address": f"{MARKER}@example.com"})["recipient_id"]
    kept = post("/v1/standing-audiences?warehouse=us", {"name": MARKER, "expression": expression})
    known.ids["standing_id"] = kept["standing"]["standing_id"]
    job = post("/v1/jobs", {"tool": "help", "arguments": {}, "warehouse": "us"})
    known.ids["run_id"] = job["run_id"]
    known.ids["key_id"] = post("/v1/keys", {"name": MARKER, "role": "viewer"})["key_id"]
    member = post("/v1/members", {"email": f"{MARKER}@example.com", "name": MARKER, "role": "viewer"})
    known.ids["member_id"] = member["member_id"]
    hook = post("/v1/webhooks", {"url": "https://93.184.216.34/hook", "description": MARKER})
    known.ids["webhook_id"] = hook["webhook_id"]
    bucket = {"url": "s3://bucket", "key": "key", "secret": "secret"}
    known.ids["destination"] = post("/v1/destinations", {"name": "bucket_9x7q", **bucket})["name"]
    tested = client.post(f"/v1/webhooks/{hook['webhook_id']}/test", headers=headers)
    known.ids["delivery_id"] = tested.json()["delivery_id"]
    profile = post("/v1/icp-profiles", {"name": MARKER, "description": MARKER, "industries": ["Software"]})
    known.ids["icp_profile_id"] = profile.get("icp_profile_id") or profile["profile"]["icp_profile_id"]
    with client.stream(
        "POST", "/v1/chat", json={"message": f"help {MARKER}", "warehouse": "us"}, headers=headers
    ) as said:
        known.ids["conversation_id"] = said.headers["Fieldmark-Conversation"]
        for _ in said.iter_lines():
            pass
    return known


def told(content: bytes) -> Any:
    """An answer without what differs from request to request, for comparing two of them."""
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        return content
    return _still(answer)


VARIES = {"workflow_id", "tool_trace_id", "created_at", "request_id", "feedback_id", "run_id"}


def _still(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _still(value) for name, value in answer.items() if name not in VARIES}
    return [_still(value) for value in answer] if isinstance(answer, list) else answer
