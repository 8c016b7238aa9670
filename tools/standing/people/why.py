"""Who entered and who left an audience, and for which one reason each?"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from pyroaring import BitMap

from store.errors import ToolRefused
from store.population.population import Population
from store.population.shard import Shard
from tools.activation.plan import selection_of
from tools.audience.expression import And, Expression
from tools.audience.selection import Location, Selection, in_words, selected
from tools.standing.findings import MovedPeople, Reason
from tools.standing.people.definition import Definition
from tools.standing.people.members import ids_of, left_out, members
from tools.standing.people.now import NO_IDS, Now
from tools.standing.people.then import Then

WORDS: dict[Reason, str] = {
    "new_in_population": "new in the population",
    "left_population": "no longer in the population",
    "erased": "erased",
    "trait": "a trait changed",
    "customer": "a customer now",
    "no_longer_customer": "no longer a customer",
    "definition": "the criteria changed",
    "model": "the model that ranks changed",
    "rank": "others moved past them, or made room, within the size",
    "unknown": "not known: nothing that is kept tells",
}
RENUMBERED = (
    "The population was loaded again and its people have no ids of their own, so who entered or left cannot "
    "be told: load it with a column of person ids."
)

NOT_KEPT = "Who was in it before is no longer kept, so who entered or left cannot be told."


@dataclass(frozen=True)
class Movement:
    """Ids of who entered and left, sorted, and the reasons, most first."""

    entered: list[MovedPeople] = field(default_factory=list)
    left: list[MovedPeople] = field(default_factory=list)
    entered_ids: np.ndarray = field(default_factory=lambda: NO_IDS)
    left_ids: np.ndarray = field(default_factory=lambda: NO_IDS)
    note: str = ""


def movement(now: Now, then: Then, definition: Definition, people: np.ndarray) -> Movement:
    """Who entered and left since then. people: ids of who is in it now, sorted.

    Each person has the first reason that holds. Entered: new in the population; the criteria (by the ones of
    then they would not be in it now); no longer a customer; a clause that did not hold then; rank. Left:
    erased; not in the population; the criteria (by those of then they would still be in it); a customer now;
    a clause of then that does not hold now; rank.
    """
    if now.population.snapshot_id != then.change.snapshot_id and not now.has_own_ids:
        return Movement(note=RENUMBERED)
    if then.people is None:
        return Movement(note=NOT_KEPT)
    entered = np.setdiff1d(people, then.people, assume_unique=True)
    left = np.setdiff1d(then.people, people, assume_unique=True)
    # Who was erased may have been taken out of what was kept: they left all the same.
    forgotten = max(then.change.people - len(then.people), 0)
    by_old = _by_old(now, then, definition, people)
    ruled = _ruled(then.definition, definition)
    return Movement(
        _told(_why_entered(now, then, definition, entered, by_old, ruled)),
        _told(_why_left(now, then, left, by_old, ruled, forgotten)),
        entered,
        left,
    )


def _by_old(now: Now, then: Then, definition: Definition, people: np.ndarray) -> np.ndarray | None:
    """Who would be in it by the criteria of then, sorted ids; None where those cannot be asked now."""
    old = then.definition
    if _same(old, definition):
        return people
    if old.revision is not None and old.ranked_by is not None:
        return None  # a profile ranks by its newest revision alone
    try:
        return ids_of(now.population, members(now, old))
    except ToolRefused:
        return None


def _same(old: Definition, new: Definition) -> bool:
    return old.model_dump(exclude={"in_words"}) == new.model_dump(exclude={"in_words"})


def _ruled(old: Definition, new: Definition) -> Reason:
    """What it is where the criteria are not the same: the model alone, or more."""
    ranked = {"in_words", "ranked_by", "revision"}
    same_but_model = old.model_dump(exclude=ranked) == new.model_dump(exclude=ranked)
    return "model" if same_but_model and new.ranked_by is not None else "definition"


class _Rest:
    """People who still lack a reason; each reason takes its own out of them."""

    def __init__(self, ids: np.ndarray) -> None:
        self.ids = ids
        self.found: list[MovedPeople] = []

    def take(self, reason: Reason, holds: np.ndarray, clauses: dict[str, int] | None = None) -> None:
        """Give those for whom it holds this reason."""
        self.add(reason, int(holds.sum()), clauses)
        self.ids = self.ids[~holds]

    def add(self, reason: Reason, people: int, clauses: dict[str, int] | None = None) -> None:
        if people:
            why = WORDS[reason]
            self.found.append(MovedPeople(people=people, reason=reason, why=why, clauses=clauses or {}))

    def all(self) -> np.ndarray:
        return np.ones(len(self.ids), dtype=bool)

    def among(self, sorted_ids: np.ndarray) -> np.ndarray:
        return np.isin(self.ids, sorted_ids, assume_unique=True)


def _why_entered(
    now: Now,
    then: Then,
    definition: Definition,
    ids: np.ndarray,
    by_old: np.ndarray | None,
    ruled: Reason,
) -> list[MovedPeople]:
    rest = _Rest(ids)
    knew = then.knew(ids)
    if knew is None:
        rest.take("unknown", rest.all())
        return rest.found
    rest.take("new_in_population", ~knew)
    if by_old is None:
        rest.take(ruled, rest.all())
        return rest.found
    rest.take(ruled, ~rest.among(by_old))
    rest.take("no_longer_customer", rest.among(then.left_out))
    if then.population is None:
        rest.take("unknown" if definition.most else "trait", rest.all())
        return rest.found
    fails, clauses = _failing(then.population, then.definition, rest.ids)
    rest.take("trait", fails, clauses)
    rest.take("rank" if definition.most else "unknown", rest.all())
    return rest.found


def _why_left(
    now: Now, then: Then, ids: np.ndarray, by_old: np.ndarray | None, ruled: Reason, forgotten: int
) -> list[MovedPeople]:
    rest = _Rest(ids)
    erased = rest.among(now.erased)
    there = _there(now.population, ids)
    # Erased by an identifier that is theirs: in the snapshot of now, and not answered.
    by_digest = ~erased & ~there & _hidden(now.population, ids)
    rest.add("erased", int((erased | by_digest).sum()) + forgotten)
    rest.ids, there = ids[~(erased | by_digest)], there[~(erased | by_digest)]
    rest.take("left_population", ~there)
    if by_old is None:
        rest.take(ruled, rest.all())
        return rest.found
    rest.take(ruled, rest.among(by_old))
    rest.take("customer", rest.among(left_out(now, then.definition)))
    fails, clauses = _failing(now.population, then.definition, rest.ids)
    rest.take("trait", fails, clauses)
    rest.take("rank" if then.definition.most else "unknown", rest.all())
    return rest.found


def _failing(
    population: Population, definition: Definition, ids: np.ndarray
) -> tuple[np.ndarray, dict[str, int]]:
    """Who fails a clause of the criteria, bool, and how many fail each, in words, most first."""
    failing, counts = np.zeros(len(ids), dtype=bool), dict[str, int]()
    if not len(ids):
        return failing, counts
    for words, selection in _clauses(population, definition):
        mine = np.ones(len(ids), dtype=bool)
        for holding in population.ask(_holding, ids, selection):
            mine[holding] = False
        if mine.any():
            counts[words] = int(mine.sum())
        failing |= mine
    return failing, dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _clauses(population: Population, definition: Definition) -> Iterator[tuple[str, Selection]]:
    """What must hold together: the parts that AND joins, and the circle."""
    try:
        whole = selection_of(population, definition.expression).expression
    except ToolRefused:
        return  # a cluster of it is not of that population
    for part in _parts(whole):
        yield in_words(part, population.catalogue), Selection(part)
    if definition.location is not None:
        yield _place(definition.location), Selection(None, definition.location)


def _parts(whole: Expression | None) -> tuple[Expression, ...]:
    if whole is None:
        return ()
    return whole.children if isinstance(whole, And) else (whole,)


def _place(place: Location) -> str:
    return f"within {place.radius:g} {place.unit} of the place"


def _holding(shard: Shard, ids: np.ndarray, selection: Selection) -> np.ndarray:
    asked, numbers = shard.numbers_of(ids)
    if not len(asked):
        return asked
    chosen = BitMap(numbers.astype(np.uint32)) & selected(shard, selection)
    return asked[np.isin(numbers, np.asarray(chosen.to_array(), dtype=np.int64))]


def _there(population: Population, ids: np.ndarray) -> np.ndarray:
    """Which of these may be answered, bool."""
    found = np.zeros(len(ids), dtype=bool)
    for mine in population.ask(_answered, ids):
        found[mine] = True
    return found


def _answered(shard: Shard, ids: np.ndarray) -> np.ndarray:
    return shard.numbers_of(ids)[0]


def _hidden(population: Population, ids: np.ndarray) -> np.ndarray:
    """Which of these are in the snapshot and were erased, bool."""
    gone = [np.asarray(shard.person_ids[shard.erased_numbers]) for shard in population.shards]
    return np.isin(ids, np.concatenate([NO_IDS, *gone]))


def _told(found: list[MovedPeople]) -> list[MovedPeople]:
    return sorted(found, key=lambda each: (-each.people, each.reason))
