"""Signing in with a password: what is told, what is not, and how often it may be tried."""

import time

import pytest

from api.access.doorkeeper import COOKIE
from api.access.signing_in import desk
from store.errors import NotSignedIn, TooFast
from store.records.access.members import Member, add_member, change_member
from store.records.access.organisations import Organisation, keep_organisation
from store.records.access.passwords import is_password, password_hash
from store.records.access.sign_ins import csrf_of

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def hashed() -> str:
    return password_hash(PASSWORD)


@pytest.fixture
def ann(own_house, hashed, clock):
    return a_member(own_house, clock, hashed, 1, "ann@example.com")


def a_member(house, clock, hashed, number, email, organisation="local", role="analyst"):
    member = Member(
        member_id=f"member_{number}", email=email, role=role, password_hash=hashed, created_at=clock()
    )
    return add_member(house.of(organisation).database, member)


def tried(client, email="ann@example.com", password=PASSWORD, **more):
    return client.post("/v1/sign-in", json={"email": email, "password": password} | more)


def test_a_member_signs_in_and_out(serve, ann):
    client = serve("203.0.113.9", auth="required")
    answer = tried(client, " Ann@Example.com ")
    assert answer.status_code == 200
    said = answer.headers["set-cookie"].lower()
    assert "httponly" in said
    assert "samesite=lax" in said
    assert "path=/" in said
    assert "secure" not in said
    assert answer.headers["cache-control"] == "no-store"
    token = client.cookies[COOKIE]
    me = answer.json()
    assert (me["actor"], me["role"], me["csrf_token"]) == ("member_1", "analyst", csrf_of(token))
    assert client.get("/v1/me").json() == me
    assert client.post("/v1/sign-out").status_code == 403
    out = client.post("/v1/sign-out", headers={"X-CSRF-Token": me["csrf_token"]})
    assert out.status_code == 204
    assert client.get("/v1/me", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


def test_over_https_the_cookie_is_secure(serve, ann):
    for url, base in (
        ("https://fieldmark.example", "https://fieldmark.example"),
        ("http://fieldmark.example", "https://fieldmark.example"),  # behind a proxy that ends TLS
    ):
        client = serve("203.0.113.9", url=url, auth="required", base_url=base)
        assert "secure" in tried(client).headers["set-cookie"].lower()


def test_a_new_sign_in_ends_the_session_before_it(serve, ann):
    client = serve("203.0.113.9", auth="required")
    tried(client)
    before = client.cookies[COOKIE]
    tried(client)
    client.cookies.clear()
    assert client.get("/v1/me", headers={"Cookie": f"{COOKIE}={before}"}).status_code == 401


def test_whatever_is_wrong_is_told_the_same(serve, own_house, ann, clock):
    a_member(own_house, clock, None, 2, "openid@example.com")
    disabled = a_member(own_house, clock, ann.password_hash, 3, "gone@example.com")
    change_member(own_house.database, disabled.member_id, disabled_at=clock())
    client = serve("203.0.113.9", auth="required")
    answers = [
        tried(client, password="wrong"),
        tried(client, "nobody@example.com"),
        tried(client, "no address"),
        tried(client, "openid@example.com", ""),
        tried(client, "gone@example.com"),
        tried(client, organisation_id="org_other"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert all("set-cookie" not in answer.headers for answer in answers)


def test_one_hash_is_computed_whoever_it_is(serve, ann, monkeypatch):
    computed = []

    def counted(kept, password):
        computed.append(kept is not None)
        return is_password(kept, password)

    monkeypatch.setattr(desk, "is_password", counted)
    client = serve("203.0.113.9", auth="required")
    for email in ("ann@example.com", "nobody@example.com", "no address"):
        tried(client, email, "wrong")
    assert computed == [True, False, False]


def test_an_account_that_nobody_has_takes_about_as_long(hashed):
    """CPU seconds of five tries each: within a factor of two of each other."""

    def spent(kept):
        began = time.process_time()
        for _ in range(5):
            is_password(kept, "wrong password")
        return time.process_time() - began

    is_password(None, "x")  # the hash of nobody is computed once
    assert 0.5 < spent(None) / spent(hashed) < 2


@pytest.fixture
def quick(monkeypatch) -> None:
    """Passwords are compared and not hashed, where it is the counting that is looked at."""
    monkeypatch.setattr(desk, "is_password", lambda kept, given: kept is not None and given == PASSWORD)


def test_an_account_waits_wherever_the_attempts_come_from(own_house, ann, clock, quick):
    """Ten from ten addresses, a minute apart: from the eleventh it waits until 15 minutes after the first."""
    own_desk = desk.Desk(own_house)
    for number in range(10):
        with pytest.raises(NotSignedIn):
            own_desk.sign_in("ann@example.com", "wrong", None, f"203.0.113.{number}")
        clock.advance(minutes=1)
    with pytest.raises(TooFast) as refusal:
        own_desk.sign_in("Ann@example.com", PASSWORD, None, "198.51.100.1")
    assert refusal.value.retry_seconds == 5 * 60
    clock.advance(minutes=5)
    assert own_desk.sign_in("ann@example.com", PASSWORD, None, "198.51.100.1").member.member_id == "member_1"


def test_after_ten_wrong_attempts_an_address_waits_too(serve, ann, clock, quick):
    client = serve("203.0.113.9", auth="required")
    for _ in range(10):
        assert tried(client, password="wrong").status_code == 401
    refused = tried(client)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "900"
    for email in ("nobody@example.com", "other@example.com"):  # the address waits too
        assert tried(client, email).status_code == 429
    clock.advance(minutes=15)
    assert tried(client).status_code == 200


def test_attempts_that_are_right_do_not_count(serve, ann, quick):
    client = serve("203.0.113.9", auth="required")
    assert {tried(client).status_code for _ in range(12)} == {200}


def test_an_e_mail_of_two_organisations_needs_to_say_which(serve, own_house, ann, hashed, clock):
    second = Organisation(organisation_id="org_2", name="Second", created_at=clock())
    keep_organisation(own_house.everywhere, second)
    a_member(own_house, clock, hashed, 2, "ann@example.com", "org_2", "viewer")
    client = serve("203.0.113.9", auth="required")
    assert tried(client).status_code == 401
    me = tried(client, organisation_id="org_2").json()
    assert (me["actor"], me["organisation"]["organisation_id"]) == ("member_2", "org_2")
    assert tried(client, organisation_id="local").json()["actor"] == "member_1"


def test_a_member_changes_their_password_and_other_browsers_are_signed_out(serve, ann):
    client, other = (serve("203.0.113.9", auth="required") for _ in range(2))
    csrf = tried(client).json()["csrf_token"]
    tried(other)
    headers = {"X-CSRF-Token": csrf}
    path, new = "/v1/me/password", "another long password"
    wrong = client.post(path, json={"password": "wrong", "new_password": new}, headers=headers)
    assert wrong.status_code == 401
    short = client.post(path, json={"password": PASSWORD, "new_password": "short"}, headers=headers)
    assert short.status_code == 422
    done = client.post(path, json={"password": PASSWORD, "new_password": new}, headers=headers)
    assert done.status_code == 204
    assert client.get("/v1/me").status_code == 200
    assert other.get("/v1/me").status_code == 401
    assert tried(other, password=new).status_code == 200


def test_what_is_noted_names_nobody(serve, ann, own_house):
    client = serve("203.0.113.9", auth="required")
    tried(client, password="wrong")
    tried(client, "nobody@example.com")
    tried(client)
    entries = serve().get("/v1/audit").json()["items"]
    told = {(entry["action"], entry["actor"]) for entry in entries}
    assert told == {
        ("session.refused", "member_1"),
        ("session.refused", "nobody"),
        ("session.began", "member_1"),
    }
    assert "@" not in str(entries)


def test_a_key_has_no_password_to_change(serve):
    answer = serve().post("/v1/me/password", json={"password": "x", "new_password": "y" * 12})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "body", [{}, {"email": "ann@example.com"}, {"email": 1, "password": 2}, [], "x", {"email": "x" * 300}]
)
def test_a_body_that_does_not_fit_says_nothing_back(serve, body):
    answer = serve("203.0.113.9", auth="required").post("/v1/sign-in", json=body)
    assert answer.status_code == 422
    assert "ann@" not in answer.text


def test_pages_of_members_and_the_audit_go_on_where_they_ended(serve, clock):
    client = serve()
    for number in range(3):
        client.post("/v1/members", json={"email": f"person{number}@example.com"})
        clock.advance(seconds=1)
    for path in ("/v1/members", "/v1/audit"):
        first = client.get(path, params={"limit": 2}).json()
        rest = client.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()
        assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
        assert not [item for item in rest["items"] if item in first["items"]]


def test_the_organisation_has_a_name_that_an_admin_changes(serve):
    client = serve()
    assert client.get("/v1/organisation").json() == {"organisation_id": "local", "name": "local"}
    assert client.patch("/v1/organisation", json={"name": "Ours"}).json()["name"] == "Ours"
    assert client.get("/v1/me").json()["organisation"]["name"] == "Ours"
