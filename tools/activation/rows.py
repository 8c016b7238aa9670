"""Which rows does a file get? Contacts as the platform's columns, a step at a time, and counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from pyroaring import BitMap

from store.exports import KEY, Columns
from store.population.population import Population
from store.population.shard import Shard
from tools.activation.contacts import ContactReader, Contacts
from tools.activation.countries import CONSENT
from tools.activation.forms import Texts
from tools.activation.platforms import Column, Platform
from tools.activation.queries import ExportAudience

STEP = 1 << 15  # people read at a time
OVERHEAD = 3  # bytes of a cell besides its text: a comma, and quotes where it needs them
UNKNOWN = "unknown"


@dataclass
class Tally:
    """What was counted while the rows went by."""

    rows: int = 0
    with_email: int = 0
    with_phone: int = 0
    with_address: int = 0
    with_maid: int = 0
    company_missing: int = 0
    countries: Counter[str] = field(default_factory=Counter)

    @property
    def consent_rows(self) -> int:
        """Rows of people whose countries ask for consent."""
        return sum(rows for country, rows in self.countries.items() if country in CONSENT)

    def add(self, people: Contacts) -> None:
        """Count these people."""
        self.rows += len(people)
        self.with_email += int(_any(people.emails).sum())
        self.with_phone += int(_any(people.phones).sum())
        self.with_maid += sum(maid is not None for maid in people.maids)
        self.with_address += int(
            _all([people.first_name, people.last_name, people.country, people.zip]).sum()
        )
        self.countries.update(country or UNKNOWN for country in people.country)


@dataclass
class Rows:
    """The rows of one export; reading them fills the tally."""

    population: Population
    people: list[BitMap]
    platform: Platform
    query: ExportAudience
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        left_out = set(self.query.leave_out)
        known = {name for shard in self.population.shards for name in shard.fields.names}
        self.columns: list[Column] = [
            column
            for column in self.platform.columns
            if column.kind not in left_out and not (column.slot > 1 and column.slot_name not in known)
        ]
        self._reader = ContactReader(
            self.population,
            self.query.default_country,
            tuple(dict.fromkeys(self.query.columns)),
            maids=any(column.kind == "maid" for column in self.columns),
        )
        self._matchable = _matchable(self.platform, self.columns)

    @property
    def keys(self) -> list[str]:
        """A name of its own for each column: headers come several times."""
        return [f"{at}" for at in range(len(self.columns) + len(self._reader.carried))]

    @property
    def header(self) -> list[str]:
        """The first line of a file."""
        return [column.header for column in self.columns] + list(self._reader.carried)

    def steps(self) -> Iterator[Contacts]:
        """The usable people of the countries asked for, a step at a time; counted as they go by."""
        for shard, mine in zip(self.population.shards, self.people, strict=True):
            numbers = np.asarray(mine.to_array(), dtype=np.int64)
            for start in range(0, len(numbers), STEP):
                people = self._usable(shard, numbers[start : start + STEP])
                if len(people):
                    self.tally.add(people)
                    yield people

    def batches(self) -> Iterator[Columns]:
        """The steps as columns of texts, with whose they are, which is in no file."""
        for people in self.steps():
            values: list[Texts] = [column.values(people) for column in self.columns]
            values += [people.carried[name] for name in self._reader.carried]
            yield {KEY: people.person_ids, **dict(zip(self.keys, values, strict=True))}

    def _usable(self, shard: Shard, numbers: np.ndarray) -> Contacts:
        people = self._reader.read(shard, numbers)
        if self.query.company:
            people = people.with_company(self.query.company)
        if self.platform.name == "salesforce":
            named = zip(people.last_name, people.company, strict=True)
            self.tally.company_missing += sum(bool(name) and not company for name, company in named)
        kept = np.zeros(len(people), dtype=np.bool_)
        for together in self._matchable:
            kept |= _all([values_named(people, name) for name in together])
        if self.query.countries != "all":
            asked = np.array([country in CONSENT for country in people.country], dtype=np.bool_)
            kept &= asked if self.query.countries == "consent" else ~asked
        return people if kept.all() else people.only(np.flatnonzero(kept))


def values_named(people: Contacts, name: str) -> Texts:
    """A list of the contacts by name; `email` and `phone` are the first ones."""
    if name == "id":
        return [str(number) for number in people.person_ids]
    if name in ("email", "phone"):
        return (people.emails if name == "email" else people.phones)[0]
    return getattr(people, name)


def _matchable(platform: Platform, columns: list[Column]) -> list[tuple[str, ...]]:
    """The sets of values by which somebody is matched, of which every kind is in the file."""
    kinds = {column.kind for column in columns}
    return [
        tuple(name for name, _ in together)
        for together in platform.matchable
        if all(kind in kinds for _, kind in together)
    ]


def _any(lists: list[Texts]) -> np.ndarray:
    found = [[value is not None for value in values] for values in lists]
    return np.logical_or.reduce(np.array(found, dtype=np.bool_))


def _all(lists: list[Texts]) -> np.ndarray:
    found = [[value is not None for value in values] for values in lists]
    return np.logical_and.reduce(np.array(found, dtype=np.bool_))


def parted(
    batches: Iterator[Columns], most_rows: int | None, most_bytes: int | None
) -> Iterator[Iterator[Columns]]:
    """The batches as files of so many rows and bytes at most; each file is read to its end before the next.

    The bytes of a row are counted with room for quotes, so a file may stay a little below its limit.
    """
    waiting: list[Columns] = []

    def next_batch() -> Columns | None:
        return waiting.pop() if waiting else next(batches, None)

    def one(first: Columns) -> Iterator[Columns]:
        rows, size, batch = most_rows, most_bytes, first
        while batch is not None:
            count = len(next(iter(batch.values())))
            fitting = count if rows is None else min(count, rows)
            if size is not None:
                sizes = np.cumsum(_row_bytes(batch, fitting))
                # One row alone goes into a file however large it is.
                fresh = rows == most_rows and size == most_bytes
                fitting = max(int(np.searchsorted(sizes, size, side="right")), 1 if fresh else 0)
                size -= int(sizes[fitting - 1]) if fitting else 0
            if rows is not None:
                rows -= fitting
            if fitting:
                yield {name: values[:fitting] for name, values in batch.items()}
            if fitting < count:
                waiting.append({name: values[fitting:] for name, values in batch.items()})
                return
            if rows == 0:
                return
            batch = next_batch()

    while (first := next_batch()) is not None:
        yield one(first)


def _row_bytes(batch: Columns, rows: int) -> np.ndarray:
    cells = [values for name, values in batch.items() if name != KEY]
    sizes = np.full(rows, OVERHEAD * len(cells), dtype=np.int64)
    for values in cells:
        sizes += np.array([_bytes(value) if value else 0 for value in values[:rows]], dtype=np.int64)
    return sizes


def _bytes(value: str) -> int:
    return (len(value) if value.isascii() else len(value.encode())) + value.count('"')
