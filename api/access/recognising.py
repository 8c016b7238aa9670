"""Whose is this key, or this session?"""

from datetime import datetime
from typing import cast

from starlette.datastructures import Headers

from store.access import SCOPES_OF, Principal, Role, Scope
from store.errors import NotFound, NotSignedIn
from store.records.access.keys import FORM, ApiKey, key_of, mark_used
from store.records.access.members import Member, member_named
from store.records.access.sign_ins import mark_seen, sign_in_of
from store.workspace import House

BEARER = "bearer"
HOW = "Send `Authorization: Bearer sk_live_…`; `fieldmark keys create` makes one."


def bearer_of(headers: Headers) -> str | None:
    """What came as a Bearer credential, or None where none did; two of them are none that is right."""
    given = [value.strip() for value in headers.getlist("authorization")]
    found = [value for value in given if value.split(" ")[0].lower() == BEARER]
    if not found:
        return None
    return found[0][len(BEARER) :].strip() if len(given) == 1 else ""


def principal_of_key(house: House, secret: str) -> Principal:
    """Whose key it is. Raises NotSignedIn.

    One that is malformed and one that is not known are told the same. Only who has the right secret of a key
    is told that it is over.
    """
    key = key_of(house.everywhere, secret) if FORM.fullmatch(secret) else None
    if key is None:
        raise NotSignedIn("This key is not known here", where="Authorization", instead=HOW)
    now = house.now()
    _require_valid(key, now)
    mark_used(house.everywhere, key, now)
    role = cast(Role, key.role)
    scopes = frozenset(cast(list[Scope], key.scopes)) & SCOPES_OF[role]
    return Principal(key.organisation_id, key.key_id, role, scopes, key.name)


def _require_valid(key: ApiKey, now: datetime) -> None:
    if key.revoked_at is not None:
        raise NotSignedIn("This key was revoked", where="Authorization", instead=HOW)
    if key.expires_at is not None and key.expires_at <= now:
        raise NotSignedIn("The time of this key is over", where="Authorization", instead=HOW)


def principal_of_session(house: House, token: str) -> Principal | None:
    """Who is signed in with this token; None where nobody is, or is no more.

    Their role is looked up each time, so a change of it holds at once.
    """
    now = house.now()
    sign_in = sign_in_of(house.everywhere, token, now)
    if sign_in is None:
        return None
    try:
        member = member_named(house.everywhere.of(sign_in.organisation_id), sign_in.member_id)
    except NotFound:
        return None
    if member.disabled_at is not None:
        return None
    mark_seen(house.everywhere, sign_in, now)
    return principal_of_member(member)


def principal_of_member(member: Member) -> Principal:
    """A member as who asks."""
    role = cast(Role, member.role)
    return Principal(member.organisation_id, member.member_id, role, SCOPES_OF[role], member.name)
