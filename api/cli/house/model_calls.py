"""The command that shows what was asked of the language model, and what became of its words."""

from collections import Counter
from typing import Annotated

import typer
from rich.table import Table

from api.cli.terminal import JsonOption, add_row, opened_house, print_json, refusals, stdout
from store.records import ModelCall


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("model-calls")(model_calls)


def model_calls(
    run: Annotated[str | None, typer.Option(help="Only those of this run: an analysis id.")] = None,
    most: Annotated[int, typer.Option(min=1, max=10_000, help="The newest so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show the last requests to the language model: the facts sent, the answers, tokens, and the verdicts."""
    with refusals(as_json), opened_house() as (_, house):
        calls = house.database.model_calls(run, most)
    if as_json:
        print_json([call.model_dump(mode="json") for call in calls])
        return
    if not calls:
        stdout.print("Nothing was asked of a model.")
        return
    _show(calls)


def _show(calls: list[ModelCall]) -> None:
    table = Table("when", "text", "prompt", "outcome", "tokens", "seconds", "why not", box=None)
    for call in calls:
        add_row(
            table,
            f"{call.created_at:%Y-%m-%d %H:%M:%S}",
            f"{call.told}, try {call.attempt}",
            f"{call.prompt} {call.prompt_version}",
            call.outcome.replace("_", " "),
            f"{call.tokens_in:,} + {call.tokens_out:,}",
            f"{call.milliseconds / 1000:,.1f}",
            "; ".join(call.reasons),
        )
    stdout.print(table)
    outcomes = Counter(call.outcome.replace("_", " ") for call in calls)
    told = ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.most_common())
    tokens = sum(call.tokens_in + call.tokens_out for call in calls)
    stdout.print(
        f"\n{len(calls):,} requests: {told}; {tokens:,} tokens, cost {sum(c.cost for c in calls):,.4f}."
    )
