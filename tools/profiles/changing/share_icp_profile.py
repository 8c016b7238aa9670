"""Who sees a profile?"""

from pydantic import Field

from store.errors import NotAllowed
from store.records.profiles import IcpProfile
from store.workspace import Workspace
from tools.declaration import ToolQuery
from tools.profiles.kept import ProfileResult, Visibility, document_of, keep_changed, profile_meant


class ShareIcpProfile(ToolQuery):
    """Share a profile with the organisation, or make it private again."""

    icp_profile: str = Field(min_length=1, max_length=120, description="A profile, by name or id.")
    visibility: Visibility = "shared"


def share_icp_profile(workspace: Workspace, query: ShareIcpProfile) -> ProfileResult:
    """The profile, now seen by everyone in the organisation, or by its creator only.

    Only its creator may share it or make it private.
    """
    profile = profile_meant(workspace, query.icp_profile)
    require_creator(workspace, profile)
    shared = query.visibility == "shared"
    how = "" if shared == profile.shared else "shared with the organisation" if shared else "made private"
    return keep_changed(workspace, profile, document_of(workspace, profile), None, how=how, shared=shared)


def require_creator(workspace: Workspace, profile: IcpProfile) -> None:
    """Raise NotAllowed unless whoever asks made the profile."""
    if profile.creator != workspace.actor:
        raise NotAllowed(
            "Only whoever made a profile may share it, make it private or delete it",
            where="icp_profile",
            instead="Clone it: the copy is yours.",
        )
