"""Which leads does a file hold, and against what are they scored?"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.customer_requests import request_of_file
from agent.planner.requests import ScoreFile
from store.errors import BadFile, NotFound
from store.feature_file import FeatureFile, read_features
from store.workspace import Workspace
from tools.identity.resolve_identities import Identifiers, ResolveQuery
from tools.scoring.leads.against import columns_of, scorer_named
from tools.scoring.leads.given import Leads, leads_of_file, leads_of_identifiers, leads_of_persons
from tools.scoring.learned import Scorer
from tools.scoring.score_leads import ScoredLeads, scored_leads

IDS = ("fit_", "icp_")  # how the ids of learned profiles and of analyses begin
OUTCOMES = {"outcomes", "our outcomes", "the outcomes"}


def score_file(workspace: Workspace, query: ScoreFile, file: Path) -> ScoredLeads:
    """The leads of a file, scored by what the file and the population know of each.

    Raises BadFile, NotFound without such a profile, and BadInput where nothing is known that it reads.
    """
    scorers = [scorer_named(workspace, name) for name in query.profiles()]
    return scored_leads(workspace, query, leads_in(workspace, file, scorers[0]), scorers)


def leads_in(workspace: Workspace, file: Path, scorer: Scorer) -> Leads:
    """The rows of the file with their attributes, and with those of the people whom they name.

    Where nothing of that is among what the scorer reads, identifiers of any other kind are resolved.
    Raises BadFile.
    """
    read = read_features(file, moment=workspace.now())
    leads = _numbered(leads_of_file(workspace, _without_noise(read)), read)
    if set(columns_of(scorer)) & set(leads.table.names):
        return leads
    try:
        found = request_of_file(file).arguments
    except BadFile:
        return leads  # it will be refused for the columns that it lacks
    if "person_ids" in found:
        return leads_of_persons(workspace, found["person_ids"])
    groups = [Identifiers.model_validate(group) for group in found["multi_identifiers"]]
    return leads_of_identifiers(workspace, ResolveQuery(multi_identifiers=groups).groups())


def _without_noise(file: FeatureFile) -> FeatureFile:
    """Of a file of identifiers alone there is nothing to note: its people have the attributes."""
    return file if file.table.names else replace(file, notes=[])


def _numbered(leads: Leads, file: FeatureFile) -> Leads:
    """Rows that nothing names are called `row 12`."""
    if file.ids:
        return leads
    return replace(leads, ids=[f"row {at}" for at in range(1, len(leads.ids) + 1)])


def profiles_meant(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments with profiles as score_leads knows them. Raises NotFound for a name that is no id."""
    named = [str(name) for name in arguments.get("icp_profiles") or []]
    meant = [
        "outcomes" if name.casefold().strip() in ("outcomes", "our outcomes") else name for name in named
    ]
    if any(name != "outcomes" and not name.startswith(IDS) for name in meant):
        raise NotFound(
            "There is no ICP profile of this name: profiles by name come with ICP profiles, "
            "which this version does not have",
            where="profile",
            instead="Say “score them against our outcomes”, or “against the analysis” after an analysis of "
            "customers.",
        )
    return arguments | ({"icp_profiles": meant} if meant else {})
