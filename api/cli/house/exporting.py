"""Commands for what leaves the house: export, exports list and revoke, destinations."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.markup import escape
from rich.table import Table

from agent.narration.wording import number
from api.access.noting import write_note
from api.cli.house.exports_about import exports_about
from api.cli.reaching import Reach, reached
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    opened_house,
    print_json,
    refusals,
    stderr,
    stdout,
)
from store.access import LOCAL
from store.destinations import Destination, Destinations, Keys, tried
from store.errors import BadInput
from tools.activation.queries import ExportedAudience

STYLES = {"stop": "bold red", "warning": "yellow", "note": "dim"}


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(export)
    exports = typer.Typer(no_args_is_help=True, help="Exports that were written: list them, revoke one.")
    exports.command("list")(list_exports)
    exports.command("revoke")(revoke_export)
    exports.command("about")(exports_about)
    app.add_typer(exports, name="exports")
    destinations = typer.Typer(no_args_is_help=True, help="Folders and buckets for exports.")
    for name, command in (
        ("add", add_destination),
        ("list", list_destinations),
        ("remove", remove_destination),
        ("test", try_destination),
    ):
        destinations.command(name)(command)
    app.add_typer(destinations, name="destinations")


def export(
    to: Annotated[
        str,
        typer.Option(
            help="google_customer_match, meta, linkedin, tiktok, hubspot, salesforce or plain.",
        ),
    ],
    audience: Annotated[str | None, typer.Option(help="An audience, by its id.")] = None,
    expression: Annotated[str | None, typer.Option(help="Cluster hashes or ids with AND, OR, NOT.")] = None,
    analysis: Annotated[str | None, typer.Option(help="An analysis, by its id.")] = None,
    strategy: Annotated[str, typer.Option(help="Of an analysis: precision, hybrid or reach.")] = "precision",
    segment: Annotated[str | None, typer.Option(help="A segment of the analysis, by name or number.")] = None,
    size: Annotated[int | None, typer.Option(min=1, help="Keep so many people at most.")] = None,
    suppress: Annotated[
        str | None, typer.Option(help="An expression: whoever it holds for is left out.")
    ] = None,
    preflight: Annotated[bool, typer.Option("--preflight", help="Only tell; write nothing.")] = False,
    accept: Annotated[
        list[str] | None, typer.Option(help="A warning that would stop it, by its code. Repeat it.")
    ] = None,
    countries: Annotated[
        str, typer.Option(help="all; consent: EEA, United Kingdom, Switzerland alone; others.")
    ] = "all",
    leave_out: Annotated[
        list[str] | None, typer.Option(help="email, phone, name, address, maid or work. Repeat it.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help="An attribute to carry: hubspot, salesforce, plain. Repeat it.")
    ] = None,
    company: Annotated[str | None, typer.Option(help="The company of people who have none.")] = None,
    category: Annotated[
        str | None, typer.Option(help="The ads are for housing, employment or credit.")
    ] = None,
    split: Annotated[int | None, typer.Option(min=1, help="Rows of one file at most.")] = None,
    delivery: Annotated[str | None, typer.Option(help="A destination to write the files to.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write a copy here; several are numbered.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an audience as the file of an advertising platform or a CRM, after a look at what to know."""
    given = {
        "destination": to,
        "audience_id": audience,
        "expression": expression,
        "analysis_id": analysis,
        "strategy": strategy,
        "segment": segment,
        "target_size": size,
        "suppress": suppress,
        "preflight": preflight,
        "accept": accept or [],
        "countries": countries,
        "leave_out": leave_out or [],
        "columns": column or [],
        "company": company,
        "special_ad_category": category,
        "split": split,
        "delivery": delivery,
    }
    with refusals(as_json), reached(warehouse) as house:
        found = house.call("export_audience", given)
        copies = _copied(house, found, out) if out else []
    if as_json:
        print_json(found)
    else:
        _show(found, copies)


def _copied(house: Reach, found: ExportedAudience, out: Path) -> list[Path]:
    """Copies of the files, whose own are gone after an hour."""
    copies = []
    for at, file in enumerate(found.files, start=1):
        copy = out if len(found.files) == 1 else out.with_name(f"{out.stem}-{at}{out.suffix}")
        house.fetch(file.export, copy)
        copies.append(copy)
    return copies


