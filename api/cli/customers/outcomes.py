"""Commands about what came of deals: outcomes load, outcomes show."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.markup import escape
from rich.table import Table

from agent.narration.wording import number, percent
from api.access.noting import write_note
from api.cli.reaching import reached
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
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.ledger import LoadReport, ledger_of
from store.outcomes.outcome_table import UnitKind
from store.outcomes.shapes.column_file import ColumnFile, ShapeName, read_column_file
from tools.mining.findings import Estimate
from tools.outcomes.persons_by_email import email_resolver
from tools.outcomes.record_summary import OutcomeSummary, Spread

SHOWN = 12

outcomes_app = typer.Typer(
    no_args_is_help=True, help="What came of deals: load the records, see what they hold."
)


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(outcomes_app, name="outcomes")


@outcomes_app.command()
def load(
    file: Annotated[Path, typer.Argument(help="A CSV, Parquet or JSON Lines export of deals.")],
    warehouse: Annotated[str, typer.Option("--warehouse", "-w", help="Made when it is not there yet.")],
    history: Annotated[
        Path | None,
        typer.Option(help="A file of what was known when: an id, `as_of` and attributes in each row."),
    ] = None,
    shape: Annotated[
        ShapeName | None, typer.Option(help="The form of the export; recognised if left out.")
    ] = None,
    columns: Annotated[
        Path | None, typer.Option(help="A TOML file that says what columns and stages mean.")
    ] = None,
    as_of: Annotated[
        Literal["opened", "decided"], typer.Option(help="The moment of the history that counts.")
    ] = "opened",
    unit: Annotated[
        UnitKind | None, typer.Option(help="Whose outcomes; accounts where the file has any, if left out.")
    ] = None,
    dark_after_days: Annotated[
        int, typer.Option(min=1, max=3650, help="Days of silence before a loss that mean: went dark.")
    ] = 30,
    as_json: JsonOption = False,
) -> None:
    """Record the deals of an export: won, lost, churned, expanded, open. Telling it twice changes nothing."""
    with refusals(as_json), opened_house() as (settings, house):
        said = read_column_file(columns) if columns else ColumnFile()
        workspace = house.workspace(warehouse)
        report = ledger_of(workspace.warehouse).load(
            file,
            IntakeQuery(unit=unit, shape=shape, as_of=as_of, dark_after_days=dark_after_days),
            workspace.now(),
            said=said,
            history=history,
            resolve=email_resolver(workspace),
            memory_limit=settings.memory,
        )
        write_note(house, LOCAL, "outcomes.recorded", warehouse, records=report.recorded)
    if as_json:
        print_json(report)
    else:
        _tell(report, warehouse)


def _tell(report: LoadReport, warehouse: str) -> None:
    counts = ", ".join(f"{number(count)} {kind}" for kind, count in report.outcomes.items())
    stdout.print(
        f"{number(report.recorded)} of {number(report.rows)} rows recorded in `{warehouse}` ({counts}); "
        f"{number(report.replaced)} of them were there already. "
        f"It holds {number(report.records)} records now.",
        highlight=False,
        soft_wrap=True,
    )
    read = Table("read as", "from", box=None, title="\nColumns", title_justify="left")
    for role, header in report.columns.items():
        add_row(read, role, header)
    if report.attributes:
        add_row(read, "attributes", ", ".join(report.attributes))
    for header, why in report.left_out.items():
        add_row(read, "", f"{header}: left out, {why}")
    stderr.print(read)
    if report.refused or report.repeated:
        refused = Table("rows", "why", "where", box=None, title="\nNot recorded", title_justify="left")
        for each in report.refused:
            add_row(refused, number(each.rows), each.reason, ", ".join(each.places))
        if report.repeated:
            add_row(refused, number(report.repeated), "a later row has the same record id", "")
        stderr.print(refused)
    for stage, rows in report.unknown_stages.items():
        stderr.print(f"  not understood: {escape(repr(stage))} in {number(rows)} rows", highlight=False)
    if report.with_history is not None:
        stderr.print(
            f"  The history tells something of {number(report.with_history)} records.", highlight=False
        )
    for note in (*report.notes, *report.warnings):
        stderr.print(f"  {escape(note)}", highlight=False)


@outcomes_app.command()
def show(
    warehouse: WarehouseOption = None,
    last_days: Annotated[
        int | None, typer.Option(min=1, max=36_500, help="Only decisions of so many days.")
    ] = None,
    unit: Annotated[UnitKind | None, typer.Option(help="Accounts or persons, where there are both.")] = None,
    as_json: JsonOption = False,
) -> None:
    """What is recorded: outcomes, win rates, amounts, cycles, reasons, columns, and what leaks."""
    with refusals(as_json), reached(warehouse) as house:
        found = house.outcomes(last_days, unit)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: OutcomeSummary) -> None:
    counts = ", ".join(f"{number(count)} {kind}" for kind, count in found.outcomes.items())
    stdout.print(
        f"\n[bold]{number(found.records)} records of {number(found.units)} {found.unit}s[/]: {counts}.",
        highlight=False,
    )
    if found.overall.rate:
        stdout.print(
            f"Win rate {_share(found.overall.rate)}: {number(found.overall.won)} of "
            f"{number(found.overall.decided)} decided.",
            highlight=False,
        )
    quarters = Table("quarter", "decided", "won", "win rate", "95 %", box=None)
    for each in found.quarters[-SHOWN:]:
        if each.rate:
            interval = f"{percent(each.rate.low)}-{percent(each.rate.high)}"
            add_row(
                quarters,
                each.quarter,
                number(each.decided),
                number(each.won),
                percent(each.rate.value),
                interval,
            )
    stdout.print(quarters)
    _show_spreads("Amounts" + (f" in {found.currency}" if found.currency else ""), found.amounts)
    _show_spreads("Days from opening to decision", found.cycle_days)
    if found.went_dark:
        stdout.print(f"\nOf the lost, {_share(found.went_dark)} went dark.", highlight=False)
    reasons = Table(
        "reason", "outcome", "records", "share", box=None, title="\nReasons", title_justify="left"
    )
    for each in found.reasons[:SHOWN]:
        add_row(reasons, each.reason, each.outcome, number(each.records), _share(each.share))
    if found.reasons:
        stdout.print(reasons)
    _show_columns(found)
    for warning in found.warnings:
        stdout.print(f"[yellow]{escape(warning)}[/]", highlight=False)


def _show_spreads(title: str, spreads: list[Spread]) -> None:
    if not spreads:
        return
    table = Table(
        "outcome", "known", "median", "95 %", "total", box=None, title=f"\n{title}", title_justify="left"
    )
    for each in spreads:
        middle = each.median
        add_row(
            table,
            each.outcome,
            number(each.known),
            f"{middle.value:,.0f}",
            f"{middle.low:,.0f}-{middle.high:,.0f}",
            f"{each.total:,.0f}",
        )
    stdout.print(table)


def _show_columns(found: OutcomeSummary) -> None:
    if found.columns:
        known = ", ".join(f"{each.name} ({percent(each.known_share)})" for each in found.columns)
        stdout.print(f"\nKnown of them: {escape(known)}.", highlight=False)
    for leak in found.leaks:
        colour = "red" if leak.verdict == "refused" else "yellow"
        stdout.print(
            f"[{colour}]{escape(leak.column)} {leak.verdict}:[/] {escape(leak.why)}", highlight=False
        )


def _share(told: Estimate) -> str:
    return f"{percent(told.value)} ({percent(told.low)}-{percent(told.high)})"
