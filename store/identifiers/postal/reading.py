"""Which words of a line that somebody typed are street, flat and city?"""

import re
import unicodedata
from threading import Lock

from store.identifiers.malformed import Malformed
from store.identifiers.postal.box import BOX_STARTS, box_line
from store.identifiers.postal.place import Segments, city_at_end, city_line, is_city, take_place
from store.identifiers.postal.street import starts_street, street_line
from store.identifiers.postal.unit import opens_unit, rest_of_street
from store.identifiers.postal.words import (
    CARDINALS,
    DIRECTIONS,
    PARTS_OF_BUILDINGS,
    QUARTERS,
    STATES,
    SUFFIXES,
)

LONGEST = 300
_ROUNDS = 4

_SIGNS = str.maketrans(
    {sign: "," for sign in "\n\r\t\v\f;()[]{}|"}
    | {sign: "" for sign in "'\"`´‘’“”"}
    | {"–": "-", "—": "-", "‐": "-", "⁄": "/", "@": "&"}
    | {"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}
)
_ACCENT = re.compile("[\u0300-\u036f]")
_NEEDS_REWRITING = re.compile(r"[^A-Z0-9 ,#&]").search
_REWRITES = [
    (re.compile(r"(?<=\b[A-Z])\.(?=[A-Z]\b)"), ""),  # P.O. and N.W., but not ST.LOUIS
    (re.compile(r"\.(?![^\s,])"), ""),
    (re.compile(r"(?<!\d)\.|\.(?!\d)"), " "),  # 39.2 RD keeps its point
    (re.compile(r"(?<!\d)/|/(?!\d)"), " "),
    (re.compile(r"\b(NORTH|SOUTH)-(EAST|WEST)\b"), r"\1\2"),
    (re.compile(r"(?<=\d)\s*-\s*(?=\d/\d)"), " "),
    (re.compile(r"(?<=\d) - (?=\d)"), "-"),
    (re.compile(r"\s-+\s"), ","),
    (re.compile(r"(?<=[A-Z])-(?=[A-Z])|(?<![A-Z0-9])-+|-+(?![A-Z0-9])"), " "),
    (re.compile(r"[^A-Z0-9 ,.#&/-]"), " "),
]
_LABELS = {
    "street": "AddressNumberPrefix AddressNumber AddressNumberSuffix StreetNamePreModifier"
    " StreetNamePreDirectional StreetNamePreType StreetName StreetNamePostType"
    " StreetNamePostDirectional USPSBoxGroupType USPSBoxGroupID USPSBoxType USPSBoxID",
    "unit": "OccupancyType OccupancyIdentifier SubaddressType SubaddressIdentifier",
    "city": "PlaceName",
    "state": "StateName",
}
_PARTS = {label: part for part, labels in _LABELS.items() for label in labels.split()}
_TAGGING = Lock()  # the tagger is one object with a state between its two steps


def read(text: str) -> str:
    """The standard form of an address; reading that again gives it back. Raises Malformed."""
    line = _read_once(text)
    for _ in range(_ROUNDS):
        again = _read_once(line)
        if again == line:
            return line
        line = again
    raise Malformed("unclear")


def segments_of(text: str) -> Segments:
    """The words of a line in capitals and without punctuation, cut at its commas."""
    text = text.replace("&amp;", "&").translate(_SIGNS)
    if not text.isascii():
        text = _ACCENT.sub("", unicodedata.normalize("NFKD", text))
    text = text.upper()
    if _NEEDS_REWRITING(text):
        for pattern, instead in _REWRITES:
            text = pattern.sub(instead, text)
    text = text.replace("#", " # ").replace("&", " & ")
    return [words for part in text.split(",") if (words := part.split())]


def joined(street: str, city: str, state: str, zip_code: str) -> str:
    """The standard form made of its four parts, of which the last three may be blank."""
    return ", ".join(filter(None, (street, city, f"{state} {zip_code}".strip())))


def _read_once(text: str) -> str:
    if len(text) > LONGEST:
        raise Malformed("too_long")
    segments = segments_of(text)
    if not segments:
        raise Malformed("empty")
    state, zip_code = take_place(segments)
    if not segments:
        raise Malformed("no_street")
    found = _by_rules(_with_whole_boxes(segments), zip_code)
    if found is None:
        *found, named = _by_model(segments, state, zip_code)
        state = state or named
    street, city = found
    return joined(street_line(street), city_line(city) if city else "", state, zip_code)


def _with_whole_boxes(segments: Segments) -> Segments:
    """The same with "RR 4, BOX 164" in one piece."""
    whole = segments[:1]
    for words in segments[1:]:
        if words[0] == "BOX" and whole[-1][0] in BOX_STARTS and box_line(whole[-1] + words):
            whole[-1] = whole[-1] + words
        else:
            whole.append(words)
    return whole


def _by_rules(segments: Segments, zip_code: str) -> tuple[list[str], list[str]] | None:
    """The words of street and city where commas or the ZIP code tell them apart, else None."""
    at = next((at for at, words in enumerate(segments) if starts_street(words)), None)
    if at is None:
        return None
    before, street, rest = segments[:at], [*segments[at]], segments[at + 1 :]
    if len(street) == 1 and rest:
        street += rest.pop(0)
    for words in before:
        unit = rest_of_street(words)
        if unit is None and not words[0].isalpha():
            return None  # neither a unit nor a name
        street += unit or []
    while rest and (more := rest_of_street(rest[0])) is not None:
        street += more
        del rest[0]
    if rest and len(rest[0]) > 1 and rest[0][0] in QUARTERS:
        street.append(rest[0].pop(0))
    if rest:
        return (street, rest[0]) if len(rest) == 1 and is_city(rest[0]) else None
    if zip_code and (size := city_at_end(street, zip_code)):
        return street[:-size], street[-size:]
    return (street, []) if _is_finished(street) else None


def _is_finished(street: list[str]) -> bool:
    """Whether a line ends as a street does, so that no city can be hidden in it."""
    words = street[2:]
    while words and words[-1] in DIRECTIONS:
        words = words[:-1]
    if not words:
        return False
    if not words[-1].isalpha() or (words[-1] in PARTS_OF_BUILDINGS and opens_unit(words, len(words) - 1)):
        return True
    return words[-1] in SUFFIXES and sum(word in SUFFIXES for word in words) == 1


def _by_model(segments: Segments, state: str, zip_code: str) -> tuple[list[str], list[str], str]:
    """The words of street and city, and the state, as usaddress labels them. Raises Malformed."""
    if not any(word[0].isdigit() or word in CARDINALS for words in segments for word in words):
        raise Malformed("no_number")
    line = ", ".join([*(" ".join(words) for words in segments), f"{state} {zip_code}".strip()])
    kept: dict[str, list[str]] = {"street": [], "unit": [], "city": [], "state": []}
    ended = False  # at a corner's second street, or where the address is said again
    for word, label in _labelled(line.rstrip(", ")):
        ended = (
            ended or label == "IntersectionSeparator" or (label == "AddressNumber" and bool(kept["street"]))
        )
        part = _PARTS.get(label)
        if part is not None and not (ended and part in ("street", "unit")):
            kept[part].append(word)
    if not kept["street"]:
        raise Malformed("no_street")
    city = [word for word in kept["city"] if word.isalpha()]
    return kept["street"] + kept["unit"], city, STATES.get(tuple(kept["state"]), "")


def _labelled(line: str) -> list[tuple[str, str]]:
    # Imported here: usaddress opens its model as it is imported.
    from usaddress import parse

    with _TAGGING:
        found = parse(line)
    return [(word.strip(",.;()"), label) for word, label in found]
