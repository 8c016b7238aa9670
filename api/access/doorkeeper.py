"""Who comes in? Whoever is on this machine is its owner."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.settings import Settings
from store.access import LOCAL_OWNER
from store.workspace import House

LOOPBACK = ("127.0.0.1", "::1", "testclient")


class Doorkeeper:
    """Tells every request's principal to the routes."""

    def __init__(self, app: ASGIApp, house: House, settings: Settings) -> None:
        self._app, self._house, self._settings = app, house, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope.get("client") or ("",))[0] in LOOPBACK:
            scope.setdefault("state", {})["principal"] = LOCAL_OWNER
        await self._app(scope, receive, send)
