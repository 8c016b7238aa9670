"""A small workflow as a job: quick, and it waits, fails or is refused where a test wants it to."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agent.runs.checkpoints import checkpoints
from agent.runs.running import Graph
from agent.runs.workflow import Workflow
from agent.state import RunContext
from api.jobs import kinds, queue
from api.jobs.worker import Worker
from api.settings import Settings
from benchmarks.own_postgres import own_database
from store.workspace import House, Workspace
from tools.declaration import ToolQuery, ToolResult, tool


class SheepQuery(ToolQuery):
    """How many are counted."""

    many: int = 3
    approved: bool = True


class SheepResult(ToolResult):
    """How many were counted."""

    counted: int


class SheepState(TypedDict):
    run_id: str
    many: int
    asks: bool


class Sheep:
    """The workflow `count_sheep`; a test sets what a step does beside its work."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.beside: Callable[[str], None] = lambda step: None

    def workflow(self) -> Workflow[SheepQuery, SheepResult]:
        return Workflow(
            tool="count_sheep",
            noun="count",
            prefix="sheep_",
            query=SheepQuery,
            graph=self._graph,
            first_state=lambda _, run_id, query: {
                "run_id": run_id,
                "many": query.many,
                "asks": not query.approved,
            },
            result=SheepResult,
            result_kind="sheep",
        )

    def _graph(self) -> Graph:
        graph = StateGraph(SheepState, context_schema=RunContext)
        graph.add_node("gather", self._gather)
        graph.add_node("ask", self._ask)
        graph.add_node("count", self._count)
        graph.add_edge(START, "gather")
        graph.add_edge("gather", "ask")
        graph.add_edge("ask", "count")
        graph.add_edge("count", END)
        return graph

    def _begin(self, runtime: Runtime[RunContext], step: str) -> None:
        runtime.context.stop_if_cancelled()
        runtime.stream_writer({"step": step, "done": 0, "of": 1})
        self.steps.append(step)
        self.beside(step)

    def _gather(self, state: SheepState, runtime: Runtime[RunContext]) -> dict[str, Any]:
        self._begin(runtime, "gather")
        return {}

    def _ask(self, state: SheepState, runtime: Runtime[RunContext]) -> dict[str, Any]:
        runtime.context.stop_if_cancelled()
        if state["asks"]:
            decided = interrupt({"question": "all of them?"})
            return {} if decided["approved"] else {"many": 0}
        return {}

    def _count(self, state: SheepState, runtime: Runtime[RunContext]) -> dict[str, Any]:
        self._begin(runtime, "count")
        found = SheepResult(counted=state["many"]).model_dump()
        runtime.context.workspace.artifacts.save_document("sheep", state["run_id"], found)
        runtime.stream_writer({"step": "count", "done": 1, "of": 1, "count": state["many"]})
        return {}


def count_sheep(workspace: Workspace, query: SheepQuery) -> SheepResult:
    """Sheep, counted."""
    return SheepResult(counted=query.many)


@pytest.fixture
def sheep(monkeypatch: pytest.MonkeyPatch) -> Sheep:
    """`count_sheep` is a kind of job."""
    counting = Sheep()
    monkeypatch.setitem(kinds.KINDS, "count_sheep", counting.workflow())
    monkeypatch.setattr(queue, "CATALOGUE", (tool(count_sheep),))
    return counting


def _prepare(home: Path, url: str = "") -> None:
    """Make the files and tables of the jobs once: it takes a second."""
    house = House(
        home, base_url="", now=lambda: datetime(2026, 3, 1, tzinfo=UTC), new_id=str, database_url=url
    )
    with closing(house), checkpoints(house.workspace("none")):
        Worker(house, Settings(home=home), poll_seconds=0.02).run(until_idle=True)


@pytest.fixture(scope="session")
def jobs_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of jobs without a job."""
    home = tmp_path_factory.mktemp("jobs")
    _prepare(home)
    return home / "jobs.db"


@pytest.fixture(scope="session")
def jobs_template(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a database with the tables of checkpoints and jobs, and without a job."""
    with own_database(postgres, "jobs") as url:
        _prepare(tmp_path_factory.mktemp("jobs"), url)
        yield "jobs"


@pytest.fixture
def jobs_database(postgres: str, jobs_template: str) -> Iterator[str]:
    """The URL of a database of the test's own."""
    with own_database(postgres, f"test_{uuid.uuid4().hex}", jobs_template) as url:
        yield url


@pytest.fixture
def farm(house: House, load: Callable[..., Workspace], jobs_file: Path) -> House:
    """A house with a small warehouse, over SQLite alone."""
    load("id,age\n1,30\n", {"id": {"kind": "person_id"}, "age": {"kind": "category"}})
    shutil.copy(jobs_file, house.home)
    return house


@pytest.fixture
def limits(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, jobs_concurrency=1, jobs_queued=3, job_seconds=60)


@pytest.fixture
def work(farm: House, limits: Settings) -> Callable[[], None]:
    """Lets a worker do what is queued, and ends it."""
    return lambda: Worker(farm, limits, poll_seconds=0.02).run(until_idle=True)
