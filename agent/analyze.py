"""analyze_customers as a graph: the order of the steps, and where they part."""

from langgraph.graph import END, START, StateGraph

from agent.nodes import analysis as node
from agent.state import AnalysisState, RunContext
from tools.identity.diagnosis import LOW_RATE


def analysis_graph() -> StateGraph[AnalysisState, RunContext]:
    """The graph, not compiled: a run gives it its checkpointer."""
    graph = StateGraph(AnalysisState, context_schema=RunContext)
    graph.add_node("resolve", node.resolve)
    graph.add_node("diagnose", node.diagnose)
    graph.add_node("mine", node.mine)
    graph.add_node("segment", node.segment)
    graph.add_node("profile", node.profile)
    graph.add_node("size_strategies", node.size_strategies)
    graph.add_node("learn", node.learn_fit)
    graph.add_node("tell", node.tell)

    graph.add_edge(START, "resolve")
    graph.add_conditional_edges("resolve", is_match_rate_low, {True: "diagnose", False: "mine"})
    graph.add_edge("diagnose", "mine")
    graph.add_conditional_edges("mine", does_anything_stand_out, {True: "segment", False: "tell"})
    graph.add_edge("segment", "profile")
    graph.add_edge("profile", "size_strategies")
    graph.add_edge("size_strategies", "learn")
    graph.add_edge("learn", "tell")
    graph.add_edge("tell", END)
    return graph


def is_match_rate_low(state: AnalysisState) -> bool:
    """Whether so few identifiers were matched that the reasons should be told."""
    return state["match"]["matched"] < LOW_RATE * state["match"]["requested"]


def does_anything_stand_out(state: AnalysisState) -> bool:
    """Whether any trait sets the customers apart."""
    return state["found"] > 0
