"""Whose identifier is it, and how is a wrong match corrected and taken back?"""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from agent import CATALOGUE
from api.access.visit import PeopleReader, PeopleRunner, Visit
from api.pages.here import Chosen, require_warehouse, warehouses_of, workspace_if_any
from api.pages.settings.matches.kept import corrections_page, wrong_match_named
from api.pages.settings.matches.seen import Given, led_to, person_seen
from api.pages.settings.parts import formed, names_for, part_page
from api.rest.form.paging import Pages, Turned
from store.errors import BadInput, ToolRefused
from store.population.domains import HASH_TYPES, IDENTIFIER_TYPES
from store.records import Feedback
from store.records.corrections import correction_named
from store.records.feedback import waiting_feedback
from store.workspace import Workspace
from tools.calls import call, tool_named
from tools.declaration import PersonId
from tools.identity.corrections.keeping import CorrectionUndone
from tools.identity.corrections.merge_persons import PersonsMerged
from tools.identity.corrections.split_match import MatchSplit

PERSON_ID = "person_id"
Text = Annotated[str, Form(max_length=80)]
Value = Annotated[str, Form(max_length=500)]


class Person(BaseModel):
    """A person id, as a form has it."""

    value: PersonId


class Split(BaseModel):
    """Whose identifier it is not, by its place among theirs."""

    person_id: PersonId
    which: str = Field(max_length=10)


class Merge(BaseModel):
    """Two ids that are one person."""

    person_id: PersonId
    other_person_id: PersonId


def match_pages() -> APIRouter:
    """`/settings/matches`. Whom it is about comes in forms alone, so that it is in no address and no log."""
    router = APIRouter(prefix="/settings/matches")
    _add_looks(router)
    _add_changes(router)
    return router


def _add_looks(router: APIRouter) -> None:
    @router.get("")
    def matches(
        request: Request,
        visit: PeopleReader,
        chosen: Chosen,
        pages: Pages,
        feedback: Annotated[str, Query(max_length=80)] = "",
    ) -> HTMLResponse:
        """The form for an identifier or a person, two ids side by side, and what was corrected."""
        said = wrong_match_named(visit, feedback) if feedback else None
        workspace = workspace_if_any(visit, said.warehouse if said else chosen)
        name = workspace.warehouse.name if workspace else ""
        about = _about(workspace, said) if workspace and said and said.warehouse == name else {}
        words = {"about": name, "said": said, **{"seen": None, "why_not": "", **about}}
        return _page(request, visit, "page", name, pages, **words)

    @router.post("/look")
    def look(
        request: Request,
        visit: PeopleReader,
        warehouse: Text,
        kind: Text,
        value: Value,
        hashed: Text = "plaintext",
        feedback: Text = "",
    ) -> HTMLResponse:
        """To whom an identifier leads, or which identifiers a person has and who else has them."""
        workspace = _here(visit, warehouse)
        words: dict[str, Any] = {"warehouse": warehouse, "feedback": feedback}
        if kind == PERSON_ID:
            person_id = formed(Person, {"value": value.strip()}).value
            return _fragment(
                request, visit, "person", seen=person_seen(workspace, person_id), arrived=True, **words
            )
        if kind not in IDENTIFIER_TYPES or hashed not in HASH_TYPES or not value.strip():
            raise BadInput("Which identifier?", where="value", instead="Choose its kind, and write it whole.")
        led = led_to(workspace, Given(cast(Any, kind), cast(Any, hashed), value.strip()))
        return _fragment(request, visit, "people", led=led, **words)

    @router.post("/split/look")
    def look_split(
        request: Request, visit: PeopleRunner, warehouse: Text, person: Text, which: Text, feedback: Text = ""
    ) -> HTMLResponse:
        """What splitting an identifier off a person would do: nothing is changed."""
        workspace = _here(visit, warehouse)
        wanted = formed(Split, {"person_id": person.strip(), "which": which})
        found = _split(workspace, wanted, feedback, dry_run=True)
        candidates = [
            person_seen(workspace, each.person_id, None, each.quality_score) for each in found.candidates
        ]
        seen = person_seen(workspace, wanted.person_id)
        words = {"found": found, "seen": seen, "candidates": candidates}
        return _fragment(request, visit, "splitting", warehouse=warehouse, feedback=feedback, **words)

    @router.post("/merge/look")
    def look_merge(
        request: Request, visit: PeopleRunner, warehouse: Text, person: Text, other: Text, feedback: Text = ""
    ) -> HTMLResponse:
        """What speaks for two ids being one person: nothing is changed."""
        workspace = _here(visit, warehouse)
        wanted = formed(Merge, {"person_id": person.strip(), "other_person_id": other.strip()})
        found = _merge(workspace, wanted, feedback, dry_run=True)
        two = [person_seen(workspace, each) for each in (wanted.person_id, wanted.other_person_id)]
        words = {"found": found.evidence, "two": two, "warehouse": warehouse, "feedback": feedback}
        return _fragment(request, visit, "merging", **words)


