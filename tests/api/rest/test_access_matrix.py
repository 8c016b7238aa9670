"""Every route and every tool, against everybody who may come: who is let in, and what they may learn."""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from agent import CATALOGUE
from api.app import application
from api.settings import Settings
from store.access import SCOPES, SCOPES_OF, Scope
from store.population.mapping import Mapping
from store.records.access.organisations import Organisation, keep_organisation
from store.workspace import House, Workspace
from tests.api.rest.tenants_planted import (
    BASE,
    COLUMNS,
    MARKER,
    OTHER,
    ROWS,
    Known,
    bearer,
    key,
    plant,
    revoked_key,
    told,
)
from tests.conftest import Clock, silent

# Which scopes each route needs, written out here so that a slip in the routes shows. A tool needs its own.
NEEDS: dict[str, str] = {
    "GET /v1/tools": "read",
    "POST /v1/jobs": "run",
    "GET /v1/jobs": "read",
    "GET /v1/jobs/{run_id}": "read",
    "GET /v1/jobs/{run_id}/result": "read",
    "GET /v1/jobs/{run_id}/events": "read",
    "POST /v1/jobs/{run_id}/cancel": "run",
    "POST /v1/jobs/{run_id}/approve": "run",
    "POST /v1/jobs/{run_id}/resume": "run",
    "POST /v1/chat/plan": "read",
    "POST /v1/chat": "people run",
    "GET /v1/chat": "people",
    "GET /v1/chat/{conversation_id}": "people",
    "GET /v1/chat/{conversation_id}/turns/{number}/events": "people",
    "POST /v1/chat/{conversation_id}/turns/{number}/cancel": "people run",
    "PUT /v1/chat/{conversation_id}/plan": "people run",
    "GET /v1/exports": "people",
    "DELETE /v1/exports/{export_id}": "people run",
    "POST /v1/warehouses/{warehouse}/erasures": "admin",
    "GET /v1/warehouses/{warehouse}/erasures": "admin",
    "GET /v1/warehouses": "read",
    "GET /v1/warehouses/{warehouse}": "read",
    "GET /v1/warehouses/{warehouse}/snapshots": "read",
    "GET /v1/warehouses/{warehouse}/analyses": "read",
    "GET /v1/warehouses/{warehouse}/outcomes": "read",
    "POST /v1/warehouses/{warehouse}/outcomes": "run",
    "GET /v1/warehouses/{warehouse}/icp-analysis": "run",
    "POST /v1/warehouses/{warehouse}/icp-score": "run",
    "GET /v1/analyses": "read",
    "GET /v1/analyses/{analysis_id}": "read",
    "GET /v1/analyses/{analysis_id}/report": "read",
    "GET /v1/audiences": "read",
    "GET /v1/audiences/{audience_id}": "people",
    "GET /v1/briefings": "read",
    "GET /v1/briefings/{briefing_id}": "read",
    "GET /v1/feedback": "people",
    "GET /v1/feedback/{feedback_id}": "people",
    "POST /v1/feedback/{feedback_id}/decision": "people run",
    "GET /v1/corrections": "people",
    "POST /v1/corrections/splits": "people run",
    "POST /v1/corrections/merges": "people run",
    "POST /v1/corrections/{correction_id}/undo": "people run",
    "GET /v1/schedules": "read",
    "POST /v1/schedules": "run",
    "GET /v1/schedules/{schedule_id}": "read",
    "PATCH /v1/schedules/{schedule_id}": "run",
    "DELETE /v1/schedules/{schedule_id}": "run",
    "POST /v1/schedules/{schedule_id}/run": "run",
    "GET /v1/schedules/{schedule_id}/slots": "read",
    "GET /v1/recipients": "read",
    "POST /v1/recipients": "run",
    "GET /v1/recipients/{recipient_id}": "read",
    "PATCH /v1/recipients/{recipient_id}": "admin",
    "DELETE /v1/recipients/{recipient_id}": "admin",
    "GET /v1/deliveries": "read",
    "GET /v1/briefings/{briefing_id}/deliveries": "read",
    "POST /v1/deliveries/bounces": "admin",
    "POST /v1/deliveries/{delivery_id}/retry": "admin",
    "GET /v1/standing-audiences": "read",
    "POST /v1/standing-audiences": "people run",
    "POST /v1/standing-audiences/refresh": "people run",
    "GET /v1/standing-audiences/{standing_id}": "read",
    "DELETE /v1/standing-audiences/{standing_id}": "people run",
    "GET /v1/standing-audiences/{standing_id}/changes": "read",
    "POST /v1/standing-audiences/{standing_id}/refresh": "people run",
    "POST /v1/standing-audiences/{standing_id}/pause": "run",
    "POST /v1/standing-audiences/{standing_id}/resume": "run",
    "GET /v1/runs/compare": "read",
    "GET /v1/runs/{run_id}/recipe": "read",
    "POST /v1/runs/{run_id}/replay": "run",
    "GET /v1/traces/{workflow_id}": "read",
    "GET /v1/usage": "read",
    "GET /v1/icp-profiles": "read",
    "POST /v1/icp-profiles": "run",
    "POST /v1/icp-profiles/propose": "run",
    "GET /v1/icp-profiles/{icp_profile_id}": "read",
    "PUT /v1/icp-profiles/{icp_profile_id}": "run",
    "PATCH /v1/icp-profiles/{icp_profile_id}": "run",
    "DELETE /v1/icp-profiles/{icp_profile_id}": "run",
    "POST /v1/icp-profiles/{icp_profile_id}/clone": "run",
    "POST /v1/icp-profiles/{icp_profile_id}/share": "run",
    "POST /v1/icp-profiles/{icp_profile_id}/score": "people run",
    "GET /v1/icp-profiles/{icp_profile_id}/revisions": "read",
    "GET /v1/icp-profiles/{icp_profile_id}/revisions/{number}": "read",
    "POST /v1/icp-profiles/{icp_profile_id}/revisions/{number}/restore": "run",
    "GET /v1/icp-profiles/{icp_profile_id}/compare": "read",
    "GET /v1/organisation": "read",
    "PATCH /v1/organisation": "admin",
    "GET /v1/me": "read",
    "POST /v1/me/password": "read",
    "POST /v1/sign-out": "read",
}
ADMINS = (
    *("/v1/keys", "/v1/members", "/v1/audit", "/v1/webhooks", "/v1/webhook-deliveries"),
    "/v1/destinations",
)
# Whoever they are: what is alive, what the API is, the way in, and a link that is its own credential.
OPEN = {
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",  # has a rule of its own
    "GET /v1/exports/{name}",
    "POST /v1/sign-in",
    "GET /v1/sign-in/oidc",
    "GET /v1/sign-in/oidc/callback",
}
NOBODYS = 401
Property = Callable[[str, object], None]
Cell = tuple[str, str, str]  # route, method, path


