"""The pages, put together."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

from api.pages.analyses.routes import analyses_pages
from api.pages.audiences.routes import audience_pages
from api.pages.briefings.routes import briefing_pages
from api.pages.chat.routes import chat_pages
from api.pages.choosing import choosing_routes
from api.pages.figures.routes import figures_pages
from api.pages.outcomes.routes import outcome_pages
from api.pages.profiles.routes import profile_pages
from api.pages.rendering import asset
from api.pages.settings.routes import settings_pages
from api.pages.signing_in.routes import sign_in_pages
from api.pages.unsubscribing.routes import unsubscribe_pages
from api.pages.welcome.routes import welcome_pages

FOLDER = Path(__file__).parent
SCREENS = (
    sign_in_pages,
    choosing_routes,
    chat_pages,
    welcome_pages,
    analyses_pages,
    figures_pages,
    audience_pages,
    settings_pages,
    profile_pages,
    outcome_pages,
    briefing_pages,
    unsubscribe_pages,
)


def add_pages(app: FastAPI) -> None:
    """Every screen at its address, and their files at `/static`."""
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    app.router.routes.extend(page_routes().routes)


@cache
def page_routes() -> APIRouter:
    """The routes of all screens. They know no house, so the applications of a process share them."""
    router = APIRouter(include_in_schema=False)
    for screen in SCREENS:
        router.include_router(screen())
    router.include_router(_icon())
    return router


def _icon() -> APIRouter:
    router = APIRouter()

    @router.get("/favicon.ico")
    def favicon() -> RedirectResponse:
        """The icon, for who looks for it where it used to be."""
        return RedirectResponse(asset("icon.svg"), 308)

    return router
