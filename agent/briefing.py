"""run_briefing as a graph: the order of the steps, and where they part."""

from langgraph.graph import END, START, StateGraph

from agent.nodes import briefing as node
from agent.state import BriefingState, RunContext


def briefing_graph() -> StateGraph[BriefingState, RunContext]:
    """The graph, not compiled: a run gives it its checkpointer."""
    graph = StateGraph(BriefingState, context_schema=RunContext)
    graph.add_node("find", node.find)
    graph.add_node("refuse", node.refuse)
    graph.add_node("learn", node.learn)
    graph.add_node("analyse_again", node.analyse_again)
    graph.add_node("compare", node.compare)
    graph.add_node("compare_outcomes", node.compare_outcomes)
    graph.add_node("judge", node.judge)
    graph.add_node("refresh", node.refresh)
    graph.add_node("tell_first", node.tell_first)
    graph.add_node("tell_changes", node.tell_changes)
    graph.add_node("tell_unchanged", node.tell_unchanged)
    graph.add_node("approve", node.approve)
    graph.add_node("keep", node.keep)
    graph.add_node("deliver", node.deliver)

    graph.add_edge(START, "find")
    graph.add_conditional_edges(
        "find", what_is_known, ["refuse", "learn", "analyse_again", "compare", "judge"]
    )
    graph.add_edge("refuse", END)
    graph.add_conditional_edges(
        "learn", what_is_to_compare, ["analyse_again", "compare", "compare_outcomes", "judge"]
    )
    graph.add_edge("analyse_again", "compare")
    graph.add_conditional_edges("compare", are_there_outcomes, {True: "compare_outcomes", False: "judge"})
    graph.add_edge("compare_outcomes", "judge")
    graph.add_edge("judge", "refresh")
    graph.add_conditional_edges("refresh", what_is_to_tell, ["tell_first", "tell_changes", "tell_unchanged"])
    for told in ("tell_first", "tell_changes", "tell_unchanged"):
        graph.add_conditional_edges(told, must_somebody_allow_it, {True: "approve", False: "keep"})
    graph.add_edge("approve", "keep")
    graph.add_edge("keep", "deliver")
    graph.add_edge("deliver", END)
    return graph


def what_is_known(state: BriefingState) -> str:
    """Without an analysis and without outcomes there is nothing; outcomes are learned from first."""
    if not state["series"] and not state["has_outcomes"]:
        return "refuse"
    return "learn" if state["has_outcomes"] else what_is_to_compare(state)


def what_is_to_compare(state: BriefingState) -> str:
    """Newer data is analysed first; of two analyses what changed is told, and of outcomes."""
    if state["is_outdated"]:
        return "analyse_again"
    if len(state["series"]) > 1:
        return "compare"
    return "compare_outcomes" if state["has_outcomes"] else "judge"


def are_there_outcomes(state: BriefingState) -> bool:
    """Whether outcomes are recorded."""
    return state["has_outcomes"]


def what_is_to_tell(state: BriefingState) -> str:
    """What is new; else, where nothing could be compared, what is known; else that nothing changed."""
    if state["changed"]:
        return "tell_changes"
    return "tell_first" if state["is_first"] else "tell_unchanged"


def must_somebody_allow_it(state: BriefingState) -> bool:
    """Whether anything would leave the house, and whoever asked wants to say yes first."""
    return state["asks"]
