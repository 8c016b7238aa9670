"""Was this request made before under the same Idempotency-Key? Then the same answer is given again.

After draft-ietf-httpapi-idempotency-key-header-07. A key belongs to whoever asks, the method, and the path
with its query, for 24 hours.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.request_body import again, whole
from api.rest.form.problems import http_problem, refusal_answer
from store.access import Principal
from store.errors import BadInput, Busy, Conflict, NotFound, ToolRefused
from store.records.answers import SENT, Answer, begin_answer, end_answer, forget_answers, give_up
from store.workspace import House

HEADER = b"idempotency-key"
REPLAYED = "Idempotent-Replayed"
KEY = re.compile(rb"[\x21-\x7e]{1,255}")
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
LARGEST = 8 << 20  # bytes of an answer that is kept
NOT_FINAL = {401, 403, 408, 409, 413, 425, 429}
# Of this one answer, or of the connection that it went over.
NOT_KEPT = {
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "x-request-id",
}
NOT_KEPT |= {"ratelimit", "ratelimit-policy", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}
STILL = 1  # seconds after which it is worth asking again for what is being answered


class Idempotency:
    """Gives an answer again to whoever asks again. It stands behind the doorkeeper, who says who asks."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST) -> None:
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        keys = _keys(scope)
        principal: Principal | None = scope.get("state", {}).get("principal")
        if not keys or principal is None:
            await self._app(scope, receive, send)
            return
        try:
            body = await whole(receive)
            said = await run_in_threadpool(_begun, scope, principal, _checked(keys), body)
        except ToolRefused as refusal:
            await refusal_answer(refusal)(scope, receive, send)
        except HTTPException as error:  # a body that is too long; nobody else would make an answer of it here
            await http_problem(error)(scope, receive, send)
        else:
            if isinstance(said, Response):
                await said(scope, receive, send)
            else:
                await self._answer(said, scope, again(body, receive), send)

    async def _answer(self, said: "_Try", scope: Scope, receive: Receive, send: Send) -> None:
        heard = _Heard(send, self._largest, said)
        try:
            await self._app(scope, receive, heard.send)
        finally:
            if not heard.is_settled:  # it failed, or was not to be kept
                await run_in_threadpool(said.give_up)


@dataclass(frozen=True)
class _Try:
    """One try at answering a request under a key."""

    house: House
    answer: Answer

    def keep(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        shown_once = any(
            name == "set-cookie" or (name == "cache-control" and "no-store" in value)
            for name, value in headers
        )
        kept = [] if shown_once else [pair for pair in headers if pair[0] not in NOT_KEPT]
        if not shown_once:
            self.house.artifacts.save_bytes(SENT, self.answer.body_key, body)
        is_kept = end_answer(
            self.house.database, self.answer, status, kept, self.house.now(), is_shown_once=shown_once
        )
        if not is_kept:
            self.house.artifacts.remove(SENT, self.answer.body_key, "bin")

    def give_up(self) -> None:
        give_up(self.house.database, self.answer)


class _Heard:
    """Hears an answer on its way out, and keeps it before its last part is sent."""

    def __init__(self, send: Send, largest: int, said: _Try) -> None:
        self._send, self._largest, self._try = send, largest, said
        self._status, self._headers, self._body = 0, list[tuple[str, str]](), bytearray()
        self._is_kept = self.is_settled = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [
                (name.decode("latin-1").lower(), value.decode("latin-1"))
                for name, value in message["headers"]
            ]
            self._is_kept = _is_final(self._status) and not self._is_stream()
        elif message["type"] == "http.response.body" and self._is_kept:
            self._body += message.get("body", b"")
            self._is_kept = len(self._body) <= self._largest
            if self._is_kept and not message.get("more_body", False):
                with suppress(ToolRefused):  # on a full disk the answer is still sent, and not kept
                    await run_in_threadpool(self._try.keep, self._status, self._headers, bytes(self._body))
                    self.is_settled = True
        await self._send(message)

    def _is_stream(self) -> bool:
        return any(name == "content-type" and "event-stream" in value for name, value in self._headers)


def _is_final(status: int) -> bool:
    return 200 <= status < 300 or (400 <= status < 500 and status not in NOT_FINAL)


def _keys(scope: Scope) -> list[bytes]:
    if scope["type"] != "http" or scope["method"] not in CHANGING or not scope["path"].startswith("/v1/"):
        return []
    return [value for name, value in scope["headers"] if name == HEADER]


def _checked(keys: list[bytes]) -> bytes:
    if len(keys) > 1 or not KEY.fullmatch(keys[0]):
        raise BadInput(
            "An Idempotency-Key is one header of 1 to 255 visible ASCII characters",
            where="Idempotency-Key",
            instead="Give a UUID.",
        )
    return keys[0]


def _begun(scope: Scope, principal: Principal, key: bytes, body: bytes) -> "_Try | Response":
    """The try, or the answer of an earlier one. Raises Conflict for another request under the key."""
    house: House = scope["app"].state.house.of(principal.organisation_id)
    now, digest = house.now(), house.signer.digest
    for old in forget_answers(house.database, now):
        house.artifacts.remove(SENT, old, "bin")
    who = f"{principal.organisation_id}\n{principal.actor}\n{scope['method']}\n{scope['path']}\n"
    asked = who.encode(errors="surrogatepass") + scope["query_string"] + b"\n" + key
    mine = Answer(
        answer_id=f"ans_{digest(asked)}",
        request_hash=digest(b"body\n" + body),
        body_key=f"sent_{house.new_id()}",
        begun_at=now,
    )
    earlier = begin_answer(house.database, mine, now)
    return _Try(house, mine) if earlier is None else _replayed(house, earlier, mine.request_hash)


def _replayed(house: House, earlier: Answer, request_hash: str) -> Response:
    if earlier.request_hash != request_hash:
        raise Conflict(
            "Another request was made under this Idempotency-Key",
            where="Idempotency-Key",
            instead="Give a key of its own to each request.",
        )
    if earlier.status == 0:
        busy = Busy(
            "This request is being answered", where="Idempotency-Key", instead="Ask again in a second."
        )
        return refusal_answer(busy, {"Retry-After": str(STILL)})
    if earlier.is_shown_once:
        raise Conflict(
            "This was done, and its answer is shown once only",
            where="Idempotency-Key",
            instead="To do it another time, give another key.",
        )
    try:
        body = house.artifacts.content(SENT, earlier.body_key)
    except NotFound:
        raise Conflict(
            "This was done, and its answer is gone", where="Idempotency-Key", instead="Give another key."
        ) from None
    answer = Response(body, earlier.status)
    for name, value in earlier.headers:
        answer.headers.append(name, value)
    answer.headers[REPLAYED] = "true"
    return answer
