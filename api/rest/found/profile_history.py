"""The revisions of a profile as resources: read, compared and gone back to."""

import re
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response

from api.access.visit import Reader, Runner
from api.rest.form.paging import Page, Pages, page_of
from api.rest.found.profile_calls import (
    IfMatch,
    ProfileId,
    Warehouse,
    called,
    matched_revision,
    profile_of,
    tagged,
    workspace_of,
)
from store.errors import BadInput
from store.records.newest import Place
from store.records.profiles import visible_profile
from tools.profiles import catalogue
from tools.profiles.content.document import ProfileDocument
from tools.profiles.kept import Profile
from tools.profiles.reading.compare_icp_profiles import ComparedProfiles
from tools.profiles.reading.icp_profile_history import Revision, told_revision
from tools.profiles.reading.revisions import seen_revision, seen_revisions

Number = Annotated[int, Path(ge=1, lt=1 << 31, description="Of the revision, from 1.")]


class RevisionWhole(Revision):
    """A revision with what it holds."""

    document: ProfileDocument


def add_history(router: APIRouter) -> None:
    """Add the routes of revisions: listed, read, restored, compared."""

    @router.get("/{icp_profile_id}/revisions")
    def list_revisions(visit: Reader, icp_profile_id: ProfileId, pages: Pages) -> Page[Revision]:
        """The revisions of a profile, newest first: who changed what, and when."""
        database = visit.house.database
        profile = visible_profile(database, visit.principal.actor, icp_profile_id)
        before = _number_of(pages.after) if pages.after else None
        seen = seen_revisions(database, visit.principal.actor, profile, before)
        found = list(islice(seen, pages.limit + 1))
        return page_of(
            found, pages.limit, lambda each: Place(each.created_at, str(each.number)), told_revision
        )

    @router.get("/{icp_profile_id}/revisions/{number}")
    def get_revision(visit: Reader, icp_profile_id: ProfileId, number: Number) -> RevisionWhole:
        """One revision, with what the profile held then."""
        database = visit.house.database
        profile = visible_profile(database, visit.principal.actor, icp_profile_id)
        kept = seen_revision(database, visit.principal.actor, profile, number)
        document = ProfileDocument.model_validate(kept.document)
        return RevisionWhole(**told_revision(kept).model_dump(), document=document)

    @router.post("/{icp_profile_id}/revisions/{number}/restore")
    def restore_revision(
        visit: Runner,
        icp_profile_id: ProfileId,
        number: Number,
        response: Response,
        if_match: IfMatch = None,
        warehouse: Warehouse = None,
    ) -> Profile:
        """The profile with what an earlier revision held, as a new revision."""
        workspace = workspace_of(visit, warehouse)
        revision = matched_revision(workspace, icp_profile_id, if_match) if if_match else None
        given = {"icp_profile": icp_profile_id, "number": number, "revision": revision}
        return tagged(profile_of(catalogue.RESTORE, workspace, given), response)

    @router.get("/{icp_profile_id}/compare")
    def compare_profile(
        visit: Reader,
        icp_profile_id: ProfileId,
        other: Annotated[
            str, Query(alias="with", max_length=120, description="A revision (`2` or `r2`) or a profile.")
        ],
        warehouse: Warehouse = None,
    ) -> ComparedProfiles:
        """What differs from another revision to the newest one, or from this profile to another."""
        revision = re.fullmatch(r"r?(\d{1,9})", other)
        given: dict[str, Any] = {"icp_profile": icp_profile_id}
        given |= {"revision": int(revision[1])} if revision else {"other": other}
        return called(catalogue.COMPARE, workspace_of(visit, warehouse), given)


def _number_of(place: Place) -> int:
    if not place.key.isdigit() or not 0 < len(place.key) < 10:
        raise BadInput("The cursor is none of ours", where="cursor", instead="Send `next_cursor` as it came.")
    return int(place.key)
