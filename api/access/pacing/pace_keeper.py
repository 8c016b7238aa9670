"""Does a key ask too often? What remains stands in every answer."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.pacing.pace import Pace
from api.rest.form.problems import refusal_answer
from api.settings import Settings
from store.access import LOCAL, Principal
from store.workspace import House

WINDOW_S = 60


class PaceKeeper:
    """Holds each key and each member to the requests of a minute; the owner of this machine is not held."""

    def __init__(self, app: ASGIApp, house: House, settings: Settings) -> None:
        most = settings.requests_per_minute
        self._app, self._pace = app, Pace(most, WINDOW_S, house.now) if most else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        principal: Principal | None = scope.get("state", {}).get("principal")
        if self._pace is None or principal is None or principal.actor == LOCAL:
            await self._app(scope, receive, send)
            return
        taken = self._pace.take(principal.actor)
        if not taken.granted:
            told = taken.refusal(f"More than {taken.limit} requests in a minute", "credential")
            await refusal_answer(told, taken.headers())(scope, receive, send)
            return

        async def told_too(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(taken.headers())
            await send(message)

        await self._app(scope, receive, told_too)
