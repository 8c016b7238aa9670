"""Signing in and out with a password; and who am I?"""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.doorkeeper import COOKIE, SIGN_IN
from api.access.recognising import principal_of_member
from api.access.shown import OrganisationShown, shown
from api.access.signing_in.desk import Desk
from api.access.visit import Reader, Visit
from api.settings import Settings
from store.access import SCOPES, Principal, Role, Scope
from store.errors import BadInput
from store.records.access.members import LONGEST_EMAIL, change_member, member_named
from store.records.access.organisations import organisation_named
from store.records.access.passwords import LONGEST, password_hash
from store.records.access.sign_ins import LONGEST as LONGEST_SESSION
from store.records.access.sign_ins import csrf_of, end_sign_in
from store.workspace import House


class Credentials(BaseModel):
    """Who signs in."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=LONGEST_EMAIL)
    password: str = Field(max_length=LONGEST)
    organisation_id: str | None = Field(
        default=None, max_length=64, description="Wanted where the e-mail belongs to several organisations."
    )


class PasswordChange(BaseModel):
    """The password that was, and the one that is to be."""

    model_config = ConfigDict(extra="forbid")

    password: str = Field(max_length=LONGEST)
    new_password: str = Field(max_length=LONGEST, description="12 characters at least.")


class Me(BaseModel):
    """Who asks, and what they may do."""

    actor: str = Field(description="`local`, `key_…` or `member_…`.")
    name: str
    role: Role
    scopes: list[Scope]
    organisation: OrganisationShown
    csrf_token: str | None = Field(
        description="To be sent as X-CSRF-Token with every change, by who came with a cookie."
    )


def sign_in_routes() -> APIRouter:
    """`POST /v1/sign-in`, `POST /v1/sign-out`, `GET /v1/me`, `POST /v1/me/password`."""
    router = APIRouter(tags=["access"])

    @router.post(SIGN_IN)
    def sign_in(wanted: Credentials, request: Request, response: Response) -> Me:
        """Begin a session: a cookie for the browser, and the token that its changes need."""
        house: House = request.app.state.house
        signed_in = desk_of(request).sign_in(
            wanted.email, wanted.password, wanted.organisation_id, _address(request)
        )
        forget_session(request)
        set_session(request, response, signed_in.token)
        return _me(house, principal_of_member(signed_in.member), csrf_of(signed_in.token))

    @router.post("/v1/sign-out", status_code=204)
    def sign_out(visit: Reader, request: Request, response: Response) -> None:
        """End the session of this browser."""
        forget_session(request)
        response.delete_cookie(COOKIE, path="/")
        visit.note("session.ended", visit.principal.actor)

    @router.get("/v1/me")
    def me(visit: Reader, request: Request, response: Response) -> Me:
        """Who asks, for which organisation, with which scopes."""
        response.headers["Cache-Control"] = "no-store"  # it can hold the token of a session
        token = request.cookies.get(COOKIE)
        csrf = csrf_of(token) if token and visit.principal.actor.startswith("member_") else None
        return _me(visit.house, visit.principal, csrf)

    @router.post("/v1/me/password", status_code=204)
    def change_password(visit: Reader, wanted: PasswordChange, request: Request, response: Response) -> None:
        """Give oneself another password. Every other browser is signed out."""
        change_own_password(visit, wanted, request, response)

    return router


def change_own_password(visit: Visit, wanted: PasswordChange, request: Request, response: Response) -> None:
    """Give oneself another password and this browser a new session. Raises NotSignedIn, TooFast, BadInput."""
    member = member_named(visit.house.database, _member_id(visit))
    desk = desk_of(request)
    desk.check(member, wanted.password, _address(request))
    change_member(visit.house.database, member.member_id, password_hash=password_hash(wanted.new_password))
    set_session(request, response, desk.begin(member))
    visit.note("member.password", member.member_id)


def desk_of(request: Request) -> Desk:
    """The one desk of the application, which counts all attempts."""
    return request.app.state.desk


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser the token of its session."""
    settings: Settings = request.app.state.settings
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST_SESSION.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https" or settings.base_url.startswith("https://"),
    )
    response.headers["Cache-Control"] = "no-store"


def forget_session(request: Request) -> None:
    """End the session that the browser came with, if it is one."""
    token = request.cookies.get(COOKIE)
    if token:
        end_sign_in(request.app.state.house.everywhere, token)


def _me(house: House, principal: Principal, csrf: str | None) -> Me:
    organisation = organisation_named(house.everywhere, principal.organisation_id, house.now())
    return Me(
        actor=principal.actor,
        name=principal.name,
        role=principal.role,
        scopes=[scope for scope in SCOPES if scope in principal.scopes],
        organisation=shown(OrganisationShown, organisation),
        csrf_token=csrf,
    )


def _member_id(visit: Visit) -> str:
    if not visit.principal.actor.startswith("member_"):
        raise BadInput("A key has no password", where="credential", instead="Sign in first.")
    return visit.principal.actor


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
