"""Runs of the graphs: started, watched, cancelled, asked for a decision, resumed at the step they were in."""

from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import StateGraph
from langgraph.types import Command, Interrupt

from agent.runs.checkpoints import checkpoints
from agent.runs.step_clock import StepClock
from agent.state import NeedsApproval, Progress, RunContext, silent
from store.errors import NotFound
from store.workspace import Workspace

Graph = StateGraph[Any, RunContext]


def run(
    graph: Graph, state: dict[str, Any], context: RunContext, progress: Progress = silent
) -> dict[str, Any]:
    """The final state of a new run, whose id is `state["run_id"]`; progress comes as it goes.

    Every step is saved before the next begins, so a run that was killed is resumed at the step it was in.
    Raises NeedsApproval where a step waits for a decision.
    """
    with checkpoints(context.workspace) as saver:
        return _Attempt(graph, saver, state["run_id"], context).follow(state, progress)


def resume(
    graph: Graph,
    run_id: str,
    context: RunContext,
    progress: Progress = silent,
    *,
    answer: Any = None,
) -> dict[str, Any]:
    """The final state of a run that was killed, cancelled, or waits for the answer, which is plain JSON.

    An answer that nobody waits for is not used. Raises NeedsApproval where a decision is still wanted, and
    NotFound for a run that never began or has ended: what came of it is where its last step saved it.
    """
    with checkpoints(context.workspace) as saver:
        attempt = _Attempt(graph, saver, run_id, context)
        if saver.get_tuple(attempt.config) is None:
            raise NotFound(
                "There is no such run", where="run_id", instead="`fieldmark analyses` lists those that ended."
            )
        decided = answer is not None and attempt.waiting()
        return attempt.follow(Command(resume=answer) if decided else None, progress)


def is_under_way(run_id: str, workspace: Workspace) -> bool:
    """Whether a run has begun and not ended: it is running, was killed or cancelled, or waits."""
    with checkpoints(workspace) as saver:
        return saver.get_tuple(_config(run_id)) is not None


def saved_state(graph: Graph, run_id: str, workspace: Workspace) -> dict[str, Any]:
    """What a run has in mind, as its last checkpoint says; empty for one that never began or has ended."""
    with checkpoints(workspace) as saver:
        return graph.compile(checkpointer=saver).get_state(_config(run_id)).values


def forget(run_id: str, workspace: Workspace) -> None:
    """Drop the checkpoints of a run that nobody will go on with."""
    with checkpoints(workspace) as saver:
        saver.delete_thread(run_id)


class _Attempt:
    """One try at bringing a run to its end."""

    def __init__(self, graph: Graph, saver: BaseCheckpointSaver, run_id: str, context: RunContext) -> None:
        self.run_id, self._saver, self._context = run_id, saver, context
        self._graph = graph.compile(checkpointer=saver)
        self.config = _config(run_id)
        self.config["callbacks"] = [StepClock(context.workspace, run_id)]
        if context.max_concurrency:
            self.config["max_concurrency"] = context.max_concurrency

    def waiting(self) -> tuple[Interrupt, ...]:
        """What the run waits for."""
        return self._graph.get_state(self.config).interrupts

    def follow(self, given: dict[str, Any] | Command | None, progress: Progress) -> dict[str, Any]:
        """The state at the end, whose checkpoints are dropped: the last step has saved the result."""
        self._tell_steps_done(progress)
        events = self._graph.stream(
            given, self.config, context=self._context, stream_mode="custom", durability="sync", subgraphs=True
        )
        for part in events:
            event = cast(tuple[Any, dict[str, Any]], part)[1]  # before it, where in the graph it was sent
            progress(event["step"], event["done"], event["of"])
            if "count" in event:
                self._context.counted(event["step"], event["count"])
        state = self._graph.get_state(self.config)
        if state.interrupts:
            raise NeedsApproval(self.run_id, state.interrupts[0].value)
        self._saver.delete_thread(self.run_id)
        return state.values

    def _tell_steps_done(self, progress: Progress) -> None:
        """Steps of an earlier attempt are shown as done."""
        history = list(self._graph.get_state_history(self.config))
        for snapshot in reversed(history):
            for step in dict.fromkeys(snapshot.next):
                if step != "__start__" and snapshot is not history[0]:
                    progress(step, 1, 1)


def _config(run_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": run_id}}
