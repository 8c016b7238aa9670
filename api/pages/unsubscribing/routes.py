"""`/unsubscribe`: no more briefings, by a link that needs no sign-in."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from api.access.noting import write_note
from api.pages.rendering import page
from api.sending.links import PATH, named_by
from store.errors import NotFound
from store.records.recipients import Recipient, RecipientStatus, recipient_named, set_status
from store.workspace import House

Token = Annotated[str, Query(alias="r", max_length=300)]


def unsubscribe_pages() -> APIRouter:
    """The page and its button. Nothing happens on a GET: scanners of mail follow every link."""
    router = APIRouter()

    @router.get(PATH)
    def unsubscribe_page(request: Request, token: Token = "") -> HTMLResponse:
        """Whether a recipient gets briefings, and the button that changes it."""
        _, recipient = _named(request, token)
        return _page(request, recipient, token)

    @router.post(PATH)
    def unsubscribe(
        request: Request,
        token: Token = "",
        wanted: Annotated[Literal["no", "yes"], Form()] = "no",
    ) -> HTMLResponse:
        """End them: by the button, or by a mailbox's own, which posts `List-Unsubscribe=One-Click`."""
        house, recipient = _named(request, token)
        after: RecipientStatus = "active" if wanted == "yes" else "unsubscribed"
        from_here = ("unsubscribed",) if wanted == "yes" else ("active", "bounced")
        if recipient.status in from_here and (recipient.sealed or wanted == "no"):
            recipient = set_status(house.database, recipient.recipient_id, after, house.now())
            write_note(house, "recipient", f"recipient.{after}", recipient.recipient_id)
        return _page(request, recipient, token)

    return router


def _named(request: Request, token: str) -> tuple[House, Recipient]:
    """Whose house, and who. Raises NotFound in the same words for a link that is not ours and one removed."""
    root: House = request.app.state.house
    organisation_id, recipient_id = named_by(root.signer, token)
    house = root.of(organisation_id)
    try:
        return house, recipient_named(house.database, recipient_id)
    except NotFound:
        raise NotFound(
            "This address is not kept here any more: it gets no briefings", where="link", instead=""
        ) from None


def _page(request: Request, recipient: Recipient, token: str) -> HTMLResponse:
    return page(
        request,
        "unsubscribing/unsubscribe.html.j2",
        screen="unsubscribing",
        shown=recipient.shown,
        state=recipient.status,
        token=token,
    )
