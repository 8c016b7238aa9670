"""Which tools can be planned, and what does each of them take?"""

from dataclasses import dataclass
from functools import cache

from agent.planner.requests import (
    AnalyzeFile,
    AnalyzeOutcomes,
    CloneIcpProfile,
    CreateIcpProfile,
    IcpProfileHistory,
    ScheduleBriefing,
    ScoreLeads,
    ShareIcpProfile,
)
from tools.declaration import ToolQuery

_REQUESTS: tuple[tuple[str, type[ToolQuery]], ...] = (
    ("score_leads", ScoreLeads),
    ("create_icp_profile", CreateIcpProfile),
    ("clone_icp_profile", CloneIcpProfile),
    ("share_icp_profile", ShareIcpProfile),
    ("icp_profile_history", IcpProfileHistory),
    ("analyze_outcomes", AnalyzeOutcomes),
    ("schedule_briefing", ScheduleBriefing),
)


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

    catalogue = [
        Plannable(t.name, t.summary, AnalyzeFile if t.name == "analyze_customers" else t.query)
        for t in CATALOGUE
    ]
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
