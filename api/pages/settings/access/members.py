"""Who are the members, and what may each do?"""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access.shown import MemberShown, shown
from api.access.visit import Admin, Visit
from api.pages.settings.parts import formed, part_page
from api.rest.form.paging import Page, Pages, Turned, page_of
from api.rest.organisation.members import (
    MemberChange,
    MemberWanted,
    added_member,
    changed_member,
    removed_member,
)
from store.access import ROLES, SCOPES_OF
from store.records.access.members import member_named, members_of
from store.records.newest import Place

Text = Annotated[str, Form()]


def member_pages() -> APIRouter:
    """`/settings/members`."""
    router = APIRouter(prefix="/settings/members")

    @router.get("")
    def members(request: Request, visit: Admin, pages: Pages) -> HTMLResponse:
        """The members, newest first, and the form for another one."""
        return _page(request, visit, pages, "members")

    @router.post("")
    def add(
        request: Request, visit: Admin, email: Text, role: Text, name: Text = "", password: Text = ""
    ) -> HTMLResponse:
        """A new member."""
        given = {"email": email, "role": role, "name": name, "password": password or None}
        added_member(visit, formed(MemberWanted, given))
        return _page(request, visit, Turned(), "members_list", done="member_added")

    @router.get("/{member_id}")
    def member(request: Request, visit: Admin, member_id: str) -> HTMLResponse:
        """One member, to be changed."""
        found = shown(MemberShown, member_named(visit.house.database, member_id))
        return part_page(
            request, visit, "members", "access/member.html.j2", member=found, roles=_roles(visit)
        )

    @router.post("/{member_id}")
    def change(
        request: Request, visit: Admin, member_id: str, role: Text, name: Text = "", password: Text = ""
    ) -> HTMLResponse:
        """The list after the change; an empty password stays what it was."""
        given: dict[str, Any] = {"name": name, "role": role} | ({"password": password} if password else {})
        return _changed(request, visit, member_id, given, "member_changed")

    @router.post("/{member_id}/disable")
    def disable(request: Request, visit: Admin, member_id: str) -> HTMLResponse:
        """They cannot sign in any more."""
        return _changed(request, visit, member_id, {"disabled": True}, "member_disabled")

    @router.post("/{member_id}/enable")
    def enable(request: Request, visit: Admin, member_id: str) -> HTMLResponse:
        """They can sign in again."""
        return _changed(request, visit, member_id, {"disabled": False}, "member_enabled")

    @router.post("/{member_id}/remove")
    def remove(request: Request, visit: Admin, member_id: str) -> HTMLResponse:
        """Forget a member."""
        removed_member(visit, member_id)
        return _page(request, visit, Turned(), "members_list", done="member_removed")

    return router


def _changed(
    request: Request, visit: Visit, member_id: str, given: dict[str, Any], done: str
) -> HTMLResponse:
    changed_member(visit, member_id, formed(MemberChange, given))
    return _page(request, visit, Turned(), "members_list", done=done)


def _page(request: Request, visit: Visit, pages: Turned, template: str, done: str = "") -> HTMLResponse:
    return part_page(
        request,
        visit,
        "members",
        f"access/{template}.html.j2",
        found=_members(visit, pages),
        done=done,
        roles=_roles(visit),
    )


def _roles(visit: Visit) -> list[str]:
    return [role for role in ROLES if visit.principal.may(*SCOPES_OF[role])]


def _members(visit: Visit, pages: Turned) -> Page[MemberShown]:
    rows = members_of(visit.house.database, pages.limit, pages.after)
    return page_of(
        rows,
        pages.limit,
        lambda member: Place(member.created_at, member.member_id),
        lambda member: shown(MemberShown, member),
    )
