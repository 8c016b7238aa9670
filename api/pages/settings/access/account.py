"""Who am I here, and how do I change my password?"""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Reader, Visit
from api.pages.rendering import gone_to
from api.pages.settings.parts import formed, part_page
from api.rest.organisation.sign_in import PasswordChange, change_own_password, desk_of, set_session
from store.errors import BadInput, NotAllowed, NotSignedIn
from store.records.access.members import Member, member_named
from store.records.access.organisations import organisation_named
from store.records.access.sign_ins import end_sign_ins

ADDRESS = "/settings/account"
Done = Annotated[str, Query(pattern="^(|password_changed|signed_out_elsewhere)$")]


def account_pages() -> APIRouter:
    """`/settings/account`."""
    router = APIRouter(prefix=ADDRESS)

    @router.get("")
    def account(request: Request, visit: Reader, done: Done = "") -> HTMLResponse:
        """Name, role, and what may be changed."""
        house = visit.house
        return part_page(
            request,
            visit,
            "account",
            "access/account.html.j2",
            member=_member_if_any(visit),
            organisation=organisation_named(house.database, house.organisation_id, house.now()),
            done=done,
        )

    @router.post("/password")
    def change(
        request: Request,
        visit: Reader,
        password: Annotated[str, Form()],
        new_password: Annotated[str, Form()],
    ) -> HTMLResponse:
        """Another password; every other browser is signed out."""
        wanted = formed(PasswordChange, {"password": password, "new_password": new_password})
        answer = gone_to(f"{ADDRESS}?done=password_changed")
        try:
            change_own_password(visit, wanted, request, answer)
        except NotSignedIn:  # they are: only what they typed was wrong, which is no reason to send them away
            raise BadInput(
                "This is not the password that you have now", where="password", instead="Type it again."
            ) from None
        return answer

    @router.post("/sign-out-elsewhere")
    def sign_out_elsewhere(request: Request, visit: Reader) -> HTMLResponse:
        """End every session of the member, and begin a new one in this browser."""
        member = _member_if_any(visit)
        if member is None or member.password_hash is None:
            raise NotAllowed("Only a member with a password has sessions to end here", where="account")
        end_sign_ins(visit.house.database, member.member_id)
        answer = gone_to(f"{ADDRESS}?done=signed_out_elsewhere")
        set_session(request, answer, desk_of(request).begin(member))
        visit.note("session.ended", member.member_id, elsewhere=True)
        return answer

    return router


def _member_if_any(visit: Visit) -> Member | None:
    """The member who asks; None for the owner of the machine and for a key."""
    actor = visit.principal.actor
    return member_named(visit.house.database, actor) if actor.startswith("member_") else None
