"""One profile: read, edited in place, shared, copied, deleted."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Reader, Runner
from api.pages.here import Chosen
from api.pages.profiles.one.editing import Sent, changes_between, clash, document_sent, form_of, with_lines
from api.pages.profiles.one.view import TIERS, profile_view
from api.pages.profiles.reaching import ProfileId, actor_named, profile_read, told
from api.pages.rendering import gone_to, page
from store.errors import Changed
from store.records.profiles import visible_profile
from tools.profiles.content.document import LISTS
from tools.profiles.reading.revisions import seen_revision


def add_one(router: APIRouter) -> None:
    """Add `/profiles/{id}` and what is done to one."""
    _add_reading(router)
    _add_editing(router)
    _add_actions(router)


def _add_reading(router: APIRouter) -> None:
    @router.get("/profiles/{profile_id}")
    def profile(visit: Reader, request: Request, chosen: Chosen, profile_id: ProfileId) -> HTMLResponse:
        """What it holds, as a reader wants it."""
        found = profile_read(visit, chosen, profile_id)
        record = visible_profile(visit.house.database, visit.principal.actor, profile_id)
        kept = seen_revision(visit.house.database, visit.principal.actor, record, found.revision)
        return page(
            request,
            "profiles/one/profile.html.j2",
            screen="profiles",
            profile=found,
            view=profile_view(found.document),
            tiers=TIERS,
            maker=actor_named(visit, record.creator),
            changer=actor_named(visit, kept.actor),
        )

    @router.get("/profiles/{profile_id}/edit")
    def edit(visit: Runner, request: Request, chosen: Chosen, profile_id: ProfileId) -> HTMLResponse:
        """The form for the whole of it."""
        found = profile_read(visit, chosen, profile_id)
        return page(
            request,
            "profiles/one/edit.html.j2",
            screen="profiles",
            profile=found,
            sent=form_of(found.document, found.revision),
            criteria=found.document.criteria,
            lists=LISTS,
        )


def _add_editing(router: APIRouter) -> None:
    @router.post("/profiles/lines")
    def lines(visit: Runner, request: Request, sent: Annotated[Sent, Form()]) -> HTMLResponse:
        """One list of the form with a line more or less; nothing is saved."""
        changed, name = with_lines(sent)
        return page(
            request,
            "profiles/one/list_part.html.j2",
            screen="profiles",
            sent=changed,
            name=name,
            focus="add" if sent.remove else "last",
        )

    @router.post("/profiles/{profile_id}")
    def save(
        visit: Runner, request: Request, chosen: Chosen, profile_id: ProfileId, sent: Annotated[Sent, Form()]
    ) -> HTMLResponse:
        """Save what the form changed, and nothing else; where somebody was first, show both and ask."""
        base = profile_read(visit, chosen, profile_id, sent.base or None).document
        mine = document_sent(sent, base)
        changes = changes_between(base, mine)
        if not changes:
            return gone_to(f"/profiles/{profile_id}")
        try:
            given = {"icp_profile": profile_id, "revision": sent.revision, "changes": changes}
            told(visit, chosen, "update_icp_profile", **given)
        except Changed:
            newest = profile_read(visit, chosen, profile_id)
            record = visible_profile(visit.house.database, visit.principal.actor, profile_id)
            kept = seen_revision(visit.house.database, visit.principal.actor, record, newest.revision)
            return page(
                request,
                "profiles/one/conflict.html.j2",
                screen="profiles",
                profile=newest,
                changer=actor_named(visit, kept.actor),
                clash=clash(base, newest.document, mine),
            )
        return gone_to(f"/profiles/{profile_id}")


def _add_actions(router: APIRouter) -> None:
    @router.post("/profiles/{profile_id}/share")
    def share(
        visit: Runner, chosen: Chosen, profile_id: ProfileId, visibility: Annotated[str, Form(max_length=10)]
    ) -> HTMLResponse:
        """Let everybody see it, or nobody else."""
        told(visit, chosen, "share_icp_profile", icp_profile=profile_id, visibility=visibility)
        return gone_to(f"/profiles/{profile_id}")

    @router.post("/profiles/{profile_id}/clone")
    def clone(
        visit: Runner,
        chosen: Chosen,
        profile_id: ProfileId,
        name: Annotated[str, Form(max_length=120)] = "",
        number: Annotated[int | None, Form(ge=1)] = None,
    ) -> HTMLResponse:
        """A copy of their own, and go there."""
        made = told(
            visit,
            chosen,
            "clone_icp_profile",
            icp_profile=profile_id,
            name=name.strip() or None,
            number=number,
        )
        return gone_to(f"/profiles/{made.icp_profile_id}")

    @router.post("/profiles/{profile_id}/delete")
    def delete(
        visit: Runner,
        chosen: Chosen,
        profile_id: ProfileId,
        revision: Annotated[int | None, Form(ge=1)] = None,
    ) -> HTMLResponse:
        """Take it away for everybody."""
        told(visit, chosen, "delete_icp_profile", icp_profile=profile_id, revision=revision)
        return gone_to("/profiles")
