"""The first screen at `/`: conversations, one of them, and what is said in it."""

from fastapi import APIRouter

from api.pages.chat.deciding import deciding_routes
from api.pages.chat.reading import reading_routes
from api.pages.chat.saying import saying_routes
from api.pages.uploads.routes import upload_routes


def chat_pages() -> APIRouter:
    """`/`, `/chat/…` and `/uploads/…`."""
    router = APIRouter()
    for routes in (reading_routes, saying_routes, deciding_routes, upload_routes):
        router.include_router(routes())
    return router
