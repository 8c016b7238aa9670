"""Which door does this address lead to?"""

import re
from dataclasses import dataclass
from functools import lru_cache

from store.identifiers.malformed import Malformed
from store.identifiers.postal.place import city_line, is_city, take_place
from store.identifiers.postal.reading import joined, read, segments_of
from store.identifiers.postal.street import split_unit, street_line
from store.identifiers.postal.unit import UNIT_WORDS, rest_of_street
from store.identifiers.postal.words import DIRECTIONS

LONGEST = 300

_SIMPLE = re.compile(r"[A-Z0-9# ]+").fullmatch
_SIMPLE_PLACE = re.compile(r"[A-Z0-9 ,.-]+").fullmatch
_DIGIT = re.compile(r"\d").search
_FULL_STOP = re.compile(r"\.(?=\s|\Z)")
_TAIL = re.compile(r"([A-Z]{2})? ?(\d{5})?").fullmatch
_ORDINAL = re.compile(r"\d+(?:ST|ND|RD|TH)").fullmatch
_KEPT_IN_CAPITALS = frozenset({"PO", "RR", "HC", "PSC", "CMR", "PMB", "US", "FM", "APO", "FPO", "DPO"})


_ANY_STREET = ["1", "A", "ST"]


@dataclass(frozen=True, slots=True)
class AddressParts:
    """What a normal form is made of; every part but the street may be blank."""

    street: str
    unit: str
    city: str
    state: str
    zip_code: str


def normalise_address(value: str) -> str:
    """One standard line, such as 123 MAIN ST STE 4, SAN FRANCISCO, CA 94105.

    Abbreviations are those of USPS Publication 28; city, state and ZIP code are there when they were
    given. Raises Malformed for what has no house number with a street, and no box number either.
    """
    if len(value) > LONGEST:
        raise Malformed("too_long")
    return by_commas(value) or read(value)


def by_commas(value: str) -> str | None:
    """The normal form of a line that commas cut in the usual places; None for any other."""
    if not value.isascii():
        return None
    street, _, rest = value.upper().partition(",")
    if rest[-5:-4] == "-" and rest[-11:-10] == " " and rest[-4:].isdigit():
        rest = rest[:-5]  # left on, the four digits would make every line new to the cache
    words, found = _simple_words(street), _after_street(rest)
    if found is None or len(words) < 2 or not words[0].isdigit():
        return None
    more, place = found
    line = street_line(words + more)
    if line.rpartition(" ")[2].isalpha() and not UNIT_WORDS.isdisjoint(words + more):
        return None  # a unit that ends in a word may need a second reading
    return f"{line}, {place}"


def parts_of(normal: str) -> AddressParts:
    """The parts of a normal form."""
    line, _, place = normal.partition(", ")
    street, unit = split_unit(line)
    city, _, tail = place.rpartition(", ")
    found = _TAIL(tail)
    if found is None:
        return AddressParts(street, unit, place, "", "")
    return AddressParts(street, unit, city, found[1] or "", found[2] or "")


def building_of(normal: str) -> str:
    """The normal form without the unit: the building that the door is in."""
    line, comma, place = normal.partition(", ")
    return f"{split_unit(line)[0]}{comma}{place}"


def zip_of(normal: str) -> str | None:
    """The five digits of a normal form's ZIP code, or None when it has none."""
    _, comma, tail = normal.rpartition(", ")
    digits = tail[-5:]
    return digits if comma and len(digits) == 5 and digits.isdigit() else None


def display_address(normal: str) -> str:
    """A normal form as people write it: 123 Main St, San Francisco, CA 94105, USA."""
    parts = parts_of(normal)
    street = " ".join(filter(None, (parts.street, parts.unit)))
    tail = f"{parts.state} {parts.zip_code}".strip()
    return ", ".join(filter(None, (_titled(street), _titled(parts.city), tail, "USA")))


def _titled(words: str) -> str:
    return " ".join(map(_titled_word, words.split()))


def _titled_word(word: str) -> str:
    if _ORDINAL(word):
        return word.lower()
    kept = word in _KEPT_IN_CAPITALS or word in DIRECTIONS.values() or not word.isalpha()
    return word if kept else word.capitalize()


def _after_street(rest: str) -> tuple[list[str], str] | None:
    """What follows a street and a comma: more words of the street, and the place in standard form."""
    between, comma, after = rest.partition(",")
    # Units are tried first where there is a digit, so that they do not fill the cache of places.
    if comma and _DIGIT(between) and (found := _unit_and_place(between, after)):
        return found
    place = _place_after_street(rest)
    if place is not None:
        return [], place
    return _unit_and_place(between, after) if comma else None


def _unit_and_place(between: str, after: str) -> tuple[list[str], str] | None:
    words = _simple_words(between)
    more = rest_of_street(words) if words else None
    place = None if more is None else _place_after_street(after)
    return None if more is None or place is None else (more, place)


@lru_cache(maxsize=65_536)
def _place_after_street(rest: str) -> str | None:
    """City, state and ZIP code in their standard form, from what follows a street and a comma."""
    if _SIMPLE_PLACE(rest) is None:
        return None
    segments = [_ANY_STREET, *segments_of("," + rest)]
    state, zip_code = take_place(segments)
    if not zip_code or len(segments) != 2 or segments[0] is not _ANY_STREET or not is_city(segments[1]):
        return None
    return joined("", city_line(segments[1]), state, zip_code)


def _simple_words(text: str) -> list[str]:
    """The words of a piece that is not cleaned any other way by segments_of; none for any other."""
    if "." in text:
        text = _FULL_STOP.sub("", text)
    if "#" in text:
        text = text.replace("#", " # ")
    return text.split() if _SIMPLE(text) else []
