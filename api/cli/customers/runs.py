"""Where does a command make runs again and compare them: here, or on a server?"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from agent.history.comparing.compared import ComparedRuns
from agent.history.recipe import recipe_of
from agent.history.replaying.replayed import Replayed
from agent.state import Progress
from api.settings import Settings
from store.records.recipes import recipe_named
from store.workspace import House

if TYPE_CHECKING:
    from api.client import Fieldmark


class Runs(Protocol):
    """The runs of a house, wherever it is."""

    def replay(self, run_id: str, progress: Progress) -> Replayed:
        """Whether a run finds the same when it is made again."""
        ...

    def compared(self, before: str, after: str) -> ComparedRuns:
        """What differs between two runs of one kind."""
        ...


@contextmanager
def reached_runs(warehouse: str | None) -> Iterator[Runs]:
    """The runs of the server of FIELDMARK_SERVER where one is set, else of this machine's house."""
    settings = Settings.read()
    if settings.server:
        from api.client import Fieldmark  # the client takes a moment to import

        with Fieldmark(settings.server, settings.api_key) as fieldmark:
            yield _There(fieldmark, warehouse)
        return
    house = settings.house()
    try:
        yield _Here(settings, house, warehouse)
    finally:
        house.close()


class _Here:
    def __init__(self, settings: Settings, house: House, warehouse: str | None) -> None:
        self._settings, self._house, self._warehouse = settings, house, warehouse

    def replay(self, run_id: str, progress: Progress) -> Replayed:
        from agent.history.replaying.replay import replay  # the workflows take a moment to import

        name = self._warehouse or recipe_of(self._house.database, run_id).made_from.warehouse
        return replay(self._house.workspace(name), run_id, progress)

    def compared(self, before: str, after: str) -> ComparedRuns:
        from agent.history.comparing.compare import compare_runs  # as above

        recipe = recipe_named(self._house.database, before) or recipe_named(self._house.database, after)
        name = recipe.warehouse if recipe else self._settings.warehouse_named(self._warehouse)
        return compare_runs(self._house.workspace(name), before, after)


class _There:
    def __init__(self, fieldmark: "Fieldmark", warehouse: str | None) -> None:
        self._fieldmark, self._warehouse = fieldmark, warehouse

    def replay(self, run_id: str, progress: Progress) -> Replayed:
        path = f"/v1/runs/{quote(run_id, safe='')}/replay"
        return Replayed.model_validate_json(self._fieldmark.connection.ask("POST", path).content)

    def compared(self, before: str, after: str) -> ComparedRuns:
        asked = {"before": before, "after": after, "warehouse": self._warehouse}
        answer = self._fieldmark.connection.ask("GET", "/v1/runs/compare", params=asked)
        return ComparedRuns.model_validate_json(answer.content)
