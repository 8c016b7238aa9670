"""One request of somebody who was let in: whose house, who asks, and what they may reach."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.access.noting import write_note
from api.settings import Settings
from store.access import Principal, Scope
from store.errors import NotAllowed, NotSignedIn
from store.records.access.audit import Detail
from store.workspace import House, Workspace


@dataclass(frozen=True)
class Visit:
    """Who asks, in the house of their organisation."""

    house: House
    principal: Principal
    settings: Settings

    def workspace(self, warehouse: str | None) -> Workspace:
        """The workspace of a warehouse; of the only one when none is named. Raises BadInput when unclear."""
        name = self.settings.warehouse_named(warehouse, self.house.home)
        return self.house.workspace(name, self.principal.actor)

    def workspace_if_any(self, warehouse: str | None) -> Workspace | None:
        """The workspace of a warehouse, or of the only one; None where it is not clear."""
        name = self.settings.warehouse_if_any(warehouse, self.house.home)
        return self.house.workspace(name, self.principal.actor) if name else None

    def require(self, *needs: Scope) -> None:
        """Raise NotAllowed unless whoever asks has these scopes."""
        missing = [scope for scope in needs if not self.principal.may(scope)]
        if missing:
            raise NotAllowed(
                f"This needs the scope {' and '.join(f'`{scope}`' for scope in missing)}",
                where="credential",
                instead="Use a key, or ask for a role, that has it.",
            )

    def require_no_more(self, scopes: Iterable[Scope]) -> None:
        """Raise NotAllowed where whoever asks would give somebody more than they have themselves."""
        if not self.principal.scopes.issuperset(scopes):
            raise NotAllowed(
                "Nobody can give more than they have",
                where="role, scopes",
                instead="Ask who has these scopes.",
            )

    def note(self, action: str, about: str = "", **detail: Detail) -> None:
        """Keep in the audit what was done: ids and figures, nobody's values."""
        write_note(self.house, self.principal.actor, action, about, **detail)


def visit_of(request: Request) -> Visit:
    """The visit of a request. Raises NotSignedIn where the doorkeeper let nobody in."""
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        raise NotSignedIn(
            "This needs a credential",
            where="Authorization",
            instead="Send `Authorization: Bearer sk_live_…`; `fieldmark keys create` makes one.",
        )
    state = request.app.state
    return Visit(state.house.of(principal.organisation_id), principal, state.settings)


def allowed(*needs: Scope) -> Callable[[Request], Awaitable[Visit]]:
    """A dependency: the visit of somebody who has these scopes."""

    # On the event loop: it asks nobody, and a thread's turn costs more than its work.
    async def visiting(request: Request) -> Visit:
        visit = visit_of(request)
        visit.require(*needs)
        return visit

    visiting.needs = frozenset(needs)  # type: ignore[attr-defined]  # read by the tests of every route
    return visiting


Reader = Annotated[Visit, Depends(allowed("read"))]
PeopleReader = Annotated[Visit, Depends(allowed("people"))]
Runner = Annotated[Visit, Depends(allowed("run"))]
PeopleRunner = Annotated[Visit, Depends(allowed("people", "run"))]
Admin = Annotated[Visit, Depends(allowed("admin"))]
