"""The command that measures."""

import importlib
from typing import Annotated

import typer
from rich.table import Table

from api.cli.terminal import JsonOption, print_json, progress_bar, refusals, stdout
from store.errors import NotFound

NAMES = (
    "build",
    "resolve",
    "person",
    "expression",
    "geo",
    "export",
    "score",
    "mining",
    "telling_sets",
    "segments",
    "behaviour",
    "fit",
    "value",
    "icp_score",
)


OF_OWN_FILES = ("value",)  # of data that is not generated: asked for by name, not with all


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(bench)


def bench(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}, or all.")],
    people: Annotated[int, typer.Option(help="How many people the population has.")] = 1_000_000,
    as_json: JsonOption = False,
) -> None:
    """Measure one kind of work, side by side with a peer in one run."""
    with refusals(as_json):
        all_names = tuple(each for each in NAMES if each not in OF_OWN_FILES)
        names = all_names if name == "all" else (name,)
        if unknown := [each for each in names if each not in NAMES]:
            raise NotFound(
                f"There is no benchmark `{unknown[0]}`", instead=f"There are {', '.join(NAMES)}, and all."
            )
        try:
            modules = [importlib.import_module(f"benchmarks.{each}") for each in names]
        except ModuleNotFoundError as error:
            raise NotFound(
                f"The benchmarks are not here ({error.name})",
                where="benchmarks/",
                instead="They come with the checkout: run this from its root, after `make setup-dev`.",
            ) from None
        with progress_bar() as progress:
            rows = [row for module in modules for row in module.measure(people, progress)]
    if as_json:
        print_json([row.model_dump() for row in rows])
        return
    table = Table("work", "size", "ours", "peer", "peer's", "ratio", "note", box=None)
    for row in rows:
        table.add_row(
            row.work,
            row.size,
            f"{row.ours_s:.4g} s",
            row.peer_name,
            f"{row.peer_s:.4g} s" if row.peer_s else "–",
            f"{row.ratio:.3g}" if row.ratio else "–",
            row.note,
        )
    stdout.print(table)
