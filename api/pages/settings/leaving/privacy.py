"""What left the house about a person, how is somebody erased, and what leaves at all?"""

import re
from typing import Annotated, Any, cast

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Admin, PeopleReader, Visit
from api.pages.here import Chosen, workspace_if_any
from api.pages.settings.leaving.openings import openings_of
from api.pages.settings.parts import formed, names_for, part_page
from api.rest.form.paging import Pages, Turned
from api.rest.found.erasures import MOST, Erasure, page_of_erasures
from store.errors import BadInput
from store.population.domains import HASH_TYPES, IDENTIFIER_TYPES
from tools.calls import call
from tools.declaration import tool
from tools.privacy.erase_person import Erased, erase_person
from tools.privacy.exports_about_person import ExportsAbout, exports_about_person
from tools.privacy.person import AboutPerson

Text = Annotated[str, Form()]
Values = Annotated[str, Form(max_length=20_000)]
PERSON = re.compile(r"-?[0-9]{1,19}")
PERSON_ID = "person_id"


def privacy_pages() -> APIRouter:
    """`/settings/privacy`. Whom it is about comes in forms alone, so that it is in no address and no log."""
    router = APIRouter(prefix="/settings/privacy")

    @router.get("")
    def privacy(request: Request, visit: PeopleReader, chosen: Chosen, pages: Pages) -> HTMLResponse:
        """The form for a person, the erasures, and what leaves the house."""
        workspace = workspace_if_any(visit, chosen)
        warehouse = workspace.warehouse.name if workspace else ""
        return _page(request, visit, "privacy", warehouse, pages)

    @router.post("/look")
    def look(
        request: Request,
        visit: PeopleReader,
        warehouse: Text,
        kind: Text,
        values: Values,
        hashed: Text = "plaintext",
    ) -> HTMLResponse:
        """The exports in which a person was; for admins, the way to erase them."""
        told = _told(visit, warehouse, _asked(kind, hashed, values))
        return part_page(
            request,
            visit,
            "privacy",
            "leaving/person.html.j2",
            told=told,
            erased=None,
            asked={"warehouse": warehouse, "kind": kind, "values": values, "hashed": hashed},
            now=visit.house.now(),
            names=names_for(visit),
        )

    @router.post("/erase")
    def erase(
        request: Request,
        visit: Admin,
        warehouse: Text,
        kind: Text,
        values: Values,
        hashed: Text = "plaintext",
    ) -> HTMLResponse:
        """What was done: erased, exports revoked, and what left before and cannot be called back."""
        wanted = formed(Erasure, _asked(kind, hashed, values, "identifiers"))
        query = AboutPerson(person_id=wanted.person_id, multi_identifiers=wanted.identifiers)
        done = erase_person(visit.workspace(warehouse), query)
        return _page(request, visit, "person", warehouse, Turned(), done)

    return router


def _asked(kind: str, hashed: str, values: str, identifiers: str = "multi_identifiers") -> dict[str, Any]:
    """Who is meant, as the tools take it. Raises BadInput."""
    given = [line.strip() for line in values.splitlines() if line.strip()]
    if not given or len(given) > MOST:
        raise BadInput(
            "Who is meant?", where="values", instead=f"One id, or up to {MOST} identifiers, one a line."
        )
    if kind != PERSON_ID:
        return {identifiers: [{"id_type": kind, "hash_type": hashed, "values": given}]}
    if len(given) > 1 or not PERSON.fullmatch(given[0]):
        raise BadInput("This is no person id", where="values", instead="One whole number.")
    return {PERSON_ID: given[0]}


def _told(visit: Visit, warehouse: str, given: dict[str, Any]) -> ExportsAbout:
    """As the command `fieldmark exports about` asks: traced, without who was meant."""
    found = call(tool(exports_about_person, needs=("people",)), visit.workspace(warehouse), given)
    return cast(ExportsAbout, found)


def _page(
    request: Request,
    visit: Visit,
    template: str,
    warehouse: str,
    pages: Turned,
    erased: Erased | None = None,
) -> HTMLResponse:
    may_erase = visit.principal.may("admin")
    return part_page(
        request,
        visit,
        "privacy",
        f"leaving/{template}.html.j2",
        about=warehouse,
        kinds=(PERSON_ID, *IDENTIFIER_TYPES),
        hashes=HASH_TYPES,
        found=page_of_erasures(visit, warehouse, pages) if warehouse and may_erase else None,
        told=None,
        erased=erased,
        openings=openings_of(visit),
        names=names_for(visit),
        now=visit.house.now(),
    )
