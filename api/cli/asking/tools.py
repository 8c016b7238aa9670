"""Commands that call tools: tools, tool, traces."""

import json
from typing import Annotated, Any

import typer
from rich.table import Table

from agent import CATALOGUE
from api.cli.reaching import reached
from api.cli.terminal import JsonOption, WarehouseOption, add_row, print_json, refusals, stdout
from store.errors import BadInput


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(tools)
    app.command()(tool)
    app.command()(traces)


def tools(as_json: JsonOption = False) -> None:
    """List the tools, or with --json their schemas."""
    if as_json:
        print_json(
            [
                {
                    "name": t.name,
                    "description": t.description,
                    "input_schema": t.input_schema,
                    "output_schema": t.output_schema,
                }
                for t in CATALOGUE
            ]
        )
        return
    table = Table("tool", "what comes back", box=None)
    for each in CATALOGUE:
        add_row(table, each.name, each.summary)
    stdout.print(table)


def tool(
    name: Annotated[str, typer.Argument(help="A name from `fieldmark tools`.")],
    arguments: Annotated[
        str, typer.Argument(help="Its arguments as a JSON object; `-` reads them from stdin.")
    ] = "{}",
    warehouse: WarehouseOption = None,
) -> None:
    """Call a tool; the result is JSON on stdout."""
    with refusals(as_json=True), reached(warehouse) as house:
        print_json(house.call(name, json_object(arguments)))


def json_object(text: str) -> dict[str, Any]:
    """The JSON object of this text, or of stdin where it is `-`. Raises BadInput."""
    try:
        given = json.loads(typer.get_text_stream("stdin").read() if text == "-" else text)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"The arguments are not JSON: {error.msg}",
            where=f"line {error.lineno}, column {error.colno}",
            instead="""Write them as '{"key": "value"}'.""",
        ) from None
    if not isinstance(given, dict):
        raise BadInput("The arguments are not a JSON object", where="arguments", instead="Write {…}.")
    return given


def traces(
    workflow_id: Annotated[str, typer.Argument(help="As every answer gives it.")],
    warehouse: WarehouseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the calls and exports made under a workflow."""
    with refusals(as_json), reached(warehouse) as house:
        calls, exports = house.calls(workflow_id)
    if as_json:
        print_json({"calls": calls, "exports": exports})
        return
    table = Table("tool", "started", "ms", "outcome", "counts", box=None)
    for c in calls:
        counts = ", ".join(f"{name} {value:g}" for name, value in c["counts"].items())
        when = c["started_at"][:19].replace("T", " ")
        add_row(table, c["tool"], when, f"{c['milliseconds']:,.1f}", c["outcome"], counts)
    stdout.print(table)
