"""analyze_customers as a graph: the order of the steps, and where they part."""

from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

from agent.narrate import begun, narration_graph
from agent.nodes import analysis as node
from agent.nodes import resolving
from agent.state import AnalysisState, RunContext
from tools.identity.diagnosis import LOW_RATE


def analysis_graph() -> StateGraph[AnalysisState, RunContext]:
    """The graph, not compiled: a run gives it its checkpointer."""
    graph = StateGraph(AnalysisState, context_schema=RunContext)
    graph.add_node("resolve", resolving.resolve)
    graph.add_node("refuse_too_few", resolving.refuse_too_few)
    graph.add_node("diagnose", resolving.diagnose)
    graph.add_node("mine", node.mine)
    graph.add_node("segment", node.segment)
    graph.add_node("profile", node.profile)
    graph.add_node("size_strategies", node.size_strategies)
    graph.add_node("learn", node.learn_fit)
    graph.add_node("brief", node.brief)
    graph.add_node("narrate", narration_graph().compile())
    graph.add_node("tell", node.tell)

    graph.add_edge(START, "resolve")
    graph.add_conditional_edges("resolve", were_enough_matched, ["refuse_too_few", "diagnose", "mine"])
    graph.add_edge("refuse_too_few", END)
    graph.add_edge("diagnose", "mine")
    graph.add_conditional_edges("mine", does_anything_stand_out, {True: "segment", False: "tell"})
    graph.add_edge("segment", "profile")
    graph.add_edge("profile", "size_strategies")
    graph.add_edge("size_strategies", "learn")
    graph.add_edge("learn", "brief")
    graph.add_conditional_edges("brief", what_to_narrate, ["narrate", "tell"])
    graph.add_edge("narrate", "tell")
    graph.add_edge("tell", END)
    return graph


def were_enough_matched(state: AnalysisState) -> str:
    """Too few customers are refused; a low match rate is told; else the mining begins."""
    if are_there_too_few(state):
        return "refuse_too_few"
    return "diagnose" if is_match_rate_low(state) else "mine"


def are_there_too_few(state: AnalysisState) -> bool:
    """Whether there are fewer customers than the request says are needed to say anything."""
    return state["match"]["analysed"] < state["settings"]["lift"]["min_customers"]


def is_match_rate_low(state: AnalysisState) -> bool:
    """Whether so few identifiers were matched that the reasons should be told."""
    return state["match"]["matched"] < LOW_RATE * state["match"]["requested"]


def does_anything_stand_out(state: AnalysisState) -> bool:
    """Whether any trait sets the customers apart."""
    return state["found"] > 0


def what_to_narrate(state: AnalysisState) -> list[Send] | str:
    """Each segment and anti-pattern that a model is asked about, side by side; without a model none is."""
    return [
        Send("narrate", begun(state["run_id"], state["workflow_id"], told_of, facts))
        for told_of, facts in state["briefed"].items()
    ] or "tell"
