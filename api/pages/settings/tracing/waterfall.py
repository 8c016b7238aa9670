"""When did each thing of a workflow begin and end, beside the others?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from store.records.trace_tree import TraceNode, TraceTree

LEAST = 0.4  # hundredths of the width: a bar that can be seen
DEEPEST = 5  # levels that are set in; what lies deeper stands as far in as these
TOLD = ("request_bytes", "answer_bytes", "tokens_in", "tokens_out", "rows", "size_bytes", "count", "attempts")


class Bar(NamedTuple):
    """One line of the waterfall: what it was, and its place in a picture that is 100 wide."""

    node: TraceNode
    depth: int
    after_ms: float  # since the workflow began
    left: float
    width: float
    told: dict[str, float]  # its figures that have words
    others: dict[str, float]  # counts of an answer, named as the tool names them


def waterfall_of(tree: TraceTree) -> list[Bar]:
    """Every node of the tree, holders before what they hold, in the order of time."""
    whole = tree.milliseconds or 1.0
    return [_bar(tree, node, depth, whole) for depth, node in _walk(tree.nodes, 0)]


def _walk(nodes: list[TraceNode], depth: int) -> Iterator[tuple[int, TraceNode]]:
    for node in nodes:
        yield depth, node
        yield from _walk(node.children, depth + 1)


def _bar(tree: TraceTree, node: TraceNode, depth: int, whole: float) -> Bar:
    after = (node.started_at - tree.started_at) / timedelta(milliseconds=1)
    lasted = whole - after if node.milliseconds is None else node.milliseconds  # what goes on reaches the end
    left = min(max(100 * after / whole, 0.0), 100 - LEAST)
    width = min(max(100 * lasted / whole, LEAST), 100 - left)
    told = {name: node.figures[name] for name in TOLD if node.figures.get(name)}
    others = {name: value for name, value in node.figures.items() if name not in TOLD and value}
    return Bar(node, min(depth, DEEPEST), after, round(left, 2), round(width, 2), told, others)
