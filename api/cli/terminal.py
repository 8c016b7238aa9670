"""What commands share: the house, output for people and for programs, refusals and exit codes.

Data goes to stdout, everything else to stderr. Exit codes: 0 done · 1 a bug or an outage · 2 refused: the
input or the request is not right · 3 not found · 4 try again later (busy, no room) · 130 cancelled.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from agent.state import Cancelled
from api.settings import Settings
from store.errors import BadInput, Busy, NoRoom, NotFound, ToolRefused
from store.workspace import House, Workspace

WIDE = 200  # characters of a line where no terminal says how many it has: nothing is cut for a program
stdout = Console(width=None if sys.stdout.isatty() else WIDE)
stderr = Console(stderr=True)

WarehouseOption = Annotated[
    str | None, typer.Option("--warehouse", "-w", help="The warehouse; the only one when left out.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON on stdout.")]


@contextmanager
def refusals(as_json: bool = False) -> Iterator[None]:
    """Tell a refusal on stderr and leave with its exit code."""
    try:
        yield
    except ToolRefused as refusal:
        if as_json:
            from api.rest.form.problems import problem  # the web framework takes a second to import

            print(json.dumps(problem(refusal)), file=sys.stderr)
        else:
            stderr.print(f"[bold red]Refused:[/] {escape(str(refusal))}", highlight=False)
        raise typer.Exit(exit_code(refusal)) from None
    except (Cancelled, KeyboardInterrupt):
        stderr.print("Cancelled. What was in use before stays in use.")
        raise typer.Exit(130) from None


def exit_code(refusal: ToolRefused) -> int:
    """The exit code of a refusal."""
    if isinstance(refusal, NotFound):
        return 3
    return 4 if isinstance(refusal, Busy | NoRoom) else 2


def own_settings() -> Settings:
    """The settings of this machine's house. Raises BadInput where commands go to a server."""
    settings = Settings.read()
    if settings.server:
        raise BadInput(
            "This command works on this machine's house, and a server is set",
            where="FIELDMARK_SERVER",
            instead="Run it where the house is, or without that setting.",
        )
    return settings


@contextmanager
def opened(warehouse: str | None) -> Iterator[Workspace]:
    """The workspace of a warehouse, closed afterwards."""
    settings = own_settings()
    house = settings.house()
    try:
        yield house.workspace(settings.warehouse_named(warehouse))
    finally:
        house.close()


@contextmanager
def opened_house() -> Iterator[tuple[Settings, House]]:
    """The house, closed afterwards."""
    settings = own_settings()
    house = settings.house()
    try:
        yield settings, house
    finally:
        house.close()


def add_row(table: Table, *cells: str) -> None:
    """A row whose cells are shown as they are: `[x]` in a value is no style."""
    table.columns[0].overflow = "fold"  # most often an id, which is of no use when it is cut
    table.add_row(*map(escape, cells))


def print_json(answer: BaseModel | list[Any] | dict[str, Any]) -> None:
    """The answer as JSON on stdout."""
    if isinstance(answer, BaseModel):
        answer = answer.model_dump(mode="json", exclude_none=True, warnings=False)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def progress_bar() -> Iterator[Any]:
    """A function `(step, done, of)` that draws bars on stderr."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=stderr, transient=False) as bars:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=of)
            bars.update(tasks[step], completed=done, total=of)

        yield show