class Tenants:
    """The house of two organisations, its door, and the keys to it."""

    def __init__(self, client: TestClient, house: House, clock: Clock, us: Workspace) -> None:
        self.client, self.house = client, house
        self.other = house.of(OTHER)
        keep_organisation(
            house.everywhere, Organisation(organisation_id=OTHER, name=OTHER, created_at=house.now())
        )
        self._load_other()
        self.admin, self.others = key(house)[1], key(self.other)[1]
        self.keys = {role: key(house, role)[1] for role in SCOPES_OF}
        self.narrow = {scope: key(house, "admin", (scope,))[1] for scope in SCOPES}
        over = key(house, "admin", expires_at=clock() + timedelta(seconds=1))[1]
        clock.advance(seconds=2)
        self.strangers: dict[str, dict[str, str]] = {
            "no key": {},
            "unknown": bearer("sk_live_" + "A" * 43),
            "malformed": bearer("sk_live_x"),
            "not a key": {"Authorization": "Basic eDp5"},
            "revoked": bearer(revoked_key(house)),
            "expired": bearer(over),
        }
        golf = us.population.catalogue.valued("interested_golf", "Yes")
        assert golf is not None
        (shard,) = us.population.shards
        self.people = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:120]]
        self.expression = golf.cluster_hash

    def _load_other(self) -> None:
        file = self.house.home.parent / "own.csv"
        file.write_text(ROWS)
        workspace = self.other.workspace("own")
        mapping = Mapping.model_validate({"columns": COLUMNS})
        workspace.warehouse.load([file], mapping, self.house.now(), progress=silent, processes=1)

    def planted(self) -> Known:
        return plant(self.client, self.admin, self.people, self.expression)


