"""What changes in the standing audiences and the tiers, now that the data or the model did?"""

from store.errors import NotFound
from store.records.standing import StandingAudience, standing_named, standing_of
from store.workspace import Workspace
from tools.standing.findings import StandingRefreshed
from tools.standing.kept.forgetting import forget_populations, snapshots_of
from tools.standing.kept.refreshed import refreshed
from tools.standing.people.now import Now
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
    before = snapshots_of(workspace, records)
    audiences = [refreshed(now, record, query) for record in records]
    if query.mode == "yes":
        forget_populations(workspace, before)
    return StandingRefreshed(audiences=audiences, rescored=tiers, notes=[note] if note else [])


def _meant(workspace: Workspace, query: RefreshStanding) -> list[StandingAudience]:
    name = workspace.warehouse.name
    if not query.names:
        return standing_of(workspace.database, name)
    found = [standing_named(workspace.database, name, each) for each in query.names]
    return list({each.standing_id: each for each in found}.values())
