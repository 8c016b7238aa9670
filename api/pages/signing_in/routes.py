"""Signing in and out at a browser."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from api.access.doorkeeper import COOKIE
from api.access.visit import Reader
from api.pages.choosing import PLACE
from api.pages.rendering import gone_to, page
from api.pages.shell import SIGN_IN
from api.rest.organisation.sign_in import desk_of, forget_session, set_session
from store.records.access.members import LONGEST_EMAIL
from store.records.access.passwords import LONGEST

Next = Annotated[str, Query(pattern=PLACE)]


def sign_in_pages() -> APIRouter:
    """`/sign-in` and `/sign-out`."""
    router = APIRouter()

    @router.get(SIGN_IN)
    def sign_in_page(request: Request, next: Next = "/") -> HTMLResponse:
        """The form."""
        oidc = bool(request.app.state.settings.oidc_issuer)
        return page(request, "signing_in/sign_in.html.j2", screen="sign_in", next=next, oidc=oidc)

    @router.post(SIGN_IN)
    def sign_in(
        request: Request,
        email: Annotated[str, Form(max_length=LONGEST_EMAIL)],
        password: Annotated[str, Form(max_length=LONGEST)],
        next: Annotated[str, Form(pattern=PLACE)] = "/",
        organisation_id: Annotated[str, Form(max_length=64)] = "",
    ) -> HTMLResponse:
        """Begin a session and go where the browser wanted to."""
        address = request.client.host if request.client else ""
        signed_in = desk_of(request).sign_in(email, password, organisation_id or None, address)
        forget_session(request)
        answer = gone_to(next)
        set_session(request, answer, signed_in.token)
        return answer

    @router.post("/sign-out")
    def sign_out(visit: Reader, request: Request) -> HTMLResponse:
        """End the session of this browser."""
        forget_session(request)
        visit.note("session.ended", visit.principal.actor)
        answer = gone_to(SIGN_IN)
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return router
