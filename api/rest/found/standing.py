"""Standing audiences as resources: kept, made anew, paused, removed, and what changed in each."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.visit import PeopleRunner, Reader, Runner
from api.rest.form.paging import Page, Pages, page_of
from store.records.newest import Place
from store.records.standing import StandingChange, changes_of, standing_named
from tools.calls import call
from tools.standing import catalogue
from tools.standing.findings import (
    KeptAudience,
    MovedPeople,
    Standing,
    StandingAudiences,
    StandingRefreshed,
)
from tools.standing.keep_audience import pause_audience, remove_audience
from tools.standing.kept.shown import standing_shown
from tools.standing.queries import KeepAudience, Mode

Warehouse = Annotated[str | None, Query(description="The warehouse; the only one when left out.")]
StandingId = Annotated[str, Path(max_length=80, description="A standing audience, by id or name.")]


class RefreshRequest(BaseModel):
    """Whether it is done, or only told."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = Field(default="dry_run", description="`dry_run` tells, and writes nothing; `yes` does it.")


class ChangeShown(BaseModel):
    """One time a standing audience was made anew."""

    change_id: str
    number: int = Field(description="1 is the first.")
    snapshot_id: str
    people: int
    entered: list[MovedPeople]
    left: list[MovedPeople]
    note: str = Field(default="", description="What cannot be told of it, and why.")
    delivered_to: str = Field(description="The destination; empty for none.")
    run_id: str = Field(description="The briefing that it was made for; empty for none.")
    created_at: datetime


def change_shown(change: StandingChange) -> ChangeShown:
    """A change, as it is shown: how many, and why."""
    known: dict[str, Any] = change.model_dump(exclude={"entered", "left", "why"})
    return ChangeShown.model_validate({**known, **change.why})


def standing_routes() -> APIRouter:
    """`/v1/standing-audiences`."""
    router = APIRouter(prefix="/v1/standing-audiences", tags=["audiences"])
    _add_collection(router)
    _add_one(router)
    return router


def _add_collection(router: APIRouter) -> None:
    @router.get("")
    def list_standing_audiences(visit: Reader, warehouse: Warehouse = None) -> StandingAudiences:
        """The standing audiences of a warehouse, by name; at most 200."""
        return _called(catalogue.LIST, visit.workspace(warehouse), {})

    @router.post("", status_code=201)
    def keep_standing_audience(
        visit: PeopleRunner, wanted: KeepAudience, response: Response, warehouse: Warehouse = None
    ) -> KeptAudience:
        """The audience, kept as standing; its files are first written by a refresh."""
        given = wanted.model_dump(mode="json", exclude_unset=True)
        made: KeptAudience = _called(catalogue.KEEP, visit.workspace(warehouse), given)
        response.headers["Location"] = f"/v1/standing-audiences/{made.standing.standing_id}"
        return made

    @router.post("/refresh")
    def refresh_standing_audiences(
        visit: PeopleRunner, wanted: RefreshRequest, warehouse: Warehouse = None
    ) -> StandingRefreshed:
        """Every standing audience and everybody's tier, made anew where the data or the model changed."""
        return _called(catalogue.REFRESH, visit.workspace(warehouse), {"mode": wanted.mode})


def _add_one(router: APIRouter) -> None:
    @router.get("/{standing_id}")
    def get_standing_audience(
        visit: Reader, standing_id: StandingId, warehouse: Warehouse = None
    ) -> Standing:
        """One standing audience with its last change."""
        workspace = visit.workspace(warehouse)
        record = standing_named(workspace.database, workspace.warehouse.name, standing_id)
        return standing_shown(workspace, record)

    @router.delete("/{standing_id}", status_code=204)
    def remove_standing_audience(
        visit: PeopleRunner, standing_id: StandingId, warehouse: Warehouse = None
    ) -> None:
        """Forget it and its changes; what lies at its destination stays there."""
        remove_audience(visit.workspace(warehouse), standing_id)

    @router.get("/{standing_id}/changes")
    def list_changes(
        visit: Reader, standing_id: StandingId, pages: Pages, warehouse: Warehouse = None
    ) -> Page[ChangeShown]:
        """Its changes, newest first: how many entered and left, and why."""
        workspace = visit.workspace(warehouse)
        record = standing_named(workspace.database, workspace.warehouse.name, standing_id)
        rows = changes_of(workspace.database, record.standing_id, pages.limit, pages.after)
        return page_of(rows, pages.limit, lambda row: Place(row.created_at, row.change_id), change_shown)

    @router.post("/{standing_id}/refresh")
    def refresh_one(
        visit: PeopleRunner, standing_id: StandingId, wanted: RefreshRequest, warehouse: Warehouse = None
    ) -> StandingRefreshed:
        """This one made anew where its data or model changed."""
        given = {"mode": wanted.mode, "names": [standing_id], "rescore": False}
        return _called(catalogue.REFRESH, visit.workspace(warehouse), given)

    @router.post("/{standing_id}/pause")
    def pause(visit: Runner, standing_id: StandingId, warehouse: Warehouse = None) -> Standing:
        """It rests: no refresh makes it anew."""
        return pause_audience(visit.workspace(warehouse), standing_id, is_paused=True)

    @router.post("/{standing_id}/resume")
    def resume(visit: Runner, standing_id: StandingId, warehouse: Warehouse = None) -> Standing:
        """It is made anew again, by the next refresh."""
        return pause_audience(visit.workspace(warehouse), standing_id, is_paused=False)


def _called(tool: Any, workspace: Any, arguments: dict[str, Any]) -> Any:
    return call(tool, workspace, arguments)
