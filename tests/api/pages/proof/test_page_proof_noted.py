"""Every form that changes something leaves an entry in the audit, or says here why it needs none."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.pages.rendering import FRAGMENT
from store.workspace import Workspace
from tests.api.pages.proof.page_routes import guarded_routes
from tests.api.rest.tenants_planted import Known, bearer, key, plant
from tests.conftest import Clock

HOOK = "https://93.184.216.34/other"
Sent = dict[str, Any]
# What a form sends, and the entry that it leaves; in this order, so that what is taken away is there before.
FORMS: dict[str, tuple[Sent, str]] = {
    "POST /settings/keys": ({"name": "x", "role": "viewer"}, "key.made"),
    "POST /settings/keys/{key_id}/revoke": ({}, "key.revoked"),
    "POST /settings/members": ({"email": "a@example.com", "name": "A", "role": "viewer"}, "member.added"),
    "POST /settings/members/{member_id}": ({"role": "analyst", "name": "B"}, "member.changed"),
    "POST /settings/members/{member_id}/disable": ({}, "member.changed"),
    "POST /settings/members/{member_id}/enable": ({}, "member.changed"),
    "POST /settings/members/{member_id}/remove": ({}, "member.removed"),
    "POST /settings/destinations": (
        {"name": "other", "url": "s3://bucket", "key": "k", "secret": "s"},
        "destination.added",
    ),
    "POST /settings/destinations/{name}/remove": ({}, "destination.removed"),
    "POST /settings/webhooks": ({"url": HOOK, "events": "job.done"}, "webhook.added"),
    "POST /settings/webhooks/{webhook_id}": ({"url": HOOK, "events": "job.done"}, "webhook.changed"),
    "POST /settings/webhooks/{webhook_id}/disable": ({}, "webhook.changed"),
    "POST /settings/webhooks/{webhook_id}/enable": ({}, "webhook.changed"),
    "POST /settings/webhooks/{webhook_id}/rotate": ({}, "webhook.rotated"),
    "POST /settings/webhooks/{webhook_id}/replay-dead": ({}, "webhook.replayed"),
    "POST /settings/webhooks/{webhook_id}/remove": ({}, "webhook.removed"),
    "POST /settings/warehouses/{name}/snapshots/{snapshot_id}/use": ({}, "snapshot.used"),
    "POST /audiences/{audience_id}/exports/{export_id}/revoke": ({}, "export.revoked"),
    "POST /profiles/{profile_id}/share": ({"visibility": "shared"}, "profile.share"),
    "POST /profiles/{profile_id}/clone": ({"name": "Copy"}, "profile.clone"),
    "POST /profiles/{profile_id}/delete": ({"revision": "{revision}"}, "profile.delete"),
    "POST /settings/feedback/{feedback_id}/accept": ({}, "feedback.accepted"),
    "POST /settings/feedback/{feedback_id}/reopen": ({}, "feedback.reopened"),
    "POST /settings/feedback/{feedback_id}/decline": ({"reason": "As it is."}, "feedback.declined"),
    "POST /settings/matches/{correction_id}/undo": ({}, "match.undone"),
    "POST /settings/matches/split": (
        {"warehouse": "us", "person": "{person_id}", "which": "email1"},
        "match.split",
    ),
    "POST /settings/matches/merge": (
        {"warehouse": "us", "person": "{person_id}", "other": "{other_person_id}"},
        "match.merged",
    ),
    "POST /audiences/{audience_id}/standing": ({"name": "Another"}, "standing.kept"),
    "POST /audiences/standing/refresh": (
        {"warehouse": "us", "standing": "{standing_id}", "yes": "yes"},
        "standing.synced",
    ),
    "POST /audiences/standing/{standing_id}/pause": ({}, "standing.paused"),
    "POST /audiences/standing/{standing_id}/resume": ({}, "standing.resumed"),
    "POST /audiences/standing/{standing_id}/remove": ({}, "standing.removed"),
    "POST /settings/privacy/erase": (
        {"warehouse": "us", "kind": "person_id", "values": "{person_id}"},
        "person.erased",
    ),
    "POST /outcomes/example": ({}, "outcomes.recorded"),
    "POST /briefings/recipients": ({"address": "new@example.com"}, "recipient.added"),
    "POST /briefings/schedules": ({"timezone": "UTC"}, "schedule.added"),
}
NOTHING_CHANGED = "nothing of the house is changed"
BY_HAND = "tested with its screen: it needs what a form of the screen makes"
IN_ITS_RECORD = "the job or the turn is a record of its own, with who asked"
WAITS = "a file that waits, and is swept; what is done with it has an entry"
WITHOUT = {
    "POST /sign-out": "tested with the members: it needs a sign-in",
    "POST /settings/account/password": "tested with the members: it needs a sign-in",
    "POST /settings/account/sign-out-elsewhere": "tested with the members: it needs a sign-in",
    "POST /warehouse": "a cookie of the browser",
    "POST /chat": "the conversation is kept; what it changes is done by tools",
    "POST /chat/{conversation_id}/turns/{number}/cancel": IN_ITS_RECORD,
    "POST /chat/{conversation_id}/turns/{number}/again": IN_ITS_RECORD,
    "POST /chat/{conversation_id}/plan": BY_HAND,
    "POST /uploads": WAITS,
    "POST /uploads/example": WAITS,
    "POST /uploads/column": WAITS,
    "POST /uploads/sheet": WAITS,
    "POST /uploads/remove": WAITS,
    "POST /profiles/lists/look": WAITS,
    "POST /profiles/lists/look/sheet": WAITS,
    "POST /profiles/lists/look/remove": WAITS,
    "POST /outcomes/load": WAITS,
    "POST /outcomes/load/{upload_id}/look": WAITS,
    "POST /outcomes/load/{upload_id}/sheet": WAITS,
    "POST /outcomes/load/{upload_id}/drop": WAITS,
    "POST /outcomes/load/{upload_id}/record": BY_HAND,
    "POST /analyses/{analysis_id}/audience": "an audience is a result of a tool, which is traced",
    "POST /audiences": "an audience is a result of a tool, which is traced",
    "POST /audiences/{audience_id}/export": BY_HAND,
    "POST /settings/privacy/look": NOTHING_CHANGED,
    "POST /settings/matches/look": NOTHING_CHANGED,
    "POST /settings/matches/split/look": NOTHING_CHANGED,
    "POST /settings/matches/merge/look": NOTHING_CHANGED,
    "POST /audiences/standing/refresh/look": NOTHING_CHANGED,
    "POST /settings/destinations/{name}/test": BY_HAND,
    "POST /settings/webhooks/{webhook_id}/test": "a message that tells nothing, in the list of deliveries",
    "POST /settings/webhooks/{webhook_id}/deliveries/{delivery_id}/replay": BY_HAND,
    "POST /profiles/propose": NOTHING_CHANGED,
    "POST /profiles/review": BY_HAND,
    "POST /profiles/lines": NOTHING_CHANGED,
    "POST /profiles/lead": NOTHING_CHANGED,
    "POST /profiles": BY_HAND,
    "POST /profiles/{profile_id}": BY_HAND,
    "POST /profiles/{profile_id}/restore/{number}": BY_HAND,
    "POST /profiles/lists": BY_HAND,
    "POST /profiles/lists/{list_id}/score": IN_ITS_RECORD,
    "POST /profiles/lists/{list_id}/cancel": IN_ITS_RECORD,
    "POST /profiles/lists/{list_id}/delete": BY_HAND,
    "POST /profiles/lists/{list_id}/export": BY_HAND,
    "POST /outcomes/learn": IN_ITS_RECORD,
    "POST /outcomes/jobs/{run_id}/cancel": IN_ITS_RECORD,
    "POST /outcomes/jobs/{run_id}/resume": IN_ITS_RECORD,
    "POST /briefings/run": IN_ITS_RECORD,
    "POST /briefings/schedules/{schedule_id}": BY_HAND,
    "POST /briefings/schedules/{schedule_id}/pause": BY_HAND,
    "POST /briefings/schedules/{schedule_id}/resume": BY_HAND,
    "POST /briefings/schedules/{schedule_id}/run": BY_HAND,
    "POST /briefings/schedules/{schedule_id}/remove": BY_HAND,
    "POST /briefings/subscribe": BY_HAND,
    "POST /briefings/recipients/{recipient_id}/activate": BY_HAND,
    "POST /briefings/recipients/{recipient_id}/remove": BY_HAND,
    "POST /briefings/deliveries/{delivery_id}/retry": BY_HAND,
    "POST /briefings/{briefing_id}/send": BY_HAND,
    "POST /briefings/{briefing_id}/replay": NOTHING_CHANGED,
    "POST /briefings/{briefing_id}/feedback": "what was said is kept by a tool, which is traced",
    "POST /briefings/jobs/{run_id}/cancel": IN_ITS_RECORD,
    "POST /briefings/jobs/{run_id}/resume": IN_ITS_RECORD,
}


@pytest.fixture
def house(us: Workspace, served: TestClient, clock: Clock, golf_hash: str) -> tuple[Known, str]:
    """One of everything, and an admin's key."""
    secret = key(served.app.state.house)[1]  # type: ignore[attr-defined]  # the application's own state
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    (shard,) = us.population.shards
    people = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:120]]
    known = plant(served, secret, people, golf_hash)
    known.ids |= {"profile_id": known.ids["icp_profile_id"], "snapshot_id": us.warehouse.current_id}
    known.ids |= {"person_id": str(people[0]), "other_person_id": str(people[1])}
    return known, secret


