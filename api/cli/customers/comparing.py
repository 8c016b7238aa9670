"""Commands that tell what changed: compare, brief; and whether a run finds the same again: replay."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agent.analyze_customers import RUN
from agent.briefing_result import Briefing
from agent.changes.result import Changes
from agent.narration.wording import number, percent
from api.cli.customers import replaying
from api.cli.customers.runs import reached_runs
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

NOBODY = "It was given to nobody: name somebody with `--to`, or a schedule with `--schedule`."


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(compare)
    app.command()(brief)
    replaying.add_commands(app)


def compare(
    before: Annotated[
        str | None, typer.Argument(help="An analysis id; the one before AFTER when left out. Or any run.")
    ] = None,
    after: Annotated[
        str | None, typer.Argument(help="An analysis id; the last when left out. Or a run like BEFORE.")
    ] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what changed between two analyses beyond chance, or what differs between two runs of a kind.

    Of two analyses of outcomes, audiences or briefings it tells what they were not alike made from, and which
    figures differ.
    """
    with refusals(as_json):
        if before and after and not (before.startswith(RUN) and after.startswith(RUN)):
            _compare_runs(before, after, warehouse, as_json)
            return
        with reached(warehouse) as house:
            found = house.call("compare_analyses", {"before": before, "after": after})
        assert isinstance(found, Changes)
        if as_json:
            print_json(found)
            return
        _show_changes(found)
        with reached_runs(warehouse) as runs:
            replaying.show_inputs_apart(runs.compared(found.before.analysis_id, found.after.analysis_id))


def _compare_runs(before: str, after: str, warehouse: str | None, as_json: bool) -> None:
    with reached_runs(warehouse) as runs:
        found = runs.compared(before, after)
    if as_json:
        print_json(found)
    else:
        replaying.show_compared(found)


def brief(
    warehouse: WarehouseOption = None,
    out: Annotated[
        Path | None, typer.Option(help="Write briefing.md and briefing.json into this folder.")
    ] = None,
    analysis: Annotated[
        str | None, typer.Option(help="Tell of the customers of this analysis; of the last when left out.")
    ] = None,
    send: Annotated[bool, typer.Option(help="Send it to its recipients; else it is only shown.")] = False,
    to: Annotated[
        list[str] | None,
        typer.Option(help="Send it here too: an address, a channel's URL or a recipient's id."),
    ] = None,
    schedule: Annotated[
        str | None, typer.Option(help="As this schedule would: its recipients, its audiences.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what changed since the briefing before, in a minute's reading; send it where that is asked for."""
    asked = {
        "send": send or bool(to),
        "recipients": to or [],
        "icp_profile": analysis,
        "schedule_id": schedule,
    }
    with refusals(as_json), reached(warehouse) as house:
        with progress_bar() as progress:
            found = house.call("run_briefing", asked, progress)
        if out:
            _write(found, out)
    if as_json:
        print_json(found)
        return
    from rich.markdown import Markdown  # takes a while to import

    stdout.print(Markdown(found.markdown))
    for line in _about(found):
        stdout.print(f"[dim]{escape(line)}[/]", highlight=False)
    if asked["send"] and not found.recipients:
        stderr.print(NOBODY, highlight=False)
    stderr.print(f"Written to {out}" if out else "`--out FOLDER` keeps this as files.", highlight=False)


def _about(found: Briefing) -> list[str]:
    """How sure it is, what it was made from, and to whom it goes."""
    told = []
    if found.proof is not None:
        tests, year = number(found.proof.tests), percent(found.proof.yearly_false_alarm)
        told.append(f"{tests} tests; where nothing changes, {year} of the years of briefings tell a change.")
    made = found.made_from
    parts = [("people", made.snapshot_id), ("outcomes", made.outcomes_hash[:16]), ("code", made.code_version)]
    known = ", ".join(f"{name} {value}" for name, value in parts if value)
    told.append(f"{found.briefing_id}{f', made from {known}' if known else ''}.")
    told += [f"Kept as it was: {part}." for part in made.reused]
    if found.recipients:
        people = "1 recipient" if found.recipients == 1 else f"{number(found.recipients)} recipients"
        told.append(f"It goes to {people}; `fieldmark worker` delivers it.")
    return told


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
