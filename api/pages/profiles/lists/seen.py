"""Which lists does whoever asks see, and what is told of one?"""

from typing import NamedTuple

import numpy as np

from agent.conversation.answers.people import masked_value
from api.access.visit import Visit
from store.errors import NotFound
from store.records.profiles import visible_profile
from store.records.runs import OPEN, Run
from store.scored_lists.kept import KeptList, KeptLists
from store.warehouse import Warehouse
from tools.profiles.kept import PREFIX

EMAIL = "@"


class SeenList(NamedTuple):
    """A list with the job that scores it."""

    kept: KeptList
    run: Run | None
    is_scored: bool
    is_mine: bool

    @property
    def is_running(self) -> bool:
        return self.run is not None and self.run.status in OPEN


def lists_of(visit: Visit) -> KeptLists:
    """The lists of the organisation."""
    return KeptLists(visit.house.home)


def seen_lists(visit: Visit) -> list[SeenList]:
    """Those that whoever asks sees, the newest first."""
    lists = lists_of(visit)
    return [_seen(visit, lists, kept) for kept in lists.newest(visit.house.now()) if _sees(visit, kept)]


def seen_list(visit: Visit, list_id: str) -> SeenList:
    """One list. Raises NotFound, with the same words for somebody else's, and Expired."""
    lists = lists_of(visit)
    kept = lists.named(list_id, visit.house.now())
    if not _sees(visit, kept):
        raise NotFound(
            "There is no such list", where="list", instead="The lists that are kept are at `/profiles/lists`."
        )
    return _seen(visit, lists, kept)


def own_list(visit: Visit, list_id: str) -> SeenList:
    """One list of whoever asks. Raises NotFound."""
    found = seen_list(visit, list_id)
    if not found.is_mine:
        raise NotFound(
            "There is no such list of yours", where="list", instead="Only whoever sent it may change it."
        )
    return found


def _sees(visit: Visit, kept: KeptList) -> bool:
    """A colleague's list is seen where all that it was scored against is."""
    if kept.creator == visit.principal.actor:
        return True
    try:
        for each in kept.against:
            if each.id.startswith(PREFIX):
                visible_profile(visit.house.database, visit.principal.actor, each.id)
    except NotFound:
        return False
    return bool(kept.against)


def _seen(visit: Visit, lists: KeptLists, kept: KeptList) -> SeenList:
    run_id = lists.run_of(kept.list_id)
    run = visit.house.database.get(Run, run_id) if run_id else None
    return SeenList(kept, run, lists.is_scored(kept), kept.creator == visit.principal.actor)


def erased_from(visit: Visit, kept: KeptList) -> np.ndarray:
    """Ids of the people who were erased since: they are told of no more."""
    return Warehouse(visit.house.home, kept.warehouse).erasures.ids(kept.snapshot_id)


def lead_shown(visit: Visit, lead: str) -> str:
    """What a lead is called, masked for whoever may not see single persons."""
    if visit.principal.may("people"):
        return lead
    return masked_value("email" if EMAIL in lead else "name", lead)
