"""The command that shows what would be done for a sentence: plan."""

import json
from typing import Annotated, Any

import typer
from rich.markup import escape

from agent.planner.plan import Plan, PlanStep
from api.cli.reaching import reached
from api.cli.terminal import JsonOption, WarehouseOption, print_json, refusals, stdout


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(plan)


def plan(
    sentence: Annotated[str, typer.Argument(help="What is wanted, in your own words.")],
    file: Annotated[str | None, typer.Option(help="The name of a file that comes with it.")] = None,
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what would be done for a sentence: the tools and their arguments. Nothing runs."""
    with refusals(as_json), reached(warehouse) as house:
        made = house.plan(sentence, file)
    if as_json:
        print_json(made)
    else:
        _show(made)


def _show(made: Plan) -> None:
    if made.decline:
        stdout.print(f"[bold]No:[/] {escape(made.decline)}", highlight=False)
        return
    for number, step in enumerate(made.steps, start=1):
        _show_step(number, step, made)
    if made.ask:
        stdout.print(f"[bold yellow]Question:[/] {escape(made.ask)}", highlight=False)


def _show_step(number: int, step: PlanStep, made: Plan) -> None:
    stdout.print(f"[bold]{number}. {escape(step.in_words)}[/] [dim]({step.tool})[/]", highlight=False)
    for name, value in step.arguments.items():
        stdout.print(f"   {name}: {escape(_told(value, made))}", highlight=False, soft_wrap=True)
    if step.needs_approval:
        stdout.print(f"   [yellow]Needs a yes: {escape(step.needs_approval)}[/]", highlight=False)


def _told(value: Any, made: Plan) -> str:
    """An argument in one line, with names in the place of cluster hashes."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    for trait in made.understood:
        text = text.replace(trait.cluster_hash, f"{trait.name}={trait.value}")
    return text
