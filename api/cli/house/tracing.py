"""The command that shows all that happened under one workflow."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.tree import Tree

from agent.narration.wording import number
from api.cli.reaching import reached
from api.cli.terminal import JsonOption, print_json, refusals, stdout
from store.records.trace_tree import TraceNode, TraceTotals, TraceTree

KINDS = {"model_call": "model", "export": "file"}
SIZES = {"request_bytes": "asked", "answer_bytes": "answered", "size_bytes": ""}
TOKENS = {"tokens_in": "tokens in", "tokens_out": "tokens out"}
HIDDEN = {"cost", "attempts"}
MOST_FIGURES = 6
GOOD = {"ok", "done", "kept", "answered", ""}


def add_commands(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(trace)


def trace(
    workflow_id: Annotated[str, typer.Argument(help="As every answer gives it.")],
    as_json: JsonOption = False,
) -> None:
    """Show all of a workflow as a tree: jobs, steps, calls, texts of a model, files; times and sizes."""
    with refusals(as_json), reached(None) as house:
        found = house.trace(workflow_id)
    if as_json:
        print_json(found)
        return
    stdout.print(drawn(found), highlight=False)
    for line in told(found.totals):
        stdout.print(line, highlight=False)


def drawn(found: TraceTree) -> Tree:
    """The tree for a terminal."""
    where = ", ".join(found.warehouses)
    tree = Tree(
        f"[bold]{escape(found.workflow_id)}[/] in {escape(where)}, {found.started_at:%Y-%m-%d %H:%M:%S} UTC, "
        f"{_time(found.milliseconds)}"
    )
    for node in found.nodes:
        _add(tree, node)
    return tree


def _add(tree: Tree, node: TraceNode) -> None:
    branch = tree.add(_line(node))
    for child in node.children:
        _add(branch, child)


def _line(node: TraceNode) -> str:
    outcome = "" if node.outcome in GOOD else f" [yellow]{escape(node.outcome)}[/]"
    message = f" {escape(node.message)}" if node.message else ""
    waited = " until it began" if node.kind == "request" and node.children else ""
    figures = "".join(f", {escape(figure)}" for figure in _figures(node.figures))
    kind = KINDS.get(node.kind, node.kind)
    return (
        f"{kind} [bold]{escape(node.name)}[/] {_time(node.milliseconds)}{waited}{figures}{outcome}{message}"
    )


def _time(milliseconds: float | None) -> str:
    if milliseconds is None:
        return "goes on"
    return f"{milliseconds / 1000:,.1f} s" if milliseconds >= 1000 else f"{milliseconds:,.1f} ms"


def _figures(figures: dict[str, float]) -> list[str]:
    """The figures that say most, sizes last."""
    counts = [
        f"{name.replace('_', ' ')} {value:,.4g}" if value % 1 else f"{name.replace('_', ' ')} {value:,.0f}"
        for name, value in figures.items()
        if name not in SIZES and name not in TOKENS and name not in HIDDEN
    ]
    tokens = [f"{number(int(figures[name]))} {words}" for name, words in TOKENS.items() if name in figures]
    sizes = [f"{words} {_size(figures[name])}".strip() for name, words in SIZES.items() if figures.get(name)]
    return [*counts[:MOST_FIGURES], *tokens, *sizes]


def _size(size: float) -> str:
    for unit, scale in (("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            return f"{size / scale:,.1f} {unit}"
    return f"{size:,.0f} B"


def told(totals: TraceTotals) -> list[str]:
    """The totals in a few lines."""
    refused = f", {totals.refused} refused" if totals.refused else ""
    failed = f", {totals.failed} failed" if totals.failed else ""
    lines = [
        f"{totals.calls} calls{refused}{failed}, {totals.jobs} of them as jobs, {totals.steps} steps; "
        f"asked {_size(totals.request_bytes)}, answered {_size(totals.answer_bytes)}"
    ]
    if totals.model_calls:
        cost = f", cost {totals.cost:,.4g}" if totals.cost else ""
        lines.append(
            f"{totals.model_calls} questions to a model: {number(totals.tokens_in)} tokens in, "
            f"{number(totals.tokens_out)} out{cost}"
        )
    if totals.exports:
        lines.append(f"{totals.exports} files: {number(totals.rows)} rows, {_size(totals.export_bytes)}")
    return lines
