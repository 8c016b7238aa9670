"""What may a page of profiles reach: tools, other people's names, choices of what to score by?"""

from typing import Annotated, Any, NamedTuple

from fastapi import Path

from agent import CATALOGUE
from api.access.visit import Visit
from api.pages.here import workspace_here
from store.access import LOCAL
from store.errors import NotFound
from store.records import Analysis
from store.records.access.keys import ApiKey
from store.records.access.members import member_named
from store.records.learned import published_model
from store.records.newest import newest
from store.records.profiles import IcpProfile, profiles_seen_by
from store.workspace import Workspace
from tools.calls import call, tool_named
from tools.profiles.kept import Profile

ProfileId = Annotated[str, Path(pattern=r"^profile_[A-Za-z0-9-]{1,80}$")]
MOST_PROFILES = 2_000  # of one organisation that a page looks through
STEP = 200
MOST_ANALYSES = 20


class Choice(NamedTuple):
    """Something that leads can be scored against."""

    value: str
    name: str
    kind: str  # outcomes, profile or analysis


def told(visit: Visit, chosen: str | None, tool: str, **given: Any) -> Any:
    """The answer of the tool, asked from the warehouse of the page."""
    return answer(workspace_here(visit, chosen), tool, **given)


def answer(workspace: Workspace, tool: str, **given: Any) -> Any:
    """The answer of the tool to what was given; what is None is left out."""
    arguments = {name: value for name, value in given.items() if value is not None}
    return call(tool_named(CATALOGUE, tool), workspace, arguments)


def profile_read(visit: Visit, chosen: str | None, profile_id: str, number: int | None = None) -> Profile:
    """The profile, as it is or as it was in a revision. Raises NotFound."""
    return told(visit, chosen, "get_icp_profile", icp_profile=profile_id, number=number).profile


def seen_profiles(visit: Visit) -> list[IcpProfile]:
    """The profiles that whoever asks can see, the newest first."""
    from store.records.newest import Place

    found: list[IcpProfile] = []
    after = None
    while len(found) < MOST_PROFILES:
        step = profiles_seen_by(visit.house.database, visit.principal.actor, STEP, after)
        found += step[:STEP]
        if len(step) <= STEP:
            break
        after = Place(found[-1].created_at, found[-1].profile_id)
    return found


def choices(visit: Visit, workspace: Workspace) -> list[Choice]:
    """What leads can be scored against: what outcomes taught, profiles by name, the last analyses."""
    database = workspace.database
    found = []
    if published_model(database, workspace.warehouse.name, "fit") is not None:
        found.append(Choice("outcomes", "", "outcomes"))
    profiles = sorted(seen_profiles(visit), key=lambda each: each.name.casefold())
    found += [Choice(each.profile_id, each.name, "profile") for each in profiles]
    rows = newest(
        database,
        Analysis,
        Analysis.created_at,
        Analysis.analysis_id,
        MOST_ANALYSES,
        warehouse=workspace.warehouse.name,
    )
    return found + [Choice(row.analysis_id, row.headline, "analysis") for row in rows[:MOST_ANALYSES]]


def actor_named(visit: Visit, actor: str) -> str:
    """What somebody is called: their name, that of a key, `` for whoever asks themselves."""
    if actor == visit.principal.actor:
        return ""
    database = visit.house.database
    if actor.startswith("member_"):
        try:
            return member_named(database, actor).name or actor
        except NotFound:
            return actor
    if actor.startswith("key_"):
        key = database.get(ApiKey, actor)
        return key.name if key else actor
    return LOCAL if actor == LOCAL else actor
