"""How did a profile come to be what it is?"""

from datetime import datetime
from itertools import islice
from typing import Any

from pydantic import BaseModel, Field

from store.records.profiles import ProfileRevision
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.profiles.kept import Visibility, profile_meant
from tools.profiles.reading.revisions import seen_revisions


class IcpProfileHistory(ToolQuery):
    """The revisions of which profile."""

    icp_profile: str = Field(min_length=1, max_length=120, description="A profile, by name or id.")
    limit: int = Field(default=50, ge=1, le=200, description="How many at most, the newest first.")
    before: int | None = Field(default=None, ge=1, description="Only revisions before this one.")


class Change(BaseModel):
    """One line that a revision changed."""

    path: str
    before: Any = None
    after: Any = None


class Revision(BaseModel):
    """One state of a profile."""

    number: int
    by: str = Field(description="Who made it: an actor's id.")
    at: datetime
    what_changed: str
    changes: list[Change]
    visibility: Visibility


class ProfileHistory(ToolResult):
    """The revisions of a profile, the newest first."""

    icp_profile_id: str
    name: str
    revisions: list[Revision]


def icp_profile_history(workspace: Workspace, query: IcpProfileHistory) -> ProfileHistory:
    """The revisions of a profile, newest first: who changed what, and when.

    Those from a time when it was private are told to whoever made it, and to nobody else.
    """
    profile = profile_meant(workspace, query.icp_profile)
    seen = seen_revisions(workspace.database, workspace.actor, profile, query.before)
    return ProfileHistory(
        icp_profile_id=profile.profile_id,
        name=profile.name,
        revisions=[told_revision(each) for each in islice(seen, query.limit)],
    )


def told_revision(kept: ProfileRevision) -> Revision:
    """A revision as it is told."""
    return Revision(
        number=kept.number,
        by=kept.actor,
        at=kept.created_at,
        what_changed=kept.what_changed,
        changes=[Change.model_validate(each) for each in kept.changes],
        visibility="shared" if kept.shared else "private",
    )
