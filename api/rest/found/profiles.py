"""Ideal customer profiles as resources: each with its revision, which an edit must name."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.visit import PeopleRunner, Reader, Runner, Visit
from api.rest.form.paging import Page, Pages, page_of
from api.rest.found.profile_calls import (
    IfMatch,
    IfNoneMatch,
    ProfileId,
    Warehouse,
    called,
    etag,
    given_of,
    known_revisions,
    matched_revision,
    profile_of,
    tagged,
    workspace_of,
)
from api.rest.found.profile_history import add_history
from store.records.newest import Place
from store.records.profiles import profiles_seen_by
from tools.declaration import tool as declared
from tools.profiles import catalogue
from tools.profiles.content.document import ProfileDocument
from tools.profiles.kept import Profile, Visibility
from tools.profiles.making.create_icp_profile import CreateIcpProfile
from tools.profiles.making.propose_icp_profile import ProposedProfile, ProposeIcpProfile
from tools.profiles.reading.list_icp_profiles import ListedProfile, listed
from tools.scoring.score_leads import ScoredLeads, ScoreLeads, score_leads

SCORE = declared(score_leads, needs=("people", "run"))


class CloneRequest(BaseModel):
    """What the copy is called."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=120)
    number: int | None = Field(default=None, ge=1, description="The revision to copy.")


class ShareRequest(BaseModel):
    """Who sees it."""

    model_config = ConfigDict(extra="forbid")

    visibility: Visibility = "shared"


def profile_routes() -> APIRouter:
    """`/v1/icp-profiles`: made, read, changed, shared, compared, restored, scored against."""
    router = APIRouter(prefix="/v1/icp-profiles", tags=["ideal customer profiles"])
    _add_collection(router)
    _add_one(router)
    _add_actions(router)
    add_history(router)
    return router


def _add_collection(router: APIRouter) -> None:
    @router.get("")
    def list_profiles(visit: Reader, pages: Pages) -> Page[ListedProfile]:
        """The profiles that you can see, newest first: your own, and those shared."""
        actor = visit.principal.actor
        found = profiles_seen_by(visit.house.database, actor, pages.limit, pages.after)
        return page_of(
            found,
            pages.limit,
            lambda each: Place(each.created_at, each.profile_id),
            lambda each: listed(actor, each),
        )

    @router.post("", status_code=201)
    def create_profile(
        visit: Runner, sent: CreateIcpProfile, response: Response, warehouse: Warehouse = None
    ) -> Profile:
        """A new profile, private unless it is shared: written by hand, or made from data."""
        made = profile_of(catalogue.CREATE, workspace_of(visit, warehouse), given_of(sent))
        response.headers["Location"] = f"/v1/icp-profiles/{made.icp_profile_id}"
        return tagged(made, response)

    @router.post("/propose")
    def propose_profile(
        visit: Runner, sent: ProposeIcpProfile, warehouse: Warehouse = None
    ) -> ProposedProfile:
        """A profile suggested by data, with the evidence for each line; it is not saved."""
        return called(catalogue.PROPOSE, workspace_of(visit, warehouse), given_of(sent))


def _add_one(router: APIRouter) -> None:
    @router.get("/{icp_profile_id}", responses={304: {"description": "It is still that revision."}})
    def get_profile(
        visit: Reader,
        icp_profile_id: ProfileId,
        response: Response,
        if_none_match: IfNoneMatch = None,
        warehouse: Warehouse = None,
    ) -> Profile:
        """One profile, its revision as the ETag."""
        found = profile_of(catalogue.GET, workspace_of(visit, warehouse), {"icp_profile": icp_profile_id})
        if if_none_match and (
            if_none_match.strip() == "*" or found.revision in known_revisions(if_none_match)
        ):
            return Response(status_code=304, headers={"ETag": etag(found)})  # type: ignore[return-value]  # no body
        return tagged(found, response)

    @router.put("/{icp_profile_id}")
    def replace_profile(
        visit: Runner,
        icp_profile_id: ProfileId,
        document: ProfileDocument,
        response: Response,
        if_match: IfMatch = None,
        warehouse: Warehouse = None,
    ) -> Profile:
        """The profile with another document in the place of its own, as a new revision."""
        return _change(visit, icp_profile_id, document.model_dump(), if_match, response, warehouse)

    @router.patch("/{icp_profile_id}")
    def change_profile(
        visit: Runner,
        icp_profile_id: ProfileId,
        response: Response,
        changes: Annotated[dict[str, Any], Body(description="Fields of the document; null empties one.")],
        if_match: IfMatch = None,
        warehouse: Warehouse = None,
    ) -> Profile:
        """The profile with these fields changed, as a new revision."""
        return _change(visit, icp_profile_id, changes, if_match, response, warehouse)

    @router.delete("/{icp_profile_id}", status_code=204)
    def delete_profile(
        visit: Runner, icp_profile_id: ProfileId, if_match: IfMatch = None, warehouse: Warehouse = None
    ) -> None:
        """Take a profile away for everyone; only whoever made it may. The audit keeps its revisions."""
        workspace = workspace_of(visit, warehouse)
        revision = matched_revision(workspace, icp_profile_id, if_match)
        called(catalogue.DELETE, workspace, {"icp_profile": icp_profile_id, "revision": revision})


def _add_actions(router: APIRouter) -> None:
    @router.post("/{icp_profile_id}/clone", status_code=201)
    def clone_profile(
        visit: Runner,
        icp_profile_id: ProfileId,
        response: Response,
        sent: CloneRequest | None = None,
        warehouse: Warehouse = None,
    ) -> Profile:
        """A private copy under another name."""
        given = {"icp_profile": icp_profile_id, **(given_of(sent) if sent else {})}
        made = profile_of(catalogue.CLONE, workspace_of(visit, warehouse), given)
        response.headers["Location"] = f"/v1/icp-profiles/{made.icp_profile_id}"
        return tagged(made, response)

    @router.post("/{icp_profile_id}/share")
    def share_profile(
        visit: Runner,
        icp_profile_id: ProfileId,
        response: Response,
        sent: ShareRequest | None = None,
        warehouse: Warehouse = None,
    ) -> Profile:
        """Share the profile with the organisation, or make it private; only whoever made it may."""
        visibility = (sent or ShareRequest()).visibility
        given = {"icp_profile": icp_profile_id, "visibility": visibility}
        found = profile_of(catalogue.SHARE, workspace_of(visit, warehouse), given)
        return tagged(found, response)

    @router.post("/{icp_profile_id}/score")
    def score_against(
        visit: PeopleRunner, icp_profile_id: ProfileId, sent: ScoreLeads, warehouse: Warehouse = None
    ) -> ScoredLeads:
        """Leads scored against the newest revision of the profile; others asked for come beside it."""
        given = given_of(sent)
        others = [each for each in given.get("icp_profiles", []) if each != icp_profile_id]
        given["icp_profiles"] = [icp_profile_id, *others]
        return called(SCORE, workspace_of(visit, warehouse), given)


def _change(
    visit: Visit,
    profile_id: str,
    changes: dict[str, Any],
    if_match: str | None,
    response: Response,
    warehouse: str | None,
) -> Profile:
    workspace = workspace_of(visit, warehouse)
    revision = matched_revision(workspace, profile_id, if_match)
    given = {"icp_profile": profile_id, "revision": revision, "changes": changes}
    return tagged(profile_of(catalogue.UPDATE, workspace, given), response)
