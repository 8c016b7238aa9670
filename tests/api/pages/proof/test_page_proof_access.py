"""Every route of the pages, against everybody who may come."""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.access.doorkeeper import COOKIE, CSRF_HEADER
from api.app import application
from api.pages.rendering import FRAGMENT, GO
from api.settings import Settings
from store.access import SCOPES, SCOPES_OF
from store.records.access.members import Member, add_member
from store.records.access.passwords import password_hash
from store.scored_lists.kept import KeptList, KeptLists
from store.workspace import House, Workspace
from tests.api.pages.proof.page_routes import UNSUBSCRIBE, PageRoute, guarded_routes, page_routes
from tests.api.rest.tenants_planted import BASE, MARKER, Known, bearer
from tests.api.rest.test_access_matrix import Tenants
from tests.conftest import Clock

BROWSER = {"Accept": "text/html,application/xhtml+xml"}
EMAIL, PASSWORD = "ann@example.com", "correct horse battery"
# Parameters that name something of somebody's; others say which part of it.
IDS = {
    "profile_id",
    "conversation_id",
    "list_id",
    "upload_id",
    "outcome_analysis_id",
    "run_id",
    "analysis_id",
}
IDS |= {"audience_id", "export_id", "briefing_id", "member_id", "key_id", "webhook_id", "delivery_id", "id"}
IDS |= {"workflow_id", "feedback_id", "correction_id", "standing_id", "schedule_id", "recipient_id"}
# What its owner sees, where it was planted.
OWNED = {
    "/analyses/{analysis_id}",
    "/audiences/{audience_id}",
    "/audiences/standing/{standing_id}",
    "/briefings/{briefing_id}",
    "/chat/{conversation_id}",
    "/figures/{kind}/{id}/{key}",
    "/outcomes/load/{upload_id}",
    "/profiles/{profile_id}",
    "/profiles/lists/{list_id}",
    "/settings/feedback/{feedback_id}",
    "/settings/members/{member_id}",
    "/settings/webhooks/{webhook_id}",
}
NOT_PLANTED = {
    "GET /settings/model/calls/{call_id:path}",  # a request to a model, of which tests make none
    "GET /chat/{conversation_id}/turns/{number}/events",  # streams: followed by their own tests
    "GET /outcomes/jobs/{run_id}/events",
    "GET /briefings/jobs/{run_id}/events",
    "GET /briefings/{briefing_id}/deliveries/events",
}
# What would end the sign-in that the test goes on with.
ENDS = {"POST /sign-out"}


@pytest.fixture
def tenants(us: Workspace, clock: Clock) -> Iterator[Tenants]:
    """A house that wants a credential of everybody, with two organisations in it."""
    house = House(us.home, base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))
    settings = Settings(home=us.home, auth="required", requests_per_minute=0)
    with TestClient(application(settings, house), base_url=BASE, raise_server_exceptions=False) as client:
        yield Tenants(client, house, clock, us)


@pytest.fixture
def owned(us: Workspace, clock: Clock) -> Iterator[TestClient]:
    """The house of whoever is on this machine."""
    house = House(us.home, base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))
    app = application(Settings(home=us.home), house)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        yield client


def is_stream(route: PageRoute) -> bool:
    return route.path.endswith("/events")


def ask(client: TestClient, route: PageRoute, headers: Mapping[str, Any], **more: Any) -> Any:
    return client.request(
        route.method, route.filled(more.pop("ids", None)), headers=headers, follow_redirects=False, **more
    )


def test_every_route_says_what_it_needs():
    assert [route.name for route in guarded_routes() if route.needs is None] == []


def test_what_changes_something_is_posted_and_what_is_got_changes_nothing():
    assert {route.method for route in page_routes()} <= {"GET", "POST"}
    assert len({route.name for route in page_routes()}) == len(page_routes())


