"""Ideal customer profiles: whose each is, who sees it, and every revision of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Index, UniqueConstraint, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import JSON, Column, Field, Session, col, func, select

from store.errors import Changed, NotFound
from store.records.database import Database
from store.records.newest import Place
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned

MOST_OF_A_NAME = 20
Also = Callable[[Session], None]


class IcpProfile(Owned, table=True):
    """One profile; what it holds is in its revisions."""

    __table_args__ = (Index("ix_icp_profile_creator_name", "creator", "name"),)

    profile_id: str = Field(primary_key=True)
    name: str  # as in its newest revision
    creator: str  # an actor
    shared: bool = False  # else only its creator sees it
    revision: int = 1  # the newest
    created_at: datetime = Field(sa_column=time_column())
    changed_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    deleted_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))


class ProfileRevision(Owned, table=True):
    """One state of a profile. It stays when the profile is deleted."""

    __table_args__ = (UniqueConstraint("profile_id", "number", name="uq_icp_profile_revision_number"),)

    revision_id: str = Field(primary_key=True)  # of the profile and the number
    profile_id: str = Field(index=True)
    number: int
    document: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON))
    actor: str
    what_changed: str
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON))
    shared: bool = False  # as it was from this revision on
    created_at: datetime = Field(sa_column=time_column())


def add_profile(database: Database, profile: IcpProfile, first: ProfileRevision, also: Also) -> None:
    """Keep a new profile with its first revision; `also` is done in the same transaction."""
    with database.session() as session:
        session.add(profile)
        session.add(first)
        also(session)


def visible_profile(database: Database, actor: str, profile_id: str) -> IcpProfile:
    """The profile, where this actor may see it. Raises NotFound, with the same words for what never was."""
    found = database.get(IcpProfile, profile_id)
    if found is None or found.deleted_at is not None or not (found.shared or found.creator == actor):
        raise unknown_profile()
    return found


def unknown_profile() -> NotFound:
    """Said of a profile that is not there, is deleted, or is somebody else's own."""
    return NotFound(
        "There is no such profile",
        where="icp_profile",
        instead="`list_icp_profiles` names those that you can see.",
    )


def profiles_named(database: Database, actor: str, name: str) -> list[IcpProfile]:
    """The profiles of this name that the actor may see, the newest first; letters' case does not count."""
    with database.session() as session:
        found = select(IcpProfile).where(
            func.lower(IcpProfile.name) == name.lower(),
            col(IcpProfile.deleted_at).is_(None),
            or_(col(IcpProfile.shared), col(IcpProfile.creator) == actor),
        )
        return list(session.exec(found.order_by(col(IcpProfile.created_at).desc()).limit(MOST_OF_A_NAME)))


def profiles_seen_by(
    database: Database, actor: str, limit: int, after: Place | None = None
) -> list[IcpProfile]:
    """The profiles that the actor may see, newest first: one more than the limit where there are more."""
    at, key = col(IcpProfile.created_at), col(IcpProfile.profile_id)
    found = select(IcpProfile).where(
        col(IcpProfile.deleted_at).is_(None), or_(col(IcpProfile.shared), col(IcpProfile.creator) == actor)
    )
    if after is not None:
        found = found.where((at < after.at) | ((at == after.at) & (key < after.key)))
    with database.session() as session:
        return list(session.exec(found.order_by(at.desc(), key.desc()).limit(limit + 1)))


def add_revision(database: Database, profile: IcpProfile, revision: ProfileRevision, also: Also) -> None:
    """Keep the next revision of a profile, and make it the newest; `also` in the same transaction.

    profile: as it is to be, its `revision` the new number. Raises Changed where somebody else was first.
    """
    step = (
        update(IcpProfile)
        .where(
            col(IcpProfile.profile_id) == profile.profile_id,
            col(IcpProfile.revision) == revision.number - 1,
            col(IcpProfile.deleted_at).is_(None),
        )
        .values(
            name=profile.name,
            shared=profile.shared,
            revision=revision.number,
            changed_at=revision.created_at,
        )
        .execution_options(synchronize_session=False)
    )
    try:
        with database.session() as session:
            if cast(CursorResult[Any], session.exec(step)).rowcount != 1:
                raise somebody_was_first()
            session.add(revision)
            also(session)
    except IntegrityError:
        raise somebody_was_first() from None


def somebody_was_first() -> Changed:
    """Said to whoever changes a revision that is not the newest any more."""
    return Changed(
        "Somebody changed the profile since",
        where="revision",
        instead="Read it again, and make the change to the newest revision.",
    )


def delete_profile(database: Database, profile_id: str, revision: int, now: datetime) -> None:
    """Take the profile away; its revisions stay for the audit. Raises Changed where it is another by now."""
    step = (
        update(IcpProfile)
        .where(
            col(IcpProfile.profile_id) == profile_id,
            col(IcpProfile.revision) == revision,
            col(IcpProfile.deleted_at).is_(None),
        )
        .values(deleted_at=now)
        .execution_options(synchronize_session=False)
    )
    with database.session() as session:
        if cast(CursorResult[Any], session.exec(step)).rowcount != 1:
            raise somebody_was_first()


def revisions_of(
    database: Database, profile_id: str, limit: int, before: int | None = None
) -> list[ProfileRevision]:
    """Revisions of a profile, the newest first, those before a number where one is given."""
    found = select(ProfileRevision).where(ProfileRevision.profile_id == profile_id)
    if before is not None:
        found = found.where(col(ProfileRevision.number) < before)
    with database.session() as session:
        return list(session.exec(found.order_by(col(ProfileRevision.number).desc()).limit(limit)))


def revision_of(database: Database, profile_id: str, number: int) -> ProfileRevision:
    """One revision of a profile. Raises NotFound."""
    with database.session() as session:
        found = session.exec(
            select(ProfileRevision).where(
                ProfileRevision.profile_id == profile_id, ProfileRevision.number == number
            )
        ).one_or_none()
    if found is None:
        raise NotFound(
            "The profile has no such revision",
            where="revision",
            instead="`icp_profile_history` names those it has.",
        )
    return found
