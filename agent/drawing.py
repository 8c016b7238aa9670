"""What do the graphs look like? `python -m agent.drawing > docs/graph.md` draws them from the code."""

import re
from collections.abc import Callable
from typing import Any

from langgraph.graph import StateGraph

from agent.analyze import analysis_graph
from agent.audience import audience_graph
from agent.briefing import briefing_graph
from agent.learn import learning_graph

OPENING = """# The graphs

Drawn from the code by `python -m agent.drawing > docs/graph.md`; a test fails when this page is not what the
code draws. Every step is saved before the next begins. A solid arrow is always taken, a dotted one after a
question.
"""
GRAPHS: tuple[tuple[str, str, Callable[[], StateGraph[Any, Any]]], ...] = (
    ("analyze_customers", "agent/analyze.py", analysis_graph),
    ("generate_audience", "agent/audience.py", audience_graph),
    ("run_briefing", "agent/briefing.py", briefing_graph),
    ("analyze_outcomes", "agent/learn.py", learning_graph),
)
# Colours and curves, for which each reader has their own.
LEFT_OUT = re.compile(
    r"\A---\n.*?\n---\n|^\s*classDef [^\n]*\n|:::(?:first|last)\b", re.DOTALL | re.MULTILINE
)
SHOWN = {
    "<p>__start__</p>": "Start",
    "<p>__end__</p>": "End",
    "&nbsp;True&nbsp;": "yes",
    "&nbsp;False&nbsp;": "no",
    "&nbsp;": "",
    "\\3a": "_",
}


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join([OPENING, *(_section(name, file, graph()) for name, file, graph in GRAPHS)])


def _section(name: str, file: str, graph: StateGraph[Any, Any]) -> str:
    steps = "\n".join(f"| `{step}` | {said} |" for step, said in _steps(graph))
    asked = "\n".join(f"| `{question}` | after {after} | {said} |" for question, after, said in _asked(graph))
    return (
        f"## `{name}`\n\nIn `{file}`.\n\n```mermaid\n{_mermaid(graph)}```\n\n"
        f"| step | does |\n| --- | --- |\n{steps}\n\n"
        f"| question | asked | decides |\n| --- | --- | --- |\n{asked}\n"
    )


def _mermaid(graph: StateGraph[Any, Any]) -> str:
    drawn = graph.compile().get_graph(xray=1).draw_mermaid()
    for written, shown in SHOWN.items():
        drawn = drawn.replace(written, shown)
    return LEFT_OUT.sub("", drawn).strip().expandtabs(2) + "\n"


def _steps(graph: StateGraph[Any, Any]) -> list[tuple[str, str]]:
    """Each step with its sentence; the steps of a graph within it follow it."""
    told: list[tuple[str, str]] = []
    for name, node in graph.nodes.items():
        within = getattr(node.runnable, "builder", None)
        if within is None:
            told.append((name, _sentence(node.runnable)))
        else:
            told += [(f"{name}: {inner}", said) for inner, said in _steps(within)]
    return told


def _asked(graph: StateGraph[Any, Any], within_step: str = "") -> list[tuple[str, str, str]]:
    """Each question, the steps it is asked after, and its sentence; those of a graph within it follow."""
    asked: dict[str, tuple[list[str], str]] = {}
    for step, branches in graph.branches.items():
        for question, branch in branches.items():
            asked.setdefault(question, ([], _sentence(branch.path)))[0].append(f"`{within_step}{step}`")
    told = [(question, ", ".join(steps), said) for question, (steps, said) in asked.items()]
    for name, node in graph.nodes.items():
        within = getattr(node.runnable, "builder", None)
        told += _asked(within, f"{name}: ") if within is not None else []
    return told


def _sentence(runnable: Any) -> str:
    """The first line of the docstring of a step or a question."""
    return (runnable.func.__doc__ or "").strip().splitlines()[0]


if __name__ == "__main__":
    print(page(), end="")
