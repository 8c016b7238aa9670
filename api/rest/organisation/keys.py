"""Keys that programs come with: made, listed, revoked."""

from datetime import timedelta

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.shown import KeyShown, NewKey, PlainText, shown
from api.access.visit import Admin, Visit
from api.rest.form.paging import Page, Pages, page_of
from store.access import SCOPES_OF, Role, Scope
from store.records.access.keys import LONGEST_NAME, keys_of, make_key, revoke_key
from store.records.newest import Place


class KeyWanted(BaseModel):
    """A key that is to be made."""

    model_config = ConfigDict(extra="forbid")

    name: PlainText = Field(default="", max_length=LONGEST_NAME, description="What it is for.")
    role: Role = Field(
        default="analyst", description="viewer: aggregates; analyst: people and work too; admin."
    )
    scopes: list[Scope] | None = Field(
        default=None, max_length=4, description="Fewer than its role has; all of them when left out."
    )
    expires_in_days: int | None = Field(
        default=None, ge=1, le=3650, description="When it ends by itself; never when left out."
    )


def key_routes() -> APIRouter:
    """`/v1/keys`."""
    router = APIRouter(prefix="/v1/keys", tags=["access"])

    @router.get("")
    def keys(visit: Admin, pages: Pages) -> Page[KeyShown]:
        """The keys of the organisation, newest first, those that are over too."""
        rows = keys_of(visit.house.database, pages.limit, pages.after)
        return page_of(
            rows, pages.limit, lambda key: Place(key.created_at, key.key_id), lambda key: shown(KeyShown, key)
        )

    @router.post("", status_code=201)
    def make(visit: Admin, wanted: KeyWanted, response: Response) -> NewKey:
        """A new key. Its secret is in this answer and nowhere else."""
        response.headers["Cache-Control"] = "no-store"
        return made_key(visit, wanted)

    @router.delete("/{key_id}", status_code=204)
    def revoke(visit: Admin, key_id: PlainText) -> None:
        """End a key at once. Done again it changes nothing."""
        ended_key(visit, key_id)

    return router


def made_key(visit: Visit, wanted: KeyWanted) -> NewKey:
    """A new key with its secret. Raises NotAllowed for more than whoever asks has, and BadInput."""
    visit.require_no_more(SCOPES_OF[wanted.role] if wanted.scopes is None else wanted.scopes)
    now, days = visit.house.now(), wanted.expires_in_days
    key, secret = make_key(
        visit.house.database,
        key_id=f"key_{visit.house.new_id()}",
        name=wanted.name,
        role=wanted.role,
        scopes=wanted.scopes,
        now=now,
        expires_at=now + timedelta(days=days) if days else None,
        created_by=visit.principal.actor,
    )
    visit.note("key.made", key.key_id, role=key.role, scopes=",".join(key.scopes))
    return NewKey(**shown(KeyShown, key).model_dump(), secret=secret)


def ended_key(visit: Visit, key_id: str) -> None:
    """End a key at once. Raises NotFound."""
    if revoke_key(visit.house.database, key_id, visit.house.now()):
        visit.note("key.revoked", key_id)
