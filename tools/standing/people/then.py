"""How was a standing audience when it was last made?"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from store.errors import NotFound
from store.population.population import Population
from store.population.shard import Shard
from store.records.standing import StandingChange
from store.workspace import Workspace
from tools.standing.people.definition import Definition
from tools.standing.people.now import NO_IDS

PEOPLE, LEFT_OUT, EVERYONE = "standing", "standing_left_out", "standing_population"  # kinds of artifacts


@dataclass(frozen=True)
class Then:
    """The last change, and what is kept of the moment it was made in."""

    workspace: Workspace
    change: StandingChange

    @cached_property
    def people(self) -> np.ndarray | None:
        """Ids of its people, sorted int64; None where they are no longer kept."""
        with suppress(NotFound):
            return self.workspace.artifacts.people(PEOPLE, self.change.change_id)
        return None

    @cached_property
    def left_out(self) -> np.ndarray:
        """Ids of the customers who were not let in, sorted int64."""
        with suppress(NotFound):
            return self.workspace.artifacts.people(LEFT_OUT, self.change.change_id)
        return NO_IDS

    @cached_property
    def definition(self) -> Definition:
        return Definition.model_validate(self.change.definition)

    @cached_property
    def population(self) -> Population | None:
        """The population of that moment, while its snapshot is kept."""
        with suppress(NotFound):
            return self.workspace.warehouse.snapshot(self.change.snapshot_id)
        return None

    def knew(self, ids: np.ndarray) -> np.ndarray | None:
        """Which of these were in the population of that moment, bool; None where nothing tells any more."""
        if self.population is not None:
            found = np.zeros(len(ids), dtype=bool)
            for mine in self.population.ask(_found, ids):
                found[mine] = True
            return found
        with suppress(NotFound):
            key = population_key(self.change.warehouse, self.change.snapshot_id)
            return np.isin(ids, self.workspace.artifacts.people(EVERYONE, key), assume_unique=True)
        return None


def population_key(warehouse: str, snapshot_id: str) -> str:
    """Under which the ids of everybody in a snapshot are kept."""
    return f"{hashlib.sha256(warehouse.encode()).hexdigest()[:16]}-{snapshot_id}"


def _found(shard: Shard, ids: np.ndarray) -> np.ndarray:
    return shard.numbers_of(ids)[0]