def _add_changes(router: APIRouter) -> None:
    @router.post("/split")
    def split(
        request: Request, visit: PeopleRunner, warehouse: Text, person: Text, which: Text, feedback: Text = ""
    ) -> HTMLResponse:
        """Split the identifier off: it does not lead to this person any more."""
        wanted = formed(Split, {"person_id": person.strip(), "which": which})
        _split(_here(visit, warehouse), wanted, feedback, dry_run=False)
        return _done(request, visit, warehouse, "split")

    @router.post("/merge")
    def merge(
        request: Request, visit: PeopleRunner, warehouse: Text, person: Text, other: Text, feedback: Text = ""
    ) -> HTMLResponse:
        """Merge two ids into one person, who counts once."""
        wanted = formed(Merge, {"person_id": person.strip(), "other_person_id": other.strip()})
        _merge(_here(visit, warehouse), wanted, feedback, dry_run=False)
        return _done(request, visit, warehouse, "merged")

    @router.post("/{correction_id}/undo")
    def undo(request: Request, visit: PeopleRunner, correction_id: str) -> HTMLResponse:
        """Take a correction back: matches are as they were, and its feedback is open again."""
        found = correction_named(visit.house.database, correction_id)
        asked = {"correction_id": found.correction_id}
        undone = _called(visit.workspace(found.warehouse), "undo_correction", asked)
        reopened = cast(CorrectionUndone, undone).feedback_reopened
        return _done(request, visit, found.warehouse, "undone", reopened)


def _about(workspace: Workspace, said: Feedback) -> dict[str, Any]:
    """The person of the feedback, or why they cannot be told."""
    if said.person_id is None:
        return {}
    if said.snapshot_id not in ("", workspace.population.snapshot_id):
        return {"why_not": "older"}
    try:
        return {"seen": person_seen(workspace, said.person_id)}
    except ToolRefused:
        return {"why_not": "gone"}


def _here(visit: Visit, warehouse: str) -> Workspace:
    return visit.house.workspace(require_warehouse(visit, warehouse), visit.principal.actor)


def _split(workspace: Workspace, wanted: Split, feedback: str, *, dry_run: bool) -> MatchSplit:
    given = {**wanted.model_dump(), "feedback_id": feedback, "dry_run": dry_run}
    return cast(MatchSplit, _called(workspace, "split_match", given))


def _merge(workspace: Workspace, wanted: Merge, feedback: str, *, dry_run: bool) -> PersonsMerged:
    if wanted.person_id == wanted.other_person_id:
        raise BadInput("These are the same id", where="other", instead="Write two ids.")
    given = {**wanted.model_dump(), "feedback_id": feedback, "dry_run": dry_run}
    return cast(PersonsMerged, _called(workspace, "merge_persons", given))


def _called(workspace: Workspace, tool: str, given: dict[str, Any]) -> Any:
    return call(tool_named(CATALOGUE, tool), workspace, given)


def _fragment(request: Request, visit: Visit, template: str, **words: Any) -> HTMLResponse:
    return part_page(request, visit, "matches", f"matches/{template}.html.j2", **words)


def _done(request: Request, visit: Visit, warehouse: str, done: str, reopened: str = "") -> HTMLResponse:
    words = {"done": done, "reopened": reopened, "left": waiting_feedback(visit.house.database)}
    return _page(request, visit, "done", warehouse, Turned(), **words)


def _page(
    request: Request, visit: Visit, template: str, warehouse: str, pages: Turned, **words: Any
) -> HTMLResponse:
    given = {"done": "", "reopened": "", "arrived": False, **words}
    return _fragment(
        request,
        visit,
        template,
        warehouse=warehouse,
        is_loaded=warehouse in warehouses_of(visit),
        kinds=(PERSON_ID, *IDENTIFIER_TYPES),
        hashes=HASH_TYPES,
        found=corrections_page(visit, warehouse, pages),
        names=names_for(visit),
        **given,
    )
