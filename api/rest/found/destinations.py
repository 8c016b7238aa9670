"""Destinations: folders and buckets to which exports are written besides."""

import os
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.access.visit import Admin, Visit
from api.rest.form.paging import Page, Pages, Turned, page_of
from api.webhooks.addresses import Reach
from api.webhooks.destinations import addresses_of, destination_of, system_resolve
from store.access import LOCAL
from store.destinations import Destination, Destinations, Keys, tried
from store.errors import BadInput
from store.records.newest import Place

LONGEST = 1_000
Text = Annotated[str, Field(max_length=LONGEST)]
Secret = Annotated[SecretStr, Field(max_length=LONGEST)]


class NewDestination(BaseModel):
    """A folder or a bucket, with what opens it."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=40, description="Lower-case letters, digits, - and _.")
    url: Text = Field(description="`s3://bucket/prefix` or `file:///folder`.")
    endpoint: Text = Field(default="", description="The server of an S3 bucket that is not Amazon's.")
    region: str = Field(default="us-east-1", max_length=40, pattern=r"^[a-z0-9-]+$")
    key: Secret = Field(default=SecretStr(""), description="The id of the bucket's key.")
    secret: Secret = Field(default=SecretStr(""), description="The key's secret; it is never shown again.")


class Tried(BaseModel):
    """That a small file was written and removed."""

    name: str
    takes_files: bool


def destination_routes() -> APIRouter:
    """`/v1/destinations`."""
    router = APIRouter(prefix="/v1/destinations", tags=["exports"])

    @router.get("")
    def list_destinations(
        visit: Admin, pages: Pages, name: Annotated[str | None, Query(max_length=40)] = None
    ) -> Page[Destination]:
        """Destinations without their keys, newest first; of this name."""
        return page_of_destinations(visit, pages, name)

    @router.post("", status_code=201)
    def add_destination(visit: Admin, wanted: NewDestination, response: Response) -> Destination:
        """The destination, kept with its keys, which are shown nowhere."""
        made = added_destination(visit, wanted)
        response.headers["Location"] = f"/v1/destinations/{made.name}"
        return made

    @router.delete("/{destination}", status_code=204)
    def remove_destination(visit: Admin, destination: str) -> None:
        """Forget a destination and its keys; what was written there stays."""
        removed_destination(visit, destination)

    @router.post("/{destination}/test")
    def test_destination(visit: Admin, destination: str) -> Tried:
        """Write a small file there and remove it."""
        try_destination(visit, destination)
        return Tried(name=destination, takes_files=True)

    return router


def page_of_destinations(visit: Visit, pages: Turned, name: str | None = None) -> Page[Destination]:
    """A page of the destinations, newest first; of this name."""
    found = sorted(Destinations(visit.house.home).all(), key=_place, reverse=True)
    after = [
        each
        for each in found
        if name in (None, each.name) and (pages.after is None or _place(each) < pages.after)
    ]
    return page_of(after[: pages.limit + 1], pages.limit, _place)


def added_destination(visit: Visit, wanted: NewDestination) -> Destination:
    """The destination, kept with its keys. Raises BadInput, and Conflict where the name is taken."""
    given = wanted.model_dump(exclude={"key", "secret"})
    made = Destination(**given, created_at=visit.house.now())
    _require_outside(visit, made)
    keys = Keys(key=wanted.key, secret=wanted.secret)
    Destinations(visit.house.home).add(made, keys, _folders(visit))
    visit.note("destination.added", made.name)
    return made


def removed_destination(visit: Visit, name: str) -> None:
    """Forget a destination and its keys. Raises NotFound."""
    Destinations(visit.house.home).remove(name)
    visit.note("destination.removed", name)


def try_destination(visit: Visit, name: str) -> None:
    """Write a small file there and remove it. Raises NotFound, and BadInput where it is not taken."""
    found, keys = Destinations(visit.house.home).named(name)
    _require_outside(visit, found)
    tried(visit.house.new_id(), found, keys)
    visit.note("destination.tested", name)


def _place(each: Destination) -> Place:
    return Place(each.created_at, each.name)


def _folders(visit: Visit) -> list[Path]:
    """Folders below which a destination may lie: an organisation's own ones, told by its id."""
    given = [Path(folder) for folder in visit.settings.export_folders.split(os.pathsep) if folder]
    own = visit.house.organisation_id
    return given if own == LOCAL else [folder / own for folder in given]


def _require_outside(visit: Visit, destination: Destination) -> None:
    """Raise BadInput for a server to which no webhook might go either: who asks is not on this machine.

    The command adds any server, for whoever it asks is.
    """
    if not destination.endpoint or visit.principal.actor == LOCAL:
        return
    anywhere = Reach(private=visit.settings.webhooks_private, ports=frozenset(range(1, 1 << 16)))
    try:
        addresses_of(destination_of(destination.endpoint, anywhere), anywhere, system_resolve)
    except BadInput:
        raise BadInput(
            "The house does not reach this server",
            where="endpoint",
            instead="Give one that the public internet reaches by https, or add it on the house's machine.",
        ) from None
