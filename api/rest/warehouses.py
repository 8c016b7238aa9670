"""Warehouses, their snapshots, traces and analyses."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from agent.analyses import saved_analysis
from store.warehouse import SnapshotLine, warehouse_names
from store.workspace import House


def warehouse_routes(house: House) -> APIRouter:
    """What is there to ask, and what was asked."""
    router = APIRouter(prefix="/v1", tags=["warehouses"])

    @router.get("/warehouses")
    def warehouses() -> list[str]:
        """Names of the warehouses."""
        return warehouse_names(house.home)

    @router.get("/warehouses/{warehouse}/snapshots")
    def snapshots(warehouse: str) -> list[SnapshotLine]:
        """Snapshots of a warehouse, newest first."""
        return house.workspace(warehouse).warehouse.snapshots()

    @router.get("/warehouses/{warehouse}/analyses")
    def analyses(warehouse: str) -> list[dict[str, Any]]:
        """Analyses of a warehouse, newest first."""
        known = house.workspace(warehouse).warehouse
        known.require_loaded()
        return [record.model_dump(mode="json") for record in house.database.analyses(known.name)]

    @router.get("/analyses/{analysis_id}")
    def analysis(analysis_id: str) -> dict[str, Any]:
        """One analysis, whole."""
        return saved_analysis(house.artifacts, analysis_id).model_dump(mode="json", exclude_none=True)

    @router.get("/analyses/{analysis_id}/report", response_class=HTMLResponse)
    def report(analysis_id: str) -> str:
        """One analysis as a page."""
        from api.report import html_report  # the chart library takes a second to import

        return html_report(saved_analysis(house.artifacts, analysis_id))

    @router.get("/traces/{workflow_id}")
    def traces(workflow_id: str) -> list[dict[str, Any]]:
        """The calls made under a workflow."""
        return [record.model_dump(mode="json") for record in house.database.traces(workflow_id)]

    return router
