"""Who comes in? A key, somebody who signed in, or the owner of this machine."""

import hmac
import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.own_site import is_loopback, require_own_site, was_passed_on
from api.access.recognising import HOW, bearer_of, principal_of_key, principal_of_session
from api.rest.form.problems import refusal_answer
from api.settings import Settings
from store.access import LOCAL_OWNER, Principal
from store.errors import NotAllowed, NotSignedIn, ToolRefused
from store.records.access.keys import was_any_made
from store.records.access.sign_ins import csrf_of
from store.workspace import House

COOKIE = "fieldmark_session"
CSRF_HEADER = "X-CSRF-Token"
SAFE = ("GET", "HEAD", "OPTIONS")
SIGN_IN = "/v1/sign-in"
WAYS_IN = (SIGN_IN, "/sign-in")
UNSUBSCRIBE = "/unsubscribe"  # its link is the credential; mailboxes of others post to it
# What needs nobody: a signed link is its own credential, and who signs in is nobody yet.
OPEN = re.compile(
    r"/healthz|/readyz|/metrics|/openapi\.json|/docs(/.*)?|/static-offline-docs/.*|/v1/exports/[^/]+"
    r"|/v1/sign-in/oidc(/callback)?|/sign-in|/static/[^/]+|/favicon\.ico"
)


class Doorkeeper:
    """Tells every request's principal to the routes, and refuses at the door who is nobody."""

    def __init__(self, app: ASGIApp, house: House, settings: Settings) -> None:
        self._app, self._house, self._settings = app, house, settings
        self._keys_were_made = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        try:
            principal = await self._principal(request)
        except ToolRefused as refusal:
            await refusal_answer(refusal)(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        await self._app(scope, receive, send)

    async def _principal(self, request: HTTPConnection) -> Principal | None:
        method, path = request.scope.get("method", "GET"), request.scope["path"]
        if path == UNSUBSCRIBE:
            return None
        if method == "POST" and path in WAYS_IN:
            require_own_site(request, self._settings.base_url)  # or a page could sign somebody in as another
            return None
        try:
            if "authorization" in request.headers or COOKIE in request.cookies:
                return await run_in_threadpool(self._known, request)  # it asks the records
            return self._owner(request)
        except ToolRefused:
            if method in SAFE and OPEN.fullmatch(path):
                return None
            raise

    def _known(self, request: HTTPConnection) -> Principal:
        secret = bearer_of(request.headers)
        if secret is not None and self._counts(request):
            return principal_of_key(self._house, secret)
        token = request.cookies.get(COOKIE, "")
        principal = principal_of_session(self._house, token) if token else None
        if principal is None:
            return self._owner(request)
        _require_csrf(request, token)
        return principal

    def _counts(self, request: HTTPConnection) -> bool:
        """Whether a key is looked at: not where none was ever made and everybody here is the owner."""
        if not self._is_owners(request):
            return True
        self._keys_were_made = self._keys_were_made or was_any_made(self._house.everywhere)
        return self._keys_were_made

    def _owner(self, request: HTTPConnection) -> Principal:
        if not self._is_owners(request):
            raise NotSignedIn("This needs a credential", where="Authorization", instead=HOW)
        require_own_site(request, self._settings.base_url)
        return LOCAL_OWNER

    def _is_owners(self, request: HTTPConnection) -> bool:
        # A proxy on this machine would make everybody its owner.
        return (
            self._settings.auth == "local"
            and request.client is not None
            and is_loopback(request.client.host)
            and not was_passed_on(request)
        )


def _require_csrf(request: HTTPConnection, token: str) -> None:
    if request.scope.get("method", "GET") in SAFE and request.scope["type"] == "http":
        return
    given = request.headers.get(CSRF_HEADER, "")
    # As bytes: compare_digest refuses texts beyond ASCII.
    if not hmac.compare_digest(given.encode(errors="surrogatepass"), csrf_of(token).encode()):
        raise NotAllowed(
            "A change by somebody who signed in needs their token",
            where=CSRF_HEADER,
            instead="Send `csrf_token` of the sign-in, or of `GET /v1/me`, in this header.",
        )
