"""Every route that changes something leaves an entry in the audit: which, and by whom."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from store.population.mapping import Mapping
from store.workspace import House, Workspace
from tests.api.rest.tenants_planted import COLUMNS, ROWS, Known, bearer, key, plant
from tests.conftest import Clock, silent

# What a route is sent, and the entry that it leaves.
BODIES: dict[str, tuple[dict[str, Any], str]] = {
    "DELETE /v1/exports/{export_id}": ({}, "export.revoked"),
    "POST /v1/destinations": (
        {"name": "other", "url": "s3://bucket", "key": "k", "secret": "s"},
        "destination.added",
    ),
    "DELETE /v1/destinations/{destination}": ({}, "destination.removed"),
    "POST /v1/warehouses/{warehouse}/erasures": ({"person_id": 1}, "person.erased"),
    "POST /v1/warehouses/{warehouse}/outcomes": (
        {"records": [{"unit_id": "1", "outcome": "won", "decided_at": "2026-01-02"}]},
        "outcomes.recorded",
    ),
    "POST /v1/icp-profiles": ({"name": "Another", "industries": ["Software"]}, "profile.create"),
    "PUT /v1/icp-profiles/{icp_profile_id}": ({"name": "Whole", "industries": ["Retail"]}, "profile.change"),
    "PATCH /v1/icp-profiles/{icp_profile_id}": ({"roles": ["CTO"]}, "profile.change"),
    "POST /v1/icp-profiles/{icp_profile_id}/clone": ({"name": "Copy"}, "profile.clone"),
    "POST /v1/icp-profiles/{icp_profile_id}/share": ({}, "profile.share"),
    "POST /v1/icp-profiles/{icp_profile_id}/revisions/{number}/restore": ({}, "profile.restore"),
    "DELETE /v1/icp-profiles/{icp_profile_id}": ({}, "profile.delete"),
    "POST /v1/keys": ({"name": "x", "role": "viewer"}, "key.made"),
    "DELETE /v1/keys/{key_id}": ({}, "key.revoked"),
    "POST /v1/members": ({"email": "a@example.com", "name": "A", "role": "viewer"}, "member.added"),
    "PATCH /v1/members/{member_id}": ({"role": "analyst"}, "member.changed"),
    "DELETE /v1/members/{member_id}": ({}, "member.removed"),
    "PATCH /v1/organisation": ({"name": "New name"}, "organisation.renamed"),
    "POST /v1/webhooks": ({"url": "https://93.184.216.34/other"}, "webhook.added"),
    "PATCH /v1/webhooks/{webhook_id}": ({"description": "new"}, "webhook.changed"),
    "POST /v1/webhooks/{webhook_id}/rotate-secret": ({}, "webhook.rotated"),
    "POST /v1/webhooks/{webhook_id}/replay-dead": ({}, "webhook.replayed"),
    "DELETE /v1/webhooks/{webhook_id}": ({}, "webhook.removed"),
    "POST /v1/schedules": ({}, "schedule.added"),
    "PATCH /v1/schedules/{schedule_id}": ({"at": "09:00"}, "schedule.changed"),
    "POST /v1/schedules/{schedule_id}/run": ({}, "schedule.run"),
    "DELETE /v1/schedules/{schedule_id}": ({}, "schedule.removed"),
    "POST /v1/recipients": ({"address": "other@example.com"}, "recipient.added"),
    "PATCH /v1/recipients/{recipient_id}": ({"status": "active"}, "recipient.changed"),
    "DELETE /v1/recipients/{recipient_id}": ({}, "recipient.removed"),
    "POST /v1/standing-audiences": (
        {"name": "Another", "expression": "{expression}"},
        "standing.kept",
    ),
    "POST /v1/standing-audiences/{standing_id}/refresh": ({"mode": "yes"}, "standing.synced"),
    "POST /v1/standing-audiences/{standing_id}/pause": ({}, "standing.paused"),
    "POST /v1/standing-audiences/{standing_id}/resume": ({}, "standing.resumed"),
    "DELETE /v1/standing-audiences/{standing_id}": ({}, "standing.removed"),
    "POST /v1/feedback/{feedback_id}/decision": ({"decision": "accept"}, "feedback.accepted"),
    "POST /v1/corrections/splits": ({"person_id": "{other_person}", "which": "email1"}, "match.split"),
    "POST /v1/corrections/merges": (
        {"person_id": "{person}", "other_person_id": "{other_person}"},
        "match.merged",
    ),
    "POST /v1/corrections/{correction_id}/undo": ({}, "match.undone"),
}
IN_WAREHOUSE = ("/v1/schedules", "/v1/standing-audiences", "/v1/corrections")  # `?warehouse=us`
TOOLS = {  # tools that change what was there, with what they are given
    "create_icp_profile": ({"name": "By a tool", "industries": ["Software"]}, "profile.create"),
    "clone_icp_profile": ({"icp_profile": "{icp_profile_id}", "name": "Tool's copy"}, "profile.clone"),
    "share_icp_profile": ({"icp_profile": "{icp_profile_id}"}, "profile.share"),
    "update_icp_profile": (
        {"icp_profile": "{icp_profile_id}", "revision": 2, "changes": {"roles": ["CFO"]}},
        "profile.change",
    ),
    "restore_icp_profile": (
        {"icp_profile": "{icp_profile_id}", "revision": 3, "number": 1},
        "profile.restore",
    ),
    "delete_icp_profile": ({"icp_profile": "{icp_profile_id}", "revision": 4}, "profile.delete"),
    "schedule_briefing": ({"name": "By a tool", "at": "10:00"}, "schedule.added"),
    "remove_schedule": ({"schedule_id": "{schedule_id}"}, "schedule.removed"),
    "keep_audience": ({"name": "By a tool", "expression": "{expression}"}, "standing.kept"),
    "refresh_standing": ({"mode": "yes", "names": ["By a tool"], "rescore": False}, "standing.synced"),
    "decide_feedback": ({"feedback_id": "{feedback_id}", "decision": "accept"}, "feedback.accepted"),
    "split_match": ({"person_id": "{other_person}", "which": "email1"}, "match.split"),
    "merge_persons": ({"person_id": "{person}", "other_person_id": "{other_person}"}, "match.merged"),
    "undo_correction": ({"correction_id": "{correction_id}"}, "match.undone"),
}
WITHOUT = {
    "POST /v1/jobs": "the job is a record of its own, with who asked",
    "POST /v1/jobs/{run_id}/cancel": "it is in the job's record",
    "POST /v1/jobs/{run_id}/approve": "it is in the job's record; what is written then has an entry",
    "POST /v1/jobs/{run_id}/resume": "it is in the job's record",
    "POST /v1/chat/plan": "nothing is changed",
    "POST /v1/chat": "the conversation is kept; what it changes is done by tools",
    "PUT /v1/chat/{conversation_id}/plan": "tested with the conversations: it needs a plan that waits",
    "POST /v1/chat/{conversation_id}/turns/{number}/cancel": "it is in the turn's record",
    "POST /v1/warehouses/{warehouse}/icp-score": "nothing is changed",
    "POST /v1/icp-profiles/propose": "nothing is saved",
    "POST /v1/icp-profiles/{icp_profile_id}/score": "nothing is changed; a file has an entry",
    "POST /v1/webhooks/{webhook_id}/test": "a message that tells nothing, in the list of deliveries",
    "POST /v1/webhook-deliveries/{delivery_id}/replay": "tested with the webhooks: it needs a dead message",
    "POST /v1/destinations/{destination}/test": "tested with the destinations: a bucket needs a server",
    "POST /v1/sign-in": "tested with the members: it needs a password",
    "POST /v1/sign-out": "tested with the members: it needs a sign-in",
    "POST /v1/me/password": "tested with the members: it needs a password",
    "POST /v1/standing-audiences/refresh": "each audience that changed has an entry, and so have the tiers",
    "POST /v1/deliveries/bounces": "tested with the recipients: it needs a mail that came back",
    "POST /v1/deliveries/{delivery_id}/retry": "tested with the recipients: it needs one that did not arrive",
    "POST /v1/runs/{run_id}/replay": "nothing is changed",
}


@pytest.fixture
def planted(
    us: Workspace, served: TestClient, clock: Clock, golf_hash: str
) -> tuple[TestClient, Known, str, Callable[[], None]]:
    """A house with one of everything, a warehouse `own` of two people, and an admin's key."""
    house: House = served.app.state.house  # type: ignore[attr-defined]  # the application's own state
    secret = key(house)[1]
    file = us.home.parent / "own.csv"
    file.write_text(ROWS)
    mapping = Mapping.model_validate({"columns": COLUMNS})
    house.workspace("own").warehouse.load([file], mapping, house.now(), progress=silent, processes=1)
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    (shard,) = us.population.shards
    people = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:120]]
    known = plant(served, secret, people, golf_hash)
    known.ids |= {"warehouse": "own", "number": "1", "expression": golf_hash}
    known.ids |= {"person": str(people[2]), "other_person": str(people[3])}
    return served, known, secret, lambda: clock.advance(seconds=1)


