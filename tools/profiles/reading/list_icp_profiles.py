"""Which profiles are there?"""

from datetime import datetime

from pydantic import BaseModel, Field

from store.errors import BadInput
from store.records.newest import Place
from store.records.profiles import IcpProfile, profiles_seen_by
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.profiles.kept import PREFIX, Visibility

BETWEEN = "~"


class ListIcpProfiles(ToolQuery):
    """How many, and where to go on."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=200, description="`next_cursor` of the page before.")


class ListedProfile(BaseModel):
    """A profile in a list."""

    icp_profile_id: str
    name: str
    visibility: Visibility
    is_mine: bool = Field(description="Whether it is whoever asks who made it.")
    revision: int
    created_at: datetime
    changed_at: datetime


class ListedProfiles(ToolResult):
    """Profiles, the newest first."""

    icp_profiles: list[ListedProfile]
    next_cursor: str | None = None


def list_icp_profiles(workspace: Workspace, query: ListIcpProfiles) -> ListedProfiles:
    """The ideal customer profiles that whoever asks can see, newest first: their own, and those shared."""
    found = profiles_seen_by(workspace.database, workspace.actor, query.limit, _place(query.cursor))
    kept = found[: query.limit]
    more = len(found) > query.limit
    return ListedProfiles(
        icp_profiles=[listed(workspace.actor, each) for each in kept],
        next_cursor=f"{kept[-1].created_at.isoformat()}{BETWEEN}{kept[-1].profile_id}" if more else None,
    )


def listed(actor: str, profile: IcpProfile) -> ListedProfile:
    """A profile as a list shows it to this actor."""
    return ListedProfile(
        icp_profile_id=profile.profile_id,
        name=profile.name,
        visibility="shared" if profile.shared else "private",
        is_mine=profile.creator == actor,
        revision=profile.revision,
        created_at=profile.created_at,
        changed_at=profile.changed_at,
    )


def _place(cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    at, _, key = cursor.partition(BETWEEN)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not key.startswith(PREFIX):
        raise BadInput("The cursor is none of ours", where="cursor", instead="Send `next_cursor` as it came.")
    return Place(moment, key)
