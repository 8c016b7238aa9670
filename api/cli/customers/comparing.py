"""Commands that tell what changed: compare, brief."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent.briefing_result import Briefing
from agent.changes.result import Changes
from agent.narration.wording import number, percent
from api.cli.reaching import reached
from api.cli.terminal import (
    JsonOption,
    WarehouseOption,
    add_row,
    print_json,
    progress_bar,
    refusals,
    stderr,
    stdout,
)
from store.artifacts import written_whole


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(compare)
    app.command()(brief)


def compare(
    before: Annotated[
        str | None, typer.Argument(help="An analysis id; the one before AFTER when left out.")
    ] = None,
    after: Annotated[str | None, typer.Argument(help="An analysis id; the last when left out.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what changed between two analyses beyond chance."""
    with refusals(as_json), reached(warehouse) as house:
        found = house.call("compare_analyses", {"before": before, "after": after})
    assert isinstance(found, Changes)
    if as_json:
        print_json(found)
    else:
        _show_changes(found)


def brief(
    warehouse: WarehouseOption = None,
    out: Annotated[
        Path | None, typer.Option(help="Write briefing.md and briefing.json into this folder.")
    ] = None,
    analysis: Annotated[
        str | None, typer.Option(help="Tell of the customers of this analysis; of the last when left out.")
    ] = None,
    send: Annotated[bool, typer.Option(help="Send it. Refused: sending arrives with schedules.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell what changed since the analysis before, in a minute's reading."""
    with refusals(as_json), reached(warehouse) as house:
        with progress_bar() as progress:
            found = house.call("run_briefing", {"send": send, "icp_profile": analysis}, progress)
        if out:
            _write(found, out)
    if as_json:
        print_json(found)
        return
    from rich.markdown import Markdown  # takes a while to import

    stdout.print(Markdown(found.markdown))
    stderr.print(f"Written to {out}" if out else "`--out FOLDER` keeps this as files.", highlight=False)


def _write(found: Briefing, folder: Path) -> None:
    for name, text in (("md", found.markdown), ("json", found.model_dump_json(indent=1) + "\n")):
        with written_whole(folder / f"briefing.{name}") as beside:
            beside.write_text(text, encoding="utf-8")


def _show_changes(found: Changes) -> None:
    """The comparison for a terminal."""
    stdout.print(f"\n[bold]{escape(found.headline)}[/]\n", highlight=False)
    for change in found.told:
        stdout.print(f"{escape(change.sentence)}\n  [dim]{escape(change.evidence)}[/]", highlight=False)
    if found.segments:
        table = Table("segment", "before", "after", "became", box=None, title_justify="left")
        for one in found.segments:
            name = one.name_after or one.name_before or ""
            shares = (one.share.before.value, one.share.after.value) if one.share else None
            before, after = map(percent, shares) if shares else ("", "")
            add_row(table, name, before, after, one.change)
        stdout.print(table)
    if found.joined is not None and found.left is not None:
        stdout.print(
            f"\n{number(found.after.customers)} customers, {number(found.before.customers)} before: "
            f"{number(found.joined)} joined, {number(found.left)} left.",
            highlight=False,
        )
    for note in found.notes:
        stdout.print(f"[yellow]{escape(note)}[/]", highlight=False)
