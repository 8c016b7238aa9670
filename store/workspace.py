"""All that a tool may reach: one warehouse, the artifacts, the records; and the time, as it is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.artifacts import Artifacts
from store.exports import Exports
from store.model_access import ModelAccess
from store.population.population import Population
from store.records import Database
from store.signing import Signer
from store.warehouse import Warehouse

# (latitude, longitude) of an address line, or None; asks a service outside the house, so it is opt-in.
Geocoder = Callable[[str], tuple[float, float] | None]


@dataclass
class Workspace:
    """One warehouse of one FIELDMARK_HOME, with what every call needs beside it."""

    home: Path
    warehouse: Warehouse
    database: Database
    artifacts: Artifacts
    exports: Exports
    now: Callable[[], datetime]
    new_id: Callable[[], str]  # a UUID
    geocode: Geocoder | None = None
    database_url: str = ""  # of Postgres, for checkpoints and jobs; empty: SQLite files in the home
    model: ModelAccess | None = None  # for the words of an analysis; none by default

    @property
    def population(self) -> Population:
        return self.warehouse.population


class House:
    """Opens the workspaces of one FIELDMARK_HOME, each warehouse once."""

    def __init__(
        self,
        home: Path,
        *,
        base_url: str,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        geocode: Geocoder | None = None,
        database_url: str = "",
        model: ModelAccess | None = None,
    ) -> None:
        self.home, self._now, self._new_id, self._geocode = home, now, new_id, geocode
        self.database_url, self.model = database_url, model
        self.database = Database(home / "fieldmark.db")
        self.artifacts = Artifacts(home / "artifacts")
        self.signer = Signer(home / "secret.key")
        self.exports = Exports(home / "exports", self.database, self.signer, base_url)
        self._open: dict[str, Workspace] = {}

    def workspace(self, warehouse: str) -> Workspace:
        """The workspace of a warehouse, whether or not it has been loaded yet."""
        if warehouse not in self._open:
            self._open[warehouse] = Workspace(
                self.home,
                Warehouse(self.home, warehouse),
                self.database,
                self.artifacts,
                self.exports,
                self._now,
                self._new_id,
                self._geocode,
                self.database_url,
                self.model,
            )
        return self._open[warehouse]

    def now(self) -> datetime:
        """The time, as this house was told to read it."""
        return self._now()

    def new_id(self) -> str:
        """A UUID, as this house was told to make them."""
        return self._new_id()

    def close(self) -> None:
        """Let go of files."""
        self.database.close()
