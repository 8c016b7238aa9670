"""Which profile is meant, what does it hold, and how is a new state of it kept?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from store.errors import BadInput, Conflict, NotFound
from store.records.outbox import tell
from store.records.profiles import (
    IcpProfile,
    ProfileRevision,
    add_profile,
    add_revision,
    profiles_named,
    somebody_was_first,
    unknown_profile,
    visible_profile,
)
from store.workspace import Workspace
from tools.declaration import ToolResult
from tools.profiles.content.differences import differences, told_differences
from tools.profiles.content.document import ProfileDocument
from tools.profiles.reading.revisions import seen_revision
from tools.scoring.fit.profile import FitProfile
from tools.scoring.learned import save_fit, saved_fit

PREFIX = "profile_"  # of ids; `icp_` begins those of analyses
Visibility = Literal["private", "shared"]


class Profile(BaseModel):
    """A profile as it is now."""

    icp_profile_id: str
    revision: int = Field(description="Of what it holds; a change names the one it was made from.")
    visibility: Visibility
    is_mine: bool = Field(description="Whether it is whoever asks who made it.")
    created_at: datetime
    changed_at: datetime
    document: ProfileDocument


class ProfileResult(ToolResult):
    """One profile."""

    icp_profile_id: str = ""
    profile: Profile
    what_changed: str = ""


def profile_meant(workspace: Workspace, name: str) -> IcpProfile:
    """The profile of this id or name, among those that whoever asks can see; of equal names their own.

    Raises NotFound, and BadInput where a name means several.
    """
    if name.startswith(PREFIX):
        return visible_profile(workspace.database, workspace.actor, name)
    found = profiles_named(workspace.database, workspace.actor, name.strip())
    own = [each for each in found if each.creator == workspace.actor]
    if len(one := own or found) == 1:
        return one[0]
    if not one:
        raise unknown_profile()
    raise BadInput(
        "Several profiles have this name",
        where="icp_profile",
        instead=f"Name one by its id: {', '.join(each.profile_id for each in one[:5])}.",
    )


def document_of(workspace: Workspace, profile: IcpProfile, number: int | None = None) -> ProfileDocument:
    """What a revision of the profile holds; the newest by default. Raises NotFound.

    Also for one from a time when it was private, unless whoever asks made the profile.
    """
    kept = seen_revision(workspace.database, workspace.actor, profile, number or profile.revision)
    return ProfileDocument.model_validate(kept.document)


def shown(workspace: Workspace, profile: IcpProfile, document: ProfileDocument) -> Profile:
    """The profile for whoever asks."""
    return Profile(
        icp_profile_id=profile.profile_id,
        revision=profile.revision,
        visibility="shared" if profile.shared else "private",
        is_mine=profile.creator == workspace.actor,
        created_at=profile.created_at,
        changed_at=profile.changed_at,
        document=document,
    )


def result_of(
    workspace: Workspace, profile: IcpProfile, document: ProfileDocument, what_changed: str = ""
) -> ProfileResult:
    """The answer that is this profile."""
    return ProfileResult(
        icp_profile_id=profile.profile_id,
        profile=shown(workspace, profile, document),
        what_changed=what_changed,
    )


def keep_new(
    workspace: Workspace, document: ProfileDocument, *, how: str, shared: bool = False
) -> ProfileResult:
    """A new profile of whoever asks. Raises Conflict where they have one of this name, and BadInput."""
    require_sound(workspace, document)
    same = profiles_named(workspace.database, workspace.actor, document.name)
    if any(each.creator == workspace.actor for each in same):
        raise Conflict(
            "You have a profile of this name",
            where="name",
            instead="Choose another name, or change the one there is.",
        )
    now, profile_id = workspace.now(), f"{PREFIX}{workspace.new_id()}"
    profile = IcpProfile(
        profile_id=profile_id,
        name=document.name,
        creator=workspace.actor,
        shared=shared,
        created_at=now,
        changed_at=now,
    )
    first = _revision(workspace, profile, document, how, [])
    add_profile(workspace.database, profile, first, _telling(workspace, profile))
    return result_of(workspace, profile, document, how)


def keep_changed(
    workspace: Workspace,
    profile: IcpProfile,
    document: ProfileDocument,
    made_from: int | None,
    *,
    how: str = "",
    shared: bool | None = None,
) -> ProfileResult:
    """The next revision of a profile; the same one where nothing differs.

    made_from: the revision that whoever asks has read. Raises Changed where it is not the newest any more.
    """
    require_sound(workspace, document)
    if made_from is not None and made_from != profile.revision:
        raise somebody_was_first()
    before = document_of(workspace, profile)
    found = differences(before, document)
    shared = profile.shared if shared is None else shared
    if not found and shared == profile.shared:
        return result_of(workspace, profile, document, "nothing")
    told = "; ".join(each for each in (how, told_differences(found) if found else "") if each)
    next_one = IcpProfile(
        profile_id=profile.profile_id,
        name=document.name,
        creator=profile.creator,
        shared=shared,
        revision=profile.revision + 1,
        created_at=profile.created_at,
        changed_at=workspace.now(),
    )
    changes = [each.model_dump(mode="json", include={"path", "before", "after"}) for each in found]
    revision = _revision(workspace, next_one, document, told, changes)
    add_revision(workspace.database, next_one, revision, _telling(workspace, next_one))
    return result_of(workspace, next_one, document, told)


def _telling(workspace: Workspace, profile: IcpProfile) -> Callable[[Any], None]:
    """Queues that the profile has this revision now; nothing of a private one is told."""
    key = f"profile.changed:{profile.profile_id}:{profile.revision}"
    said = {"profile_id": profile.profile_id, "revision": profile.revision}

    def telling(session: Any) -> None:
        if profile.shared:
            tell(workspace, key, "profile.changed", said, session)

    return telling


def _revision(
    workspace: Workspace, profile: IcpProfile, document: ProfileDocument, told: str, changes: list[dict]
) -> ProfileRevision:
    return ProfileRevision(
        revision_id=f"{profile.profile_id}_r{profile.revision}",
        profile_id=profile.profile_id,
        number=profile.revision,
        document=document.model_dump(mode="json"),
        actor=workspace.actor,
        what_changed=told,
        changes=changes,
        shared=profile.shared,
        created_at=profile.changed_at,
    )


def keep_fit(workspace: Workspace, fit: FitProfile) -> str:
    """Keep what was learned under an id that its content gives, so that no later run changes a profile."""
    fit_id = f"icpfit_{fit.version}"
    save_fit(workspace, fit_id, fit)
    return fit_id


def learned_fit(workspace: Workspace, document: ProfileDocument) -> FitProfile | None:
    """What the criteria of a profile were learned as; None where it has none. Raises NotFound."""
    if document.origin is None or not document.criteria:
        return None
    return saved_fit(workspace, document.origin.fit_id)


def require_sound(workspace: Workspace, document: ProfileDocument) -> None:
    """Raise BadInput where nothing can be held against the profile, or criteria were not learned here."""
    if document.is_empty:
        raise BadInput(
            "The profile says nothing that leads could be held against",
            where="document",
            instead="Give industries, a company size, places, roles, signals, disqualifiers or criteria.",
        )
    if not document.criteria or document.origin is None:
        return
    unknown = BadInput(
        "These criteria were not learned here",
        where="criteria",
        instead="Take `criteria` and `origin` from `propose_icp_profile`, and leave out or weigh lines.",
    )
    if not document.origin.fit_id.startswith("icpfit_"):
        raise unknown
    try:
        fit = saved_fit(workspace, document.origin.fit_id)
    except NotFound:
        raise unknown from None
    known = {(each.scale.name, each.scale.value) for each in fit.criteria}
    if any(each.key not in known for each in document.criteria):
        raise unknown
