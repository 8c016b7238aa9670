"""What is so at this moment: the population, who was erased, and with whom deals ended well?"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from store.accounts.numbering import account_number
from store.outcomes.ledger import ledger_of
from store.outcomes.outcome_table import OutcomeTable, UnitKind
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace

NOBODY = -1
ACCOUNT_ID = "account_id"  # the column that a population of accounts has
NO_IDS = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Now:
    """One look at a warehouse, each part of it read once."""

    workspace: Workspace

    @cached_property
    def population(self) -> Population:
        return self.workspace.population

    @cached_property
    def erased(self) -> np.ndarray:
        """Ids of those who were erased, sorted int64."""
        return self.workspace.warehouse.erasures.ids(self.population.snapshot_id)

    @cached_property
    def everyone(self) -> np.ndarray:
        """Ids of all who may be answered, sorted int64."""
        return np.sort(np.concatenate([NO_IDS, *self.population.ask(_everyone)]))

    @cached_property
    def unit(self) -> UnitKind:
        """What the population is of: accounts, which come with an account id, or persons."""
        return "account" if ACCOUNT_ID in self.population.manifest.mapping["columns"] else "person"

    @cached_property
    def outcomes(self) -> OutcomeTable | None:
        """The outcome records of what the population is of; None where there are none."""
        return read_outcomes(self.workspace, self.unit)

    @cached_property
    def won(self) -> np.ndarray:
        """Ids of those whose last decision is won or expanded, sorted int64."""
        return won_units(self.outcomes) if self.outcomes else NO_IDS

    @cached_property
    def has_own_ids(self) -> bool:
        """Whether people are numbered by the house; else a number is another person's in another snapshot."""
        columns = self.population.manifest.mapping["columns"].values()
        return any(column["kind"] == "person_id" for column in columns)

    @cached_property
    def erasures_hash(self) -> str:
        """Of everything that was erased."""
        erasures = self.workspace.warehouse.erasures
        told = [self.erased.astype("<i8").tobytes(), *(each.encode() for each in sorted(erasures.digests))]
        return hashlib.sha256(b"\0".join(told)).hexdigest()


def read_outcomes(workspace: Workspace, unit: UnitKind) -> OutcomeTable | None:
    """The outcome records of accounts, or of persons; None where there are none."""
    ledger = ledger_of(workspace.warehouse)
    if not ledger.exists or not ledger.manifest.units.get(unit):
        return None
    return ledger.read(workspace.now(), unit=unit)


def numbers_of(outcomes: OutcomeTable) -> np.ndarray:
    """The number that each record's unit has in a population, int64; NOBODY for an id that is none."""
    texts = [str(text) for text in outcomes.unit_ids.tolist()]
    if outcomes.unit == "account":
        return np.array([account_number(text) for text in texts], dtype=np.int64)
    return np.array([int(text) if _is_number(text) else NOBODY for text in texts], dtype=np.int64)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def won_units(outcomes: OutcomeTable) -> np.ndarray:
    """Numbers of the units whose last decision is won or expanded, sorted int64.

    One that was lost and then won is won, and one that was won and then churned is not.
    """
    decided = np.flatnonzero(~outcomes.are("open"))
    numbers = numbers_of(outcomes)[decided]
    # The records are in the order of decision: the last of a unit is its latest.
    units, at = np.unique(numbers[::-1], return_index=True)
    last = decided[len(decided) - 1 - at]
    return units[outcomes.are("won", "expanded")[last] & (units != NOBODY)]


def _everyone(shard: Shard) -> np.ndarray:
    return np.asarray(shard.person_ids[np.asarray(shard.everyone.to_array(), dtype=np.int64)])
