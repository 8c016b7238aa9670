"""The screen of profiles, put together."""

from fastapi import APIRouter

from api.pages.profiles.history.routes import add_history
from api.pages.profiles.listing.routes import add_listing
from api.pages.profiles.lists.routes import add_lists
from api.pages.profiles.making.routes import add_making
from api.pages.profiles.one.routes import add_one
from api.pages.profiles.single.routes import add_single


def profile_pages() -> APIRouter:
    """`/profiles`: those with a name of their own first, since an id would be read as any."""
    router = APIRouter()
    for add in (add_listing, add_making, add_lists, add_single, add_history, add_one):
        add(router)
    return router
