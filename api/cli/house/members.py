"""Commands about people and their organisations: members, organisations."""

import sys
from typing import Annotated

import typer
from rich.table import Table

from api.access.noting import write_note
from api.access.shown import MemberShown, OrganisationShown, shown
from api.cli.house.access import MOST, OrganisationOption, RoleOption, house_of, told
from api.cli.terminal import JsonOption, add_row, opened_house, print_json, refusals, stdout
from store.access import LOCAL, Role
from store.errors import BadInput
from store.records.access.members import (
    Member,
    add_member,
    change_member,
    email_form,
    members_of,
    remove_member,
)
from store.records.access.organisations import Organisation, keep_organisation, organisations
from store.records.access.passwords import password_hash
from store.workspace import House

members_app = typer.Typer(no_args_is_help=True, help="People who can sign in.")
organisations_app = typer.Typer(no_args_is_help=True, help="Organisations that this house serves.")

MemberId = Annotated[str, typer.Argument(metavar="MEMBER", help="Its id: `member_…`.")]
NoPassword = Annotated[bool, typer.Option("--no-password", help="They sign in by OpenID.")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands: members, organisations."""
    app.add_typer(members_app, name="members")
    app.add_typer(organisations_app, name="organisations")


@members_app.command("add")
def add(
    email: Annotated[str, typer.Argument(help="With what they sign in.")],
    name: Annotated[str, typer.Option(help="What they are called.")] = "",
    role: RoleOption = "viewer",
    no_password: NoPassword = False,
    organisation: OrganisationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a member. The password is asked for, or read from stdin."""
    with refusals(as_json), house_of(organisation) as house:
        member = _added(house, email, name, role, None if no_password else password_hash(_password()))
    told(shown(MemberShown, member).model_dump(mode="json"), member.member_id, as_json)


@members_app.command("list")
def list_members(organisation: OrganisationOption = None, as_json: JsonOption = False) -> None:
    """List the members, newest first."""
    with refusals(as_json), house_of(organisation) as house:
        kept = members_of(house.database, MOST)[:MOST]
    if as_json:
        print_json([shown(MemberShown, member).model_dump(mode="json") for member in kept])
        return
    table = Table("member", "e-mail", "name", "role", "", box=None)
    table.columns[0].no_wrap = True
    for member in kept:
        state = "disabled" if member.disabled_at else ""
        add_row(table, member.member_id, member.email, member.name, member.role, state)
    stdout.print(table)


@members_app.command("role")
def change_role(
    member_id: MemberId,
    role: Annotated[Role, typer.Argument(help="viewer, analyst or admin.")],
    organisation: OrganisationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a member another role. The last admin stays one."""
    with refusals(as_json), house_of(organisation) as house:
        member = change_member(house.database, member_id, role=role)
        write_note(house, LOCAL, "member.changed", member_id, fields="role", role=role)
    told(shown(MemberShown, member).model_dump(mode="json"), f"{member_id} is {role} now.", as_json)


@members_app.command("password")
def change_password(
    member_id: MemberId, organisation: OrganisationOption = None, as_json: JsonOption = False
) -> None:
    """Give a member another password, asked for or read from stdin; it signs them out everywhere."""
    with refusals(as_json), house_of(organisation) as house:
        member = change_member(house.database, member_id, password_hash=password_hash(_password()))
        write_note(house, LOCAL, "member.changed", member_id, fields="password")
    told(shown(MemberShown, member).model_dump(mode="json"), "Changed.", as_json)


@members_app.command("remove")
def remove(member_id: MemberId, organisation: OrganisationOption = None, as_json: JsonOption = False) -> None:
    """Forget a member and sign them out. The last admin stays."""
    with refusals(as_json), house_of(organisation) as house:
        remove_member(house.database, member_id)
        write_note(house, LOCAL, "member.removed", member_id)
    told({"member_id": member_id, "removed": True}, "Removed.", as_json)


@organisations_app.command("create")
def create_organisation(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    admin: Annotated[str, typer.Option(help="The e-mail of its first admin.")],
    no_password: NoPassword = False,
    as_json: JsonOption = False,
) -> None:
    """Make an organisation with its first admin, whose password is asked for, or read from stdin."""
    with refusals(as_json), opened_house() as (_, root):
        email_form(admin)  # before anything is made
        hashed = None if no_password else password_hash(_password())
        house = root.of(f"org_{root.new_id()}")
        made = Organisation(organisation_id=house.organisation_id, name=name, created_at=root.now())
        keep_organisation(root.everywhere, made)
        write_note(house, LOCAL, "organisation.made", made.organisation_id)
        _added(house, admin, "", "admin", hashed)
    told(shown(OrganisationShown, made).model_dump(mode="json"), made.organisation_id, as_json)


@organisations_app.command("list")
def list_organisations(as_json: JsonOption = False) -> None:
    """List the organisations that were made, oldest first."""
    with refusals(as_json), opened_house() as (_, root):
        kept = organisations(root.everywhere)
    if as_json:
        print_json([shown(OrganisationShown, each).model_dump(mode="json") for each in kept])
        return
    table = Table("organisation", "name", box=None)
    for each in kept:
        add_row(table, each.organisation_id, each.name)
    stdout.print(table)


def _added(house: House, email: str, name: str, role: Role, hashed: str | None) -> Member:
    member = Member(
        member_id=f"member_{house.new_id()}",
        email=email,
        name=name,
        role=role,
        password_hash=hashed,
        created_at=house.now(),
    )
    member = add_member(house.database, member)
    write_note(house, LOCAL, "member.added", member.member_id, role=role)
    return member


def _password() -> str:
    """What is typed twice without being shown, or the first line of stdin."""
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise BadInput(
            "There is no password on stdin", where="stdin", instead="Send it as one line, or --no-password."
        )
    return password
