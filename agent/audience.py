"""generate_audience as a graph: the order of the steps, and where they part."""

from langgraph.graph import END, START, StateGraph

from agent.nodes import audience as node
from agent.state import AudienceState, RunContext


def audience_graph() -> StateGraph[AudienceState, RunContext]:
    """The graph, not compiled: a run gives it its checkpointer."""
    graph = StateGraph(AudienceState, context_schema=RunContext)
    graph.add_node("choose", node.choose)
    graph.add_node("size", node.size_audience)
    graph.add_node("relax", node.relax)
    graph.add_node("weigh", node.weigh)
    graph.add_node("approve", node.approve)
    graph.add_node("deliver", node.deliver)

    graph.add_edge(START, "choose")
    graph.add_edge("choose", "size")
    graph.add_conditional_edges("size", where_next, ["relax", "weigh", "approve", "deliver"])
    graph.add_edge("relax", "size")
    graph.add_conditional_edges("weigh", must_somebody_approve, {True: "approve", False: "deliver"})
    graph.add_edge("approve", "deliver")
    graph.add_edge("deliver", END)
    return graph


def where_next(state: AudienceState) -> str:
    """An empty audience is relaxed; one with a model is weighed by it; a file may have to be approved."""
    if state["total"] == 0:
        return "relax"
    if state["model_key"]:
        return "weigh"
    return "approve" if must_somebody_approve(state) else "deliver"


def must_somebody_approve(state: AudienceState) -> bool:
    """Whether the file that was asked for waits for a yes."""
    return state["asks"]
