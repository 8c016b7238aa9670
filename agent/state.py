"""What a run remembers between steps: small, plain JSON, and nothing of a person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import or_
from typing import Annotated, Any, Literal, NotRequired, TypedDict

from store.workspace import Workspace

Progress = Callable[[str, int, int], None]  # step, done, of how many


def silent(step: str, done: int, of: int) -> None:
    """Tell nobody."""


class Cancelled(Exception):  # noqa: N818  # not an error: somebody asked for it
    """The run was cancelled between two steps; it can be resumed."""


class NeedsApproval(Exception):  # noqa: N818  # not an error: somebody has to decide
    """The run waits for a decision; `resume(…, answer=…)` goes on with it. `what` is plain JSON."""

    def __init__(self, run_id: str, what: Any) -> None:
        super().__init__(run_id)
        self.run_id, self.what = run_id, what


@dataclass(frozen=True)
class RunContext:
    """What the nodes of one run may reach; it is not saved."""

    workspace: Workspace
    is_cancelled: Callable[[], bool] = lambda: False
    counted: Callable[[str, int], None] = lambda step, count: None  # hears what each step counted
    max_concurrency: int | None = None  # steps at a time, where they fan out
    approval: Literal["given", "ask"] = "given"  # ask: what leaves the house waits for a yes
    held: dict[str, Any] = field(
        default_factory=dict
    )  # made once and shared by the steps; made again on resume

    def stop_if_cancelled(self) -> None:
        """Raise Cancelled when the run was cancelled."""
        if self.is_cancelled():
            raise Cancelled


class Told(TypedDict):
    """What came of the texts that a model was asked for, by what they are of: `segment-0`."""

    told: Annotated[dict[str, Any], or_]


class NarrationState(Told):
    """One text on its way: aggregates, the model's words, and what was wrong with them."""

    run_id: str
    workflow_id: str
    told_of: str
    facts: dict[str, Any]
    attempt: int
    outcome: str
    draft: dict[str, str]
    kept: dict[str, str]
    reasons: list[str]
    rules: list[str]


class AnalysisState(Told):
    """An analysis on its way. Values named `*_key` are ids of artifacts on disk; a step adds its own."""

    run_id: str
    warehouse: str
    workflow_id: str
    request_key: str  # the request as it came, which holds identifiers; removed once they are resolved
    settings: dict[str, Any]  # the request without its identifiers
    snapshot_id: str
    match: dict[str, Any]
    customers_key: str
    lift_key: str
    segments_key: NotRequired[str]
    profile_key: NotRequired[str]
    strategies_key: NotRequired[str]
    frontier_key: NotRequired[str]
    analysis_key: NotRequired[str]
    found: int  # traits that set the customers apart
    briefed: dict[str, Any]  # the facts of each text that a model is asked for
    warnings: list[str]


class AudienceState(TypedDict):
    """An audience on its way."""

    run_id: str
    warehouse: str
    workflow_id: str
    query: dict[str, Any]
    source: str  # what the expression was made from, in words
    expression: str  # over cluster hashes; without what everyone must satisfy, which is never relaxed
    model_key: str
    location: dict[str, Any] | None
    total: int
    steps: list[dict[str, Any]]  # how an empty audience was relaxed
    asks: bool  # whether the file waits for a yes
    approved: NotRequired[bool]
    frontier_key: NotRequired[str]
    result_key: NotRequired[str]


class BriefingState(TypedDict):
    """A briefing on its way. Who gets it is known by ids alone."""

    run_id: str
    warehouse: str
    workflow_id: str
    query: dict[str, Any]  # the request without its recipients
    about: str  # the analysis that it is about, and those of the same customers; empty for the last one
    recipient_ids: list[str]
    recipients: int  # how many it would be sent to; 0 when it is only shown
    asks: bool  # whether what leaves the house waits for a yes
    level: float  # false discovery rate of this one: its part of the year's
    since: str  # when the last briefing was made that the same readers got; empty: none
    series: list[str]  # ids of the analyses of these customers, newest first, two at most
    is_outdated: bool  # newer data could be analysed
    has_outcomes: bool  # outcomes are recorded
    outcome_analysis: NotRequired[str]
    reused: NotRequired[list[str]]
    not_told: NotRequired[list[str]]  # parts that are missing, and why
    changes_key: NotRequired[str]
    outcomes_key: NotRequired[str]
    judged_key: NotRequired[str]
    refreshed_key: NotRequired[str]
    changed: bool  # something significant is new
    is_first: bool  # nothing could be compared
    told: dict[str, Any]  # the words
    approved: NotRequired[bool]
    briefing_key: NotRequired[str]


class OutcomeState(TypedDict):
    """An analysis of outcomes on its way."""

    run_id: str
    warehouse: str
    workflow_id: str
    query: dict[str, Any]
    data_hash: str  # of the records it began with
    enough: bool  # whether there are won and lost ones to learn from
    not_told: Annotated[dict[str, str], or_]  # parts that are missing, and why
    overview_key: NotRequired[str]
    criteria_key: NotRequired[str]
    models_key: NotRequired[str]
    gates_key: NotRequired[str]
    patterns_key: NotRequired[str]
    measures_key: NotRequired[str]
    result_key: NotRequired[str]
