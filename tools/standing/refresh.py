"""What changes in the standing audiences and the tiers, now that the data or the model did?"""

from collections.abc import Iterable

from store.errors import NotFound
from store.records.standing import StandingAudience, last_change, standing_named, standing_of
from store.workspace import Workspace
from tools.standing.findings import StandingRefreshed
from tools.standing.kept.refreshed import refreshed
from tools.standing.people.now import Now
from tools.standing.people.then import EVERYONE, population_key
from tools.standing.queries import RefreshStanding
from tools.standing.rescore import NO_POPULATION, rescored


def refresh_standing(workspace: Workspace, query: RefreshStanding) -> StandingRefreshed:
    """Every standing audience made anew, with who entered and left and why, and everybody's tier.

    The same data and model change nothing. `dry_run`, the default, tells all of it and writes nothing. `yes`
    writes the files (all, who entered, who left) to each destination, keeps the change and tells
    `audience.synced`, once, also where it is killed in between. One that cannot be made is told as refused.
    """
    records = _meant(workspace, query)
    if not workspace.warehouse.exists:
        if records:
            raise NotFound(NO_POPULATION, where="warehouse", instead="Load one: `fieldmark load FILE`.")
        return StandingRefreshed(audiences=[], notes=[NO_POPULATION])
    now = Now(workspace)
    tiers, note = rescored(now, query.mode) if query.rescore else (None, "")
    before = _snapshots(workspace, records)
    audiences = [refreshed(now, record, query) for record in records]
    if query.mode == "yes":
        _forget_populations(workspace, before)
    return StandingRefreshed(audiences=audiences, rescored=tiers, notes=[note] if note else [])


def _meant(workspace: Workspace, query: RefreshStanding) -> list[StandingAudience]:
    name = workspace.warehouse.name
    if not query.names:
        return standing_of(workspace.database, name)
    found = [standing_named(workspace.database, name, each) for each in query.names]
    return list({each.standing_id: each for each in found}.values())


def _snapshots(workspace: Workspace, records: Iterable[StandingAudience]) -> set[str]:
    found = (last_change(workspace.database, each.standing_id) for each in records)
    return {each.snapshot_id for each in found if each is not None}


def _forget_populations(workspace: Workspace, before: set[str]) -> None:
    """Remove the ids of snapshots that no audience was last made from any more."""
    name = workspace.warehouse.name
    still = _snapshots(workspace, standing_of(workspace.database, name))
    for snapshot_id in before - still:
        workspace.artifacts.remove(EVERYONE, population_key(name, snapshot_id), "people")
