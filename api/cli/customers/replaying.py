"""The command that makes a run again: replay; and how inputs and two runs are shown."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent.history.comparing.compared import ComparedRuns
from agent.history.differences import Difference
from agent.history.inputs import Inputs
from agent.history.replaying.replayed import Replayed
from api.cli.customers.runs import reached_runs
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    print_json,
    progress_bar,
    refusals,
    stdout,
)

SHOWN = 25  # differences, on a terminal


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(replay)


def replay(
    run: Annotated[
        str,
        typer.Argument(help="The run: icp_…, outcomes_…, audience_… or briefing_…."),
    ],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a run again from what it was made from, and tell whether it finds the same; nothing is kept.

    The exit code is 0 where it does, and 1 where it does not.
    """
    with refusals(as_json), reached_runs(warehouse) as runs, progress_bar() as progress:
        found = runs.replay(run, progress)
    if as_json:
        print_json(found)
    else:
        _show(found)
    raise typer.Exit(0 if found.same else 1)


def _show(found: Replayed) -> None:
    """The inputs, both digests, and what differs."""
    table = Table(box=None, show_header=False, title_justify="left")
    table.add_column(style="dim")
    table.add_column()
    for name, value in inputs_in_rows(found.made_from):
        add_row(table, name, value)
    add_row(table, "found then", found.hash_before)
    add_row(table, "found now", found.hash_now)
    stdout.print(f"\n[bold]{escape(found.run_id)}[/]", highlight=False)
    stdout.print(table, highlight=False)
    if found.same:
        stdout.print("\n[bold green]The same.[/]", highlight=False)
    elif found.differing:
        stdout.print(f"\n[bold red]{found.differing:,} places differ:[/]", highlight=False)
        _show_differences(found.differences, found.differing)
    else:
        stdout.print("\n[bold red]Not the same.[/]", highlight=False)
    for why in found.why:
        stdout.print(f"[yellow]{escape(why)}[/]", highlight=False)


def _show_differences(differences: list[Difference], all_of_them: int) -> None:
    table = Table("where", "then", "now", box=None, title_justify="left")
    for each in differences[:SHOWN]:
        before, now = ("-" if value is None else str(value) for value in (each.before, each.now))
        add_row(table, each.path or "the whole", before, now)
    stdout.print(table, highlight=False)
    if all_of_them > SHOWN:
        stdout.print(f"[dim]and {all_of_them - SHOWN:,} more: `--json` has them.[/]", highlight=False)


def inputs_in_rows(inputs: Inputs) -> list[tuple[str, str]]:
    """What a run was made from, a line each; what it had none of is left out."""
    customers = f"{inputs.customers:,} customers ({inputs.customers_hash})" if inputs.customers else ""
    words = f"{inputs.model}, {inputs.words:,} answers" if inputs.model else ""
    rows = [
        ("kind", inputs.kind),
        ("warehouse", inputs.warehouse),
        ("clock", inputs.now.isoformat(timespec="seconds")),
        ("people", _with_hash(inputs.snapshot_id, inputs.snapshot_hash)),
        ("outcomes", _with_hash(inputs.ledger_version, inputs.ledger_hash)),
        ("customers", customers),
        ("seed", str(inputs.seed)),
        ("code", _with_hash(inputs.code_version, inputs.code_digest)),
        ("libraries", ", ".join(f"{name} {version}" for name, version in inputs.libraries.items())),
        ("model of words", words),
        ("models in use", ", ".join(inputs.models.values())),
    ]
    return [(name, value) for name, value in rows if value]


def _with_hash(name: str, digest: str) -> str:
    return f"{name} ({digest[:16]})" if name else ""


def show_compared(found: ComparedRuns) -> None:
    """Two runs of one kind: inputs, then figures, those that differ first."""
    for place, one in (("before", found.before), ("after", found.after)):
        made = one.made_at.isoformat(sep=" ", timespec="minutes")
        stdout.print(f"[dim]{place:<7}[/]{escape(one.run_id)}  [dim]{made}[/]", highlight=False)
        stdout.print(f"       {escape(one.headline)}", highlight=False)
    show_inputs_apart(found)
    differing = [each for each in found.figures if not each.same]
    stdout.print()
    if found.same_result:
        stdout.print("[bold]Both found the same.[/]", highlight=False)
    elif differing:
        table = Table("what", "before", "after", box=None, title_justify="left")
        for each in differing:
            add_row(table, each.what, each.before or "-", each.after or "-")
        stdout.print(table, highlight=False)
    else:
        stdout.print("What they found differs in details alone: `fieldmark replay` of either tells where.")
    for note in found.notes:
        stdout.print(f"[yellow]{escape(note)}[/]", highlight=False)


def show_inputs_apart(found: ComparedRuns) -> None:
    """What the two were not alike made from."""
    for told in found.inputs:
        stdout.print(f"[dim]{escape(told)}[/]", highlight=False)
