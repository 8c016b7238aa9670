"""All that a tool may reach: one warehouse, the artifacts, the records; and the time, as it is given."""

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from store.access import LOCAL
from store.artifacts import Artifacts
from store.errors import NotFound
from store.exports import Exports
from store.model_access import ModelAccess
from store.population.population import Population
from store.records import Database
from store.signing import Signer
from store.tariff import Tariff
from store.warehouse import Warehouse

ORGANISATION = re.compile(r"org_[A-Za-z0-9-]{1,60}")
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
    actor: str = LOCAL  # who asks
    tariff: Tariff = field(default_factory=Tariff)

    @property
    def population(self) -> Population:
        return self.warehouse.population


class House:
    """Opens the workspaces of one organisation, each warehouse once.

    The local organisation lives in FIELDMARK_HOME itself, the others in folders of their own below it. Their
    records lie together, and each sees its own.
    """

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
        tariff: Tariff | None = None,
    ) -> None:
        self._now, self._new_id, self._geocode, self._base_url = now, new_id, geocode, base_url
        self.database_url, self.model, self.tariff = database_url, model, tariff or Tariff()
        self.signer = Signer(home / "secret.key")
        self._root = self
        self._others: dict[str, House] = {}
        self._settle(home, Database(home / "fieldmark.db", database_url), LOCAL)

    def _settle(self, home: Path, database: Database, organisation_id: str) -> None:
        self.home, self.database, self.organisation_id = home, database, organisation_id
        self.artifacts = Artifacts(home / "artifacts")
        self.exports = Exports(home / "exports", database, self.signer, self._base_url)
        self._open: dict[str, Workspace] = {}

    @property
    def everywhere(self) -> Database:
        """The records of all organisations: for the worker, and for finding whose a key is."""
        return self.database.of(None)

    def of(self, organisation_id: str) -> "House":
        """The house of an organisation; the same one each time. Raises NotFound for what can be none."""
        root = self._root
        if organisation_id == LOCAL:
            return root
        if not ORGANISATION.fullmatch(organisation_id):
            raise NotFound("There is no such organisation", where="organisation")
        if organisation_id not in root._others:
            other = copy(root)
            other._settle(
                organisation_home(root.home, organisation_id),
                root.database.of(organisation_id),
                organisation_id,
            )
            root._others.setdefault(organisation_id, other)
        return root._others[organisation_id]

    @property
    def root(self) -> Path:
        """FIELDMARK_HOME: what all organisations share, such as the queue, lies there."""
        return self._root.home

    def workspace(self, warehouse: str, actor: str = LOCAL) -> Workspace:
        """The workspace of a warehouse, whether or not it has been loaded yet, for whoever asks."""
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
                tariff=self.tariff,
            )
        known = self._open[warehouse]
        return known if actor == known.actor else replace(known, actor=actor)

    def now(self) -> datetime:
        """The time, as this house was told to read it."""
        return self._now()

    def new_id(self) -> str:
        """A UUID, as this house was told to make them."""
        return self._new_id()

    def close(self) -> None:
        """Let go of files."""
        self.database.close()


def organisation_home(home: Path, organisation_id: str) -> Path:
    """The folder of an organisation other than the local one."""
    return home / "organisations" / organisation_id
