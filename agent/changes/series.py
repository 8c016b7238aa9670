"""Which analyses are of the same customers, so that they can be compared week by week?"""

import numpy as np

from agent.changes.kept import customers_kept, settings_of
from store.errors import NotFound
from store.workspace import Workspace

SAME = 0.5  # of the smaller list of customers, that two lists of one set have in common at least
WANTED = 2


def series_of(workspace: Workspace, about: str = "") -> list[str]:
    """Ids of the last two analyses of the customers of one analysis, by default the last one; newest first.

    Fewer where there are no more. Raises NotFound for an analysis that the warehouse does not have.
    """
    known = [record.analysis_id for record in workspace.database.analyses(workspace.warehouse.name)]
    if about and about not in known:
        raise NotFound(
            f"There is no such analysis in `{workspace.warehouse.name}`",
            where="icp_profile",
            instead="Give the id of one: `fieldmark analyses` lists them.",
        )
    found: list[str] = []
    for each in known:
        if len(found) < WANTED and _same_customers(workspace, about or known[0], each):
            found.append(each)
    return found


def _same_customers(workspace: Workspace, one: str, other: str) -> bool:
    """Asked for in the same words; where they were given as lists, the lists have half in common."""
    if one == other:
        return True
    ours, theirs = settings_of(workspace, one), settings_of(workspace, other)
    if any(ours.get(name) != theirs.get(name) for name in ("outcome", "recorded", "among")):
        return False
    return bool(ours.get("outcome") or ours.get("recorded")) or _lists_meet(workspace, one, other)


def _lists_meet(workspace: Workspace, one: str, other: str) -> bool:
    ours, theirs = customers_kept(workspace, one), customers_kept(workspace, other)
    if ours is None or theirs is None:
        return True  # nothing speaks against it
    return len(np.intersect1d(ours, theirs)) >= SAME * min(len(ours), len(theirs))