def _show(found: ExportedAudience, copies: list[Path]) -> None:
    stdout.print(f"{number(found.rows)} rows of {number(found.people)} people for {found.destination}.")
    for each in found.warnings:
        style = STYLES[each.severity]
        told = escape(f"{each.what} {each.why} {each.instead}")
        stdout.print(f"[{style}]{each.severity}[/] {escape(each.code)}: {told}", highlight=False)
    for file in found.files:
        where = file.delivered.url if file.delivered else file.export.url
        stdout.print(f"{number(file.export.rows)} rows: {escape(where)}", highlight=False, soft_wrap=True)
    for copy in copies:
        stderr.print(f"Copy: {copy}", highlight=False)
    if found.preflight:
        stderr.print("Nothing was written: `--preflight` only tells.")


def list_exports(
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="Only of this one.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="So many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the exports, newest first."""
    with refusals(as_json), reached(warehouse) as house:
        rows, now = house.exports(warehouse, limit)
    if as_json:
        print_json(rows)
        return
    table = Table("export", "when", "by", "rows", "to", "fetched", "", box=None)
    table.columns[0].no_wrap = True
    for row in rows:
        is_over = datetime.fromisoformat(row["expires_at"]) <= now
        state = "revoked" if row["revoked_at"] else "over" if is_over else "open"
        when = row["created_at"][:16].replace("T", " ")
        figures = (number(row["rows"]), row["delivered_to"], number(row["downloads"]))
        add_row(table, row["export_id"], when, row["actor"], *figures, state)
    stdout.print(table)


def revoke_export(
    export_id: Annotated[str, typer.Argument(help="The export, by its id.")], as_json: JsonOption = False
) -> None:
    """Remove an export at once; its link answers 410 from then on."""
    with refusals(as_json), reached(None) as house:
        house.revoke(export_id)
    stderr.print("Revoked: its file is gone.")


def add_destination(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    url: Annotated[str, typer.Argument(help="s3://bucket/prefix or file:///folder.")],
    endpoint: Annotated[str, typer.Option(help="The server of a bucket that is not Amazon's.")] = "",
    region: Annotated[str, typer.Option(help="The bucket's region.")] = "us-east-1",
    key: Annotated[str, typer.Option(help="The id of the bucket's key.")] = "",
    secret_file: Annotated[
        str, typer.Option(help="A file with the key's secret; `-` is stdin. Asked for when left out.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Add a folder or a bucket to which exports can be written."""
    with refusals(as_json), opened_house() as (settings, house):
        destination = Destination(
            name=name, url=url, endpoint=endpoint, region=region, created_at=house.now()
        )
        secret = _secret(secret_file) if destination.is_bucket else ""
        folders = [Path(folder) for folder in settings.export_folders.split(os.pathsep) if folder]
        keys = Keys(key=SecretStr(key), secret=SecretStr(secret))
        Destinations(house.home).add(destination, keys, folders)
        write_note(house, LOCAL, "destination.added", name)
    if as_json:
        print_json(destination)
    else:
        stderr.print(f"Added. `fieldmark destinations test {name}` tries it.")


def _secret(file: str) -> str:
    # Not an option: other users of a machine see what a command was started with.
    if not file:
        return typer.prompt("Secret", hide_input=True, err=True)
    try:
        return (sys.stdin.read() if file == "-" else Path(file).read_text()).strip()
    except (OSError, UnicodeDecodeError):
        raise BadInput("The file of the secret cannot be read", where="--secret-file") from None


def list_destinations(as_json: JsonOption = False) -> None:
    """List the destinations, without their keys."""
    with refusals(as_json), opened_house() as (_, house):
        found = Destinations(house.home).all()
    if as_json:
        print_json([each.model_dump(mode="json") for each in found])
        return
    table = Table("destination", "url", "endpoint", box=None)
    for each in found:
        add_row(table, each.name, each.url, each.endpoint)
    stdout.print(table)


def remove_destination(
    name: Annotated[str, typer.Argument(help="The destination.")], as_json: JsonOption = False
) -> None:
    """Forget a destination and its keys; what was written there stays."""
    with refusals(as_json), opened_house() as (_, house):
        Destinations(house.home).remove(name)
        write_note(house, LOCAL, "destination.removed", name)
    stderr.print("Removed.")


def try_destination(
    name: Annotated[str, typer.Argument(help="The destination.")], as_json: JsonOption = False
) -> None:
    """Write a small file to a destination and remove it."""
    with refusals(as_json), opened_house() as (_, house):
        destination, keys = Destinations(house.home).named(name)
        tried(house.new_id(), destination, keys)
        write_note(house, LOCAL, "destination.tested", name)
    if as_json:
        print_json({"destination": name, "takes_files": True})
    else:
        stdout.print("It takes files.")
