"""Which keys do programs come with?"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access.shown import KeyShown, NewKey, shown
from api.access.visit import Admin, Visit
from api.pages.settings.parts import formed, names_for, part_page
from api.rest.form.paging import Page, Pages, Turned, page_of
from api.rest.organisation.keys import KeyWanted, ended_key, made_key
from store.access import ROLES, SCOPES, SCOPES_OF
from store.records.access.keys import keys_of
from store.records.newest import Place

ENDS = (30, 90, 365)  # days that the form offers; it may end never


def key_pages() -> APIRouter:
    """`/settings/keys`."""
    router = APIRouter(prefix="/settings/keys")

    @router.get("")
    def keys(request: Request, visit: Admin, pages: Pages) -> HTMLResponse:
        """The keys, newest first, and the form for another one."""
        return _page(request, visit, pages, "keys")

    @router.post("")
    def make(
        request: Request,
        visit: Admin,
        name: Annotated[str, Form()],
        role: Annotated[str, Form()],
        scopes: Annotated[list[str] | None, Form()] = None,
        expires_in_days: Annotated[str, Form()] = "",
    ) -> HTMLResponse:
        """A new key with its secret, which no other page shows."""
        given = {
            "name": name,
            "role": role,
            "scopes": scopes or None,
            "expires_in_days": expires_in_days or None,
        }
        made = made_key(visit, formed(KeyWanted, given))
        return _page(request, visit, Turned(), "keys_list", made=made)

    @router.post("/{key_id}/revoke")
    def revoke(request: Request, visit: Admin, key_id: str) -> HTMLResponse:
        """End a key at once."""
        ended_key(visit, key_id)
        return _page(request, visit, Turned(), "keys_list", done="key_revoked")

    return router


def _page(
    request: Request, visit: Visit, pages: Turned, template: str, made: NewKey | None = None, done: str = ""
) -> HTMLResponse:
    return part_page(
        request,
        visit,
        "keys",
        f"access/{template}.html.j2",
        found=_keys(visit, pages),
        made=made,
        done=done,
        now=visit.house.now(),
        roles=[role for role in ROLES if visit.principal.may(*SCOPES_OF[role])],
        scopes=SCOPES,
        ends=ENDS,
        names=names_for(visit),
    )


def _keys(visit: Visit, pages: Turned) -> Page[KeyShown]:
    rows = keys_of(visit.house.database, pages.limit, pages.after)
    return page_of(
        rows, pages.limit, lambda key: Place(key.created_at, key.key_id), lambda key: shown(KeyShown, key)
    )
