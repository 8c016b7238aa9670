"""Runs that are cancelled, fail or are killed, and go on at the step they were in."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.analyze import analysis_graph
from agent.analyze_customers import resume_analysis, start_analysis
from agent.generate_audience import resume_audience
from agent.nodes import analysis as nodes
from agent.nodes import resolving
from agent.requests import AnalyzeQuery
from agent.runs.running import saved_state
from agent.state import Cancelled, RunContext
from store.errors import NotFound, TooFewCustomers
from store.synthetic.customers.truth import FileTruth
from store.workspace import Workspace

STEPS = ["resolve", "mine", "segment", "profile", "size_strategies", "learn", "brief", "tell"]
NODES = ["resolve", "mine", "segment", "profile", "size_strategies", "learn_fit", "brief", "tell"]
SECONDS = 120  # for a subprocess to import, mine and be killed on a slow machine


@pytest.fixture(params=["sqlite", "postgres"])
def us(us: Workspace, request: pytest.FixtureRequest) -> Workspace:
    """The generated population, in a house whose checkpoints are in the one and in the other."""
    if request.param == "postgres":
        us.database_url = request.getfixturevalue("postgres_database")
    return us


@pytest.fixture
def query(truths: dict[str, FileTruth]) -> AnalyzeQuery:
    return AnalyzeQuery(person_ids=truths["golf_homeowners"].segments[0].person_ids[:400])


@pytest.fixture
def run_id(us: Workspace) -> Callable[[], str]:
    """The id of the only run whose request or customers are kept."""

    def found() -> str:
        kept = [*us.home.glob("artifacts/request/icp_*"), *us.home.glob("artifacts/customers/icp_*")]
        (key,) = {path.stem for path in kept}
        return key

    return found


class Stop:
    """Answers whether to stop: at the so-manyth time it is asked."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def said(analysis: Any) -> dict[str, Any]:
    return analysis.model_dump(mode="json", exclude={"analysis_id", "workflow_id", "created_at"})


def test_progress_tells_each_step_as_it_begins_and_ends_in_order(us: Workspace, query: AnalyzeQuery) -> None:
    told: list[tuple[str, int, int]] = []
    start_analysis(us, query, lambda *event: told.append(event))
    assert told == [(step, done, 1) for step in STEPS for done in (0, 1)]


