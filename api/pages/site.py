"""The pages, put together."""

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
)


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
