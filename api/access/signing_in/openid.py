"""Who does an OpenID provider say that this is? (OpenID Connect Core 1.0, code flow with PKCE.)"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from api.access.own_site import is_loopback
from store.errors import BadInput, NotSignedIn

# Signatures of a key pair only: not `none`, and not one made with a secret that the house shares.
ALGORITHMS = ["RS256", "PS256", "ES256"]
SCOPE = "openid email profile"
TIMEOUT_S = 10
LEEWAY_S = 60  # between the provider's clock and this one
LARGEST = 1 << 20  # bytes of an answer


@dataclass(frozen=True)
class Asked:
    """What was asked of the provider; its answer must fit to it."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is."""

    subject: str  # the issuer, and who they are there
    email: str


def new_asked() -> Asked:
    """Something new to ask."""
    return Asked(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


class OpenId:
    """One provider, found by its issuer. Its keys are asked for at each sign-in: they change."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: str, back: str, now: Callable[[], datetime]
    ) -> None:
        self._issuer, self._client_id, self._client_secret = issuer, client_id, client_secret
        self._back, self._now = back, now
        parts = urlsplit(issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise BadInput(
                "An OpenID issuer has an https address",
                where="FIELDMARK_OIDC_ISSUER",
                instead="https://…",
            )

    def address(self, asked: Asked) -> str:
        """Where the browser goes to sign in."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._back,
            "scope": SCOPE,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": create_s256_code_challenge(asked.verifier),
            "code_challenge_method": "S256",
        }
        endpoint = self._described()["authorization_endpoint"]
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(query)}"

    def identity(self, code: str, asked: Asked) -> Identity:
        """Who it is, for the code that the browser came back with. Raises NotSignedIn."""
        described = self._described()
        answer = self._redeemed(described, code, asked.verifier)
        claims = self._claims(str(answer.get("id_token", "")), self._asked(described["jwks_uri"]), asked)
        # Some providers say it as a text.
        if claims.get("email_verified") not in (True, "true") or not isinstance(claims.get("email"), str):
            raise _no("The provider has not verified this e-mail")
        return Identity(f"{self._issuer} {claims['sub']}", claims["email"])

    def _described(self) -> dict[str, Any]:
        described = self._asked(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if described.get("issuer") != self._issuer or not all(
            isinstance(described.get(name), str) for name in wanted
        ):
            raise _no("The provider describes another issuer than was configured")
        return described

    def _redeemed(self, described: dict[str, Any], code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
            "client_id": self._client_id,
        }
        given: dict[str, Any] = {"data": form}
        known = described.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if self._client_secret and "client_secret_basic" in known:
            given["auth"] = (self._client_id, self._client_secret)
        elif self._client_secret:
            form["client_secret"] = self._client_secret
        return self._asked(described["token_endpoint"], "POST", **given)

    def _claims(self, token: str, keys: dict[str, Any], asked: Asked) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        options: Any = {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self._client_id},
            "exp": {"essential": True},
            "nonce": {"essential": True, "value": asked.nonce},
        }
        params = {"nonce": asked.nonce, "client_id": self._client_id}
        try:
            # The keys are JSON of the issuer, which the library checks itself.
            found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # the names are those of its columns
            claims = CodeIDToken(found.claims, found.header, options, params)
            claims.validate(int(self._now().timestamp()), LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError):
            raise _no("What the provider says of them does not hold") from None
        return dict(claims)

    def _asked(self, address: str, method: str = "GET", **given: Any) -> dict[str, Any]:
        import httpx2

        try:
            with httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
                answer = client.request(method, address, headers={"Accept": "application/json"}, **given)
            found = answer.json() if answer.status_code == 200 and len(answer.content) <= LARGEST else None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            found = None
        if not isinstance(found, dict):
            raise _no("The provider does not answer as it should")
        return found


def _no(what: str) -> NotSignedIn:
    return NotSignedIn(what, where="OpenID", instead="Sign in again, or with a password.")
