"""Warehouses, their snapshots, traces and analyses."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from agent.analyses import saved_analysis
from api.access.visit import Reader
from store.warehouse import SnapshotLine, warehouse_names


def warehouse_routes() -> APIRouter:
    """What is there to ask, and what was asked."""
    router = APIRouter(prefix="/v1", tags=["warehouses"])

    @router.get("/warehouses")
    def warehouses(visit: Reader) -> list[str]:
        """Names of the warehouses."""
        return warehouse_names(visit.house.home)

    @router.get("/warehouses/{warehouse}/snapshots")
    def snapshots(visit: Reader, warehouse: str) -> list[SnapshotLine]:
        """Snapshots of a warehouse, newest first."""
        return visit.workspace(warehouse).warehouse.snapshots()

    @router.get("/warehouses/{warehouse}/analyses")
    def analyses(visit: Reader, warehouse: str) -> list[dict[str, Any]]:
        """Analyses of a warehouse, newest first."""
        known = visit.workspace(warehouse).warehouse
        known.require_loaded()
        return [record.model_dump(mode="json") for record in visit.house.database.analyses(known.name)]

    @router.get("/analyses/{analysis_id}")
    def analysis(visit: Reader, analysis_id: str) -> dict[str, Any]:
        """One analysis, whole."""
        return saved_analysis(visit.house.artifacts, analysis_id).model_dump(mode="json", exclude_none=True)

    @router.get("/analyses/{analysis_id}/report", response_class=HTMLResponse)
    def report(visit: Reader, analysis_id: str) -> str:
        """One analysis as a page."""
        from api.report import html_report  # the chart library takes a second to import

        return html_report(saved_analysis(visit.house.artifacts, analysis_id))

    @router.get("/traces/{workflow_id}")
    def traces(visit: Reader, workflow_id: str) -> list[dict[str, Any]]:
        """The calls made under a workflow."""
        return [record.model_dump(mode="json") for record in visit.house.database.traces(workflow_id)]

    return router
