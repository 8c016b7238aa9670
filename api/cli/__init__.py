"""The command `fieldmark`."""

import gc

import typer

from api.cli import demo, loading
from api.cli.asking import chatting, planning, tools
from api.cli.customers import accounts, analysis, behaviour, comparing, learning, outcomes, profiles
from api.cli.house import (
    access,
    benchmarks,
    exporting,
    feedback,
    jobs,
    matches,
    mcp,
    members,
    model_calls,
    recipients,
    schedules,
    serving,
    standing,
    tracing,
    webhooks,
)

app = typer.Typer(
    name="fieldmark",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="Who your best customers are, proven against the population, and where more of them are.",
)
for module in (
    demo,
    loading,
    tools,
    planning,
    chatting,
    analysis,
    exporting,
    accounts,
    outcomes,
    behaviour,
    learning,
    comparing,
    schedules,
    recipients,
    standing,
    feedback,
    matches,
    jobs,
    tracing,
    model_calls,
    serving,
    access,
    members,
    mcp,
    webhooks,
    profiles,
    benchmarks,
):
    module.add_commands(app)


def main() -> None:
    """Run the command."""
    # What was imported stays: without this the collector walks it again for every few thousand rows.
    gc.freeze()
    try:
        app()
    finally:
        gc.unfreeze()  # or DuckDB calls what is left at the end a leak, on stderr
