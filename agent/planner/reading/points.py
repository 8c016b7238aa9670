"""Which city, ZIP code or pair of degrees is named here?"""

import re
from dataclasses import dataclass

from agent.planner.reading.word_lists import word_list
from store.cities import City, city_named, state_code
from store.places import centroid_of

COORDINATES = re.compile(
    r"(?:\b(?:at|lat(?:itude)?:?)\s)?\(?(?<![\d.])(-?\d{1,2}\.\d{1,8})\s?°?\s?([NS])"
    r"?\s?[,;/ ]\s?(?:lon(?:g(?:itude)?)?:?\s)?(-?\d{1,3}\.\d{1,8})\s?°?\s?([EW])?\)?",
    re.I,
)


ZIP = re.compile(r"(?:zip(?: ?code)?s?\s)?(\d{5})(?:-\d{4})?(?![\w,.]\d|\w)", re.I)


WORD = re.compile(r"[A-Za-z][A-Za-z.'-]*")


_STATE_AFTER = re.compile(
    r"\s?,?\s?\(?((?:new|north|south|west|rhode|district of)\s[a-z]{4,13}|[a-z]{4,13}"
    r"|[A-Za-z]\.?[A-Za-z]\.?)\)?(?![\w'])",
    re.I,
)


_MOST_WORDS = 4
_CITIES_FIRST = ("LA", "L.A", "NYC")  # rather the city than the state of these letters
_DIRECTIONS = ("north", "south", "east", "west")
_REGIONS = ("new england", "long island")  # there are hamlets of the same name


# Words of other things that are towns somewhere too: a town only with a capital letter.
ALSO_TOWNS = word_list("also_towns")


STOPS = word_list("place_stops")


_WORDS_TOO = word_list("state_code_words") | {"nd", "sd", "va"}


@dataclass(frozen=True)
class _Point:
    end: int
    latitude: float | None = None
    longitude: float | None = None
    unknown: str = ""
    weight: float = 100.0  # of a city; a point that is given in figures is sure
    name: str = ""


BIG = 4.0  # weight of a city that may be written in small letters


def point_at(text: str, start: int, *, sure: bool) -> _Point | None:
    """The point that is named here; sure: the words before it announce a place."""
    if match := COORDINATES.match(text, start):
        latitude, longitude = degrees(match)
        return _Point(match.end(), latitude, longitude)
    if match := ZIP.match(text, start):
        at = centroid_of(match[1])
        if at:
            return _Point(match.end(), *at, name=match[1])
        return _Point(match.end(), unknown=match[0]) if sure else None
    found = city_at(text, start, sure=sure)
    if found:
        city, end, with_state = found
        weight = 100.0 if with_state else city.weight
        return _Point(end, city.latitude, city.longitude, weight=weight, name=called(city))
    return _unknown(text, start) if sure else None


def called(city: City) -> str:
    """The city as people write it."""
    return f"{city.name.title()}, {city.state}"


def degrees(match: re.Match[str]) -> tuple[float, float]:
    """Latitude and longitude of a match of COORDINATES."""
    latitude = float(match[1]) * (-1 if (match[2] or "").upper() == "S" else 1)
    longitude = float(match[3]) * (-1 if (match[4] or "").upper() == "W" else 1)
    return latitude, longitude


def city_at(text: str, start: int, *, sure: bool) -> tuple[City, int, bool] | None:
    """The city named here, where its name ends, and whether its state is said."""
    words = []
    for match in WORD.finditer(text, start, start + 60):
        if words and not re.fullmatch(r"\.?\s", text[words[-1].end() : match.start()]):
            break
        if not words and match.start() != start:
            return None
        words.append(match)
        if len(words) == _MOST_WORDS:
            break
    for count in range(len(words), 0, -1):
        end = words[count - 1].end()
        name = text[start:end].rstrip(".'-")
        end = start + len(name)
        found = _with_state(text, name, end) or _alone(name, end, sure=sure)
        if found:
            return found
        if len(name) > 3 and state_code(name):
            return None  # `North Carolina` is not the hamlet of North
    return None


def _with_state(text: str, name: str, end: int) -> tuple[City, int, bool] | None:
    after = _STATE_AFTER.match(text, end)
    if after is None:
        return None
    code = state_code(after[1])
    # `in`, `or`, `me`: words first, and states only in capitals or after a comma.
    if (
        code
        and len(after[1]) == 2
        and after[1].lower() in _WORDS_TOO
        and not after[1].isupper()
        and "," not in after[0]
    ):
        return None
    city = city_named(name, code) if code else None
    return (city, after.end(), True) if city else None


def _alone(name: str, end: int, *, sure: bool) -> tuple[City, int, bool] | None:
    lowered = name.lower()
    if name in _CITIES_FIRST and (city := city_named(name)):
        return city, end, False
    if lowered in (*_REGIONS, *_DIRECTIONS):
        return None
    if lowered in STOPS or (lowered in ALSO_TOWNS and not (name[0].isupper() and sure)):
        return None
    is_state = state_code(name) is not None
    if is_state and not sure:
        return None
    city = city_named(name)
    if city is None or (is_state and city.weight < BIG):
        return None
    if lowered == "washington":
        city = city_named(name, "DC")
    if city and (sure or name[0].isupper() or city.weight >= BIG):
        return city, end, False
    return None


def _unknown(text: str, start: int) -> _Point | None:
    """Words that stand where a place should be, and are none that is known."""
    match = re.compile(r"[A-Z][\w.'-]{2,30}(?:,? [A-Z][\w.'-]{1,30}){0,3}").match(text, start)
    if match is None:
        match = re.compile(
            r"(?!(?:me|us|here|home|my|our|the|it|them|you|a|an|each|one)\b)[a-z][a-z'-]{2,30}"
        ).match(text, start)
    if match is None or match[0].lower() in STOPS:
        return None
    return _Point(match.end(), unknown=match[0])
