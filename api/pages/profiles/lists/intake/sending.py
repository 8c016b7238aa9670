"""A list is sent, scored by a job, stopped, scored again, removed."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse

from api.access.visit import PeopleRunner, Reader, Runner, Visit
from api.jobs import queue
from api.pages.here import Chosen, workspace_here, workspace_if_any
from api.pages.profiles.lists.intake.waiting import WaitingList, drop, wait_with, waiting
from api.pages.profiles.lists.seen import lists_of, own_list, seen_lists
from api.pages.profiles.reaching import choices
from api.pages.rendering import gone_to, page
from store.errors import BadFile, BadInput, Conflict
from store.scored_lists.kept import PREFIX, KeptList, until
from store.workspace import Workspace
from tools.scoring.leads.against import scorer_named

KEPT_DAYS = 30
PER_PAGE = 25


def add_sending(router: APIRouter) -> None:
    """Add what makes and changes lists."""
    _add_collection(router)
    _add_changes(router)


def _add_collection(router: APIRouter) -> None:
    @router.get("/profiles/lists")
    def all_lists(
        visit: Reader,
        request: Request,
        chosen: Chosen,
        profile: Annotated[str, Query(max_length=120)] = "",
        at: Annotated[int, Query(alias="page", ge=1, le=10_000)] = 1,
    ) -> HTMLResponse:
        """The lists that are kept, and the form that sends one."""
        workspace = workspace_if_any(visit, chosen)
        found = seen_lists(visit)
        pages = max(1, -(-len(found) // PER_PAGE))
        at = min(at, pages)
        return page(
            request,
            "profiles/lists/intake/lists.html.j2",
            screen="profiles",
            lists=found[(at - 1) * PER_PAGE : at * PER_PAGE],
            at=at,
            pages=pages,
            choices=choices(visit, workspace) if workspace else [],
            wanted=profile,
            has_warehouse=workspace is not None,
            days=KEPT_DAYS,
        )

    @router.post("/profiles/lists")
    def send(
        visit: PeopleRunner,
        chosen: Chosen,
        profiles: Annotated[list[str], Form(max_length=10)],
        file: Annotated[UploadFile | None, File()] = None,
        upload: Annotated[str, Form(max_length=80)] = "",
        name: Annotated[str, Form(max_length=400)] = "",
        days: Annotated[int, Form(ge=1, le=366)] = KEPT_DAYS,
    ) -> HTMLResponse:
        """Keep the file that was looked at, or that comes along, and let a job score it."""
        workspace = workspace_here(visit, chosen)
        names = _chosen(profiles)
        for each in names:
            scorer_named(workspace, each)  # refused here rather than by the job
        found = _given(visit, upload, file)
        try:
            _require_readable(found.path)
            told = (file.filename if file else name) or found.path.name
            kept = _kept(visit, workspace, found, told, names, days)
        finally:
            drop(visit, found.upload_id)
        visit.note("list.sent", kept.list_id, warehouse=kept.warehouse)
        _submit(visit, kept)
        return gone_to(f"/profiles/lists/{kept.list_id}")


def _given(visit: Visit, upload: str, file: UploadFile | None) -> WaitingList:
    if file is not None and file.filename:
        return wait_with(visit, file.filename, file.file)
    if not upload:
        raise BadInput("No list is chosen yet", where="file", instead="Choose a file, or drop it here.")
    return waiting(visit, upload)


def _kept(
    visit: Visit, workspace: Workspace, found: WaitingList, told: str, names: list[str], days: int
) -> KeptList:
    """The list, kept under what a reader calls it: of a workbook with several sheets, with the sheet."""
    if found.sheets and len(found.sheets.names) > 1:
        told = f"{told} ({found.sheets.read})"
    now = visit.house.now()
    kept = KeptList(
        list_id=f"{PREFIX}{visit.house.new_id()}",
        name=told,
        warehouse=workspace.warehouse.name,
        creator=visit.principal.actor,
        created_at=now,
        expires_at=until(now, days),
        profiles=names,
    )
    return lists_of(visit).add(kept, found.path.name, found.path, now)


def _add_changes(router: APIRouter) -> None:
    @router.post("/profiles/lists/{list_id}/score")
    def score_again(
        visit: PeopleRunner, list_id: str, profiles: Annotated[list[str] | None, Form(max_length=10)] = None
    ) -> HTMLResponse:
        """Score it again, by the profiles as they are now, or by others."""
        found = own_list(visit, list_id)
        if found.is_running:
            raise Conflict("The list is being scored", where="list", instead="Wait for it, or stop it first.")
        lists = lists_of(visit)
        lists.given(found.kept)
        kept = found.kept
        if profiles:
            kept = kept.model_copy(update={"profiles": _chosen(profiles)})
            lists.keep(kept)
        _submit(visit, kept)
        return gone_to(f"/profiles/lists/{list_id}")

    @router.post("/profiles/lists/{list_id}/cancel")
    def cancel(visit: Runner, list_id: str) -> HTMLResponse:
        """Stop the scoring, at once or before its next step."""
        found = own_list(visit, list_id)
        if found.run is not None and found.is_running:
            lists_of(visit).ask_to_stop(list_id)
            queue.cancel(visit.house, found.run.run_id)
        return gone_to(f"/profiles/lists/{list_id}")

    @router.post("/profiles/lists/{list_id}/delete")
    def delete(visit: Runner, list_id: str) -> HTMLResponse:
        """Remove the list with its file and its scores."""
        found = own_list(visit, list_id)
        if found.run is not None and found.is_running:
            queue.cancel(visit.house, found.run.run_id)
        lists_of(visit).remove(list_id)
        visit.note("list.removed", list_id, warehouse=found.kept.warehouse)
        return gone_to("/profiles/lists")


def _chosen(profiles: list[str]) -> list[str]:
    names = list(dict.fromkeys(name for name in profiles if name))
    if not 1 <= len(names) <= 3:
        raise BadInput("Choose one to three profiles", where="profiles", instead="The first one sorts.")
    return names


def _require_readable(path: Path) -> None:
    """Raise BadFile for a file that cannot be a list, in words that do not name a place on this machine."""
    from store.population.source.form import form_of

    try:
        form_of(path)
    except BadFile as refusal:
        raise BadFile(refusal.what, where="file", instead=refusal.instead) from None


def _submit(visit: Visit, kept: KeptList) -> None:
    lists = lists_of(visit)
    lists.go_on(kept.list_id)
    arguments = {"list_id": kept.list_id, "icp_profiles": kept.profiles}
    run = queue.submit(
        visit.house, visit.settings, "score_list", arguments, kept.warehouse, actor=visit.principal.actor
    )
    lists.keep_document(kept.list_id, "run", {"run_id": run.run_id})
