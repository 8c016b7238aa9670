"""Which columns say how a person is called and reached? Names, identifiers, places and the record itself."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from store.synthetic.persons.blueprint import Blueprint, Drawn
from store.synthetic.persons.columns import identifiers
from store.synthetic.persons.columns.coded import category
from store.synthetic.persons.columns.text import digits, joined
from store.synthetic.persons.draws import places
from store.synthetic.tables import name_frequencies

# Of people who live in another's household: a name of their own.
OTHER_SURNAME_SHARE = 0.15
ADDRESS_SHARE = 0.95
# The population is as of this moment (UTC); a record changed up to about two years before.
AS_OF = np.datetime64("2025-02-01T00:00:00", "ms")
_QUARTER_HOURS = 2 * 365 * 96


@dataclass(frozen=True)
class FirstNames:
    """All first names, and for women and men their codes and cumulative frequencies."""

    names: pa.Array
    codes: dict[str, np.ndarray]
    cumulative: dict[str, np.ndarray]


@cache
def first_names() -> FirstNames:
    """First names of both census tables, each once."""
    tables = {"Female": name_frequencies("first_names_female"), "Male": name_frequencies("first_names_male")}
    names = sorted({name for listed, _ in tables.values() for name in listed})
    place = {name: code for code, name in enumerate(names)}
    return FirstNames(
        pa.array(names),
        {gender: np.array([place[name] for name in listed]) for gender, (listed, _) in tables.items()},
        {gender: np.cumsum(frequency) for gender, (_, frequency) in tables.items()},
    )


def name_columns(drawn: Drawn) -> dict[str, pa.DictionaryArray]:
    """First names by gender; a household mostly shares its surname."""
    rng, people, table = drawn.rng, drawn.people, first_names()
    uniform, everybody = rng.random(len(people)), np.ones(len(people), dtype=bool)
    women, men = (
        table.codes[gender][_searched(table.cumulative[gender], uniform)] for gender in ("Female", "Male")
    )
    surnames, frequency = name_frequencies("last_names")
    own = _searched(np.cumsum(frequency), rng.random(len(people)))
    keeps = rng.random(len(people)) < OTHER_SURNAME_SHARE
    return {
        "first_name": category(np.where(people.is_female, women, men), table.names, everybody),
        "last_name": category(np.where(keeps, own, own[drawn.households.head_row]), surnames, everybody),
    }


def _searched(cumulative: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    return np.minimum(np.searchsorted(cumulative, uniform), len(cumulative) - 1)


def identifier_columns(
    plan: Blueprint, drawn: Drawn, names: dict[str, pa.DictionaryArray]
) -> dict[str, pa.Array]:
    """E-mails, phones and advertising id."""
    openness, home = drawn.openness, drawn.households.of_person
    addresses = identifiers.emails(
        drawn.rng, plan.email_scramble, drawn.first_person, names["first_name"], names["last_name"], openness
    )
    numbers = identifiers.phones(
        drawn.rng, plan.places.area_codes[drawn.place], home, drawn.chunk, plan.chunks, openness
    )
    return {
        **{f"email{slot}": column for slot, column in enumerate(addresses, 1)},
        **{f"phone{slot}": column for slot, column in enumerate(numbers, 1)},
        "maid": identifiers.maids(drawn.rng, openness),
    }


def place_columns(plan: Blueprint, drawn: Drawn) -> dict[str, pa.Array]:
    """Address, coordinates, and the areas that they lie in."""
    rng, known, home = drawn.rng, plan.places, drawn.households.of_person
    latitude, longitude = places.coordinates(rng, known, drawn.place)
    lines = places.addresses(rng, known, drawn.place)
    has_address = rng.random(len(home)) < ADDRESS_SHARE
    everybody, place = np.ones(len(home), dtype=bool), drawn.place[home]
    return {
        "address": lines.take(pa.array(home, mask=~has_address)),
        "latitude": pa.array(latitude[home]),
        "longitude": pa.array(longitude[home]),
        "state": category(known.state[place], known.states, everybody),
        "zip3": category(known.zip3[place], known.zip3s, everybody),
        "area_type": category(known.area_type[place], places.AREA_TYPES, everybody),
    }


def record_columns(drawn: Drawn) -> dict[str, pa.Array]:
    """The number of the person and the household, the quality of the record and its last change."""
    size = len(drawn.people)
    # There are no more households than persons, so no two chunks share a number.
    household = drawn.first_person + drawn.households.of_person
    # Better records were changed later.
    age = drawn.rng.beta(1 + 2 * drawn.quality, 4, size)
    changed = AS_OF - ((age * _QUARTER_HOURS).astype(np.int64) * 900_000).astype("timedelta64[ms]")
    return {
        "person_id": pa.array(np.arange(drawn.first_person, drawn.first_person + size, dtype=np.int64)),
        "household_id": joined("H", digits(household)),
        "quality": pa.array(drawn.quality),
        "last_modified": pa.array(changed),
    }
