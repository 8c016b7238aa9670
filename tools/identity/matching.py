"""Which persons do these identifiers belong to, and how sure is each match?"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from store.identifiers import NORMALISERS, Malformed
from store.identifiers.address import building_of
from store.identifiers.digests import guess_hash_type, prefixes_of, prefixes_of_hex, well_formed
from store.population.domains import IDENTIFIER_TYPES, HashType, IdentifierType
from store.population.fields import CONTACTS
from store.population.lookup import BUILDING, Hits
from store.population.population import Population
from store.population.shard import Shard
from tools.identity.corrections.overlay import Corrected

# How far a match on a person's first value of each type is trusted. A mapping may say otherwise.
BASE_QUALITY = {"email": 0.95, "phone": 0.85, "maid": 0.9, "address": 0.8, "id": 0.99, BUILDING: 0.55}
LATER_VALUE = 0.05  # less for each later value: a second e-mail is older news than the first
FLOOR = 0.05

Normaliser = Callable[[str], str]


@dataclass
class Group:
    """Identifiers of one type and form, as they were given."""

    id_type: IdentifierType
    hash_type: HashType
    values: list[str]


@dataclass
class Problems:
    """Why identifiers could not be matched: how many of those given, repeats included."""

    malformed: Counter[tuple[str, str]] = field(default_factory=Counter)  # (type, reason)
    wrong_hash: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # (type, said, looks like)
    not_found: Counter[str] = field(default_factory=Counter)  # by type

    @property
    def total(self) -> int:
        return self.malformed.total() + self.wrong_hash.total() + self.not_found.total()


@dataclass
class Matches:
    """Matches of identifiers with persons, sorted by person; arrays of one length."""

    shard: np.ndarray
    number: np.ndarray
    group: np.ndarray
    given: np.ndarray  # index of the value in its group
    evidence: np.ndarray  # which of the person's own values matched: several spellings are one evidence
    score: np.ndarray


@dataclass
class Persons:
    """The distinct persons of a Matches, in its order."""

    starts: np.ndarray  # where each one's matches start, n + 1
    shard: np.ndarray
    number: np.ndarray
    quality: np.ndarray  # noisy-OR of the scores of distinct evidence


def match(
    population: Population, groups: list[Group], corrected: Corrected | None = None
) -> tuple[Matches, Problems]:
    """Every match of the groups' values with persons of the population, and what could not be matched.

    corrected: matches that were split off do not count, and persons who are one are one.
    """
    problems = Problems()
    found = [
        _group_matches(population, group, at, *_forms(group, problems), problems, corrected)
        for at, group in enumerate(groups)
    ]
    names = ("shard", "number", "group", "given", "evidence", "score")
    every = Matches(*(np.concatenate([getattr(each, name) for each in found]) for name in names))
    order = np.lexsort((-every.score, every.evidence, every.number, every.shard))
    return Matches(*(getattr(every, name)[order] for name in names)), problems


def persons_of(matches: Matches) -> Persons:
    """The persons matched, each with the noisy-OR of its evidence: 1 - prod(1 - score).

    A value that was given twice, in two spellings, or plain and hashed, counts once.
    """
    if not len(matches.shard):
        none = np.empty(0, dtype=np.int64)
        return Persons(np.zeros(1, dtype=np.int64), none, none, np.empty(0))
    new = np.concatenate(([True], (np.diff(matches.shard) != 0) | (np.diff(matches.number) != 0)))
    starts = np.flatnonzero(new)
    distinct = np.concatenate(([True], np.diff(matches.evidence) != 0)) | new
    doubt = np.where(distinct, 1.0 - matches.score, 1.0)
    quality = 1.0 - np.multiply.reduceat(doubt, starts)
    return Persons(np.append(starts, len(new)), matches.shard[starts], matches.number[starts], quality)


def as_given(matches: Matches, persons: Persons) -> np.ndarray:
    """Indices of the persons, in the order of the first identifier given that belongs to each."""
    if not len(persons.shard):
        return np.empty(0, dtype=np.int64)
    place = matches.group * (int(matches.given.max()) + 1) + matches.given
    return np.argsort(np.minimum.reduceat(place, persons.starts[:-1]), kind="stable")


def _forms(group: Group, problems: Problems) -> tuple[list[str], np.ndarray]:
    """Distinct normal forms (or digests) of the values, and the form of each value, -1 for none.

    Numbers, not a list for each form: a hundred thousand small lists keep Python's collector busy.
    """
    at: dict[str, int] = {}
    form_of = _plain if group.hash_type == "plaintext" else _hashed
    clean = NORMALISERS[group.id_type]
    forms = (form_of(clean, group, value, problems) for value in group.values)
    places = [-1 if form is None else at.setdefault(form, len(at)) for form in forms]
    return list(at), np.array(places, dtype=np.int64)


def _plain(clean: Normaliser, group: Group, value: str, problems: Problems) -> str | None:
    try:
        return clean(value)
    except Malformed as malformed:
        looks = guess_hash_type(value.strip())
        if looks:
            problems.wrong_hash[group.id_type, "plaintext", looks] += 1
        else:
            problems.malformed[group.id_type, str(malformed)] += 1
        return None


def _hashed(clean: Normaliser, group: Group, value: str, problems: Problems) -> str | None:
    digest = value.strip().lower()
    if group.hash_type != "plaintext" and well_formed(group.hash_type, digest):
        return digest
    try:
        looks = guess_hash_type(digest) or (clean(value) and "plaintext")
        problems.wrong_hash[group.id_type, group.hash_type, looks] += 1
    except Malformed:
        problems.malformed[group.id_type, str(Malformed("not_hexadecimal"))] += 1
    return None


def _group_matches(
    population: Population,
    group: Group,
    at: int,
    forms: list[str],
    form_of_value: np.ndarray,
    problems: Problems,
    corrected: Corrected | None,
) -> Matches:
    hits = _find(population, group.id_type, group.hash_type, forms, corrected)
    scores = _scores(population, group.id_type, hits, len(forms))
    if group.id_type == "address":
        hits, scores = _with_buildings(population, forms, hits, scores, corrected)
    shard, form, number, slot = hits
    repeats = np.bincount(form_of_value[form_of_value >= 0], minlength=len(forms))
    unfound = int(np.delete(repeats, form).sum())
    if unfound:
        problems.not_found[group.id_type] += unfound
    times = repeats[form]
    by_form = np.argsort(form_of_value, kind="stable")[np.count_nonzero(form_of_value < 0) :]
    firsts = (np.cumsum(repeats) - repeats)[form]
    values = by_form[np.repeat(firsts - np.cumsum(times) + times, times) + np.arange(times.sum())]
    # The slots of whoever was merged into a person lie beyond those of all types of the person's own.
    turn, own = np.divmod(slot, CONTACTS)
    evidence = (turn * len(IDENTIFIER_TYPES) + IDENTIFIER_TYPES.index(group.id_type)) * CONTACTS + own
    shard, number, evidence, scores = (
        np.repeat(column, times) for column in (shard, number, evidence, scores)
    )
    return Matches(shard, number, np.full(len(shard), at), values, evidence, scores)


def _find(
    population: Population, id_type: str, hash_type: HashType, forms: list[str], corrected: Corrected | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(shard, form, local number, slot) of every hit, one row a person and form: the best slot."""
    prefixes = prefixes_of(forms, "sha256") if hash_type == "plaintext" else prefixes_of_hex(forms, hash_type)
    answers = population.ask(_hits, id_type, hash_type, forms, prefixes.view(np.int64))
    shard = np.repeat(np.arange(len(answers)), [len(hits.asked) for hits in answers])
    asked, number, slot = (
        np.concatenate([np.asarray(hits[column], dtype=np.int64) for hits in answers]) for column in range(3)
    )
    order = np.lexsort((slot, asked, number, shard))
    shard, asked, number, slot = shard[order], asked[order], number[order], slot[order]
    again = (np.diff(shard) == 0) & (np.diff(number) == 0) & (np.diff(asked) == 0)
    best = np.concatenate(([True], ~again)) if len(shard) else np.empty(0, dtype=bool)
    hits = shard[best], asked[best], number[best], slot[best]
    return corrected.hits(id_type, hits) if corrected else hits


