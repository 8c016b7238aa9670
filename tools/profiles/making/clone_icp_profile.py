"""How is a profile copied?"""

from pydantic import Field

from store.records.profiles import profiles_named
from store.workspace import Workspace
from tools.declaration import ToolQuery
from tools.profiles.kept import ProfileResult, document_of, keep_new, profile_meant

MOST_COPIES = 1_000


class CloneIcpProfile(ToolQuery):
    """Copy a profile under another name."""

    icp_profile: str = Field(min_length=1, max_length=120, description="A profile, by name or id.")
    name: str | None = Field(
        default=None, min_length=1, max_length=120, description="Of the copy; `Copy of …` when left out."
    )
    number: int | None = Field(default=None, ge=1, description="The revision to copy; the newest by default.")


def clone_icp_profile(workspace: Workspace, query: CloneIcpProfile) -> ProfileResult:
    """A private copy of a profile, own or shared, under another name; its history begins anew."""
    profile = profile_meant(workspace, query.icp_profile)
    document = document_of(workspace, profile, query.number)
    name = query.name or _free_name(workspace, f"Copy of {document.name}"[:110])
    how = f"copied from `{profile.name}`, revision {query.number or profile.revision}"
    return keep_new(workspace, document.model_copy(update={"name": name}), how=how)


def _free_name(workspace: Workspace, wanted: str) -> str:
    for at in range(1, MOST_COPIES):
        name = wanted if at == 1 else f"{wanted} {at}"
        if not profiles_named(workspace.database, workspace.actor, name):
            return name
    return wanted