@pytest.fixture
def tenants(us: Workspace, clock: Clock) -> Iterator[Tenants]:
    """A house that wants a credential of everybody, with two organisations in it."""
    house = House(us.home, base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))
    settings = Settings(home=us.home, auth="required", requests_per_minute=0)
    with TestClient(application(settings, house), base_url=BASE, raise_server_exceptions=False) as client:
        yield Tenants(client, house, clock, us)


def cells(client: TestClient) -> list[Cell]:
    """Every route of the API with its method and its path."""
    paths = client.app.openapi()["paths"]  # type: ignore[attr-defined]  # FastAPI's
    return [(f"{method.upper()} {path}", method.upper(), path) for path in paths for method in paths[path]]


def needs(route: str, path: str) -> set[Scope]:
    """The scopes that a route needs."""
    if path.startswith("/v1/tools/"):
        (tool,) = [each for each in CATALOGUE if each.name == path.removeprefix("/v1/tools/")]
        return set(tool.needs)
    if path.startswith(ADMINS):
        return {"admin"}
    assert route in NEEDS, f"{route} is not in the table of what each route needs"
    return set(NEEDS[route].split())  # type: ignore[return-value]  # they are scopes


def filled(path: str, ids: dict[str, str] | None = None) -> str:
    """The path with these ids, and with what is nobody's in the place of others."""
    return re.sub(r"\{(\w+)\}", lambda named: (ids or {}).get(named[1], "1"), path)


def guarded(client: TestClient) -> list[Cell]:
    return [cell for cell in cells(client) if cell[0] not in OPEN]


def test_nobody_is_let_in_without_a_key_that_counts(tenants: Tenants, record_property: Property) -> None:
    asked = guarded(tenants.client)
    wrong = []
    for name, headers in tenants.strangers.items():
        for route, method, path in asked:
            answer = tenants.client.request(method, filled(path), headers=headers, json={})
            if answer.status_code != NOBODYS or answer.headers.get("www-authenticate", "")[:6] != "Bearer":
                wrong.append((name, route, answer.status_code))
    assert not wrong
    assert len(asked) * len(tenants.strangers) > 400
    record_property("cells", len(asked) * len(tenants.strangers))


def test_each_key_may_what_its_scopes_say_and_no_more(tenants: Tenants, record_property: Property) -> None:
    everybody = {role: (SCOPES_OF[role], secret) for role, secret in tenants.keys.items()}
    everybody |= {f"only {scope}": (frozenset({scope}), secret) for scope, secret in tenants.narrow.items()}
    wrong, asked = [], 0
    for name, (scopes, secret) in everybody.items():
        for route, method, path in guarded(tenants.client):
            if path.endswith("/events") or path == "/v1/sign-out":
                continue  # a stream; and what ends a sign-in
            answer = tenants.client.request(method, filled(path), headers=bearer(secret), json={})
            may, asked = scopes >= needs(route, path), asked + 1
            # Or it is let in, and may not give away what it does not have.
            refused = answer.status_code == 403 and "This needs the scope" in answer.text
            if refused is may or answer.status_code in (401, 500):
                wrong.append((name, route, answer.status_code))
    assert not wrong
    record_property("cells", asked)


