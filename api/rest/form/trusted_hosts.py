"""Is this request for a name of this house? Else it is refused in the shape of every other error."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.form.problems import http_problem

LET_IN = "fieldmark.let_in"


class TrustedHosts:
    """Starlette's middleware decides; what it would say as plain text is a problem here."""

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        self._app = app
        self._gate = TrustedHostMiddleware(_let_in, allowed_hosts, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._gate(scope, receive, _unsaid)
        if scope.pop(LET_IN, False):
            await self._app(scope, receive, send)
        else:
            error = HTTPException(400, "The Host header is no name of this house")
            await http_problem(error)(scope, receive, send)


async def _let_in(scope: Scope, receive: Receive, send: Send) -> None:
    scope[LET_IN] = True


async def _unsaid(message: Message) -> None:
    """What the middleware says, which nobody hears."""
