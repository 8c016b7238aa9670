"""What a run remembers between steps: small, plain JSON, and nothing of a person."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

from store.workspace import Workspace

Progress = Callable[[str, int, int], None]  # step, done, of how many


def silent(step: str, done: int, of: int) -> None:
    """Tell nobody."""


class Cancelled(Exception):  # noqa: N818  # not an error: somebody asked for it
    """The run was cancelled between two steps; it can be resumed."""


@dataclass(frozen=True)
class RunContext:
    """What the nodes of one run may reach; it is not saved."""

    workspace: Workspace
    is_cancelled: Callable[[], bool] = lambda: False
    held: dict[str, Any] = field(
        default_factory=dict
    )  # made once and shared by the steps; made again on resume

    def stop_if_cancelled(self) -> None:
        """Raise Cancelled when the run was cancelled."""
        if self.is_cancelled():
            raise Cancelled


class AnalysisState(TypedDict):
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
    frontier_key: NotRequired[str]
    result_key: NotRequired[str]
