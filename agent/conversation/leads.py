"""Which leads does a file hold, and against what are they scored?"""

from pathlib import Path
from typing import Any

from agent.planner.requests import ScoreFile
from store.workspace import Workspace
from tools.scoring.leads.against import scorer_named
from tools.scoring.leads.files import read_leads
from tools.scoring.score_leads import ScoredLeads, scored_leads

OUTCOMES = {"outcomes", "our outcomes", "the outcomes"}


def score_file(workspace: Workspace, query: ScoreFile, file: Path) -> ScoredLeads:
    """The leads of a file, scored by what the file and the population know of each.

    Raises BadFile, NotFound without such a profile, and BadInput where nothing is known that it reads.
    """
    scorers = [scorer_named(workspace, name) for name in query.profiles()]
    return scored_leads(workspace, query, read_leads(workspace, file, scorers[0]), scorers)


def profiles_meant(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with profiles as score_leads knows them."""
    named = [str(name) for name in arguments.get("icp_profiles") or []]
    meant = ["outcomes" if name.casefold().strip() in OUTCOMES else name for name in named]
    return arguments | ({"icp_profiles": meant} if meant else {})
