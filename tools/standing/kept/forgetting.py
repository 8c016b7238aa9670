"""What of a standing audience and of the tiers is dropped when it serves no more, or somebody is erased?"""

from collections.abc import Callable, Iterable

import numpy as np

from store.errors import NotFound
from store.records.standing import StandingAudience, last_change, standing_of
from store.workspace import Workspace
from tools.standing.people.then import EVERYONE, LEFT_OUT, PEOPLE, population_key
from tools.standing.tiers.kept import KeptTiers, keep_tiers, kept_tiers
from tools.standing.tiers.scored import Tiers

# The ids that a person has in a snapshot; None where it is gone.
IdsIn = Callable[[str], Iterable[int] | None]


def snapshots_of(workspace: Workspace, records: Iterable[StandingAudience]) -> set[str]:
    """The snapshots that these audiences were last made from."""
    found = (last_change(workspace.database, each.standing_id) for each in records)
    return {each.snapshot_id for each in found if each is not None}


def forget_populations(workspace: Workspace, before: set[str]) -> None:
    """Remove the ids of those of these snapshots that no audience was last made from any more."""
    name = workspace.warehouse.name
    still = snapshots_of(workspace, standing_of(workspace.database, name))
    for snapshot_id in before - still:
        workspace.artifacts.remove(EVERYONE, population_key(name, snapshot_id), "people")


def forget_change(workspace: Workspace, change_id: str) -> None:
    """Remove who was in an audience after a change; the counts of it stay in its record."""
    for kind in (PEOPLE, LEFT_OUT):
        workspace.artifacts.remove(kind, change_id, "people")


def forget_in_standing(workspace: Workspace, ids_in: IdsIn) -> int:
    """Take a person out of every set of people that is kept here; out of how many they were taken.

    The next refresh still counts them among those who left since they were erased.
    """
    name, dropped = workspace.warehouse.name, 0
    snapshots = set[str]()
    for record in standing_of(workspace.database, name):
        last = last_change(workspace.database, record.standing_id)
        if last is not None:
            snapshots.add(last.snapshot_id)
            for kind in (PEOPLE, LEFT_OUT):
                dropped += _dropped(workspace, kind, last.change_id, ids_in(last.snapshot_id))
    for snapshot_id in sorted(snapshots):
        dropped += _dropped(workspace, EVERYONE, population_key(name, snapshot_id), ids_in(snapshot_id))
    return dropped + _out_of_tiers(workspace, ids_in)


def _dropped(workspace: Workspace, kind: str, key: str, ids: Iterable[int] | None) -> int:
    try:
        kept = workspace.artifacts.people(kind, key)
    except NotFound:
        return 0
    stays = ~np.isin(kept, list(ids or ()))
    if not stays.all():
        workspace.artifacts.save_people(kind, key, kept[stays])
    return int(not stays.all())


def _out_of_tiers(workspace: Workspace, ids_in: IdsIn) -> int:
    kept = kept_tiers(workspace)
    if kept is None:
        return 0
    tiers = kept.tiers
    stays = ~np.isin(tiers.ids, list(ids_in(kept.snapshot_id) or ()))
    if not stays.all():
        less = Tiers(tiers.ids[stays], tiers.tier[stays], tiers.score[stays])
        keep_tiers(workspace, KeptTiers(less, kept.model_id, kept.snapshot_id, kept.made_from))
    return int(not stays.all())
