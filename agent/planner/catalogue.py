"""Which tools can be planned, and what does each of them take?"""

from dataclasses import dataclass
from functools import cache

from agent.planner.requests import (
    AnalyzeFile,
    CloneIcpProfile,
    CreateIcpProfile,
    IcpProfileHistory,
    ScoreFile,
    ShareIcpProfile,
)
from tools.declaration import ToolQuery

_REQUESTS: tuple[tuple[str, type[ToolQuery]], ...] = (
    ("create_icp_profile", CreateIcpProfile),
    ("clone_icp_profile", CloneIcpProfile),
    ("share_icp_profile", ShareIcpProfile),
    ("icp_profile_history", IcpProfileHistory),
)


# What is asked of these in a conversation may be about an uploaded file, or leave out what was said before.
_OF_FILES: dict[str, type[ToolQuery]] = {
    "analyze_customers": AnalyzeFile,
    "score_leads": ScoreFile,
    "create_icp_profile": CreateIcpProfile,
    "clone_icp_profile": CloneIcpProfile,
    "share_icp_profile": ShareIcpProfile,
    "icp_profile_history": IcpProfileHistory,
}


@dataclass(frozen=True)
class Plannable:
    """A tool that a plan may call: its name, one line of words, and the model of its arguments."""

    name: str
    summary: str
    query: type[ToolQuery]


@cache
def plannable() -> tuple[Plannable, ...]:
    """Every tool of a plan: those of the catalogue, then the requests beside it."""
    from agent import CATALOGUE

    catalogue = [Plannable(t.name, t.summary, _OF_FILES.get(t.name, t.query)) for t in CATALOGUE]
    there = {each.name for each in catalogue}
    requests = [
        Plannable(name, (query.__doc__ or "").splitlines()[0], query)
        for name, query in _REQUESTS
        if name not in there
    ]
    return (*catalogue, *requests)


@cache
def query_of(tool: str) -> type[ToolQuery]:
    """The model of a tool's arguments."""
    return next(each.query for each in plannable() if each.name == tool)
