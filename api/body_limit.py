"""No request may send more than this house wants to hold in memory."""

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest.form.problems import MEDIA_TYPE, problem
from store.errors import TooMany

MOST_BYTES = 64 << 20


class BodyLimit:
    """Refuses a body that is too long: at once where it says so itself, else when it has become so."""

    def __init__(self, app: ASGIApp, most: int = MOST_BYTES) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"content-length", b"0")
        if said.isdigit() and int(said) > self._most:
            refusal = self._refusal()
            await JSONResponse(problem(refusal), refusal.status, media_type=MEDIA_TYPE)(scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        heard = 0

        async def counted() -> Message:
            nonlocal heard
            message = await receive()
            heard += len(message.get("body", b""))
            if heard > self._most:
                raise HTTPException(TooMany.status, str(self._refusal()))
            return message

        return counted

    def _refusal(self) -> TooMany:
        return TooMany(
            f"The request has more than {self._most >> 20} MB",
            where="body",
            instead="Send fewer rows, or load a large file with `fieldmark load`.",
        )