def test_what_is_anothers_reads_like_what_never_was(tenants: Tenants, record_property: Property) -> None:
    known, headers = tenants.planted(), bearer(tenants.others)
    compared, wrong = 0, []
    for route, method, path in guarded(tenants.client):
        names = re.findall(r"\{(\w+)\}", path)
        if not names or names[0] not in known.ids:
            assert not names or names[0] in ("number",), f"{route}: nothing of {names} was planted"
            continue
        strange = {name: known.unknown(name) for name in names if name in known.ids}
        for body in ({}, _fitting(path, tenants)):
            sent: dict[str, Any] = {"headers": headers, "json": body, "params": _where(path)}
            theirs = tenants.client.request(method, filled(path, known.ids), **sent)
            nobodys = tenants.client.request(method, filled(path, strange), **sent)
            compared += 1
            here, there = _same_words(theirs, known.ids), _same_words(nobodys, strange)
            if here != there or theirs.status_code >= 500 or MARKER in theirs.text:
                wrong.append((route, theirs.status_code, nobodys.status_code, theirs.text[:200]))
    assert not wrong
    assert compared > 40
    record_property("cells", compared)


def _where(path: str) -> dict[str, str]:
    """The warehouse of who asks, where a route wants one beside what is named."""
    return {"warehouse": "own"} if path.startswith("/v1/standing-audiences") else {}


def _same_words(answer: Any, ids: dict[str, str]) -> tuple[int, Any]:
    content = answer.content
    for each in ids.values():  # a name that was given is said back
        content = re.sub(rb"\b%s\b" % re.escape(each.encode()), b"*", content)
    headers = {name: answer.headers.get(name) for name in ("content-type", "etag", "location", "allow")}
    return answer.status_code, (told(content), headers)


def _fitting(path: str, tenants: Tenants) -> dict[str, Any]:
    """A body that such a route takes, so that it gets as far as looking for what is named."""
    if path.endswith("/approve"):
        return {"approved": True}
    if "/members/" in path or path.endswith("/clone"):
        return {"name": "new"}
    if path.endswith("/outcomes"):
        return {"records": [{"unit_id": "1", "outcome": "won", "decided_at": "2026-01-02"}]}
    if path.endswith("/icp-score"):
        return {"features": {"country": "Germany"}}
    return {"description": "new"}


TAKES: list[tuple[str, str, Callable[[str], dict[str, Any]]]] = [
    ("generate_audience", "analysis_id", lambda known: {"analysis_id": known}),
    ("generate_audience", "icp_profile_id", lambda known: {"icp_profile_id": known}),
    ("find_persons", "analysis_id", lambda known: {"expression": "a", "icp_profile_id": known}),
    ("score_leads", "analysis_id", lambda known: {"rows": [{"city": "Austin"}], "analysis_id": known}),
    ("score_leads", "icp_profile_id", lambda known: {"rows": [{"city": "Austin"}], "icp_profiles": [known]}),
    ("compare_analyses", "analysis_id", lambda known: {"before": known, "after": known}),
    ("run_briefing", "analysis_id", lambda known: {"icp_profile": known}),
    ("explain", "analysis_id", lambda known: {"about": "finding", "subject": "golf", "analysis_id": known}),
    ("keep_audience", "audience_id", lambda known: {"name": "Kept", "audience_id": known}),
    ("keep_audience", "analysis_id", lambda known: {"name": "Kept", "analysis_id": known}),
    ("refresh_standing", "standing_id", lambda known: {"names": [known]}),
    ("schedule_briefing", "schedule_id", lambda known: {"schedule_id": known}),
    ("schedule_briefing", "analysis_id", lambda known: {"icp_profile": known}),
    ("schedule_briefing", "recipient_id", lambda known: {"recipients": [known]}),
    ("remove_schedule", "schedule_id", lambda known: {"schedule_id": known}),
    ("run_briefing", "schedule_id", lambda known: {"send": True, "schedule_id": known}),
    ("list_feedback", "feedback_id", lambda known: {"feedback_id": known}),
    ("decide_feedback", "feedback_id", lambda known: {"feedback_id": known, "decision": "accept"}),
    ("undo_correction", "correction_id", lambda known: {"correction_id": known}),
    ("split_match", "feedback_id", lambda known: {"feedback_id": known}),
    ("submit_feedback", "workflow_id", lambda known: {"workflow_id": known, "kind": "other", "message": "x"}),
]


