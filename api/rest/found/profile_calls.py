"""How does a request for a profile become a call of its tool, and its revision an ETag?"""

import re
from typing import Annotated, Any

from fastapi import Header, Path, Query, Response
from pydantic import BaseModel

from api.access.visit import Visit
from store.errors import Changed, Unconditional
from store.records.profiles import visible_profile
from store.warehouse import warehouse_names
from store.workspace import Workspace
from tools.calls import call
from tools.declaration import Tool
from tools.profiles.kept import Profile, ProfileResult

ProfileId = Annotated[str, Path(max_length=120, description="Of the profile: `profile_…`.")]
Warehouse = Annotated[
    str | None, Query(description="A warehouse; any that is loaded, where profiles alone are asked for.")
]
IfMatch = Annotated[str | None, Header(description='The revision that the change was made from: `"r3"`.')]
IfNoneMatch = Annotated[str | None, Header(description='The revision that is known already: `"r3"`.')]
ETAG = re.compile(r'(?:W/)?"r(\d{1,9})"')


def workspace_of(visit: Visit, warehouse: str | None) -> Workspace:
    """The workspace named, or one of any warehouse: profiles belong to the organisation."""
    if warehouse is None and (found := visit.workspace_if_any(None)) is not None:
        return found
    names = [] if warehouse else warehouse_names(visit.house.home)
    return visit.workspace(names[0] if names else warehouse)


def given_of(sent: BaseModel) -> dict[str, Any]:
    """The fields that were sent."""
    return sent.model_dump(exclude_unset=True)


def called(tool: Tool, workspace: Workspace, arguments: dict[str, Any]) -> Any:
    """The answer of the tool."""
    return call(tool, workspace, arguments)


def profile_of(tool: Tool, workspace: Workspace, arguments: dict[str, Any]) -> Profile:
    """The profile that the tool answers."""
    found: ProfileResult = called(tool, workspace, arguments)
    return found.profile


def etag(profile: Profile) -> str:
    """The revision as an ETag: `"r3"`."""
    return f'"r{profile.revision}"'


def tagged(profile: Profile, response: Response) -> Profile:
    """The profile, its revision among the headers."""
    response.headers["ETag"] = etag(profile)
    return profile


def known_revisions(header: str) -> set[int]:
    """The revisions that a header names."""
    return {int(found[1]) for each in header.split(",") if (found := ETAG.fullmatch(each.strip()))}


def matched_revision(workspace: Workspace, profile_id: str, if_match: str | None) -> int:
    """The revision that a change was made from. Raises Unconditional without one, Changed for a stale one."""
    profile = visible_profile(workspace.database, workspace.actor, profile_id)
    if not if_match:
        raise Unconditional(
            "A change says which revision it was made from",
            where="If-Match",
            instead='Send `If-Match` with the ETag of the profile as it was read: `"r3"`.',
        )
    if if_match.strip() == "*" or profile.revision in known_revisions(if_match):
        return profile.revision
    raise Changed(
        "Somebody changed the profile since",
        where="If-Match",
        instead="Read it again, and make the change to the newest revision.",
    )
