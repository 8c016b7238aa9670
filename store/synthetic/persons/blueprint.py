"""What do all chunks of one population share? Places, vocabularies, calibrated traits and permutations."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from store.synthetic.persons.draws.census import People, draw_people
from store.synthetic.persons.draws.factors import factors_of
from store.synthetic.persons.draws.households import Households, settle
from store.synthetic.persons.draws.incomes import household_log_income, income_score
from store.synthetic.persons.draws.places import Places, weighted_places
from store.synthetic.persons.draws.scramble import Scramble, draw_scramble
from store.synthetic.persons.draws.topics import Vocabulary, content_vocabulary, topic_vocabulary
from store.synthetic.persons.draws.traits import Traits, calibrated_traits

CHUNK_SIZE = 250_000
_PILOT_SIZE = 12_000
# The first number of a spawn key: what a stream of random numbers is for.
_SHARED, _CHUNK = 0, 1


@dataclass(frozen=True)
class Blueprint:
    """A population before it is drawn."""

    people: int
    seed: int
    places: Places
    traits: Traits
    content: Vocabulary
    topics: Vocabulary
    intent_categories: list[str]
    category_of_topic: np.ndarray
    email_scramble: Scramble

    @property
    def chunks(self) -> int:
        """How many chunks the population is drawn in."""
        return -(-self.people // CHUNK_SIZE)

    def chunk_bounds(self, chunk: int) -> tuple[int, int]:
        """First person and number of persons of a chunk."""
        first = chunk * CHUNK_SIZE + 1
        return first, min(CHUNK_SIZE, self.people + 1 - first)

    def chunk_rng(self, chunk: int) -> np.random.Generator:
        """The random numbers of a chunk, whoever draws it and in whatever order."""
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(_CHUNK, chunk)))


@dataclass(frozen=True)
class Drawn:
    """The people of a chunk and what their columns are made of; `place` and `income` are by household."""

    rng: np.random.Generator
    chunk: int
    first_person: int
    people: People
    households: Households
    place: np.ndarray
    income: np.ndarray
    factors: np.ndarray
    quality: np.ndarray

    @property
    def openness(self) -> np.ndarray:
        """About 1 on average: good records are known in more columns."""
        return 0.6 + 0.4 / 0.75 * self.quality

    def known(self, share: float | None) -> np.ndarray:
        """Of whom an attribute is known, where it is known of this share."""
        return self.rng.random(len(self.people)) < (share or 1.0) * self.openness


def blueprint(people: int, seed: int) -> Blueprint:
    """The plan of a population: the same for the same size and seed."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_SHARED, 1)))
    topics, categories, category_of_topic = topic_vocabulary(rng)
    return Blueprint(
        people,
        seed,
        weighted_places(seed),
        _traits(),
        content_vocabulary(),
        topics,
        categories,
        category_of_topic,
        draw_scramble(rng, 3 * people),
    )


def draw_chunk(plan: Blueprint, chunk: int) -> Drawn:
    """The people of one chunk."""
    first, size = plan.chunk_bounds(chunk)
    return _draw(plan.chunk_rng(chunk), chunk, first, size, plan.places)


def _draw(rng: np.random.Generator, chunk: int, first: int, size: int, places: Places) -> Drawn:
    people, households = settle(rng, draw_people(rng, size))
    place = places.draw(rng, len(households))
    urbanity = places.urbanity[place]
    income = income_score(household_log_income(rng, people, households, urbanity))
    factors = factors_of(rng, people, households, income, urbanity)
    quality = rng.beta(6, 2, size).round(2)
    return Drawn(rng, chunk, first, people, households, place, income, factors, quality)


@cache
def _traits() -> Traits:
    """Traits calibrated on a pilot that is the same for every population."""
    pilot = _draw(np.random.default_rng(0), 0, 1, _PILOT_SIZE, weighted_places(0))
    return calibrated_traits(pilot.factors, pilot.households.head_row)