def changing(client: TestClient) -> list[str]:
    """Every route that is not only asked, but for the tools: those that take away at the end."""
    paths = client.app.openapi()["paths"]  # type: ignore[attr-defined]  # FastAPI's
    found = [
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods
        if method != "get" and not path.startswith("/v1/tools/")
    ]
    return sorted(found, key=lambda route: (route.startswith("DELETE"), route.endswith("/restore")))


def newest_entry(client: TestClient, secret: str) -> dict[str, Any]:
    return client.get("/v1/audit", params={"limit": 1}, headers=bearer(secret)).json()["items"][0]


def test_every_route_that_changes_something_leaves_one_entry(planted) -> None:
    client, known, secret, later = planted
    wrong, missing = [], []
    for route in changing(client):
        if route in WITHOUT:
            continue
        if route not in BODIES:
            missing.append(route)
            continue
        later()
        body, action = BODIES[route]
        method, path = route.split(" ")
        headers = bearer(secret) | {"If-Match": "*"}
        count = entries(client, secret)
        answer = client.request(
            method,
            path.format(**known.ids),
            json=given(body, known),
            headers=headers,
            params={"warehouse": "us"} if path.startswith(IN_WAREHOUSE) else {},
        )
        entry = newest_entry(client, secret)
        added = entries(client, secret) - count
        is_whole = entry["action"] == action and entry["actor"].startswith("key_") and entry["about"]
        if answer.status_code >= 300 or not is_whole or not 1 <= added <= 2:
            wrong.append((route, answer.status_code, entry["action"], added, answer.text[:200]))
    assert not missing
    assert not wrong


def given(body: dict[str, Any], known: Known) -> dict[str, Any]:
    """The body with the ids of what was planted."""
    return {
        field: value.format(**known.ids) if isinstance(value, str) else value for field, value in body.items()
    }


def entries(client: TestClient, secret: str) -> int:
    return len(client.get("/v1/audit", params={"limit": 200}, headers=bearer(secret)).json()["items"])


def test_every_tool_that_changes_something_leaves_one_entry_whatever_the_door(planted) -> None:
    client, known, secret, later = planted
    for name, (arguments, action) in TOOLS.items():
        later()
        count = entries(client, secret)
        where = "own" if "icp_profile" in name else "us"
        answer = client.post(
            f"/v1/tools/{name}?warehouse={where}", json=given(arguments, known), headers=bearer(secret)
        )
        assert answer.status_code == 200, (name, answer.text)
        entry = newest_entry(client, secret)
        assert (entry["action"], entries(client, secret) - count) == (action, 1), name


def test_what_needs_no_entry_is_a_route_that_there_is(planted) -> None:
    client = planted[0]
    assert set(WITHOUT) <= set(changing(client))
