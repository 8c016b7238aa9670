"""Who is let in, as whom, and what is said to who is not."""

import itertools
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from starlette.datastructures import Headers

from api.access.own_site import is_loopback
from api.access.recognising import bearer_of
from api.access.visit import allowed
from store.access import SCOPES, SCOPES_OF, Principal, Role, Scope
from store.errors import NotAllowed
from store.records.access.keys import FORM, make_key, revoke_key
from store.records.access.members import Member, add_member
from store.records.access.sign_ins import begin_sign_in, csrf_of

ROLES: tuple[Role, ...] = get_args(Role)
UNKNOWN = "sk_live_" + "A" * 43
BROWSER = {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8321"}


def a_key(house, role="admin", organisation="local", number=1, **given) -> str:
    wanted = {"name": "", "role": role, "now": house.now(), "created_by": "local"} | given
    database = house.of(organisation).database
    return make_key(database, key_id=f"key_{organisation}_{number}", **wanted)[1]


def bearer(secret: str | bytes) -> dict:
    return {"Authorization": b"Bearer " + (secret if isinstance(secret, bytes) else secret.encode())}


def signed_in(house, role="viewer", organisation="local", number=1) -> str:
    """The token of a session of a new member."""
    member = Member(
        member_id=f"member_{number}", email=f"person{number}@example.com", role=role, created_at=house.now()
    )
    add_member(house.of(organisation).database, member)
    return begin_sign_in(house.everywhere, organisation, member.member_id, f"sign_{number}", house.now())


def cookie(token: str) -> dict:
    return {"Cookie": f"fieldmark_session={token}"}


def test_whoever_is_on_this_machine_is_its_owner(serve):
    me = serve().get("/v1/me").json()
    assert (me["actor"], me["role"], me["organisation"]["organisation_id"]) == ("local", "admin", "local")
    assert me["scopes"] == list(SCOPES)


@pytest.mark.parametrize("address", ["10.0.0.7", "203.0.113.9", "::ffff:10.0.0.7", "", "no address"])
def test_whoever_is_elsewhere_is_nobody(serve, address):
    answer = serve(address).get("/v1/me")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_each_form_of_loopback_is_this_machine():
    """127.0.0.0/8, ::1, and the first of them written as IPv6."""
    assert all(map(is_loopback, ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "localhost"]))
    assert not any(map(is_loopback, ["128.0.0.1", "0.0.0.0", "::", "::2", "localhost.example.com", ""]))


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"])
def test_a_proxy_on_this_machine_makes_nobody_its_owner(serve, name):
    assert serve().get("/v1/me", headers={name: "127.0.0.1"}).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another port of this machine
        {"Sec-Fetch-Site": "something new"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://127.0.0.1"},  # port 80
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {"Origin": "http://127.0.0.1:8321", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_page_of_another_site_is_refused(serve, headers):
    client = serve()
    for answer in (
        client.get("/v1/me", headers=headers),
        client.post("/v1/keys", json={}, headers=headers),
        client.post("/v1/sign-in", json={"email": "a@b.example", "password": "x"}, headers=headers),
    ):
        assert answer.status_code == 403
        assert "another site" in answer.json()["detail"]


@pytest.mark.parametrize("headers", [BROWSER, {"Sec-Fetch-Site": "none"}, {}])
def test_the_own_page_and_a_program_are_not(serve, headers):
    assert serve().get("/v1/me", headers=headers).status_code == 200


def test_a_house_without_keys_does_not_look_at_one_that_comes(serve):
    """The seed's requests carry a key that no house knows."""
    client = serve()
    assert client.get("/v1/me", headers=bearer("sk_live_xxx")).json()["actor"] == "local"
    client.post("/v1/keys", json={})
    assert client.get("/v1/me", headers=bearer("sk_live_xxx")).status_code == 401
    assert client.get("/v1/me").status_code == 200


def test_a_house_without_keys_that_wants_credentials_does_look(serve):
    assert serve(auth="required").get("/v1/me", headers=bearer("sk_live_xxx")).status_code == 401


def test_a_revoked_first_key_is_looked_at_by_a_house_that_starts_again(serve, own_house):
    secret = a_key(own_house)
    revoke_key(own_house.database, "key_local_1", own_house.now())
    assert serve().get("/v1/me", headers=bearer(secret)).status_code == 401


def test_a_house_that_wants_credentials_knows_no_owner(serve, own_house):
    client = serve(auth="required")
    assert client.get("/v1/me").status_code == 401
    assert client.get("/v1/nothing").status_code == 401  # nobody learns which routes there are
    secret = a_key(own_house, "viewer")
    me = client.get("/v1/me", headers=bearer(secret)).json()
    assert (me["actor"], me["role"], me["scopes"]) == ("key_local_1", "viewer", ["read"])


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/docs"])
def test_a_few_routes_need_nobody(serve, path):
    client = serve("203.0.113.9", auth="required")
    assert client.get(path).status_code == 200
    assert client.get(path, headers=bearer(UNKNOWN)).status_code == 200
    assert client.delete(path).status_code == 401


def test_a_signed_link_needs_nobody_and_revoking_it_somebody(serve):
    client = serve("203.0.113.9", auth="required")
    assert client.get("/v1/exports/x.csv?expires=1&signature=x").status_code == 404
    assert client.delete("/v1/exports/x").status_code == 401
    assert client.get("/v1/exports").status_code == 401


def test_each_wrong_key_is_told_the_same(serve, own_house):
    a_key(own_house)
    client = serve()
    wrong = [UNKNOWN, "", "sk_live_", "x" * 5000, "sk_test_" + "A" * 43, UNKNOWN + "A", "Bearer " + UNKNOWN]
    answers = [client.get("/v1/me", headers=bearer(secret)) for secret in wrong]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert not any(secret in answers[0].text for secret in wrong if len(secret) > 20)


def test_only_who_has_the_secret_is_told_that_a_key_is_over(serve, own_house, clock):
    ends = own_house.now() + timedelta(days=30)
    ending, revoked = (
        a_key(own_house, number=number, expires_at=end) for number, end in ((1, ends), (2, None))
    )
    client = serve()
    revoke_key(own_house.database, "key_local_2", own_house.now())
    assert "was revoked" in client.get("/v1/me", headers=bearer(revoked)).json()["detail"]
    clock.advance(days=30, seconds=-1)
    assert client.get("/v1/me", headers=bearer(ending)).status_code == 200
    clock.advance(seconds=1)
    assert "is over" in client.get("/v1/me", headers=bearer(ending)).json()["detail"]


def test_a_key_that_another_process_revokes_is_refused_at_the_next_request(serve, own_house):
    secret = a_key(own_house)
    client = serve()
    assert client.get("/v1/me", headers=bearer(secret)).status_code == 200
    program = (
        "import sys, pathlib; from datetime import datetime, UTC\n"
        "from store.records import Database; from store.records.access.keys import revoke_key\n"
        "database = Database(pathlib.Path(sys.argv[1]))\n"
        "assert revoke_key(database, 'key_local_1', datetime(2026, 1, 1, tzinfo=UTC))\n"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(own_house.home / "fieldmark.db")],
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert client.get("/v1/me", headers=bearer(secret)).status_code == 401


def test_a_key_brings_its_organisation_and_no_other(serve, own_house):
    ours, theirs = (a_key(own_house, organisation=name) for name in ("org_1", "org_2"))
    client = serve()
    for secret, name in ((ours, "org_1"), (theirs, "org_2")):
        assert (
            client.get("/v1/members", headers=bearer(secret)).json()["items"] == []
        )  # nobody of the other one
        made = client.post("/v1/members", json={"email": "ann@example.com"}, headers=bearer(secret))
        assert made.status_code == 201
        keys = client.get("/v1/keys", headers=bearer(secret)).json()["items"]
        assert [key["key_id"] for key in keys] == [f"key_{name}_1"]
    member_id = made.json()["member_id"]  # of org_2
    for answer in (
        client.patch(f"/v1/members/{member_id}", json={"role": "admin"}, headers=bearer(ours)),
        client.delete(f"/v1/members/{member_id}", headers=bearer(ours)),
        client.delete("/v1/keys/key_org_2_1", headers=bearer(ours)),
    ):
        never = client.delete("/v1/keys/key_never", headers=bearer(ours))
        assert answer.status_code == never.status_code == 404
    assert len(client.get("/v1/members", headers=bearer(theirs)).json()["items"]) == 1
    audit = client.get("/v1/audit", headers=bearer(ours)).json()["items"]
    assert {entry["actor"] for entry in audit} == {"key_org_1_1"}


@pytest.mark.parametrize(("role", "scope"), list(itertools.product(ROLES, SCOPES)))
def test_each_role_may_do_what_its_scopes_say(serve, own_house, role, scope):
    """viewer: read. analyst: read, people, run. admin: all four. Nothing else, of twelve pairs."""
    expected = {
        ("viewer", "read"),
        *(("analyst", each) for each in ("read", "people", "run")),
        *(("admin", each) for each in SCOPES),
    }
    from fastapi import Depends, FastAPI
    from starlette.testclient import TestClient

    from api.access.doorkeeper import Doorkeeper
    from api.rest.form.problems import add_problem_handlers
    from api.settings import Settings

    app, settings = FastAPI(), Settings(home=own_house.home, auth="required")
    app.state.house, app.state.settings = own_house, settings
    app.add_middleware(Doorkeeper, house=own_house, settings=settings)
    add_problem_handlers(app)
    app.get("/asked")(lambda visit=Depends(allowed(scope)): {"actor": visit.principal.actor})  # noqa: B008
    secret = a_key(own_house, role)
    answer = TestClient(app, base_url="http://127.0.0.1").get("/asked", headers=bearer(secret))
    assert answer.status_code == (200 if (role, scope) in expected else 403)
    assert (scope in SCOPES_OF[role]) == ((role, scope) in expected)


def test_a_key_with_fewer_scopes_than_its_role_has_only_those(serve, own_house):
    secret = a_key(own_house, "admin", scopes=["admin"])
    client = serve()
    assert client.get("/v1/keys", headers=bearer(secret)).status_code == 200
    assert client.get("/v1/me", headers=bearer(secret)).status_code == 403


def test_nobody_gives_more_than_they_have(serve, own_house):
    secret = a_key(own_house, "admin", scopes=["admin", "read"])
    client = serve()
    client.post("/v1/members", json={"email": "ann@example.com", "role": "admin"})
    member_id = client.get("/v1/members").json()["items"][0]["member_id"]
    for answer in (
        client.post("/v1/keys", json={"role": "viewer", "scopes": ["people"]}, headers=bearer(secret)),
        client.post("/v1/keys", json={"role": "analyst"}, headers=bearer(secret)),
        client.post("/v1/members", json={"email": "b@example.com", "role": "admin"}, headers=bearer(secret)),
        # A new password of somebody who has more would make them that member.
        client.patch(f"/v1/members/{member_id}", json={"password": "x" * 12}, headers=bearer(secret)),
        client.delete(f"/v1/members/{member_id}", headers=bearer(secret)),
    ):
        assert answer.status_code in (403, 422)
    assert client.post("/v1/keys", json={"role": "viewer"}, headers=bearer(secret)).status_code == 201


def test_a_session_is_its_member_and_ends_when_it_is_over(serve, own_house, clock):
    token = signed_in(own_house)
    client = serve("203.0.113.9")
    me = client.get("/v1/me", headers=cookie(token)).json()
    assert (me["actor"], me["scopes"], me["csrf_token"]) == ("member_1", ["read"], csrf_of(token))
    clock.advance(hours=12)
    assert client.get("/v1/me", headers=cookie(token)).status_code == 401


def test_a_change_of_role_holds_at_the_next_request(serve, own_house):
    token = signed_in(own_house)
    client, owner = serve("203.0.113.9"), serve()
    owner.patch("/v1/members/member_1", json={"role": "admin"})
    assert client.get("/v1/me", headers=cookie(token)).json()["role"] == "admin"
    owner.post("/v1/members", json={"email": "other@example.com", "role": "admin"})
    assert owner.patch("/v1/members/member_1", json={"disabled": True}).status_code == 200
    assert client.get("/v1/me", headers=cookie(token)).status_code == 401


@pytest.mark.parametrize(
    "sent", [{}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "é"}, {"X-CSRF-Token": "0" * 64}]
)
def test_a_change_with_a_cookie_needs_its_token(serve, own_house, sent):
    token = signed_in(own_house, "admin")
    client = serve("203.0.113.9")
    sent = {name: value.encode() for name, value in sent.items()}
    assert client.post("/v1/keys", json={}, headers=cookie(token) | sent).status_code == 403
    right = cookie(token) | {"X-CSRF-Token": csrf_of(token)}
    assert client.post("/v1/keys", json={}, headers=right).status_code == 201


def test_a_cookie_of_nobody_is_no_credential(serve):
    assert serve("203.0.113.9").get("/v1/me", headers=cookie("x" * 43)).status_code == 401
    assert serve().get("/v1/me", headers=cookie("x" * 43)).json()["actor"] == "local"


def test_another_name_of_the_house_is_served_when_it_is_allowed(serve):
    there = {"url": "http://fieldmark.example", "auth": "required"}
    assert serve("203.0.113.9", **there).get("/healthz").status_code == 400
    assert (
        serve("203.0.113.9", allowed_hosts="a.example, fieldmark.example", **there).get("/healthz").is_success
    )


@given(st.one_of(st.binary(max_size=120), st.binary(max_size=60).map(lambda tail: b"Bearer " + tail)))
@trying(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_in_authorization_are_more_than_a_refusal(guarded, value):
    status, headers = guarded([(b"authorization", value)])
    assert status == 401
    assert b"www-authenticate" in headers


@pytest.fixture
def guarded(own_house):
    """Asks the doorkeeper alone with raw header bytes, as a server could hand them on."""
    import asyncio

    from api.access.doorkeeper import Doorkeeper
    from api.settings import Settings

    async def reached(scope, receive, send):
        raise AssertionError("somebody was let in")

    door = Doorkeeper(reached, own_house, Settings(home=own_house.home, auth="required"))

    def ask(headers):
        told = []

        async def send(message):
            told.append(message)

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/v1/me",
            "query_string": b"",
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            "headers": headers,
            "client": ("127.0.0.1", 1),
        }
        asyncio.run(door(scope, receive, send))
        return told[0]["status"], dict(told[0]["headers"])

    return ask


@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_only_a_well_formed_secret_is_looked_up(text):
    found = bearer_of(Headers({"authorization": f"Bearer {text}"}))
    assert found == text.strip()
    assert (FORM.fullmatch(found) is not None) == (
        len(found) == 51
        and found.startswith("sk_live_")
        and found[8:].replace("-", "_").isascii()
        and found[8:].replace("-", "a").replace("_", "a").isalnum()
    )


def test_two_credentials_are_none_that_is_right(guarded):
    twice = [(b"authorization", b"Bearer " + UNKNOWN.encode())] * 2
    assert guarded(twice)[0] == 401


def test_a_principal_without_a_scope_is_told_which_one(own_house):
    from api.access.visit import Visit
    from api.settings import Settings

    visit = Visit(own_house, Principal("local", "key_1", "viewer", SCOPES_OF["viewer"]), Settings())
    wanted: Scope = "people"
    with pytest.raises(NotAllowed, match="`people`"):
        visit.require(wanted)


@pytest.mark.parametrize("character", ["%00", "%07", "%7F"])
def test_control_characters_are_no_part_of_an_id_or_a_name(serve, character):
    client = serve()
    answers = [
        client.delete(f"/v1/keys/key_{character}"),
        client.delete(f"/v1/members/member_{character}"),
        client.get(f"/v1/audit?action={character}"),
        client.post("/v1/keys", json={"name": unquote(character)}),
        client.post("/v1/members", json={"email": "a@example.com", "name": unquote(character)}),
        client.patch("/v1/organisation", json={"name": unquote(character)}),
    ]
    assert {answer.status_code for answer in answers} <= {404, 422}
