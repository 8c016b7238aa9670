"""How does a profile go back to what it was?"""

from pydantic import Field

from store.workspace import Workspace
from tools.declaration import ToolQuery
from tools.profiles.kept import ProfileResult, document_of, keep_changed, profile_meant


class RestoreIcpProfile(ToolQuery):
    """Which revision of which profile."""

    icp_profile: str = Field(min_length=1, max_length=120, description="A profile, by name or id.")
    number: int = Field(ge=1, description="The revision to go back to.")
    revision: int | None = Field(
        default=None, ge=1, description="The newest revision as it was read; refused when it is not any more."
    )


def restore_icp_profile(workspace: Workspace, query: RestoreIcpProfile) -> ProfileResult:
    """The profile with what an earlier revision held, as a new revision; who sees it stays as it is."""
    profile = profile_meant(workspace, query.icp_profile)
    document = document_of(workspace, profile, query.number)
    how = f"restored revision {query.number}"
    return keep_changed(workspace, profile, document, query.revision, how=how)