def test_a_tool_given_anothers_id_answers_as_for_one_that_never_was(tenants: Tenants) -> None:
    known, headers = tenants.planted(), bearer(tenants.others)
    wrong = []
    for tool, name, arguments in TAKES:
        answers = []
        for given in (known.ids[name], known.unknown(name)):
            path = f"/v1/tools/{tool}?warehouse=own"
            answers.append(tenants.client.post(path, json=arguments(given), headers=headers))
        here, there = (
            _same_words(each, {"it": given})
            for each, given in zip(answers, (known.ids[name], known.unknown(name)), strict=True)
        )
        if here != there or MARKER in answers[0].text or answers[0].status_code >= 500:
            wrong.append((tool, here, there))
    assert not wrong


def test_every_tool_refuses_anothers_warehouse_as_one_that_never_was(tenants: Tenants) -> None:
    headers = bearer(tenants.others)
    for tool in CATALOGUE:
        answers = [
            tenants.client.post(f"/v1/tools/{tool.name}?warehouse={name}", json={}, headers=headers)
            for name in ("us", "zz")
        ]
        assert (
            len({(each.status_code, each.text.replace("us", "").replace("zz", "")) for each in answers}) == 1
        )
        assert answers[0].status_code in (404, 422), (tool.name, answers[0].text)


def test_no_list_of_another_holds_anything_planted(tenants: Tenants) -> None:
    known, mine = tenants.planted(), bearer(tenants.admin)
    lists = [path for route, method, path in guarded(tenants.client) if method == "GET" and "{" not in path]
    lists.remove("/v1/runs/compare")  # of two runs that are named: asked below
    seen_by_owner = 0
    for path in lists:
        whole = {"limit": 200} if path not in ("/v1/tools", "/v1/me", "/v1/organisation", "/v1/usage") else {}
        theirs = tenants.client.get(path, headers=bearer(tenants.others), params=whole | _where(path))
        of_ours = {"warehouse": "us"} if _where(path) else {}
        ours = tenants.client.get(path, headers=mine, params=whole | of_ours)
        assert theirs.status_code == ours.status_code == 200, (path, theirs.text)
        ids = [each for each in known.ids.values() if len(each) > 10]
        assert not [each for each in (MARKER, *ids) if each in theirs.text], path
        seen_by_owner += any(each in ours.text for each in (MARKER, *ids))
    assert seen_by_owner >= 10  # or nothing was planted


@pytest.mark.parametrize("route", ["GET {}/recipe", "POST {}/replay", "GET compare?before={}&after={}"])
def test_a_run_of_another_reads_like_one_that_never_was(tenants: Tenants, route: str) -> None:
    known, headers = tenants.planted(), bearer(tenants.others)
    method, path = route.split(" ")
    answers = []
    for given in (known.ids["analysis_id"], known.unknown("analysis_id")):
        answer = tenants.client.request(method, f"/v1/runs/{path.format(given, given)}", headers=headers)
        assert answer.status_code == 404
        assert MARKER not in answer.text
        answers.append(_same_words(answer, {"it": given}))
    assert answers[0] == answers[1]


def test_a_private_profile_is_nothing_to_a_colleague(tenants: Tenants) -> None:
    known = tenants.planted()
    headers = bearer(tenants.keys["admin"])
    checked = 0
    for route, method, path in guarded(tenants.client):
        if "{icp_profile_id}" not in path:
            continue
        ids = {"icp_profile_id": known.ids["icp_profile_id"]}
        strange = {"icp_profile_id": known.unknown("icp_profile_id")}
        answers = [
            tenants.client.request(
                method, filled(path, each), headers=headers | {"If-Match": '"r1"'}, json={}
            )
            for each in (ids, strange)
        ]
        assert _same_words(answers[0], ids) == _same_words(answers[1], strange), route
        assert MARKER not in answers[0].text
        checked += 1
    assert checked >= 8


