"""Lists of leads: sent, scored by a job, looked through, taken along, removed."""

from fastapi import APIRouter

from api.pages.profiles.lists.intake.choosing import add_choosing
from api.pages.profiles.lists.intake.sending import add_sending
from api.pages.profiles.lists.looking import add_looking


def add_lists(router: APIRouter) -> None:
    """Add `/profiles/lists`."""
    add_choosing(router)
    add_sending(router)
    add_looking(router)
