"""Is this place where customers are looked for?"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from store.identifiers.postal.words import STATES
from tools.profiles.matching.words import REMEMBERED, normal, words

_PLACES = Path(__file__).with_name("places.toml")
_WORLD = frozenset({"world", "worldwide", "global", "globally", "anywhere", "everywhere"})


@cache
def _countries() -> dict[str, str]:
    """Two-letter code of each name and code, by its normal form."""
    told: list[str] = tomllib.loads(_PLACES.read_text(encoding="utf-8"))["countries"]
    found: dict[str, str] = {}
    for line in told:
        two, three, names = line.split(" ", 2)
        found |= {normal(name): two for name in (two, three, *names.split("|"))}
    return found


@cache
def _regions() -> dict[str, frozenset[str]]:
    told: dict[str, str] = tomllib.loads(_PLACES.read_text(encoding="utf-8"))["regions"]
    return {
        normal(name): frozenset(codes.split()) for names, codes in told.items() for name in names.split("|")
    }


@cache
def _states() -> dict[str, str]:
    """Two-letter code of each state of the United States, by name and by code."""
    named = {normal(" ".join(told)): code.upper() for told, code in STATES.items()}
    return named | {normal(code): code for code in set(named.values())}


def country_code(text: str) -> str | None:
    """The two-letter code of a country, by name or code; None for what is none."""
    return _countries().get(normal(text))


@dataclass(frozen=True)
class Place:
    """A place that is looked for: countries, or a part of one by its names."""

    name: str
    countries: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()  # of a state, a region or a city, in normal form
    within: str | None = None  # the country of a state


@lru_cache(REMEMBERED)
def place(text: str) -> Place:
    """What a name stands for: a region of the world, a country, a state of the United States, or any other.

    Georgia is the country; `Georgia, US` the state.
    """
    name = normal(text)
    if name in _WORLD:
        return Place(text, frozenset(_countries().values()))
    if (name in _regions() and len(name) > 2) or name in ("eu", "na"):
        return Place(text, _regions()[name])
    if (code := _countries().get(name)) is not None:
        return Place(text, frozenset({code}))
    bare = name.removesuffix(" usa").removesuffix(" us").strip()
    if (state := _states().get(bare)) is not None and len(bare) > 2:
        same = frozenset(each for each, code in _states().items() if code == state)
        return Place(text, names=same, within="US")
    return Place(text, names=frozenset({name}))


def is_known_place(text: str) -> bool:
    """Whether the words name a region of the world, a country, or a state of the United States."""
    found = place(text)
    return bool(found.countries or found.within)


def where(row: Mapping[str, str], wanted: Sequence[str]) -> bool | None:
    """Whether a row lies in one of the places; None where its columns do not tell.

    row: of `country`, `state`, `city` and `location`, those that are known. A location is read part by part
    between its commas. In a country's column `CA` is Canada, elsewhere California.
    """
    country = _country_of(row)
    parts = {normal(part) for name in ("state", "city", "location") for part in row.get(name, "").split(",")}
    parts -= {""}
    known = [_lies(place(each), country, parts, row) for each in wanted]
    return True if True in known else None if None in known or not known else False


def _country_of(row: Mapping[str, str]) -> str | None:
    if (told := row.get("country")) and (code := country_code(told)) is not None:
        return code
    last = [part.strip() for part in row.get("location", "").split(",") if part.strip()]
    if last and (len(last[-1]) > 2 or len(last) > 2) and (code := country_code(last[-1])) is not None:
        return code
    if any(normal(part) in _states() for part in _parts_of(row)):
        return "US"
    return country_code(row["state"]) if row.get("state") and len(row["state"]) > 3 else None


def _parts_of(row: Mapping[str, str]) -> Iterable[str]:
    return (part.strip() for name in ("state", "location") for part in row.get(name, "").split(",") if part)


def _lies(wanted: Place, country: str | None, parts: set[str], row: Mapping[str, str]) -> bool | None:
    if wanted.countries:
        return country in wanted.countries if country else None
    if wanted.within and country and country != wanted.within:
        return False
    if wanted.names & parts or any(_is_part(name, parts) for name in wanted.names):
        return True
    narrower = bool(row.get("location") or (row.get("state") and (wanted.within or row.get("city"))))
    return False if narrower else None


def _is_part(name: str, parts: set[str]) -> bool:
    """Whether a longer name stands within a part: `Bay Area` in `San Francisco Bay Area`."""
    return len(name) > 3 and any(words(name) <= words(part) for part in parts)
