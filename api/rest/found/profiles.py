"""Ideal customer profiles as resources: each with its revision, which an edit must name."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.visit import PeopleRunner, Reader, Runner, Visit
from api.rest.form.paging import Page, Pages, page_of
from store.errors import BadInput, Changed, Unconditional
from store.records.newest import Place
from store.records.profiles import profiles_seen_by, revision_of, revisions_of, visible_profile
from store.warehouse import warehouse_names
from store.workspace import Workspace
from tools.calls import call
from tools.declaration import Tool
from tools.declaration import tool as declared
from tools.profiles import catalogue
from tools.profiles.content.document import ProfileDocument
from tools.profiles.kept import Profile, ProfileResult, Visibility
from tools.profiles.making.create_icp_profile import CreateIcpProfile
from tools.profiles.making.propose_icp_profile import ProposedProfile, ProposeIcpProfile
from tools.profiles.reading.compare_icp_profiles import ComparedProfiles
from tools.profiles.reading.icp_profile_history import Revision, told_revision
from tools.profiles.reading.list_icp_profiles import ListedProfile, listed
from tools.scoring.score_leads import ScoredLeads, ScoreLeads, score_leads

ProfileId = Annotated[str, Path(max_length=120, description="Of the profile: `profile_…`.")]
Number = Annotated[int, Path(ge=1, lt=1 << 31, description="Of the revision, from 1.")]
Warehouse = Annotated[
    str | None, Query(description="A warehouse; any that is loaded, where profiles alone are asked for.")
]
IfMatch = Annotated[str | None, Header(description='The revision that the change was made from: `"r3"`.')]
IfNoneMatch = Annotated[str | None, Header(description='The revision that is known already: `"r3"`.')]
ETAG = re.compile(r'(?:W/)?"r(\d{1,9})"')
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


class RevisionWhole(Revision):
    """A revision with what it holds."""

    document: ProfileDocument


def profile_routes() -> APIRouter:
    """`/v1/icp-profiles`: made, read, changed, shared, compared, restored, scored against."""
    router = APIRouter(prefix="/v1/icp-profiles", tags=["ideal customer profiles"])
    _add_collection(router)
    _add_one(router)
    _add_actions(router)
    _add_history(router)
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
        made = _profile(catalogue.CREATE, _workspace(visit, warehouse), _given(sent))
        response.headers["Location"] = f"/v1/icp-profiles/{made.icp_profile_id}"
        visit.note("profile.create", made.icp_profile_id)
        return _tagged(made, response)

    @router.post("/propose")
    def propose_profile(
        visit: Runner, sent: ProposeIcpProfile, warehouse: Warehouse = None
    ) -> ProposedProfile:
        """A profile suggested by data, with the evidence for each line; it is not saved."""
        return _called(catalogue.PROPOSE, _workspace(visit, warehouse), _given(sent))


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
        found = _profile(catalogue.GET, _workspace(visit, warehouse), {"icp_profile": icp_profile_id})
        if if_none_match and (if_none_match.strip() == "*" or found.revision in _numbers(if_none_match)):
            return Response(status_code=304, headers={"ETag": _etag(found)})  # type: ignore[return-value]  # no body
        return _tagged(found, response)

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
        workspace = _workspace(visit, warehouse)
        revision = _matched(workspace, icp_profile_id, if_match)
        _called(catalogue.DELETE, workspace, {"icp_profile": icp_profile_id, "revision": revision})
        visit.note("profile.delete", icp_profile_id)


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
        given = {"icp_profile": icp_profile_id, **(_given(sent) if sent else {})}
        made = _profile(catalogue.CLONE, _workspace(visit, warehouse), given)
        response.headers["Location"] = f"/v1/icp-profiles/{made.icp_profile_id}"
        return _tagged(made, response)

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
        found = _profile(catalogue.SHARE, _workspace(visit, warehouse), given)
        visit.note("profile.share", icp_profile_id, visibility=visibility)
        return _tagged(found, response)

    @router.post("/{icp_profile_id}/score")
    def score_against(
        visit: PeopleRunner, icp_profile_id: ProfileId, sent: ScoreLeads, warehouse: Warehouse = None
    ) -> ScoredLeads:
        """Leads scored against the newest revision of the profile; others asked for come beside it."""
        given = _given(sent)
        others = [each for each in given.get("icp_profiles", []) if each != icp_profile_id]
        given["icp_profiles"] = [icp_profile_id, *others]
        return _called(SCORE, _workspace(visit, warehouse), given)


def _add_history(router: APIRouter) -> None:
    @router.get("/{icp_profile_id}/revisions")
    def list_revisions(visit: Reader, icp_profile_id: ProfileId, pages: Pages) -> Page[Revision]:
        """The revisions of a profile, newest first: who changed what, and when."""
        database = visit.house.database
        profile = visible_profile(database, visit.principal.actor, icp_profile_id)
        before = _number_of(pages.after) if pages.after else None
        found = revisions_of(database, profile.profile_id, pages.limit + 1, before)
        return page_of(
            found, pages.limit, lambda each: Place(each.created_at, str(each.number)), told_revision
        )

    @router.get("/{icp_profile_id}/revisions/{number}")
    def get_revision(visit: Reader, icp_profile_id: ProfileId, number: Number) -> RevisionWhole:
        """One revision, with what the profile held then."""
        database = visit.house.database
        profile = visible_profile(database, visit.principal.actor, icp_profile_id)
        kept = revision_of(database, profile.profile_id, number)
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
        workspace = _workspace(visit, warehouse)
        revision = _matched(workspace, icp_profile_id, if_match) if if_match else None
        given = {"icp_profile": icp_profile_id, "number": number, "revision": revision}
        return _tagged(_profile(catalogue.RESTORE, workspace, given), response)

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
        return _called(catalogue.COMPARE, _workspace(visit, warehouse), given)


def _workspace(visit: Visit, warehouse: str | None) -> Workspace:
    """The workspace named, or one of any warehouse: profiles belong to the organisation."""
    if warehouse is None and (found := visit.workspace_if_any(None)) is not None:
        return found
    names = [] if warehouse else warehouse_names(visit.house.home)
    return visit.workspace(names[0] if names else warehouse)


def _given(sent: BaseModel) -> dict[str, Any]:
    return sent.model_dump(exclude_unset=True)


def _called(tool: Tool, workspace: Workspace, arguments: dict[str, Any]) -> Any:
    return call(tool, workspace, arguments)


def _profile(tool: Tool, workspace: Workspace, arguments: dict[str, Any]) -> Profile:
    found: ProfileResult = _called(tool, workspace, arguments)
    return found.profile


def _etag(profile: Profile) -> str:
    return f'"r{profile.revision}"'


def _tagged(profile: Profile, response: Response) -> Profile:
    response.headers["ETag"] = _etag(profile)
    return profile


def _numbers(header: str) -> set[int]:
    return {int(found[1]) for each in header.split(",") if (found := ETAG.fullmatch(each.strip()))}


def _matched(workspace: Workspace, profile_id: str, if_match: str | None) -> int:
    """The revision that a change was made from. Raises Unconditional without one, Changed for a stale one."""
    profile = visible_profile(workspace.database, workspace.actor, profile_id)
    if not if_match:
        raise Unconditional(
            "A change says which revision it was made from",
            where="If-Match",
            instead='Send `If-Match` with the ETag of the profile as it was read: `"r3"`.',
        )
    if if_match.strip() == "*" or profile.revision in _numbers(if_match):
        return profile.revision
    raise Changed(
        "Somebody changed the profile since",
        where="If-Match",
        instead="Read it again, and make the change to the newest revision.",
    )


def _change(
    visit: Visit,
    profile_id: str,
    changes: dict[str, Any],
    if_match: str | None,
    response: Response,
    warehouse: str | None,
) -> Profile:
    workspace = _workspace(visit, warehouse)
    revision = _matched(workspace, profile_id, if_match)
    given = {"icp_profile": profile_id, "revision": revision, "changes": changes}
    return _tagged(_profile(catalogue.UPDATE, workspace, given), response)


def _number_of(place: Place) -> int:
    if not place.key.isdigit() or not 0 < len(place.key) < 10:
        raise BadInput("The cursor is none of ours", where="cursor", instead="Send `next_cursor` as it came.")
    return int(place.key)
