"""Which warehouse is a page about? The one in its address, else the one chosen last, else the first."""

from typing import Annotated

from fastapi import Depends, Query, Request

from api.access.visit import Visit
from api.settings import Settings
from store.errors import BadInput, NotFound
from store.warehouse import warehouse_names
from store.workspace import Workspace

COOKIE = "fieldmark_warehouse"


def chosen_warehouse(
    request: Request, warehouse: Annotated[str | None, Query(max_length=63)] = None
) -> str | None:
    """The name that the address or the cookie says, as it came."""
    return warehouse or request.cookies.get(COOKIE)


Chosen = Annotated[str | None, Depends(chosen_warehouse)]


def warehouses_of(visit: Visit) -> list[str]:
    """The warehouses of whoever asks, by name."""
    return warehouse_names(visit.house.home)


def workspace_here(visit: Visit, chosen: str | None) -> Workspace:
    """The workspace of the page. Raises BadInput where there is no warehouse at all."""
    found = workspace_if_any(visit, chosen)
    if found is None:
        raise BadInput(
            "There is no warehouse yet",
            where="warehouse",
            instead="`fieldmark load FILE --warehouse NAME` makes one, on the machine of the house.",
        )
    return found


def workspace_if_any(visit: Visit, chosen: str | None) -> Workspace | None:
    """The workspace of the page; None where nothing is loaded. A name that is gone is passed over."""
    names = warehouses_of(visit)
    settings: Settings = visit.settings
    for name in (chosen, settings.warehouse, *names):
        if name in names:
            return visit.house.workspace(name, visit.principal.actor)
    return None


def require_warehouse(visit: Visit, name: str) -> str:
    """The name. Raises NotFound where whoever asks has no such warehouse."""
    if name not in warehouses_of(visit):
        raise NotFound("There is no such warehouse", where="warehouse")
    return name
