"""Signing in with an OpenID provider that this file serves on loopback: real HTTP, real signatures."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

pytest.importorskip("authlib")

from joserfc import jwt
from joserfc.jwk import RSAKey

from store.records.access.members import Member, add_member, change_member, member_named
from store.records.access.organisations import Organisation, keep_organisation

CLIENT, SECRET = "fieldmark-client", "the secret of the client"
DOES_NOT_HOLD = "What the provider says of them does not hold"
BACK = "http://127.0.0.1:8321/v1/sign-in/oidc/callback"


@pytest.fixture(scope="session")
def own_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first"})


@pytest.fixture(scope="session")
def other_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first"})


class Provider(ThreadingHTTPServer):
    """An OpenID provider in which everybody has signed in already. What it says can be spoiled."""

    daemon_threads = True

    def __init__(self, key: RSAKey, now) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.key, self.signs_with, self.now = key, key, now
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.claims: dict = {"sub": "7", "email": "Ann@example.com", "email_verified": True}
        self.described: dict = {}
        self.header = {"alg": "RS256", "kid": "first"}
        self.asked: dict[str, dict] = {}  # what was asked under which code
        self.redeemed: list[dict] = []

    def authorize(self, address: str) -> dict:
        """What the browser brings back from the page of the provider."""
        query = dict(parse_qsl(urlsplit(address).query))
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert (query["client_id"], query["redirect_uri"]) == (CLIENT, BACK)
        assert "openid" in query["scope"].split()
        code = f"code-{len(self.asked)}"
        self.asked[code] = query
        return {"code": code, "state": query["state"]}

    def description(self) -> dict:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.described

    def redeem(self, form: dict, authorization: str) -> dict | None:
        """The tokens of a code, once, for the client that asked for it and knows its verifier."""
        query = self.asked.pop(form["code"], None)
        said = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64url(hashlib.sha256(form["code_verifier"].encode()).digest())
        if query is None or authorization != f"Basic {said}" or form["redirect_uri"] != BACK:
            return None
        if challenge != query["code_challenge"]:
            return None
        self.redeemed.append(form)
        seconds = int(self.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": seconds, "exp": seconds + 300}
        claims |= {"nonce": query["nonce"]} | self.claims
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.signed(claims)}

    def signed(self, claims: dict) -> str:
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.header["alg"] != "RS256":
            signed = ".".join(base64url(json.dumps(part).encode()) for part in (self.header, claims))
            # Of HS256 it is what everybody can make: the public key taken as a secret.
            public = self.key.as_pem(private=False)
            made = hmac.digest(public, signed.encode(), "sha256") if self.header["alg"] == "HS256" else b""
            return f"{signed}.{base64url(made)}"
        return jwt.encode(self.header, claims, self.signs_with)


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


class Answering(BaseHTTPRequestHandler):
    """The routes of the provider."""

    server: Provider

    def do_GET(self) -> None:
        if self.path == "/.well-known/openid-configuration":
            self.answer(self.server.description())
        elif self.path == "/keys":
            self.answer({"keys": [self.server.key.as_dict(private=False)]})
        else:
            self.answer(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.answer(self.server.redeem(form, self.headers.get("Authorization", "")))

    def answer(self, body: dict | None) -> None:
        content = json.dumps(body or {"error": "invalid_grant"}).encode()
        self.send_response(200 if body else 400)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def provider(own_key, clock):
    server = Provider(own_key, clock)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def ann(own_house, clock):
    member = Member(member_id="member_1", email="ann@example.com", role="analyst", created_at=clock())
    return add_member(own_house.database, member)


@pytest.fixture
def client(serve, provider):
    return serve(
        "203.0.113.9",
        auth="required",
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
    )


def gone_there(client, provider, query: str = "") -> dict:
    """What the browser comes back with."""
    there = client.get(f"/v1/sign-in/oidc{query}")
    assert there.status_code == 302
    assert there.headers["location"].startswith(f"{provider.issuer}/authorize?")
    return provider.authorize(there.headers["location"])


def come_back(client, brought: dict, **headers):
    return client.get(f"/v1/sign-in/oidc/callback?{urlencode(brought)}", headers=headers)


def signed_in(client, provider, query: str = ""):
    # A browser says that another site led here, as it did.
    return come_back(client, gone_there(client, provider, query), **{"Sec-Fetch-Site": "cross-site"})


def test_a_member_whom_the_provider_knows_signs_in(client, provider, ann, own_house):
    answer = signed_in(client, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    me = client.get("/v1/me").json()
    assert (me["actor"], me["role"]) == ("member_1", "analyst")
    assert me["csrf_token"]
    assert member_named(own_house.database, "member_1").oidc_subject == f"{provider.issuer} 7"
    assert signed_in(client, provider).status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://issuer.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": 1},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email": None},
        {"email": "nobody@example.com"},
        {"email": "no address"},
    ],
)
def test_claims_that_do_not_hold_let_nobody_in(client, provider, ann, claims):
    provider.claims |= claims
    answer = signed_in(client, provider)
    assert answer.status_code in (401, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "fieldmark_session" not in answer.headers.get("set-cookie", "")
    assert "nobody@" not in answer.text
    assert client.get("/v1/me").status_code == 401


def test_a_token_that_ended_a_minute_ago_is_still_taken_and_an_older_one_is_not(client, provider, ann, clock):
    """60 seconds of leeway between the two clocks."""
    now = int(clock().timestamp())
    provider.claims |= {"exp": now - 59}
    assert signed_in(client, provider).status_code == 303
    provider.claims |= {"exp": now - 61}
    assert signed_in(client, provider).status_code == 401


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_without_a_signature_of_the_provider_lets_nobody_in(client, provider, ann, algorithm):
    provider.header = {"alg": algorithm, "kid": "first"}
    refused = signed_in(client, provider)
    assert (refused.status_code, DOES_NOT_HOLD in refused.text) == (401, True)


def test_a_token_that_another_key_signed_lets_nobody_in(client, provider, ann, other_key):
    provider.signs_with = other_key
    refused = signed_in(client, provider)
    assert (refused.status_code, DOES_NOT_HOLD in refused.text) == (401, True)


def test_a_token_of_a_key_that_the_provider_does_not_have_lets_nobody_in(client, provider, ann):
    provider.header = {"alg": "RS256", "kid": "second"}
    assert signed_in(client, provider).status_code == 401


def test_only_the_browser_that_began_can_come_back(client, provider, ann, serve):
    brought = gone_there(client, provider)
    assert come_back(client, brought | {"state": "another"}).status_code == 401
    assert come_back(client, {"state": brought["state"]}).status_code == 401
    kept = client.cookies["fieldmark_oidc"]
    client.cookies.clear()
    assert come_back(client, brought).status_code == 401
    assert come_back(client, brought, Cookie=f"fieldmark_oidc=x{kept}").status_code == 401
    assert provider.redeemed == []
    assert come_back(client, brought, Cookie=f"fieldmark_oidc={kept}").status_code == 303


def test_a_code_is_redeemed_once(client, provider, ann):
    brought = gone_there(client, provider)
    kept = client.cookies["fieldmark_oidc"]
    assert come_back(client, brought).status_code == 303
    client.cookies.clear()
    assert come_back(client, brought, Cookie=f"fieldmark_oidc={kept}").status_code == 401


def test_who_comes_back_too_late_begins_again(client, provider, ann, clock):
    brought = gone_there(client, provider)
    clock.advance(minutes=10)
    assert come_back(client, brought).status_code == 401


def test_the_verifier_is_sent_to_the_provider_alone(client, provider, ann):
    there = client.get("/v1/sign-in/oidc").headers["location"]
    brought = provider.authorize(there)
    come_back(client, brought)
    assert provider.redeemed[0]["code_verifier"] not in there


def test_an_e_mail_that_was_given_to_somebody_else_lets_them_not_in(client, provider, ann):
    assert signed_in(client, provider).status_code == 303
    provider.claims |= {"sub": "8"}
    client.cookies.clear()
    assert signed_in(client, provider).status_code == 401


def test_a_disabled_member_is_not_let_in(client, provider, ann, own_house, clock):
    change_member(own_house.database, "member_1", role="viewer", disabled_at=clock())
    assert signed_in(client, provider).status_code == 401


def test_an_e_mail_of_two_organisations_says_which(client, provider, ann, own_house, clock):
    keep_organisation(
        own_house.everywhere, Organisation(organisation_id="org_2", name="2", created_at=clock())
    )
    second = Member(member_id="member_2", email="ann@example.com", role="viewer", created_at=clock())
    add_member(own_house.of("org_2").database, second)
    assert signed_in(client, provider).status_code == 401
    assert signed_in(client, provider, "?organisation_id=org_2").status_code == 303
    assert client.get("/v1/me").json()["actor"] == "member_2"


@pytest.mark.parametrize(
    "described", [{"issuer": "https://issuer.example"}, {"token_endpoint": None}, {"jwks_uri": 7}]
)
def test_a_provider_that_describes_another_one_is_refused(client, provider, ann, described):
    provider.described = described
    assert client.get("/v1/sign-in/oidc").status_code == 401


def test_a_provider_that_does_not_answer_is_told_as_such(serve):
    client = serve(oidc_issuer="http://127.0.0.1:1", oidc_client_id=CLIENT)
    assert client.get("/v1/sign-in/oidc").status_code == 401


def test_a_house_without_a_provider_says_so(serve):
    answer = serve("203.0.113.9", auth="required").get("/v1/sign-in/oidc")
    assert answer.status_code == 404
    assert "FIELDMARK_OIDC_ISSUER" in answer.json()["instead"]


def test_an_issuer_elsewhere_without_tls_is_refused(serve):
    client = serve(oidc_issuer="http://issuer.example", oidc_client_id=CLIENT)
    assert client.get("/v1/sign-in/oidc").status_code == 422
