"""Who is signed in, and until when?"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Field, col, or_, select

from store.records.access.keys import digest_of
from store.records.database import Database
from store.records.tables import time_column
from store.records.tenancy import Owned

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)  # so that a request is no write


class SignIn(Owned, table=True):
    """One session of one member in one browser. Its token is kept nowhere else than there."""

    sign_in_id: str = Field(primary_key=True)
    digest: str = Field(unique=True, index=True)
    member_id: str = Field(index=True)
    created_at: datetime = Field(sa_column=time_column())
    seen_at: datetime = Field(sa_column=time_column())

    def is_over(self, now: datetime) -> bool:
        """Whether it was idle for 12 hours, or began 7 days ago."""
        return now >= self.seen_at + IDLE or now >= self.created_at + LONGEST


def csrf_of(token: str) -> str:
    """What a page must send beside the cookie: 64 hex digits that only who holds the token can make."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def begin_sign_in(
    everywhere: Database, organisation_id: str, member_id: str, sign_in_id: str, now: datetime
) -> str:
    """The token of a new session; those of this member that are over are forgotten."""
    token = secrets.token_urlsafe(32)
    over = or_(col(SignIn.seen_at) <= now - IDLE, col(SignIn.created_at) <= now - LONGEST)
    with everywhere.session() as session:
        session.exec(delete(SignIn).where(col(SignIn.member_id) == member_id, over))
        session.add(
            SignIn(
                organisation_id=organisation_id,
                sign_in_id=sign_in_id,
                digest=digest_of(token),
                member_id=member_id,
                created_at=now,
                seen_at=now,
            )
        )
    return token


def sign_in_of(everywhere: Database, token: str, now: datetime) -> SignIn | None:
    """The session of a token, in whatever organisation; None where there is none or it is over."""
    digest = digest_of(token)
    with everywhere.session() as session:
        found = session.exec(select(SignIn).where(SignIn.digest == digest)).first()
    if found is None or not hmac.compare_digest(found.digest, digest) or found.is_over(now):
        return None
    return found


def mark_seen(everywhere: Database, sign_in: SignIn, now: datetime) -> None:
    """Let its 12 hours begin again, at most once a minute."""
    if now - sign_in.seen_at < SEEN_EVERY:
        return
    with everywhere.session() as session:
        session.exec(update(SignIn).where(col(SignIn.sign_in_id) == sign_in.sign_in_id).values(seen_at=now))


def end_sign_ins(database: Database, member_id: str) -> None:
    """Forget every session of a member, in whatever browser."""
    with database.session() as session:
        session.exec(delete(SignIn).where(col(SignIn.member_id) == member_id))


def end_sign_in(everywhere: Database, token: str) -> None:
    """Forget the session of a token, if there is one."""
    with everywhere.session() as session:
        session.exec(delete(SignIn).where(col(SignIn.digest) == digest_of(token)))
