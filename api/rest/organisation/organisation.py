"""The organisation of whoever asks."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access.shown import OrganisationShown, PlainText, shown
from api.access.visit import Admin, Reader
from store.records.access.organisations import LONGEST_NAME, keep_organisation, organisation_named


class OrganisationChange(BaseModel):
    """What is to be changed of the organisation."""

    model_config = ConfigDict(extra="forbid")

    name: PlainText = Field(min_length=1, max_length=LONGEST_NAME)


def organisation_routes() -> APIRouter:
    """`/v1/organisation`."""
    router = APIRouter(prefix="/v1/organisation", tags=["access"])

    @router.get("")
    def organisation(visit: Reader) -> OrganisationShown:
        """Its id and its name."""
        house = visit.house
        return shown(
            OrganisationShown, organisation_named(house.database, house.organisation_id, house.now())
        )

    @router.patch("")
    def rename(visit: Admin, wanted: OrganisationChange) -> OrganisationShown:
        """The organisation under its new name."""
        house = visit.house
        known = organisation_named(house.database, house.organisation_id, house.now())
        known.name = wanted.name
        kept = keep_organisation(house.database, known)
        visit.note("organisation.renamed", house.organisation_id)
        return shown(OrganisationShown, kept)

    return router
