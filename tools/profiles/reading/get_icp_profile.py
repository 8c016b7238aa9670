"""What does a profile hold?"""

from pydantic import Field

from store.workspace import Workspace
from tools.declaration import ToolQuery
from tools.profiles.content.document import ProfileDocument
from tools.profiles.kept import ProfileResult, profile_meant, result_of
from tools.profiles.reading.revisions import seen_revision


class GetIcpProfile(ToolQuery):
    """Which profile, and which revision of it."""

    icp_profile: str = Field(min_length=1, max_length=120, description="A profile, by name or id.")
    number: int | None = Field(default=None, ge=1, description="A revision; the newest by default.")


def get_icp_profile(workspace: Workspace, query: GetIcpProfile) -> ProfileResult:
    """One ideal customer profile with all that it holds, as it is now or as it was in a revision."""
    profile = profile_meant(workspace, query.icp_profile)
    number = query.number or profile.revision
    kept = seen_revision(workspace.database, workspace.actor, profile, number)
    found = result_of(workspace, profile, ProfileDocument.model_validate(kept.document))
    found.profile.revision, found.profile.changed_at = number, kept.created_at
    return found
