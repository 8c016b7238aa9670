"""Which revisions of a profile may whoever asks see?"""

from collections.abc import Iterator

from store.records.database import Database
from store.records.profiles import IcpProfile, ProfileRevision, revision_of, revisions_of

STEP = 200  # revisions read at a time
NONE = 0  # no revision has this number


def shows(profile: IcpProfile, revision: ProfileRevision, actor: str) -> bool:
    """Whether the actor may see a revision of a profile that they can see.

    What a profile held while it was private stays with whoever made it, also when it is shared later.
    """
    return revision.shared or profile.creator == actor


def seen_revision(database: Database, actor: str, profile: IcpProfile, number: int) -> ProfileRevision:
    """One revision. Raises NotFound, with the same words for one that never was and one that was private."""
    found = revision_of(database, profile.profile_id, number)
    return found if shows(profile, found, actor) else revision_of(database, profile.profile_id, NONE)


def seen_revisions(
    database: Database, actor: str, profile: IcpProfile, before: int | None = None
) -> Iterator[ProfileRevision]:
    """The revisions that the actor may see, the newest first, those before a number where one is given."""
    while True:
        found = revisions_of(database, profile.profile_id, STEP, before)
        yield from (each for each in found if shows(profile, each, actor))
        if len(found) < STEP:
            return
        before = found[-1].number
