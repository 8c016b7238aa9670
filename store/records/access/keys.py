"""Which key is this, and what may it do?"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import JSON, Column, Field, col, select

from store.access import SCOPES, SCOPES_OF, Role, Scope
from store.errors import BadInput, NotFound
from store.records.database import Database
from store.records.newest import Place, newest
from store.records.tables import UtcTime, time_column
from store.records.tenancy import Owned

PREFIX = "sk_live_"
FORM = re.compile(r"sk_live_[A-Za-z0-9_-]{43}")
SHOWN = len(PREFIX) + 4  # characters of a key that its list shows; 232 bits stay unsaid
LONGEST_NAME = 120
USED_EVERY = timedelta(minutes=1)  # so that a request is no write


class ApiKey(Owned, table=True):
    """A key that programs come with. The secret itself is shown once and kept nowhere."""

    key_id: str = Field(primary_key=True)
    name: str = ""
    prefix: str  # the first characters, to tell keys apart
    # SHA-256 without salt or stretching: the secret is 256 random bits, which nobody can try through.
    digest: str = Field(unique=True, index=True)
    role: str
    scopes: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created_by: str = ""
    created_at: datetime = Field(sa_column=time_column())
    expires_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))
    last_used_at: datetime | None = Field(default=None, sa_column=Column(UtcTime, nullable=True))


def digest_of(secret: str) -> str:
    """64 hex digits under which a key or a session is found."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_key(
    database: Database,
    *,
    key_id: str,
    name: str,
    role: Role,
    now: datetime,
    created_by: str,
    scopes: Iterable[Scope] | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """A key and its secret, which can never be read again.

    Without scopes it has all of its role. Raises BadInput for a scope that the role does not have, for
    none at all, and for an end that is past.
    """
    given = SCOPES_OF[role] if scopes is None else frozenset(scopes)
    _check(name, role, given, now, expires_at)
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(
        key_id=key_id,
        name=name.strip(),
        prefix=secret[:SHOWN],
        digest=digest_of(secret),
        role=role,
        scopes=[scope for scope in SCOPES if scope in given],
        created_by=created_by,
        created_at=now,
        expires_at=expires_at,
    )
    database.add(key)
    return key, secret


def _check(
    name: str, role: Role, scopes: frozenset[Scope], now: datetime, expires_at: datetime | None
) -> None:
    if len(name.strip()) > LONGEST_NAME:
        raise BadInput(f"A name has at most {LONGEST_NAME} characters", where="name")
    if not scopes or not scopes <= SCOPES_OF[role]:
        held = ", ".join(scope for scope in SCOPES if scope in SCOPES_OF[role])
        raise BadInput("A key has one or more scopes of its role", where="scopes", instead=f"{role}: {held}.")
    if expires_at is not None and expires_at <= now:
        raise BadInput("The end of the key is past", where="expires_at", instead="Give a later time.")


def key_of(everywhere: Database, secret: str) -> ApiKey | None:
    """The key of this secret, in whatever organisation, revoked and expired ones too; else None."""
    digest = digest_of(secret)
    with everywhere.session() as session:
        found = session.exec(select(ApiKey).where(ApiKey.digest == digest)).first()
    # The index has compared already, though of digests, whose beginnings nobody can choose.
    return found if found is not None and hmac.compare_digest(found.digest, digest) else None


def was_any_made(everywhere: Database) -> bool:
    """Whether a key was ever made in this house, in use or not."""
    with everywhere.session() as session:
        return session.exec(select(ApiKey.key_id).limit(1)).first() is not None


def mark_used(everywhere: Database, key: ApiKey, now: datetime) -> None:
    """Remember that a key was used, at most once a minute."""
    if key.last_used_at is not None and now - key.last_used_at < USED_EVERY:
        return
    with everywhere.session() as session:
        session.exec(update(ApiKey).where(col(ApiKey.key_id) == key.key_id).values(last_used_at=now))


def keys_of(database: Database, limit: int, after: Place | None = None) -> list[ApiKey]:
    """Keys, newest first, those that are over too; one more than the limit where there are more."""
    return newest(database, ApiKey, ApiKey.created_at, ApiKey.key_id, limit, after)


def revoke_key(database: Database, key_id: str, now: datetime) -> bool:
    """Whether this ended the key; False when it had been revoked before. Raises NotFound."""
    with database.session() as session:
        # By a condition and not by reading first, so that of two who revoke one is told it was they.
        ended = update(ApiKey).where(col(ApiKey.key_id) == key_id, col(ApiKey.revoked_at).is_(None))
        if session.exec(ended.values(revoked_at=now)).rowcount:
            return True
        if session.exec(select(ApiKey.key_id).where(ApiKey.key_id == key_id)).first() is None:
            raise NotFound(
                "There is no such key", where="key_id", instead="The list of keys shows their ids."
            )
    return False
