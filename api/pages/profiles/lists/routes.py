"""Lists of leads: sent, scored by a job, looked through, taken along, removed."""

from fastapi import APIRouter

from api.pages.profiles.lists.looking import add_looking
from api.pages.profiles.lists.sending import add_sending


def add_lists(router: APIRouter) -> None:
    """Add `/profiles/lists`."""
    add_sending(router)
    add_looking(router)
