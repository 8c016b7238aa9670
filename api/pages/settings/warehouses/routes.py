"""What lies in each warehouse, and which snapshot of it is in use?"""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Admin, Reader, Visit
from api.pages.here import require_warehouse, warehouses_of
from api.pages.settings.parts import part_page
from api.pages.settings.warehouses.coverage import coverage_of
from api.rest.form.paging import Page, Pages, page_of
from api.rest.found.warehouses import WarehouseLine, warehouse_line
from store.records.newest import Place
from store.warehouse import KEPT_SNAPSHOTS, Warehouse

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # names have none: of a place among them only the key counts


def warehouse_pages() -> APIRouter:
    """`/settings/warehouses`."""
    router = APIRouter(prefix="/settings/warehouses")

    @router.get("")
    def warehouses(request: Request, visit: Reader, pages: Pages) -> HTMLResponse:
        """The warehouses, by name."""
        names = [name for name in warehouses_of(visit) if pages.after is None or name > pages.after.key]
        found: Page[WarehouseLine] = page_of(
            names[: pages.limit + 1],
            pages.limit,
            lambda name: Place(NO_TIME, name),
            lambda name: warehouse_line(visit.workspace(name).warehouse),
        )
        return part_page(request, visit, "warehouses", "warehouses/warehouses.html.j2", found=found)

    @router.get("/{name}")
    def warehouse(request: Request, visit: Reader, name: str) -> HTMLResponse:
        """One warehouse: its people, their identifiers, its snapshots."""
        known = _known(visit, name)
        return part_page(
            request,
            visit,
            "warehouses",
            "warehouses/warehouse.html.j2",
            line=warehouse_line(known),
            coverage=coverage_of(known.population) if known.exists else [],
            sources=known.population.manifest.sources if known.exists else [],
            **_snapshots(known),
        )

    @router.post("/{name}/snapshots/{snapshot_id}/use")
    def use(request: Request, visit: Admin, name: str, snapshot_id: str) -> HTMLResponse:
        """Put another snapshot in use, as `fieldmark snapshots --use` does."""
        known = _known(visit, name)
        known.use(snapshot_id)
        visit.note("snapshot.used", name, snapshot=snapshot_id)
        return part_page(
            request,
            visit,
            "warehouses",
            "warehouses/snapshots.html.j2",
            line=warehouse_line(known),
            **_snapshots(known, "snapshot_used"),
        )

    return router


def _known(visit: Visit, name: str) -> Warehouse:
    return visit.workspace(require_warehouse(visit, name)).warehouse


def _snapshots(warehouse: Warehouse, done: str = "") -> dict[str, object]:
    lines = warehouse.snapshots() if warehouse.exists else []
    dated = [(line, datetime.fromisoformat(line.created_at)) for line in lines]
    return {"snapshots": dated, "kept": KEPT_SNAPSHOTS, "done": done}
