"""What may stay no longer: requests, files and lists whose time is over, of every organisation."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from api.jobs.one_call import KEPT as ANSWER_KEPT
from api.jobs.one_call import RESULT
from store.access import LOCAL
from store.records.answers import SENT, forget_answers
from store.records.runs import OPEN, runs_of
from store.scored_lists.kept import KeptLists
from store.uploads import Uploads
from store.workspace import House

KEPT = timedelta(days=1)  # how long the request of a run that nobody goes on with stays


class Sweeper:
    """Removes what can hold identifiers when its time is over. It may be removed twice at once."""

    def __init__(self, house: House) -> None:
        self._house = house

    def sweep(self) -> None:
        """Look through the folders of every organisation."""
        for house in self._houses():
            self._sweep_one(house, self._house.now())

    def _houses(self) -> Iterator[House]:
        yield self._house.of(LOCAL)
        for folder in sorted((self._house.root / "organisations").glob("org_*")):
            yield self._house.of(folder.name)

    def _sweep_one(self, house: House, now: datetime) -> None:
        wanted = {run.run_id for run in runs_of(house.database, statuses=OPEN, most=None)}
        house.artifacts.remove_older("request", now - KEPT, wanted)
        house.artifacts.remove_older(RESULT, now - ANSWER_KEPT, wanted)
        for body in forget_answers(house.database, now):
            house.artifacts.remove(SENT, body, "bin")
        house.artifacts.remove_older(SENT, now - KEPT, ())
        KeptLists(house.home).remove_expired(now)
        Uploads(house.home).sweep(now - KEPT)
