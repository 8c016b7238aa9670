"""analyze_outcomes as a graph: the order of the steps, and where they part."""

from langgraph.graph import END, START, StateGraph

from agent.nodes import learning as node
from agent.state import OutcomeState, RunContext


def learning_graph() -> StateGraph[OutcomeState, RunContext]:
    """The graph, not compiled: a run gives it its checkpointer."""
    graph = StateGraph(OutcomeState, context_schema=RunContext)
    graph.add_node("read", node.read)
    graph.add_node("weigh", node.weigh)
    graph.add_node("model", node.model)
    graph.add_node("backtest", node.backtest)
    graph.add_node("measure", node.measure)
    graph.add_node("find_patterns", node.find_patterns)
    graph.add_node("publish", node.publish)

    graph.add_edge(START, "read")
    graph.add_conditional_edges("read", is_there_enough, {True: "weigh", False: "find_patterns"})
    graph.add_edge("weigh", "model")
    graph.add_edge("model", "backtest")
    graph.add_edge("backtest", "measure")
    graph.add_edge("measure", "find_patterns")
    graph.add_edge("find_patterns", "publish")
    graph.add_edge("publish", END)
    return graph


def is_there_enough(state: OutcomeState) -> bool:
    """Whether there are won and lost records to learn from; else only what can be counted is told."""
    return state["enough"]
