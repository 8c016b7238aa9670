"""In which city, state and ZIP code is it?"""

import re
from functools import lru_cache

from store.identifiers.postal.box import BOX_STARTS
from store.identifiers.postal.street import starts_street
from store.identifiers.postal.unit import rest_of_street
from store.identifiers.postal.words import (
    CITY_ENDS,
    CITY_STARTS,
    DIRECTIONS,
    NUMBER_SIGNS,
    QUARTERS,
    STATES,
    STATES_BY_ZIP_DIGIT,
    SUFFIXES,
    UNITS,
)
from store.places import cities_of

Segments = list[list[str]]  # the words of a line, cut at its commas

_COUNTRIES = [("UNITED", "STATES", "OF", "AMERICA"), ("UNITED", "STATES"), ("USA",), ("US",)]
_ZIP = re.compile(r"(\d{5})(?:-?\d{4})?").fullmatch
# After these a number of five digits is no ZIP code. FL is Florida here.
_NUMBERED_THINGS = (
    frozenset(UNITS) - {"FL"}
    | BOX_STARTS - {"P", "R"}
    | NUMBER_SIGNS
    | {word for word, code in SUFFIXES.items() if code in ("HWY", "RTE")}
)
# Codes that are words of streets too, so that the ZIP code has to bear them out.
_DOUBTFUL = frozenset(SUFFIXES) | frozenset(DIRECTIONS) | frozenset(UNITS)
# Right after a street these are rather a city or a direction.
_STATES_AND_MORE = frozenset({("NEW", "YORK"), ("WASHINGTON",), ("NE",)})
_BEFORE_CITIES = frozenset({"EAST", "FORT", "FT", "LAKE", "MOUNT", "MT", "NORTH", "PORT", "SOUTH", "WEST"})
_LONGEST_STATE = max(len(name) for name in STATES)
_LONGEST_CITY = 6


def take_place(segments: Segments) -> tuple[str, str]:
    """State code and ZIP code, either of them blank, cut off the end together with the country."""
    while _drop_country(segments):
        pass
    zip_code = _take_zip(segments)
    if segments and not segments[-1]:
        segments.pop()
    state = _take_state(segments, zip_code) if segments else ""
    if segments and not segments[-1]:
        segments.pop()
    return state, zip_code


def is_city(tokens: list[str]) -> bool:
    """Whether these words can be a city's name."""
    if len(tokens) > _LONGEST_CITY or tokens[0] in QUARTERS or not all(map(str.isalpha, tokens)):
        return False
    return rest_of_street(tokens) is None


def city_line(tokens: list[str]) -> str:
    """A city's name written out: SAINT LOUIS for ST LOUIS, ROCKY HILL as it is."""
    if len(tokens) < 2:
        return tokens[0]
    first, last = tokens[0], tokens[-1]
    return " ".join([CITY_STARTS.get(first, first), *tokens[1:-1], CITY_ENDS.get(last, last)])


def city_at_end(tokens: list[str], zip_code: str) -> int:
    """How many words at the end name a city that the ZIP code has; 0 for none."""
    names = _city_lines(zip_code)
    for size in range(min(_LONGEST_CITY, len(tokens) - 2), 0, -1):
        if city_line(tokens[-size:]) in names:
            return size
    return 0


@lru_cache(maxsize=65_536)
def _city_lines(zip_code: str) -> frozenset[str]:
    return frozenset(city_line(name.split()) for name in cities_of(zip_code))


def _drop_country(segments: Segments) -> bool:
    last = segments[-1]
    for name in _COUNTRIES:
        if tuple(last[-len(name) :]) != name:
            continue
        before = last[: -len(name)]
        # "12 US" is the beginning of a road.
        if (before and (name != ("US",) or _may_end_place(before[-1]))) or (not before and len(segments) > 1):
            segments[-1:] = [before] if before else []
            return True
    return False


def _may_end_place(word: str) -> bool:
    return _ZIP(word) is not None or (word,) in STATES


def _take_zip(segments: Segments) -> str:
    last, alone = segments[-1], len(segments) == 1
    if len(last) > 1 and len(last[-1]) == 4 and last[-1].isdigit() and _is_zip(last[:-1], alone=alone):
        last.pop()  # 94105 1234
    if _is_zip(last, alone=alone):
        return last.pop()[:5]
    return "" if alone else _zip_without_zero(last)


def _is_zip(tokens: list[str], *, alone: bool) -> bool:
    if _ZIP(tokens[-1]) is None or (alone and len(tokens) < 3):
        return False
    return len(tokens) == 1 or tokens[-2] not in _NUMBERED_THINGS


def _zip_without_zero(tokens: list[str]) -> str:
    """A ZIP code of New England that a table program took for a number: MA 2139."""
    if len(tokens) < 2 or not tokens[-1].isdigit() or tokens[-2] not in STATES_BY_ZIP_DIGIT["0"]:
        return ""
    wanted = 3 if tokens[-2] in ("PR", "VI") else 4
    return tokens.pop().zfill(5) if len(tokens[-1]) == wanted else ""


def _take_state(segments: Segments, zip_code: str) -> str:
    last = segments[-1]
    for size in range(min(_LONGEST_STATE, len(last)), 0, -1):
        code = STATES.get(tuple(last[-size:]))
        if code is not None and _is_state(segments, size, code, zip_code):
            del last[-size:]
            return code
    return ""


def _is_state(segments: Segments, size: int, code: str, zip_code: str) -> bool:
    last, alone = segments[-1], len(segments) == 1
    name = tuple(last[-size:])
    coded = name == (code,)
    if len(name) == len(last):
        if alone or (name in _STATES_AND_MORE and not is_city(segments[-2]) and _is_more(name, zip_code)):
            return False
        return coded or not zip_code or _agrees(code, zip_code)
    if coded and not alone and not starts_street(last):
        return True
    if zip_code:
        return (coded and code not in _DOUBTFUL) or _agrees(code, zip_code)
    return not alone and (code not in _DOUBTFUL if coded else last[-size - 1] not in _BEFORE_CITIES)


def _is_more(name: tuple[str, ...], zip_code: str) -> bool:
    return not zip_code or name == ("NE",) or " ".join(name) in _city_lines(zip_code)


def _agrees(code: str, zip_code: str) -> bool:
    return code in STATES_BY_ZIP_DIGIT.get(zip_code[0], ())