def _hits(shard: Shard, id_type: str, hash_type: HashType, forms: list[str], prefixes: np.ndarray) -> Hits:
    hits = shard.lookup.find(id_type, hash_type, forms, prefixes)
    if not len(shard.erased_numbers):
        return hits
    kept = ~np.isin(hits.number, shard.erased_numbers)
    return Hits(hits.asked[kept], hits.number[kept], hits.slot[kept])


def _scores(population: Population, id_type: str, hits: tuple[np.ndarray, ...], forms: int) -> np.ndarray:
    """Trust in each match: less for later values, and for an identifier that several people share.

    One that k people share says 1 / sqrt(k) as much of each: a household's phone still says a good deal.
    """
    _, form, _, slot = hits
    sharing = np.bincount(form, minlength=forms)[form] if len(form) else np.ones(0)
    base = _base_quality(population, id_type) - LATER_VALUE * (slot % CONTACTS)
    return np.maximum(base, FLOOR) / np.sqrt(np.maximum(sharing, 1))


def _base_quality(population: Population, id_type: str) -> float:
    said = [
        column["quality"]
        for column in population.manifest.mapping["columns"].values()
        if column.get("identifier") == id_type and "quality" in column
    ]
    return said[0] if said else BASE_QUALITY[id_type]


def _with_buildings(
    population: Population,
    forms: list[str],
    hits: tuple[np.ndarray, ...],
    scores: np.ndarray,
    corrected: Corrected | None,
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """Addresses that nobody has as they stand are looked up without their unit."""
    unmatched = np.setdiff1d(np.arange(len(forms)), hits[1])
    if not len(unmatched):
        return hits, scores
    shard, asked, number, slot = _find(
        population, BUILDING, "plaintext", _buildings(forms, unmatched), corrected
    )
    more = shard, unmatched[asked], number, slot
    more_scores = _scores(population, BUILDING, more, len(forms))
    return tuple(np.concatenate(pair) for pair in zip(hits, more, strict=True)), np.concatenate(
        (scores, more_scores)
    )


def _buildings(forms: list[str], which: np.ndarray) -> list[str]:
    return [building_of(forms[index]) for index in which.tolist()]
