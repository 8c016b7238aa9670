"""How do two profiles, or two revisions of one, differ?"""

from pydantic import Field, model_validator

from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.profiles.content.differences import Difference, differences, told_differences
from tools.profiles.kept import document_of, profile_meant


class CompareIcpProfiles(ToolQuery):
    """Two profiles, or two revisions of one."""

    icp_profile: str = Field(min_length=1, max_length=120, description="A profile, by name or id.")
    other: str | None = Field(
        default=None, min_length=1, max_length=120, description="Another profile; the same when left out."
    )
    revision: int | None = Field(default=None, ge=1, description="Of the first; its newest by default.")
    other_revision: int | None = Field(
        default=None, ge=1, description="Of the other; its newest by default, of the same profile the newest."
    )

    @model_validator(mode="after")
    def _two_sides(self) -> "CompareIcpProfiles":
        if self.other is None and self.revision is None and self.other_revision is None:
            raise ValueError("name an `other` profile, or a `revision` to compare with the newest")
        return self


class ComparedProfiles(ToolResult):
    """What differs, line by line."""

    before: str = Field(description="The name and the revision of the first.")
    after: str
    differences: list[Difference]
    in_words: str


def compare_icp_profiles(workspace: Workspace, query: CompareIcpProfiles) -> ComparedProfiles:
    """What differs between two profiles, or between two revisions of one, line by line."""
    first = profile_meant(workspace, query.icp_profile)
    second = profile_meant(workspace, query.other) if query.other else first
    numbers = query.revision or first.revision, query.other_revision or second.revision
    before, after = (
        document_of(workspace, profile, number)
        for profile, number in zip((first, second), numbers, strict=True)
    )
    found = differences(before, after)
    if first.profile_id != second.profile_id:
        found = [each for each in found if each.path != "name"]  # nobody renamed anything
    return ComparedProfiles(
        before=f"{before.name}, revision {numbers[0]}",
        after=f"{after.name}, revision {numbers[1]}",
        differences=found,
        in_words=told_differences(found),
    )
