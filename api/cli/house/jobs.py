"""Commands for work that is done later: submit, jobs, job, cancel, approve, worker."""

import os
import signal
import threading
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from agent.narration.wording import number
from api.cli.asking.tools import json_object
from api.cli.reaching import reached
from api.cli.showing.analyses import show_result
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
from store.records.runs import Run

INNER = {"request_hash", "turn", "attempts", "answer"}  # of no use outside

RunId = Annotated[str, typer.Argument(help="As `fieldmark submit` gave it.")]


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(submit)
    app.command()(jobs)
    app.command()(job)
    app.command()(cancel)
    app.command()(approve)
    app.command()(worker)


def submit(
    tool: Annotated[str, typer.Argument(help="A name from `fieldmark tools`.")],
    arguments: Annotated[
        str, typer.Argument(help="Its arguments as a JSON object; `-` reads them from stdin.")
    ] = "{}",
    key: Annotated[
        str | None, typer.Option(help="The same request under the same key is one job, however often asked.")
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="What leaves the house waits for `fieldmark approve`.")
    ] = False,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask for a tool as a job, which a worker does; its run id comes back at once."""
    with refusals(as_json), reached(warehouse) as house:
        run = house.submit(tool, json_object(arguments), key, ask)
    if as_json:
        print_json(shown(run))
        return
    stdout.print(run.run_id, highlight=False)
    stderr.print("`fieldmark worker` does it; `fieldmark job RUN_ID` tells how far it is.")


def jobs(
    warehouse: Annotated[
        str | None, typer.Option("--warehouse", "-w", help="Only the jobs of this warehouse.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the last jobs, newest first."""
    with refusals(as_json), reached(warehouse) as house:
        kept = house.jobs(warehouse)
    if as_json:
        print_json([shown(run) for run in kept])
        return
    table = Table("job", "asked", "status", "step", "", box=None)
    table.columns[0].no_wrap = True
    for run in kept:
        add_row(table, run.run_id, f"{run.created_at:%Y-%m-%d %H:%M}", run.status, _step(run), run.message)
    stdout.print(table)


def job(run_id: RunId, as_json: JsonOption = False) -> None:
    """Show how far a job is, or what came of it."""
    with refusals(as_json), reached(None) as house:
        run, result = house.job(run_id)
    if as_json:
        print_json(shown(run) | ({"result": result.model_dump(mode="json")} if result else {}))
        return
    stdout.print(f"{run.kind} in {run.warehouse}: [bold]{run.status}[/] {escape(_step(run))}")
    if run.message:
        stdout.print(escape(run.message), highlight=False)
    if run.waiting_for:
        print_json(run.waiting_for)
        stderr.print("`fieldmark approve RUN_ID` goes on with it, `--no` does not.")
    if result:
        show_result(result)


def cancel(run_id: RunId, as_json: JsonOption = False) -> None:
    """Stop a job: now, or after the step it is in."""
    with refusals(as_json), reached(None) as house:
        run = house.cancel(run_id)
    _told(run, as_json, "Cancelled." if run.status == "cancelled" else "It stops after the step it is in.")


def approve(
    run_id: RunId,
    no: Annotated[bool, typer.Option("--no", help="Decide against it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Decide what a job waits for; a worker goes on with it."""
    with refusals(as_json), reached(None) as house:
        run = house.approve(run_id, not no)
    _told(run, as_json, "Queued again with your decision.")


def worker(
    until_idle: Annotated[bool, typer.Option("--until-idle", help="End when no job is left to do.")] = False,
    with_parent: Annotated[
        bool, typer.Option("--with-parent", hidden=True, help="End when stdin does: `serve` begins it so.")
    ] = False,
) -> None:
    """Do jobs until it is stopped (Ctrl-C or SIGTERM); what a killed worker left is gone on with."""
    from api.jobs.worker import Worker
    from api.observing.observed import observed

    with refusals(), opened_house() as (settings, house), observed(settings):
        working = Worker(house, settings)
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda *_: working.stop())
        if with_parent:
            threading.Thread(target=_end_with_stdin, daemon=True).start()
        stderr.print(f"Up to {settings.jobs_concurrency} jobs at a time (end with Ctrl-C).")
        working.run(until_idle=until_idle)


def _end_with_stdin() -> None:
    while os.read(0, 1024):  # not through sys.stdin, whose lock a daemon thread must not hold at the end
        pass
    os.kill(os.getpid(), signal.SIGTERM)  # by a signal, so that the thread holds nothing of the worker


def shown(run: Run) -> dict[str, Any]:
    """A job's record, as programs read it."""
    said = run.model_dump(mode="json")
    return {name: said[name] for name in Run.model_fields if name not in INNER}


def _told(run: Run, as_json: bool, words: str) -> None:
    if as_json:
        print_json(shown(run))
    else:
        stdout.print(words)


def _step(run: Run) -> str:
    if not run.step:
        return ""
    counted = f" {number(run.count)}" if run.count is not None else ""
    return f"{run.step} {run.done}/{run.of}{counted}"
