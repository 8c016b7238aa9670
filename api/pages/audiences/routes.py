"""The screen of audiences, put together."""

from fastapi import APIRouter

from api.pages.audiences.building.routes import building_pages
from api.pages.audiences.exporting.routes import exporting_pages
from api.pages.audiences.kept.routes import kept_pages


def audience_pages() -> APIRouter:
    """`/audiences`: the list, the builder, one audience, and files of it."""
    router = APIRouter()
    # The builder first: `new` is no audience's id.
    for pages in (building_pages, exporting_pages, kept_pages):
        router.include_router(pages())
    return router
