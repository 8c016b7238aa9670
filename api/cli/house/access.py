"""Commands about keys, and about what was done: keys, audit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Annotated, Any, cast

import typer
from rich.table import Table

from api.access.noting import write_note
from api.access.shown import EntryShown, KeyShown, NewKey, shown
from api.cli.terminal import JsonOption, add_row, opened_house, print_json, refusals, stderr, stdout
from store.access import LOCAL, Role, Scope
from store.records.access.audit import entries_of
from store.records.access.keys import keys_of, make_key, revoke_key
from store.records.access.organisations import organisation_named
from store.workspace import House

MOST = 1_000  # rows that a list shows
keys_app = typer.Typer(no_args_is_help=True, help="Keys that programs come with.")

OrganisationOption = Annotated[
    str | None, typer.Option("--organisation", help="`org_…`; FIELDMARK_ORGANISATION, or this machine's own.")
]
RoleOption = Annotated[
    Role, typer.Option(help="viewer: aggregates; analyst: people and work too; admin: all.")
]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands: keys, audit."""
    app.add_typer(keys_app, name="keys")
    app.command()(audit)


@keys_app.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
    role: RoleOption = "analyst",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Fewer than its role has: read, people, run, admin. Repeat it."),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="How long it holds; for good.")] = None,
    organisation: OrganisationOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key and show it, this once."""
    with refusals(as_json), house_of(organisation) as house:
        now = house.now()
        key, secret = make_key(
            house.database,
            key_id=f"key_{house.new_id()}",
            name=name,
            role=role,
            scopes=cast(list[Scope], scope) if scope else None,  # looked at by make_key
            now=now,
            expires_at=now + timedelta(days=days) if days else None,
            created_by=LOCAL,
        )
        write_note(house, LOCAL, "key.made", key.key_id, role=role, scopes=",".join(key.scopes))
    if as_json:
        print_json(NewKey(**shown(KeyShown, key).model_dump(), secret=secret))
        return
    typer.echo(secret)
    stderr.print(f"{key.key_id}: keep the key now, it is shown nowhere again.", highlight=False)


@keys_app.command("list")
def list_keys(organisation: OrganisationOption = None, as_json: JsonOption = False) -> None:
    """List the keys, newest first, those that are over too."""
    with refusals(as_json), house_of(organisation) as house:
        kept, now = keys_of(house.database, MOST)[:MOST], house.now()
    if as_json:
        print_json([shown(KeyShown, key).model_dump(mode="json") for key in kept])
        return
    table = Table("key", "name", "begins", "role", "scopes", "last used", "", box=None)
    table.columns[0].no_wrap = True
    for key in kept:
        over = "over" if key.expires_at is not None and key.expires_at <= now else ""
        used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else ""
        state = "revoked" if key.revoked_at else over
        add_row(table, key.key_id, key.name, key.prefix, key.role, " ".join(key.scopes), used, state)
    stdout.print(table)


@keys_app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="Its id: `key_…`.")],
    organisation: OrganisationOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a key, at once and everywhere."""
    with refusals(as_json), house_of(organisation) as house:
        ended = revoke_key(house.database, key_id, house.now())
        if ended:
            write_note(house, LOCAL, "key.revoked", key_id)
    told({"key_id": key_id, "revoked": True}, "Revoked." if ended else "It was revoked before.", as_json)


def audit(
    action: Annotated[str | None, typer.Option(help="Only this, as `key.made`.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only by this key or member.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many at most.")] = 50,
    organisation: OrganisationOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was done, newest first: ids and figures, nobody's values."""
    with refusals(as_json), house_of(organisation) as house:
        kept = entries_of(house.database, limit, action=action, actor=actor)[:limit]
    if as_json:
        print_json([shown(EntryShown, entry).model_dump(mode="json") for entry in kept])
        return
    table = Table("when", "who", "what", "of what", "", box=None)
    for entry in kept:
        more = " ".join(f"{name}={value}" for name, value in entry.detail.items())
        add_row(table, f"{entry.created_at:%Y-%m-%d %H:%M}", entry.actor, entry.action, entry.about, more)
    stdout.print(table)


@contextmanager
def house_of(organisation: str | None) -> Iterator[House]:
    """The house of an organisation that was made. Raises NotFound."""
    with opened_house() as (settings, house):
        wanted = organisation or settings.organisation or LOCAL
        yield house.of(organisation_named(house.everywhere, wanted, house.now()).organisation_id)


def told(answer: dict[str, Any], words: str, as_json: bool) -> None:
    """Tell what came of it, to programs or to people."""
    if as_json:
        print_json(answer)
    else:
        typer.echo(words)