def test_strangers_are_shown_the_way_in_and_nothing_else(tenants: Tenants):
    wrong = []
    for name, headers in tenants.strangers.items():
        for route in guarded_routes():
            answer = ask(tenants.client, route, BROWSER | headers)
            if answer.status_code != 303 or not answer.headers["location"].startswith("/sign-in?next="):
                wrong.append((name, route.name, answer.status_code))
            fragment = ask(tenants.client, route, BROWSER | headers | {FRAGMENT: "1"})
            if fragment.status_code != 401 or fragment.content or not fragment.headers.get(GO):
                wrong.append((name, route.name, "fragment", fragment.status_code))
    assert wrong == []


def test_each_may_what_their_scopes_say_and_no_more(tenants: Tenants):
    everybody = {role: (SCOPES_OF[role], secret) for role, secret in tenants.keys.items()}
    everybody |= {f"only {scope}": (frozenset({scope}), secret) for scope, secret in tenants.narrow.items()}
    wrong, asked = [], 0
    for name, (scopes, secret) in everybody.items():
        for route in guarded_routes():
            if route.name in ENDS or (is_stream(route) and scopes >= (route.needs or set())):
                continue  # a stream that is let in is followed by its own tests
            answer = ask(tenants.client, route, BROWSER | bearer(secret) | {FRAGMENT: "1"})
            may, asked = scopes >= (route.needs or set()), asked + 1
            refused = answer.status_code == 403 and "This needs the scope" in answer.text
            if refused is may or answer.status_code in (401, 500):
                wrong.append((name, route.name, answer.status_code, sorted(route.needs or ())))
    assert wrong == []
    assert asked > len(SCOPES) * 3


def test_a_member_changes_nothing_without_the_token_of_their_session(tenants: Tenants):
    add_member(
        tenants.house.database,
        Member(
            member_id="member_1",
            email=EMAIL,
            name="Ann",
            role="admin",
            password_hash=password_hash(PASSWORD),
            created_at=tenants.house.now(),
        ),
    )
    signed = tenants.client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers=BROWSER)
    assert signed.status_code == 200
    assert COOKIE in tenants.client.cookies
    wrong = []
    for route in guarded_routes():
        if route.method == "GET":
            continue
        for token in ({}, {CSRF_HEADER: "x" * 43}, {CSRF_HEADER: b"\xe9"}):
            answer = ask(tenants.client, route, BROWSER | token)
            if answer.status_code != 403 or "token" not in answer.text:
                wrong.append((route.name, token, answer.status_code))
    assert wrong == []
    page = tenants.client.get("/sign-in", headers=BROWSER).text
    token = re.search(r'name="csrf" content="([^"]+)"', page)
    assert token
    assert tenants.client.post("/sign-out", headers=BROWSER | {CSRF_HEADER: token[1]}).headers[GO]


@pytest.mark.parametrize(
    "site",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9"},
    ],
    ids=str,
)
def test_a_page_elsewhere_reaches_nothing_of_the_owner(owned: TestClient, site):
    wrong = []
    for route in page_routes():
        if route.name in {"GET /sign-in", *UNSUBSCRIBE}:
            continue
        answer = ask(owned, route, BROWSER | site)
        if answer.status_code != 403:
            wrong.append((route.name, answer.status_code))
    assert wrong == []


