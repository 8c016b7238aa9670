"""Signing in with an OpenID provider: there, and back."""

from dataclasses import asdict
from datetime import timedelta
from hmac import compare_digest
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from api.access.doorkeeper import SIGN_IN
from api.access.noting import write_note
from api.access.signing_in.openid import Asked, OpenId, new_asked
from api.access.signing_in.signed_cookie import sealed, unsealed
from api.rest.organisation.sign_in import desk_of, forget_session, set_session
from api.settings import Settings
from store.errors import NotFound, NotSignedIn
from store.records.access.members import Member, email_form, link_subject, members_at
from store.workspace import House

PATH = f"{SIGN_IN}/oidc"
COOKIE = "fieldmark_oidc"
LIFE = timedelta(minutes=10)  # in which somebody signs in there


def openid_routes() -> APIRouter:
    """`GET /v1/sign-in/oidc` and `/v1/sign-in/oidc/callback`."""
    router = APIRouter(prefix=PATH, tags=["access"])

    @router.get("", status_code=302, response_class=RedirectResponse)
    def there(
        request: Request,
        organisation_id: Annotated[
            str | None,
            Query(max_length=64, description="Wanted where the e-mail belongs to several organisations."),
        ] = None,
    ) -> RedirectResponse:
        """Go to the provider of this house to sign in."""
        house, settings = _state(request)
        asked, ends_at = new_asked(), house.now() + LIFE
        answer = RedirectResponse(_provider(house, settings).address(asked), 302)
        answer.set_cookie(
            COOKIE,
            sealed(house.signer, COOKIE, asdict(asked) | {"organisation_id": organisation_id}, ends_at),
            max_age=int(LIFE.total_seconds()),
            path=PATH,
            httponly=True,
            samesite="lax",  # the way back is a link from elsewhere
            secure=settings.base_url.startswith("https://"),
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @router.get("/callback", status_code=303, response_class=RedirectResponse)
    def back(
        request: Request,
        state: Annotated[str, Query(max_length=512)] = "",
        code: Annotated[str, Query(max_length=4096)] = "",
    ) -> RedirectResponse:
        """Come back from the provider: only members whose e-mail it has verified are let in."""
        house, settings = _state(request)
        kept = unsealed(house.signer, COOKIE, request.cookies.get(COOKIE, ""), house.now())
        if kept is None or not code or not compare_digest(state.encode(), str(kept["state"]).encode()):
            raise NotSignedIn(
                "This is no answer to a sign-in that began in this browser",
                where="state",
                instead=f"Begin again at {PATH}.",
            )
        organisation_id = kept.pop("organisation_id")
        identity = _provider(house, settings).identity(code, Asked(**kept))
        member = _member(house, identity.email, identity.subject, organisation_id)
        write_note(house.of(member.organisation_id), member.member_id, "session.began", member.member_id)
        answer = RedirectResponse("/", 303)
        forget_session(request)
        set_session(request, answer, desk_of(request).begin(member))
        answer.delete_cookie(COOKIE, path=PATH)
        return answer

    return router


def _state(request: Request) -> tuple[House, Settings]:
    return request.app.state.house, request.app.state.settings


def _provider(house: House, settings: Settings) -> OpenId:
    if not (settings.oidc_issuer and settings.oidc_client_id):
        raise NotFound(
            "This house has no OpenID provider",
            where="sign-in",
            instead="Set FIELDMARK_OIDC_ISSUER and FIELDMARK_OIDC_CLIENT_ID, or sign in with a password.",
        )
    try:
        import authlib  # noqa: F401  # with the extra `oidc` only
    except ModuleNotFoundError:
        raise NotFound(
            "OpenID is not installed here", where="sign-in", instead="pip install 'fieldmark[oidc]'"
        ) from None
    back = f"{settings.base_url.rstrip('/')}{PATH}/callback"
    return OpenId(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, back, house.now)


def _member(house: House, email: str, subject: str, organisation_id: str | None) -> Member:
    """The member of this e-mail, who is the same at the provider as the first time. Raises NotSignedIn."""
    found = members_at(house.everywhere, email_form(email))
    if organisation_id is not None:
        found = [each for each in found if each.organisation_id == organisation_id]
    # An e-mail can be given to somebody else; a subject never is (OpenID Connect Core, 5.7).
    if len(found) == 1 and link_subject(
        house.everywhere.of(found[0].organisation_id), found[0].member_id, subject
    ):
        return found[0]
    raise NotSignedIn(
        "Nobody can sign in with this",
        where="OpenID",
        instead="An admin adds members; an e-mail of several organisations needs `organisation_id` too.",
    )
