"""Commands that learn from outcomes and show what was learned: outcomes learn, models, criteria."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from agent.narration.wording import number, percent
from api.cli.customers import scoring
from api.cli.customers.behaviour import behaviour_app
from api.cli.customers.outcomes import outcomes_app
from api.cli.reaching import reached
from api.cli.showing.outcomes import show_models, show_outcomes
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    opened,
    print_json,
    progress_bar,
    refusals,
    stderr,
    stdout,
)
from api.report.outcomes import require_form, write_outcome_report
from store.errors import NotFound
from store.outcomes.outcome_table import UnitKind
from store.records.learned import learned_models, published_model
from store.workspace import Workspace
from tools.behaviour.icp.answers import IcpAnalysis
from tools.behaviour.icp.of_warehouse import WarehouseIcp
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.told.sales_text import sales_text
from tools.scoring.learned import saved_fit


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands: score and value; the others are those of `outcomes` and `behaviour`."""
    scoring.add_commands(app)


@outcomes_app.command()
def learn(
    warehouse: WarehouseOption = None,
    last_days: Annotated[
        int | None, typer.Option(min=1, help="Only outcomes of so many days back; all when left out.")
    ] = None,
    unit: Annotated[
        UnitKind | None, typer.Option(help="Accounts or persons, where there are outcomes of both.")
    ] = None,
    target: Annotated[
        float | None, typer.Option(min=0, help="The amount to be won from the open deals.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(help="A column that was known before, whatever its name says. Repeat it."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same analysis.")] = 0,
    report: Annotated[Path | None, typer.Option(help="Write the report here: .html, .md or .json.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Learn who is won and who is not: criteria, chances, patterns; put in use what passes its test."""
    with refusals(as_json), reached(warehouse) as house:
        if report:
            require_form(report)  # before the work, not after it
        given = {
            "last_days": last_days,
            "unit": unit,
            "target": target,
            "keep": keep or [],
            "seed": seed,
        }
        with progress_bar() as progress:
            found = house.call("analyze_outcomes", given, progress)
        if report:
            write_outcome_report(found, report)
    if as_json:
        print_json(found)
    else:
        show_outcomes(found)
        stderr.print(f"Report: {report}" if report else "`--report outcomes.html` writes this as a page.")


@outcomes_app.command()
def models(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """The models that were learned: which is in use, and why the others are not."""
    with refusals(as_json), opened(warehouse) as workspace:
        kept = learned_models(workspace.database, workspace.warehouse.name)
    if as_json:
        print_json([each.model_dump(mode="json") for each in kept])
    else:
        show_models(kept)


@outcomes_app.command()
def criteria(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """The profile in use as sales reads it: must have, strong signals, bonus, walk away if."""
    with refusals(as_json), opened(warehouse) as workspace:
        profile = _published_profile(workspace)
    if as_json:
        print_json(profile)
    elif stdout.is_terminal:
        from rich.markdown import Markdown  # takes a while to import

        stdout.print(Markdown(sales_text(profile)))
    else:
        typer.echo(sales_text(profile), nl=False)


def _published_profile(workspace: Workspace) -> FitProfile:
    kept = published_model(workspace.database, workspace.warehouse.name, "fit")
    if kept is None:
        raise NotFound(
            f"No profile was learned from outcomes in `{workspace.warehouse.name}`",
            where="warehouse",
            instead="Learn one: `fieldmark outcomes load`, then `fieldmark outcomes learn`.",
        )
    return saved_fit(workspace, kept.model_id)


@behaviour_app.command()
def segments(warehouse: WarehouseOption = None, as_json: JsonOption = False) -> None:
    """The segments of the users who bought, and what to do about each."""
    with refusals(as_json), opened(warehouse) as workspace:
        found = WarehouseIcp().analysis(workspace)
    if as_json:
        print_json(found)
    else:
        _show_segments(found)


def _show_segments(found: IcpAnalysis) -> None:
    table = Table("segment", "users", "share", "mean value", "orders", "countries", "channels", box=None)
    for each in found.segments:
        add_row(
            table,
            each.name,
            number(each.size),
            percent(each.percentage / 100),
            f"{each.avg_ltv:,.2f}",
            "–" if each.avg_orders is None else f"{each.avg_orders:.1f}",
            ", ".join(each.top_countries),
            ", ".join(each.top_channels),
        )
    stdout.print(table)
    advice = Table("priority", "segment", "what to do", "what speaks for it", box=None)
    for one in found.recommendations:
        add_row(advice, one.priority, one.segment, one.action, one.expected_impact)
    stdout.print("\n[bold]What to do[/]")
    stdout.print(advice)
