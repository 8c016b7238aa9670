"""run_briefing as a graph: the order of the steps, and where they part."""

from langgraph.graph import END, START, StateGraph

from agent.nodes import briefing as node
from agent.state import BriefingState, RunContext


def briefing_graph() -> StateGraph[BriefingState, RunContext]:
    """The graph, not compiled: a run gives it its checkpointer."""
    graph = StateGraph(BriefingState, context_schema=RunContext)
    graph.add_node("find", node.find)
    graph.add_node("refuse", node.refuse)
    graph.add_node("analyse_again", node.analyse_again)
    graph.add_node("compare", node.compare)
    graph.add_node("tell_first", node.tell_first)
    graph.add_node("tell_changes", node.tell_changes)
    graph.add_node("tell_unchanged", node.tell_unchanged)
    graph.add_node("approve", node.approve)
    graph.add_node("deliver", node.deliver)

    graph.add_edge(START, "find")
    graph.add_conditional_edges("find", what_is_known, ["refuse", "analyse_again", "tell_first", "compare"])
    graph.add_edge("refuse", END)
    graph.add_edge("analyse_again", "compare")
    graph.add_conditional_edges(
        "compare", did_anything_change, {True: "tell_changes", False: "tell_unchanged"}
    )
    for told in ("tell_first", "tell_changes", "tell_unchanged"):
        graph.add_conditional_edges(told, would_it_be_sent, {True: "approve", False: "deliver"})
    graph.add_edge("approve", "deliver")
    graph.add_edge("deliver", END)
    return graph


def what_is_known(state: BriefingState) -> str:
    """Without an analysis there is nothing; newer data is analysed first; one is told, two are compared."""
    if not state["series"]:
        return "refuse"
    if state["is_outdated"]:
        return "analyse_again"
    return "compare" if len(state["series"]) > 1 else "tell_first"


def did_anything_change(state: BriefingState) -> bool:
    """Whether anything changed beyond chance."""
    return state["changed"]


def would_it_be_sent(state: BriefingState) -> bool:
    """Whether it would leave the house, for which somebody has to say yes."""
    return state["recipients"] > 0