def test_a_cancelled_run_goes_on_where_it_was_and_ends_the_same(
    us: Workspace, query: AnalyzeQuery, run_id: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()
    for name in NODES:
        module = resolving if hasattr(resolving, name) else nodes
        original = getattr(module, name)

        def counted(state: Any, runtime: Any, name: str = name, original: Any = original) -> Any:
            result = original(state, runtime)
            calls[name] += 1
            return result

        monkeypatch.setattr(module, name, counted)
    whole = start_analysis(us, query)
    us.artifacts.remove("customers", whole.analysis_id, "people")
    calls.clear()
    with pytest.raises(Cancelled):
        start_analysis(us, query, context=RunContext(us, Stop(at=3)))
    assert calls == Counter(["resolve", "mine", "segment"])
    told: list[tuple[str, int, int]] = []
    resumed = resume_analysis(us, run_id(), lambda *event: told.append(event))
    assert calls == Counter(NODES)
    assert said(resumed) == said(whole)
    assert told[:3] == [("resolve", 1, 1), ("mine", 1, 1), ("segment", 1, 1)]
    assert told[3:] == [(step, done, 1) for step in STEPS[3:] for done in (0, 1)]


def test_a_run_whose_step_failed_is_tried_again_from_that_step(
    us: Workspace, query: AnalyzeQuery, run_id: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(nodes, "anti_patterns", _out_of_memory)
        with pytest.raises(MemoryError):
            start_analysis(us, query)
    assert resume_analysis(us, run_id()).anti_patterns is not None


def _out_of_memory(*_: object) -> None:
    raise MemoryError


def test_a_run_that_was_killed_between_forgetting_the_request_and_its_checkpoint_goes_on(
    us: Workspace, query: AnalyzeQuery, run_id: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(resolving, "end", _out_of_memory)
        with pytest.raises(MemoryError):
            start_analysis(us, query)
    assert not list(us.home.glob("artifacts/request/*"))
    assert resume_analysis(us, run_id()).match.analysed == 400


def test_a_run_that_ended_is_answered_again_without_running(
    us: Workspace, query: AnalyzeQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = start_analysis(us, query)
    monkeypatch.setattr(resolving, "find_customers", _out_of_memory)
    assert resume_analysis(us, found.analysis_id) == found


@pytest.mark.parametrize("run", ["icp_00000000-0000-4000-8000-000000000000", "audience_1", "../../etc", ""])
def test_an_unknown_run_is_not_found(us: Workspace, run: str) -> None:
    with pytest.raises(NotFound, match="There is no such run"):
        resume_analysis(us, run)
    with pytest.raises(NotFound, match="There is no such run"):
        resume_audience(us, run.replace("audience", "other"))


def test_a_run_goes_on_in_its_own_warehouse_only(
    us: Workspace, query: AnalyzeQuery, run_id: Callable[[], str], load: Callable[..., Workspace]
) -> None:
    with pytest.raises(Cancelled):
        start_analysis(us, query, context=RunContext(us, Stop(at=1)))
    other = Workspace(
        us.home,
        load("id,age\n1,30\n", {"id": {"kind": "person_id"}, "age": {"kind": "category"}}).warehouse,
        us.database,
        us.artifacts,
        us.exports,
        us.now,
        us.new_id,
        database_url=us.database_url,
    )
    with pytest.raises(NotFound, match="It began in the warehouse `us`"):
        resume_analysis(other, run_id())
    assert resume_analysis(us, run_id()).match.analysed == 400


def test_the_state_is_plain_json_and_names_nobody(
    us: Workspace, query: AnalyzeQuery, run_id: Callable[[], str]
) -> None:
    with pytest.raises(Cancelled):
        start_analysis(us, query, context=RunContext(us, Stop(at=7)))
    state = saved_state(analysis_graph(), run_id(), us)
    text = json.dumps(state)
    assert len(text) < 5_000
    assert state["settings"]["person_ids"] == []
    assert not [person for person in query.person_ids or [] if f"{person}," in text]


def test_no_identifiers_stay_behind_a_refusal(us: Workspace) -> None:
    with pytest.raises(TooFewCustomers):
        start_analysis(us, AnalyzeQuery(id_type="email", identifiers=["ann.lee@example.com"]))
    kept = [path for path in us.home.rglob("*") if path.is_file() and "snapshots" not in path.parts]
    assert kept
    assert not [path for path in kept if b"ann.lee" in path.read_bytes()]
    assert not list(us.home.glob("artifacts/request/*"))


KILLED_AT_PROFILE = """
import os, signal, sys
from pathlib import Path
from agent.analyze_customers import start_analysis
from agent.nodes import analysis as nodes
from agent.nodes import resolving
from agent.requests import AnalyzeQuery
from store.workspace import House
from datetime import UTC, datetime
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
nodes.anti_patterns = die
def now():
    return datetime(2026, 3, 2, 8, tzinfo=UTC)
house = House(Path(sys.argv[1]), base_url="", now=now, new_id=lambda: "killed", database_url=sys.argv[2])
start_analysis(house.workspace("us"), AnalyzeQuery.model_validate_json(sys.stdin.read()))
"""


def test_a_process_that_was_killed_leaves_a_run_that_goes_on(
    us: Workspace, query: AnalyzeQuery, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT_PROFILE, str(us.home), us.database_url],
        input=query.model_dump_json(),
        text=True,
        timeout=SECONDS,
        check=False,
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-2000:]
    monkeypatch.setattr(resolving, "find_customers", _out_of_memory)
    monkeypatch.setattr(nodes, "segment_report", _out_of_memory)
    resumed = resume_analysis(us, "icp_killed")
    monkeypatch.undo()
    assert said(resumed) == said(start_analysis(us, query))
