"""What does the house hold, and what in it needs attention?"""

from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.visit import Reader, Visit
from api.pages.here import Chosen, warehouses_of, workspace_if_any
from api.pages.settings.attention import things_to_mend
from api.pages.settings.parts import part_page
from api.pages.settings.tracing.model import is_answering
from api.rest.found.warehouses import warehouse_line
from store.records.access.keys import keys_of
from store.records.access.members import members_of
from store.records.feedback import waiting_feedback
from store.records.usage import credits_since
from tools.usage.credits import month_of

MOST = 200  # that a card counts; of more it says so


class Counted(NamedTuple):
    """How many there are; one more than are counted means that there are more."""

    many: int
    most: int = MOST

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.many > self.most


def overview_pages() -> APIRouter:
    """`/settings`."""
    router = APIRouter()

    @router.get("/settings")
    def overview(request: Request, visit: Reader, chosen: Chosen) -> HTMLResponse:
        """Every part that whoever asks may see, with its figures; and what needs somebody."""
        workspace = workspace_if_any(visit, chosen)
        return part_page(
            request,
            visit,
            "overview",
            "overview.html.j2",
            line=warehouse_line(workspace.warehouse) if workspace else None,
            many_warehouses=len(warehouses_of(visit)),
            things=things_to_mend(visit, request.app.state.looker),
            model=visit.house.model,
            answers=is_answering(visit),
            credits=credits_since(visit.house.database, month_of(visit.house.now())),
            limit=visit.settings.credits_per_month or None,
            **_counts(visit),
        )

    return router


def _counts(visit: Visit) -> dict[str, Counted | None]:
    """Keys, members and new feedback, for who may see them."""
    database, admin = visit.house.database, visit.principal.may("admin")
    return {
        "keys": Counted(len(_in_use(visit))) if admin else None,
        "members": Counted(len(members_of(database, MOST))) if admin else None,
        "feedback": Counted(waiting_feedback(database)) if visit.principal.may("people") else None,
    }


def _in_use(visit: Visit) -> list[str]:
    now = visit.house.now()
    found = keys_of(visit.house.database, MOST)
    return [
        key.key_id for key in found if not key.revoked_at and (key.expires_at is None or key.expires_at > now)
    ]
