"""Warehouses: what lies in each, its snapshots and analyses."""

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.access.visit import Reader
from api.rest.form.paging import Page, Pages, Turned, page_of
from api.rest.found.kept import AnalysisLine, page_of_analyses
from store.records.newest import Place
from store.warehouse import SnapshotLine, Warehouse, warehouse_names

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # names have none: of a place among them only the key counts


class WarehouseLine(BaseModel):
    """What lies in a warehouse."""

    name: str
    persons: int | None = Field(default=None, description="None where there are only records.")
    clusters: int | None = None
    snapshot_id: str | None = Field(default=None, description="The snapshot in use.")
    loaded_at: datetime | None = None
    has_outcomes: bool
    has_events: bool


def warehouse_routes() -> APIRouter:
    """What is there to ask."""
    router = APIRouter(prefix="/v1/warehouses", tags=["warehouses"])

    @router.get("", response_model_exclude_none=True)
    def list_warehouses(visit: Reader, pages: Pages) -> Page[WarehouseLine]:
        """Warehouses, by name."""
        names = [name for name in warehouse_names(visit.house.home) if _is_after(name, pages)]
        return page_of(
            names[: pages.limit + 1],
            pages.limit,
            lambda name: Place(NO_TIME, name),
            lambda name: warehouse_line(visit.workspace(name).warehouse),
        )

    @router.get("/{warehouse}", response_model_exclude_none=True)
    def show_warehouse(visit: Reader, warehouse: str) -> WarehouseLine:
        """What lies in a warehouse."""
        known = visit.workspace(warehouse).warehouse
        known.require_loaded()
        return warehouse_line(known)

    @router.get("/{warehouse}/snapshots")
    def list_snapshots(visit: Reader, warehouse: str, pages: Pages) -> Page[SnapshotLine]:
        """Snapshots of a warehouse, newest first."""
        lines = [line for line in visit.workspace(warehouse).warehouse.snapshots() if _is_older(line, pages)]
        return page_of(lines[: pages.limit + 1], pages.limit, _place)

    @router.get("/{warehouse}/analyses")
    def list_analyses_of_warehouse(visit: Reader, warehouse: str, pages: Pages) -> Page[AnalysisLine]:
        """Analyses of a warehouse, newest first."""
        known = visit.workspace(warehouse).warehouse
        known.require_loaded()
        return page_of_analyses(visit.house.database, pages, known.name)

    return router


def warehouse_line(warehouse: Warehouse) -> WarehouseLine:
    """What lies in a warehouse, as a list shows it."""
    current = (
        next((line for line in warehouse.snapshots() if line.current), None) if warehouse.exists else None
    )
    return WarehouseLine(
        name=warehouse.name,
        persons=current.persons if current else None,
        clusters=current.clusters if current else None,
        snapshot_id=current.snapshot_id if current else None,
        loaded_at=datetime.fromisoformat(current.created_at) if current else None,
        has_outcomes=(warehouse.folder / "outcomes").is_dir(),
        has_events=(warehouse.folder / "behaviour").is_dir(),
    )


def _is_after(name: str, pages: Turned) -> bool:
    return pages.after is None or name > pages.after.key


def _place(line: SnapshotLine) -> Place:
    return Place(datetime.fromisoformat(line.created_at), line.snapshot_id)


def _is_older(line: SnapshotLine, pages: Turned) -> bool:
    return pages.after is None or _place(line) < pages.after
