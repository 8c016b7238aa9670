"""Runs of the graphs: started, watched, cancelled, and resumed at the step they were in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.state import Progress, RunContext, silent
from store.errors import NotFound

Graph = StateGraph[Any, RunContext]


def run(
    graph: Graph, state: dict[str, Any], context: RunContext, progress: Progress = silent
) -> dict[str, Any]:
    """The final state of a new run, whose id is `state["run_id"]`; progress comes as it goes.

    Every step is saved before the next begins, so a run that was killed is resumed at the step it was in.
    """
    return _follow(graph, state, state["run_id"], context, progress)


def resume(graph: Graph, run_id: str, context: RunContext, progress: Progress = silent) -> dict[str, Any]:
    """The final state of a run that was killed or cancelled. Raises NotFound for one that never began."""
    with _checkpoints(context.workspace.home) as saver:
        if saver.get_tuple(_config(run_id)) is None:
            raise NotFound(
                "There is no such run", where="run_id", instead="`fieldmark analyses` lists those that ended."
            )
    return _follow(graph, None, run_id, context, progress)


def saved_state(graph: Graph, run_id: str, home: Path) -> dict[str, Any]:
    """What a run has in mind, as its last checkpoint says; empty for one that never began."""
    with _checkpoints(home) as saver:
        return graph.compile(checkpointer=saver).get_state(_config(run_id)).values


def _follow(
    graph: Graph, state: dict[str, Any] | None, run_id: str, context: RunContext, progress: Progress
) -> dict[str, Any]:
    with _checkpoints(context.workspace.home) as saver:
        compiled = graph.compile(checkpointer=saver)
        config = _config(run_id)
        _tell_steps_done(compiled, config, progress)
        events = compiled.stream(state, config, context=context, stream_mode="custom", durability="sync")
        for event in map(dict, events):
            progress(event["step"], event["done"], event["of"])
        return compiled.get_state(config).values


def _config(run_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": run_id}}


def _tell_steps_done(
    compiled: CompiledStateGraph[Any, RunContext, Any, Any], config: RunnableConfig, progress: Progress
) -> None:
    """Steps of an earlier attempt are shown as done."""
    history = list(compiled.get_state_history(config))
    for snapshot in reversed(history):
        for step in snapshot.next:
            if step != "__start__" and snapshot is not history[0]:
                progress(step, 1, 1)


@contextmanager
def _checkpoints(home: Path) -> Iterator[SqliteSaver]:
    home.mkdir(parents=True, exist_ok=True)
    with SqliteSaver.from_conn_string(str(home / "checkpoints.db")) as saver:
        yield saver
