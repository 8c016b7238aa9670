"""Which audiences are kept up to date?"""

from store.records.standing import standing_of
from store.workspace import Workspace
from tools.standing.findings import StandingAudiences
from tools.standing.kept.shown import standing_shown
from tools.standing.queries import ListStanding


def list_standing(workspace: Workspace, query: ListStanding) -> StandingAudiences:
    """The standing audiences of a warehouse by name, with their criteria, destinations and last changes."""
    found = standing_of(workspace.database, workspace.warehouse.name)
    return StandingAudiences(audiences=[standing_shown(workspace, each) for each in found])
