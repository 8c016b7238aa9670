"""Who belongs to an organisation, and as what?"""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Column, Field, Session, col, func, select

from store.access import Role
from store.errors import BadInput, Conflict, NotFound
from store.records.access.sign_ins import SignIn
from store.records.database import Database
from store.records.newest import Place, newest
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned

LONGEST_EMAIL = 254  # RFC 5321
LONGEST_NAME = 120


class Member(Owned, table=True):
    """Somebody who can sign in. Who works for two organisations is a member of each."""

    __table_args__ = (UniqueConstraint("organisation_id", "email", name="uq_member_email"),)

    member_id: str = Field(primary_key=True)
    email: str = Field(index=True)  # lower-cased
    name: str = ""
    role: str
    password_hash: str | None = None  # None: signs in elsewhere, or not yet
    oidc_subject: str | None = None  # the issuer and who they are there, since their first sign-in by it
    created_at: datetime = Field(sa_column=time_column())
    disabled_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))


def email_form(email: str) -> str:
    """The address as members are kept under. Raises BadInput."""
    from email_validator import EmailNotValidError, validate_email

    try:
        # A house of one company may know addresses that the world does not.
        found = validate_email(
            email.strip()[: LONGEST_EMAIL + 1], check_deliverability=False, globally_deliverable=False
        )
    except EmailNotValidError:
        raise BadInput("This is no e-mail address", where="email", instead="name@example.com") from None
    return found.normalized.lower()


def add_member(database: Database, member: Member) -> Member:
    """Keep a new member. Raises BadInput, and Conflict when the address is a member already."""
    member.email, member.name = email_form(member.email), member.name.strip()
    if len(member.name) > LONGEST_NAME:
        raise BadInput(f"A name has at most {LONGEST_NAME} characters", where="name")
    try:
        database.add(member)
    except IntegrityError:
        raise Conflict(
            "This address is a member already", where="email", instead="Change that member instead."
        ) from None
    return member


def member_named(database: Database, member_id: str) -> Member:
    """The member of this id. Raises NotFound."""
    with database.session() as session:
        found = session.exec(select(Member).where(Member.member_id == member_id)).first()
    if found is None:
        raise _unknown()
    return found


def members_of(database: Database, limit: int, after: Place | None = None) -> list[Member]:
    """Members, newest first, one more than the limit where there are more."""
    return newest(database, Member, Member.created_at, Member.member_id, limit, after)


def members_at(database: Database, email: str) -> list[Member]:
    """Members of this address, disabled ones left out; several when it belongs to several organisations."""
    with database.session() as session:
        found = select(Member).where(Member.email == email, col(Member.disabled_at).is_(None))
        return list(session.exec(found.order_by(col(Member.member_id))))


def change_member(
    database: Database,
    member_id: str,
    *,
    role: Role | None = None,
    name: str | None = None,
    password_hash: str | None = None,
    disabled_at: datetime | None = None,
    enabled: bool = False,
) -> Member:
    """The member after the change. Raises NotFound, and Conflict where no admin would be left.

    A new password, or an end, signs them out everywhere.
    """
    given = {"role": role, "name": name, "password_hash": password_hash, "disabled_at": disabled_at}
    values = {column: value for column, value in given.items() if value is not None}
    if enabled:
        values["disabled_at"] = None
    with database.session() as session:
        was_admin = _is_admin(session, member_id)
        if values and not session.exec(_of(update(Member), member_id).values(**values)).rowcount:
            raise _unknown()
        _require_admin(session, was_admin)
        if password_hash is not None or disabled_at is not None:
            session.exec(delete(SignIn).where(col(SignIn.member_id) == member_id))
    return member_named(database, member_id)


def link_subject(database: Database, member_id: str, subject: str) -> bool:
    """Whether the member is this one at the issuer: from now on, or since before."""
    with database.session() as session:
        first = _of(update(Member), member_id).where(col(Member.oidc_subject).is_(None))
        session.exec(first.values(oidc_subject=subject))
        kept = session.exec(select(Member.oidc_subject).where(Member.member_id == member_id)).first()
    return kept == subject


def remove_member(database: Database, member_id: str) -> None:
    """Forget a member and sign them out. Raises NotFound, and Conflict where no admin would be left.

    Keys that they made are the organisation's and stay.
    """
    with database.session() as session:
        was_admin = _is_admin(session, member_id)
        if not session.exec(_of(delete(Member), member_id)).rowcount:
            raise _unknown()
        _require_admin(session, was_admin)
        session.exec(delete(SignIn).where(col(SignIn.member_id) == member_id))


def _of(statement: Any, member_id: str) -> Any:
    return statement.where(col(Member.member_id) == member_id)


def _is_admin(session: Session, member_id: str) -> bool:
    """Whether they are an admin who can sign in; from here on nobody else changes who is."""
    # A change that changes nothing locks the admins' rows in Postgres and the file in SQLite. Without it two
    # admins who demote each other at the same moment would both be told of the other one.
    session.exec(update(Member).where(*_admins()).values(role="admin"))
    return session.exec(_of(select(Member.member_id).where(*_admins()), member_id)).first() is not None


def _require_admin(session: Session, was_admin: bool) -> None:
    left = session.exec(select(func.count()).select_from(Member).where(*_admins())).one()
    if was_admin and not left:
        raise Conflict(
            "The last admin cannot be removed, disabled or given another role",
            where="member_id",
            instead="Make somebody else an admin first.",
        )


def _admins() -> tuple[Any, Any]:
    return col(Member.role) == "admin", col(Member.disabled_at).is_(None)


def _unknown() -> NotFound:
    return NotFound(
        "There is no such member", where="member_id", instead="The list of members shows their ids."
    )
