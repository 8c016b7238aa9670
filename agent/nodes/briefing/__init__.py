"""The steps of run_briefing. Each calls one tool and returns what changed."""

from agent.nodes.briefing.comparing import analyse_again, compare, compare_outcomes
from agent.nodes.briefing.finding import find, refuse
from agent.nodes.briefing.judging import judge, refresh
from agent.nodes.briefing.keeping import approve, deliver, keep
from agent.nodes.briefing.learning import learn
from agent.nodes.briefing.telling import tell_changes, tell_first, tell_unchanged

__all__ = [
    "analyse_again",
    "approve",
    "compare",
    "compare_outcomes",
    "deliver",
    "find",
    "judge",
    "keep",
    "learn",
    "refresh",
    "refuse",
    "tell_changes",
    "tell_first",
    "tell_unchanged",
]
