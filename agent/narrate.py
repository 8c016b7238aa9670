"""One text as a graph: asked of the model, checked, asked once more, else left to the template."""

from typing import Any

from langgraph.graph import END, START, StateGraph

from agent.nodes import narration as node
from agent.state import NarrationState, RunContext, Told

ATTEMPTS = 2
WORTH_ANOTHER = {"malformed", "cut", "too_long", "tool_call"}


def narration_graph() -> StateGraph[NarrationState, RunContext, NarrationState, Told]:
    """The graph of one text; the graph of an analysis runs it once for each."""
    graph = StateGraph(NarrationState, context_schema=RunContext, output_schema=Told)
    graph.add_node("ask", node.ask)
    graph.add_node("check", node.check)
    graph.add_node("settle", node.settle)

    graph.add_edge(START, "ask")
    graph.add_conditional_edges(
        "ask", what_came_back, {"words": "check", "nonsense": "ask", "nothing": "settle"}
    )
    graph.add_conditional_edges("check", is_another_try_worth_it, {True: "ask", False: "settle"})
    graph.add_edge("settle", END)
    return graph


def what_came_back(state: NarrationState) -> str:
    """Words to be checked, an answer that is none, or nothing at all."""
    if state["outcome"] == "answered":
        return "words"
    again = state["outcome"] in WORTH_ANOTHER and state["attempt"] < ATTEMPTS
    return "nonsense" if again else "nothing"


def is_another_try_worth_it(state: NarrationState) -> bool:
    """Whether grounding refused a text, and the model has not been told so yet."""
    return bool(state["reasons"]) and state["attempt"] < ATTEMPTS


def begun(run_id: str, workflow_id: str, told_of: str, facts: dict[str, Any]) -> dict[str, Any]:
    """The state in which the text of these facts begins."""
    return {
        "run_id": run_id,
        "workflow_id": workflow_id,
        "told_of": told_of,
        "facts": facts,
        "attempt": 0,
        "outcome": "",
        "draft": {},
        "kept": {},
        "reasons": [],
        "rules": [],
    }
