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
    graph.add_node("deliver", node.deliver)

    graph.add_edge(START, "choose")
    graph.add_edge("choose", "size")
    graph.add_conditional_edges(
        "size", where_next, {"relax": "relax", "weigh": "weigh", "deliver": "deliver"}
    )
    graph.add_edge("relax", "size")
    graph.add_edge("weigh", "deliver")
    graph.add_edge("deliver", END)
    return graph


def where_next(state: AudienceState) -> str:
    """An empty audience is relaxed; one with a model is weighed by it."""
    if state["total"] == 0:
        return "relax"
    return "weigh" if state["model_key"] else "deliver"
