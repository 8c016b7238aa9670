"""The pages, put together."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

from api.pages.choosing import choosing_routes
from api.pages.rendering import asset
from api.pages.signing_in.routes import sign_in_pages

FOLDER = Path(__file__).parent
SCREENS = (sign_in_pages, choosing_routes)


def add_pages(app: FastAPI) -> None:
    """Every screen at its address, and their files at `/static`."""
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    for screen in SCREENS:
        app.include_router(screen(), include_in_schema=False)
    app.include_router(_icon(), include_in_schema=False)


def _icon() -> APIRouter:
    router = APIRouter()

    @router.get("/favicon.ico")
    def favicon() -> RedirectResponse:
        """The icon, for who looks for it where it used to be."""
        return RedirectResponse(asset("icon.svg"), 308)

    return router