@pytest.mark.parametrize("name", ["key_id", "member_id", "webhook_id", "icp_profile_id", "schedule_id"])
def test_what_was_deleted_reads_like_what_never_was(tenants: Tenants, name: str) -> None:
    known, headers = tenants.planted(), bearer(tenants.admin) | {"If-Match": '"r1"'}
    (gone,) = [
        path for _, method, path in cells(tenants.client) if method == "DELETE" and f"{{{name}}}" in path
    ]
    assert tenants.client.delete(filled(gone, known.ids), headers=headers).status_code in (200, 204)
    strange = {name: known.unknown(name)}
    for route, method, path in guarded(tenants.client):
        if f"{{{name}}}" not in path or path.endswith("/revisions"):
            continue
        answers = [
            tenants.client.request(method, filled(path, each), headers=headers, json={"name": "new"})
            for each in ({name: known.ids[name]}, strange)
        ]
        here, there = (_same_words(a, i) for a, i in zip(answers, (known.ids, strange), strict=True))
        # Revoking twice does nothing twice.
        assert here == there or (name == "key_id" and answers[0].status_code == 204), route


def mcp(client: TestClient, secret: str, method: str, params: dict[str, Any]) -> Any:
    body = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
    return client.post("/mcp", json=body, headers=bearer(secret))


def test_over_mcp_each_key_may_what_its_scopes_say(tenants: Tenants) -> None:
    everybody = {name: (SCOPES_OF[name], secret) for name, secret in tenants.keys.items()}
    everybody |= {f"only {scope}": (frozenset({scope}), secret) for scope, secret in tenants.narrow.items()}
    for name, (scopes, secret) in everybody.items():
        listed = mcp(tenants.client, secret, "tools/list", {}).json()["result"]["tools"]
        assert {each["name"] for each in listed} == {t.name for t in CATALOGUE if scopes >= t.needs}, name
        for tool in CATALOGUE:
            answer = mcp(
                tenants.client, secret, "tools/call", {"name": tool.name, "arguments": {"warehouse": "zz"}}
            )
            assert answer.status_code == 200
            said = orjson.dumps(answer.json()).decode()
            assert ("This needs the scope" in said) is not (scopes >= tool.needs), (
                name,
                tool.name,
                said[:300],
            )
    for name, headers in tenants.strangers.items():
        body = {"jsonrpc": "2.0", "method": "tools/list", "params": {}, "id": 1}
        answer = tenants.client.post("/mcp", json=body, headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (NOBODYS, "Bearer"), name


def test_over_mcp_nothing_of_another_is_found(tenants: Tenants) -> None:
    known = tenants.planted()
    for tool, name, arguments in TAKES:
        answers = [
            mcp(
                tenants.client,
                tenants.others,
                "tools/call",
                {"name": tool, "arguments": arguments(given) | {"warehouse": "own"}},
            ).content.replace(given.encode(), b"*")
            for given in (known.ids[name], known.unknown(name))
        ]
        if tool == "submit_feedback":  # it answers with ids of its own
            continue
        assert told(answers[0]) == told(answers[1]), tool
        assert MARKER.encode() not in answers[0]
    listed = mcp(tenants.client, tenants.others, "resources/list", {})
    assert not [each for each in known.ids.values() if len(each) > 10 and each in listed.text]
    for uri in ("analyses", "briefings", "icp-profiles"):
        name = {"analyses": "analysis_id", "briefings": "briefing_id", "icp-profiles": "icp_profile_id"}[uri]
        answers = [
            mcp(tenants.client, tenants.others, "resources/read", {"uri": f"fieldmark://{uri}/{given}"})
            for given in (known.ids[name], known.unknown(name))
        ]
        here, there = (
            a.text.replace(i, "*")
            for a, i in zip(answers, (known.ids[name], known.unknown(name)), strict=True)
        )
        assert here == there
        assert MARKER not in here
