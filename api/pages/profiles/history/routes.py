"""The revisions of a profile: who changed what and when, two side by side, and the way back."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Reader, Runner, Visit
from api.pages.here import Chosen
from api.pages.profiles.history.comparing import side_by_side
from api.pages.profiles.reaching import ProfileId, actor_named, profile_read, seen_profiles, told
from api.pages.rendering import gone_to, page
from store.errors import BadInput
from tools.profiles.kept import Profile

PER_PAGE = 50
SIDE = re.compile(r"(profile_[A-Za-z0-9-]{1,80})?(?:\.r?|r?)(\d{1,9})?")
Side = Annotated[str, Query(max_length=120, description="`3`, a profile's id, or `profile_….3`.")]


def add_history(router: APIRouter) -> None:
    """Add `/profiles/{id}/history` and `/profiles/{id}/compare`."""

    @router.get("/profiles/{profile_id}/history")
    def history(
        visit: Reader,
        request: Request,
        chosen: Chosen,
        profile_id: ProfileId,
        before: Annotated[int | None, Query(ge=1)] = None,
    ) -> HTMLResponse:
        """Its revisions, newest first, each to be compared with another."""
        profile = profile_read(visit, chosen, profile_id)
        found = told(
            visit, chosen, "icp_profile_history", icp_profile=profile_id, limit=PER_PAGE, before=before
        ).revisions
        others = [each for each in seen_profiles(visit) if each.profile_id != profile_id]
        return page(
            request,
            "profiles/history/history.html.j2",
            screen="profiles",
            profile=profile,
            revisions=found,
            names={each.by: actor_named(visit, each.by) for each in found},
            older=found[-1].number if len(found) == PER_PAGE and found[-1].number > 1 else None,
            others=sorted(others, key=lambda each: each.name.casefold()),
        )

    @router.get("/profiles/{profile_id}/compare")
    def compare(
        visit: Reader, request: Request, chosen: Chosen, profile_id: ProfileId, left: Side, right: Side
    ) -> HTMLResponse:
        """Two revisions, or two profiles, side by side."""
        sides = [_side(visit, chosen, profile_id, each) for each in (left, right)]
        if sides[0].icp_profile_id == sides[1].icp_profile_id and sides[0].revision > sides[1].revision:
            sides.reverse()
        lines = side_by_side(sides[0].document, sides[1].document)
        return page(
            request,
            "profiles/history/compare.html.j2",
            screen="profiles",
            profile_id=profile_id,
            left=sides[0],
            right=sides[1],
            lines=lines,
            changes=sum(each.mark != "same" for each in lines),
        )

    @router.post("/profiles/{profile_id}/restore/{number}")
    def restore(
        visit: Runner,
        chosen: Chosen,
        profile_id: ProfileId,
        number: Annotated[int, Path(ge=1, lt=1 << 31)],
        revision: Annotated[int | None, Form(ge=1)] = None,
    ) -> HTMLResponse:
        """Go back to what a revision held, as a new revision."""
        given = {"icp_profile": profile_id, "number": number, "revision": revision}
        told(visit, chosen, "restore_icp_profile", **given)
        return gone_to(f"/profiles/{profile_id}")


def _side(visit: Visit, chosen: str | None, profile_id: str, told_side: str) -> Profile:
    found = SIDE.fullmatch(told_side)
    if found is None or not (found[1] or found[2]):
        raise BadInput(
            "There is no such side", where="left, right", instead="Choose two revisions or profiles."
        )
    return profile_read(visit, chosen, found[1] or profile_id, int(found[2]) if found[2] else None)
