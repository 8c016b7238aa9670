"""The screen of audiences, put together."""

from fastapi import APIRouter

from api.pages.audiences.building.routes import building_pages
from api.pages.audiences.exporting.routes import exporting_pages
from api.pages.audiences.kept.routes import kept_pages
from api.pages.audiences.standing.keeping import keeping_pages
from api.pages.audiences.standing.routes import standing_pages


def audience_pages() -> APIRouter:
    """`/audiences`: the list, the builder, one audience, files of it, and those that are kept up to date."""
    router = APIRouter()
    # `new` and `standing` are no audience's id: they come first.
    for pages in (building_pages, standing_pages, keeping_pages, exporting_pages, kept_pages):
        router.include_router(pages())
    return router