def test_every_form_that_changes_something_leaves_one_entry(served, house, clock):
    known, secret = house
    headers = bearer(secret) | {"Accept": "text/html", FRAGMENT: "1"}
    wrong = []
    for route, (form, action) in FORMS.items():
        clock.advance(seconds=1)
        ids = known.ids | {"name": "us" if "snapshots" in route else known.ids["destination"]}
        profile = served.get(f"/v1/icp-profiles/{ids['profile_id']}", headers=bearer(secret)).json()
        ids["revision"] = str(profile.get("revision", ""))
        sent = {
            name: _filled(value, ids) if isinstance(value, str) else value for name, value in form.items()
        }
        before = entries(served, secret)
        answer = served.post(_filled(route.split(" ")[1], ids), data=sent, headers=headers)
        added = entries(served, secret)[: -len(before) or None]
        told = [(each["action"], each["actor"][:4]) for each in added]
        if answer.status_code >= 300 or told != [(action, "key_")] or not added[0]["about"]:
            wrong.append((route, answer.status_code, told, answer.text[:200]))
    assert not wrong, "\n".join(map(str, wrong))


def _filled(text: str, ids: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda named: ids[named[1]], text)


def entries(client: TestClient, secret: str) -> list[dict[str, Any]]:
    return client.get("/v1/audit", params={"limit": 200}, headers=bearer(secret)).json()["items"]


def test_every_form_of_the_pages_is_told_here():
    posts = {route.name for route in guarded_routes() if route.method == "POST"}
    assert sorted(posts ^ (set(FORMS) | set(WITHOUT))) == []
    assert not set(FORMS) & set(WITHOUT)