def test_nothing_of_another_is_shown_or_known(tenants: Tenants):
    """No list of another organisation holds what was planted, and its ids read like ids that never were."""
    known = planted(tenants)
    _require_nothing_listed(tenants, known)
    headers = BROWSER | bearer(tenants.others) | {FRAGMENT: "1"}
    left_out, wrong, unseen = [], [], []
    for route in guarded_routes():
        mine = {name: known.ids[name] for name in route.parameters if name in known.ids}
        if route.path.startswith("/settings/destinations/"):
            mine["name"] = known.ids["destination"]
        if is_stream(route) or len(mine) < len(route.parameters):
            left_out += [route.name] if route.parameters else []
        if not mine or is_stream(route):
            continue
        if route.method == "GET" and route.path in OWNED:
            own = ask(tenants.client, route, BROWSER | bearer(tenants.admin) | {FRAGMENT: "1"}, ids=mine)
            unseen += [(route.path, own.status_code)] if own.status_code != 200 else []
        strange = {name: known.unknown(name) if name in IDS else mine[name] for name in mine}
        answers = [ask(tenants.client, route, headers, ids=ids) for ids in (mine, strange)]
        said = [_without(each.text, ids) for each, ids in zip(answers, (mine, strange), strict=True)]
        same = said[0] == said[1] and answers[0].status_code == answers[1].status_code
        if not same or MARKER in said[0] or answers[0].status_code >= 500:
            wrong.append((route.name, [each.status_code for each in answers], said[0][:200]))
    assert wrong == []
    # What was planted is there for its owner, so that "never was" says something.
    assert unseen == []
    assert set(left_out) <= NOT_PLANTED, set(left_out) - NOT_PLANTED


def planted(tenants: Tenants) -> Known:
    """One of everything that pages show, under the names that their addresses have for it."""
    known = tenants.planted()
    ids, headers = known.ids, BROWSER | bearer(tenants.admin)
    ids |= {
        "profile_id": ids["icp_profile_id"],
        "name": ids["warehouse"],
        "number": "1",
        "at": "1",
        "row": "1",
    }
    ids |= {"ending": "md", "form": "md"}
    ids["snapshot_id"] = tenants.house.workspace("us").warehouse.current_id
    csv = b"record_id,person_id,outcome,decided_at\nr1,1,won,2026-01-02\nr2,2,lost,2026-01-03\n"
    file = {"file": (f"{MARKER}.csv", csv, "text/csv")}
    sent = tenants.client.post("/outcomes/load?warehouse=us", files=file, headers=headers | {FRAGMENT: "1"})
    (ids["upload_id"],) = set(re.findall(r"/outcomes/load/([\w-]+)", sent.headers.get(GO, "") + sent.text))
    ids["outcome_analysis_id"] = f"outcomes_{uuid.UUID(int=9)}"
    now = tenants.house.now()
    noted = tenants.client.get("/v1/audit?limit=1", headers=bearer(tenants.admin)).json()["items"]
    whose = noted[0]["actor"]
    kept = KeptList(
        list_id=f"list_{uuid.UUID(int=8)}",
        name=MARKER,
        warehouse="us",
        creator=whose,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    source = tenants.house.home.parent / "leads.csv"
    source.write_bytes(csv)
    ids["list_id"] = KeptLists(tenants.house.home).add(kept, f"{MARKER}.csv", source, now).list_id
    page = tenants.client.get(f"/analyses/{ids['analysis_id']}", headers=headers).text
    figure = re.search(rf"/figures/(\w+)/{ids['analysis_id']}/([\w.-]+)", page)
    assert figure
    ids |= {"kind": figure[1], "id": ids["analysis_id"], "key": figure[2]}
    return known


def _require_nothing_listed(tenants: Tenants, known: Known) -> None:
    seen_by_owner = 0
    ids = [each for each in known.ids.values() if len(each) > 10]
    for route in guarded_routes():
        if route.method != "GET" or route.parameters or is_stream(route):
            continue
        theirs = ask(tenants.client, route, BROWSER | bearer(tenants.others))
        ours = ask(tenants.client, route, BROWSER | bearer(tenants.admin))
        assert not [each for each in (MARKER, *ids) if each in theirs.text], route.name
        seen_by_owner += any(each in ours.text for each in (MARKER, *ids))
    assert seen_by_owner >= min(3, sum(r.method == "GET" and not r.parameters for r in guarded_routes()) // 4)


def _without(text: str, ids: dict[str, str]) -> str:
    for each in ids.values():  # an id that was given is said back
        text = text.replace(each, "*")
    return text
