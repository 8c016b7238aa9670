"""Members of the organisation: added, changed, removed."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.access.shown import MemberShown, PlainText, shown
from api.access.visit import Admin, Visit
from api.rest.form.paging import Page, Pages, page_of
from store.access import SCOPES_OF, Role
from store.records.access.members import (
    LONGEST_EMAIL,
    LONGEST_NAME,
    Member,
    add_member,
    change_member,
    member_named,
    members_of,
    remove_member,
)
from store.records.access.passwords import LONGEST, password_hash
from store.records.newest import Place


class MemberWanted(BaseModel):
    """Somebody who is to be a member."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=LONGEST_EMAIL)
    name: PlainText = Field(default="", max_length=LONGEST_NAME)
    role: Role = "viewer"
    password: str | None = Field(
        default=None,
        max_length=LONGEST,
        description="12 characters at least; none where they sign in by OpenID.",
    )


class MemberChange(BaseModel):
    """What is to be changed of a member; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: PlainText | None = Field(default=None, max_length=LONGEST_NAME)
    role: Role | None = None
    password: str | None = Field(default=None, max_length=LONGEST, description="Signs them out everywhere.")
    disabled: bool | None = Field(default=None, description="True: they cannot sign in any more.")


def member_routes() -> APIRouter:
    """`/v1/members`."""
    router = APIRouter(prefix="/v1/members", tags=["access"])

    @router.get("")
    def members(visit: Admin, pages: Pages) -> Page[MemberShown]:
        """The members of the organisation, newest first."""
        rows = members_of(visit.house.database, pages.limit, pages.after)
        return page_of(
            rows,
            pages.limit,
            lambda member: Place(member.created_at, member.member_id),
            lambda member: shown(MemberShown, member),
        )

    @router.post("", status_code=201)
    def add(visit: Admin, wanted: MemberWanted) -> MemberShown:
        """A new member."""
        return added_member(visit, wanted)

    @router.patch("/{member_id}")
    def change(visit: Admin, member_id: PlainText, wanted: MemberChange) -> MemberShown:
        """The member after the change. The last admin stays one."""
        return changed_member(visit, member_id, wanted)

    @router.delete("/{member_id}", status_code=204)
    def remove(visit: Admin, member_id: PlainText) -> None:
        """Forget a member and sign them out. The last admin stays; keys that they made stay too."""
        removed_member(visit, member_id)

    return router


def added_member(visit: Visit, wanted: MemberWanted) -> MemberShown:
    """A new member. Raises NotAllowed for more than whoever asks has, BadInput, and Conflict."""
    visit.require_no_more(SCOPES_OF[wanted.role])
    member = Member(
        member_id=f"member_{visit.house.new_id()}",
        email=wanted.email,
        name=wanted.name,
        role=wanted.role,
        password_hash=password_hash(wanted.password) if wanted.password is not None else None,
        created_at=visit.house.now(),
    )
    member = add_member(visit.house.database, member)
    visit.note("member.added", member.member_id, role=member.role)
    return shown(MemberShown, member)


def changed_member(visit: Visit, member_id: str, wanted: MemberChange) -> MemberShown:
    """The member after the change. Raises NotAllowed, NotFound, and Conflict where no admin would be left."""
    _require_over(visit, member_id)
    if wanted.role is not None:
        visit.require_no_more(SCOPES_OF[wanted.role])
    changed = change_member(
        visit.house.database,
        member_id,
        role=wanted.role,
        name=wanted.name,
        password_hash=password_hash(wanted.password) if wanted.password is not None else None,
        disabled_at=visit.house.now() if wanted.disabled else None,
        enabled=wanted.disabled is False,
    )
    done = ",".join(sorted(wanted.model_fields_set))  # which fields, never what is in them
    visit.note("member.changed", member_id, fields=done, role=changed.role)
    return shown(MemberShown, changed)


def removed_member(visit: Visit, member_id: str) -> None:
    """Forget a member and sign them out. Raises as `changed_member` does."""
    _require_over(visit, member_id)
    remove_member(visit.house.database, member_id)
    visit.note("member.removed", member_id)


def _require_over(visit: Visit, member_id: str) -> None:
    """Raise NotAllowed where the member has more than who asks: a new password would make them the member."""
    member = member_named(visit.house.database, member_id)
    visit.require_no_more(SCOPES_OF[member.role])  # type: ignore[index]  # one of the roles
