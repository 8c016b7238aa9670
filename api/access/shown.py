"""What is shown of keys, members and the audit? No digest, no hash of a password."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from store.access import Role, Scope
from store.records.access.audit import Detail

# No control characters: a terminal would obey them, and Postgres refuses the first of them.
PlainText = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$")]


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class KeyShown(_Shown):
    """A key, without its secret."""

    key_id: str
    name: str
    prefix: str = Field(description="How its secret begins.")
    role: Role
    scopes: list[Scope]
    created_by: str
    created_at: datetime
    expires_at: datetime | None = Field(description="None: it does not end by itself.")
    revoked_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")


class NewKey(KeyShown):
    """A key with its secret, which is shown this once."""

    secret: str = Field(description="`sk_live_` and 43 characters. It is kept nowhere.")


class MemberShown(_Shown):
    """A member."""

    member_id: str
    email: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = Field(description="Since when they cannot sign in.")


class OrganisationShown(_Shown):
    """An organisation."""

    organisation_id: str
    name: str


class EntryShown(_Shown):
    """One thing that somebody did."""

    entry_id: str
    actor: str = Field(description="`local`, `key_…` or `member_…`.")
    action: str
    about: str = Field(description="The id of what it was done to.")
    detail: dict[str, Detail]
    created_at: datetime


def shown(model: type[Any], record: Any) -> Any:
    """The record as the model shows it."""
    return model.model_validate(record)
