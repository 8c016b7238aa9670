"""Commands on what users do: load events, show what is known, the SQL for other engines, generated events."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    opened_house,
    print_json,
    progress_bar,
    refusals,
    stdout,
)
from api.settings import Settings
from store.errors import BadInput
from store.events import Behaviour, BehaviourReport, EventReading, WindowQuery
from store.events.sql.dialects import DIALECTS, behaviour_categories_sql, behaviour_sql
from store.events.window import Windows
from store.workspace import House
from tools.behaviour.features import behaviour_features

behaviour_app = typer.Typer(
    name="behaviour",
    no_args_is_help=True,
    help="What users do: events of the GA4 export, and the features made of them.",
)
UserOption = Annotated[
    str, typer.Option(help="device (user_pseudo_id), or person: the user_id, where a device is known by one.")
]
MoneyOption = Annotated[str, typer.Option(help="usd, or local: the property's own currency.")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(behaviour_app)


@behaviour_app.command()
def load(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Files events_YYYYMMDD of the export, Parquet or JSON Lines; none: only the windows change."
        ),
    ] = None,
    warehouse: WarehouseOption = None,
    days: Annotated[int, typer.Option(help="Days of behaviour, up to the cut-off.")] = 90,
    cut_off: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day of behaviour; what follows is the target."),
    ] = None,
    target_days: Annotated[int, typer.Option(help="Days of the target, after the cut-off.")] = 30,
    user: UserOption = "device",
    money: MoneyOption = "usd",
    as_json: JsonOption = False,
) -> None:
    """Read the days that are new or changed, and make the users again. On any error those in use stay."""
    with refusals(as_json), opened_house() as (settings, house):
        windows = _window(days, cut_off, target_days)
        with progress_bar() as progress:
            report = _behaviour(settings, house, warehouse).load(
                files or [],
                house.now(),
                windows=windows,
                reading=_reading(user, money),
                progress=progress,
                memory_limit=settings.memory,
                workers=settings.processes or None,
            )
    if as_json:
        print_json(report)
    else:
        _tell(report)


@behaviour_app.command()
def show(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """Show what was read, the windows, and which features are known of how many users."""
    with refusals(as_json), opened_house() as (settings, house):
        behaviour = _behaviour(settings, house, warehouse)
        report, users = behaviour.loaded().report, behaviour.users()
        features = behaviour_features(users.features, users.windows.cut_off)
    known = {
        each.name: round(float(each.known().mean()), 4) if users.ids.size else 0.0
        for each in features.features
    }
    if as_json:
        print_json({**report.model_dump(mode="json"), "features_known": known})
        return
    _tell(report)
    table = Table("feature", "of", "known", box=None)
    for each in features.features:
        add_row(table, each.told, each.unit or each.kind, f"{known[each.name]:.1%}")
    stdout.print(table)


@behaviour_app.command()
def sql(
    dialect: Annotated[str, typer.Option(help=f"One of {', '.join(DIALECTS)}.")],
    table: Annotated[
        str, typer.Option(help="BigQuery: project.dataset.events_ ; else one table of all days, nested.")
    ],
    last_day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day of behaviour; yesterday when left out."),
    ] = None,
    days: Annotated[int, typer.Option(help="Days of behaviour, up to the last day.")] = 90,
    target_days: Annotated[int, typer.Option(help="Days of the target after them; 0 is none.")] = 0,
    user: UserOption = "device",
    money: MoneyOption = "usd",
    categories: Annotated[
        bool, typer.Option("--categories", help="The query of each user's product categories instead.")
    ] = False,
) -> None:
    """Write the query that makes the same users where the events lie, in the dialect of that engine."""
    with refusals(), opened_house() as (_, house):
        last = last_day or house.now() - timedelta(1)
        windows = _asked_windows(days, last.date(), target_days)
        reading = _reading(user, money)
        if categories:
            text = behaviour_categories_sql(
                dialect,  # type: ignore[arg-type]  # it is checked there
                table,
                windows.first_day,
                windows.cut_off,
                reading=reading,
            )
        else:
            text = behaviour_sql(
                dialect,  # type: ignore[arg-type]  # it is checked there
                table,
                windows.first_day,
                windows.cut_off,
                target_last_day=windows.target_last_day,
                reading=reading,
            )
    typer.echo(text)


@behaviour_app.command()
def synth(
    events: Annotated[int, typer.Option(help="How many events.")],
    out: Annotated[Path, typer.Option(help="A folder that is empty or not there yet.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same events.")] = 0,
    days: Annotated[int, typer.Option(help="Days, a file each.")] = 90,
    form: Annotated[str, typer.Option(help="parquet or ndjson.")] = "parquet",
    as_json: JsonOption = False,
) -> None:
    """Generate events of the GA4 export, with segments and drivers of value planted in them."""
    from store.synthetic.events import generate_events  # only this command needs it

    with refusals(as_json), progress_bar() as progress:
        report = generate_events(
            events,
            seed,
            out,
            days=days,
            form=form,  # type: ignore[arg-type]  # it is checked there
            progress=lambda done, of: progress("events", done, of),
        )
    if as_json:
        print_json(report)
        return
    stdout.print(
        f"{report.events:,} generated events of {report.first_day} to {report.last_day} are in {out}."
    )
    stdout.print(f"Next:\n  fieldmark behaviour load {out}/events_* --warehouse shop", highlight=False)


def _behaviour(settings: Settings, house: House, warehouse: str | None) -> Behaviour:
    return Behaviour(house.workspace(settings.warehouse_named(warehouse)).warehouse.folder)


def _window(days: int, cut_off: datetime | None, target_days: int) -> WindowQuery:
    _check_days(days, "--days")
    _check_days(target_days, "--target-days")
    return WindowQuery(days=days, cut_off=cut_off.date() if cut_off else None, target_days=target_days)


def _asked_windows(days: int, last_day: date, target_days: int) -> Windows:
    _check_days(days, "--days")
    if target_days:
        _check_days(target_days, "--target-days")
    return Windows(
        first_day=last_day - timedelta(days - 1),
        cut_off=last_day,
        target_last_day=last_day + timedelta(target_days) if target_days else None,
    )


def _check_days(days: int, where: str) -> None:
    if not 1 <= days <= 3650:
        raise BadInput("A window has 1 to 3,650 days", where=where, instead="The default is a good one.")


def _reading(user: str, money: str) -> EventReading:
    if user not in ("device", "person"):
        raise BadInput("This is no kind of user", where="--user", instead="Take device or person.")
    if money not in ("usd", "local"):
        raise BadInput("This is no money", where="--money", instead="Take usd or local.")
    return EventReading(user=user, money=money)


def _tell(report: BehaviourReport) -> None:
    windows = report.windows
    stdout.print(
        f"{report.users:,} users, {report.buyers:,} of them buyers, of {report.events:,} events "
        f"({report.seconds:,.1f} s)."
    )
    stdout.print(f"  behaviour {windows.first_day} to {windows.cut_off}", highlight=False)
    if windows.target_last_day:
        stdout.print(
            f"  target to {windows.target_last_day}: {report.target_buyers:,} users bought", highlight=False
        )
    stdout.print(
        f"  days: {report.days_read} read, {report.days_reread} read again, "
        f"{report.days_unchanged} unchanged; {report.days_loaded} kept, "
        f"{report.first_loaded_day} to {report.last_loaded_day}",
        highlight=False,
    )
    if report.missing_days:
        stdout.print(
            f"  [yellow]{len(report.missing_days)} days are missing[/], first {report.missing_days[0]}",
            highlight=False,
        )
    if report.intraday_days:
        stdout.print(f"  {len(report.intraday_days)} days were still running when exported")
    if report.events_without_device:
        stdout.print(f"  {report.events_without_device:,} events tell no device and are left out")
