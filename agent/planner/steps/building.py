"""Which function makes the step of each tool?"""

from collections.abc import Callable

from agent.planner.steps import (
    analyses,
    audiences,
    briefings,
    clusters,
    explaining,
    feedback,
    helping,
    outcomes,
    people,
    profiles,
    standing,
)
from agent.planner.turn import Draft, Turn

_BUILDERS: dict[str, Callable[[Turn], Draft]] = {
    "resolve_identities": people.resolve_identities,
    "get_person": people.get_person,
    "list_clusters": clusters.list_clusters,
    "find_persons": people.find_persons,
    "submit_feedback": feedback.submit_feedback,
    "analyze_customers": analyses.analyze_customers,
    "generate_audience": audiences.generate_audience,
    "score_leads": profiles.score_leads,
    "create_icp_profile": profiles.create_icp_profile,
    "clone_icp_profile": profiles.clone_icp_profile,
    "share_icp_profile": profiles.share_icp_profile,
    "icp_profile_history": profiles.icp_profile_history,
    "compare_analyses": analyses.compare_analyses,
    "analyze_outcomes": outcomes.analyze_outcomes,
    "schedule_briefing": briefings.schedule_briefing,
    "run_briefing": briefings.run_briefing,
    "list_schedules": lambda turn: Draft("list_schedules"),
    "keep_audience": standing.keep_audience,
    "list_standing": lambda turn: Draft("list_standing"),
    "list_feedback": lambda turn: Draft("list_feedback"),
    "explain": explaining.explain,
    "help": helping.help_with,
}


def is_buildable(tool: str) -> bool:
    """Whether a plan can have steps of this tool."""
    return tool == "get_cluster" or tool in _BUILDERS


def built(tool: str, turn: Turn) -> list[Draft]:
    """The steps that this tool needs for the request, in running order."""
    drafts = clusters.get_cluster(turn) if tool == "get_cluster" else [_BUILDERS[tool](turn)]
    return [step for draft in drafts for step in (*draft.before, draft)]
