"""How does a profile go away?"""

from pydantic import Field

from store.records.profiles import delete_profile, somebody_was_first
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.profiles.changing.share_icp_profile import require_creator
from tools.profiles.kept import profile_meant


class DeleteIcpProfile(ToolQuery):
    """Which profile."""

    icp_profile: str = Field(min_length=1, max_length=120, description="A profile, by name or id.")
    revision: int | None = Field(
        default=None, ge=1, description="The newest revision as it was read; refused when it is not any more."
    )


class DeletedProfile(ToolResult):
    """What was deleted."""

    icp_profile_id: str
    name: str
    revisions_kept: int = Field(description="For the audit; no tool reads them any more.")


def delete_icp_profile(workspace: Workspace, query: DeleteIcpProfile) -> DeletedProfile:
    """Take a profile away for everyone; only its creator may. Its revisions are kept for the audit."""
    profile = profile_meant(workspace, query.icp_profile)
    require_creator(workspace, profile)
    if query.revision is not None and query.revision != profile.revision:
        raise somebody_was_first()
    delete_profile(workspace.database, profile.profile_id, profile.revision, workspace.now())
    return DeletedProfile(
        icp_profile_id=profile.profile_id, name=profile.name, revisions_kept=profile.revision
    )
