"""Commands for accounts: load them, see a committee, keep their history, generate some."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from api.cli.loading import built
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    opened,
    opened_house,
    print_json,
    progress_bar,
    refusals,
    stderr,
    stdout,
)
from store.accounts.account_file import AccountOptions
from store.accounts.committees.committee import Committee, committee, write_committees
from store.accounts.history import write_history
from store.accounts.preparing import Prepared, prepared_accounts
from store.accounts.won_accounts import won_accounts
from store.errors import BadInput
from store.population.build import BuildReport
from store.population.mapping import read_mapping, write_mapping

accounts_app = typer.Typer(no_args_is_help=True, help="Accounts: companies as rows of a population.")


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(accounts_app, name="accounts")


@accounts_app.command("load")
def load_accounts(
    files: Annotated[list[Path], typer.Argument(help="CSV, Parquet or JSON Lines files of accounts.")],
    warehouse: Annotated[str, typer.Option("--warehouse", "-w", help="Made when it is not there yet.")],
    contacts: Annotated[
        list[Path] | None, typer.Option(help="Files of their contacts: the buying committees.")
    ] = None,
    won: Annotated[
        list[Path] | None,
        typer.Option(help="Deals, of which the won ones say which departments a committee needs."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="The day of the export, as 2026-01-31; today when left out.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="What each enriched column means; proposed when left out.")
    ] = None,
    save_mapping: Annotated[
        Path | None, typer.Option(help="Write the mapping that is used here, to edit it.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Recognise, enrich and load accounts, and swap them in. On any error the ones in use stay."""
    with refusals(as_json), opened_house() as (settings, house), progress_bar() as progress:
        workspace = house.workspace(warehouse)
        options = AccountOptions(
            contacts=contacts or (),
            won=won_accounts(won, memory_limit=settings.memory) if won else None,
            memory_limit=settings.memory,
        )
        day = _day(as_of) if as_of else house.now().date()
        known = read_mapping(mapping) if mapping else None
        with prepared_accounts(files, day, house.home, options, known) as prepared:
            if save_mapping:
                write_mapping(prepared.mapping, save_mapping)
            report = built(workspace, settings, [prepared.path], prepared.mapping, progress)
            if prepared.opened.contact_source:
                write_committees(
                    prepared.opened.contact_source,
                    prepared.opened.usual,
                    workspace.warehouse,
                    report.snapshot_id,
                )
            told = _told(prepared, report, day)
    if as_json:
        print_json(told)
    else:
        _show_load(prepared, report, warehouse)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("The day cannot be read", where="--as-of", instead="Write it as 2026-01-31.") from None


def _told(prepared: Prepared, report: BuildReport, day: date) -> dict[str, Any]:
    found = prepared.opened
    return {
        **report.model_dump(mode="json"),
        "as_of": day.isoformat(),
        "columns": [column.model_dump() for column in prepared.columns],
        "plain_columns": prepared.plain,
        "contacts": found.contact_file.contacts if found.contact_file else 0,
        "unknown_contacts": found.unknown_contacts,
        "usual_departments": list(found.usual.departments),
        "notes": prepared.notes,
    }


def _show_load(prepared: Prepared, report: BuildReport, warehouse: str) -> None:
    table = Table("from", "read as", "group", box=None)
    for column in prepared.columns:
        add_row(table, column.column or "(derived)", column.label, column.group)
    stderr.print(table)
    if prepared.plain:
        stderr.print(f"  Kept as they are: {escape(', '.join(prepared.plain))}", highlight=False)
    for note in prepared.notes:
        stderr.print(f"  {escape(note)}", highlight=False)
    found = prepared.opened
    stdout.print(
        f"{report.persons:,} accounts, {report.attributes} attributes, {report.clusters:,} clusters "
        f"in `{warehouse}` (snapshot {report.snapshot_id}, {report.seconds:,.1f} s)."
    )
    if found.contact_file:
        stdout.print(
            f"  {found.contact_file.contacts:,} contacts; {found.unknown_contacts:,} of unknown accounts."
        )
    if found.usual.departments:
        stdout.print(
            f"  Committees of {found.usual.won:,} won accounts have: {', '.join(found.usual.departments)}."
        )


@accounts_app.command("committee")
def show_committee(
    account_id: Annotated[str, typer.Argument(help="The account's id, as its file has it.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """The contacts of an account by role: ids and roles, no names."""
    with refusals(as_json), opened(warehouse) as workspace:
        found = committee(workspace.warehouse, account_id)
    if as_json:
        print_json(found)
    else:
        _show_committee(found)


def _show_committee(found: Committee) -> None:
    table = Table("seniority", "department", "contact", "decides", "last active", box=None)
    yes_no = {True: "yes", False: "no", None: ""}
    for role in found.roles:
        for contact in role.contacts:
            active = contact.last_activity.isoformat() if contact.last_activity else ""
            add_row(
                table,
                role.seniority or "not told",
                role.department or "not told",
                contact.contact_id,
                yes_no[contact.decision_maker],
                active,
            )
    stdout.print(table)
    if found.missing_departments:
        stdout.print(f"Missing, though won accounts have them: {', '.join(found.missing_departments)}.")


@accounts_app.command("history")
def keep_history(
    files: Annotated[
        list[Path], typer.Argument(help="Files of accounts, each exported on a day of its own.")
    ],
    as_of: Annotated[
        list[str], typer.Option(help="The day of each file, in their order; give it once a file.")
    ],
    out: Annotated[Path, typer.Option(help="The Parquet file to write.")],
    as_json: JsonOption = False,
) -> None:
    """What was known of accounts on several days, as a file that outcomes are joined with."""
    with refusals(as_json):
        if len(files) != len(as_of):
            raise BadInput(
                f"{len(files)} files and {len(as_of)} days were given",
                where="--as-of",
                instead="Give one day a file, in their order.",
            )
        rows = write_history([(path, _day(day)) for path, day in zip(files, as_of, strict=True)], out)
    if as_json:
        print_json({"file": str(out), "rows": rows, "days": sorted(as_of)})
    else:
        stdout.print(f"{rows:,} rows of accounts on {len(files)} days are in {out}.")


@accounts_app.command("synth")
def synth_accounts(
    accounts: Annotated[int, typer.Option(help="How many accounts.")],
    deals: Annotated[int, typer.Option(help="How many deals.")],
    out: Annotated[Path, typer.Option(help="A folder that is empty or not there yet.")],
    seed: Annotated[int, typer.Option(help="The same seed and day give the same files.")] = 0,
    as_of: Annotated[
        str | None, typer.Option(help="The last day, as 2026-01-31; today when left out.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Generate accounts, contacts and deals with the truth planted in them."""
    from datetime import UTC, datetime, time

    from store.synthetic.deals import generate_deals  # only this command needs it

    with refusals(as_json), opened_house() as (_, house):
        now = datetime.combine(_day(as_of), time(), UTC) if as_of else house.now()
        report = generate_deals(accounts, deals, seed, out, now)
    if as_json:
        print_json(report)
        return
    stdout.print(
        f"{report.accounts:,} generated accounts and {report.deals:,} deals ({report.won:,} won,"
        f" {report.lost:,} lost, {report.still_open:,} open) are in {out}. Next:"
    )
    stdout.print(
        f"  fieldmark accounts load {out}/accounts.csv --contacts {out}/contacts.csv"
        f" --won {out}/deals_hubspot.csv --as-of {report.last_day} --warehouse accounts"
    )
