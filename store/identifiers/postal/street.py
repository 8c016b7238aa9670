"""How is the line of an address from the house number to the flat written?"""

import re

from store.identifiers.malformed import Malformed
from store.identifiers.postal.box import BOX_STARTS, box_line
from store.identifiers.postal.unit import UNIT_WORDS, bare_unit, opens_unit, unit_line, unit_start
from store.identifiers.postal.words import (
    CARDINALS,
    DIRECTIONS,
    LEADING_WORDS,
    NUMBER_SIGNS,
    ORDINALS,
    PLAIN_SUFFIXES,
    PLAIN_UNITS,
    ROAD_OWNERS,
    SUFFIXES,
    UNITS,
)

_HOUSE = re.compile(
    r"(?!\d+(?:ST|ND|RD|TH)\Z)(?:\d+(?:[A-Z]{1,2}|-\d+[A-Z]?|-[A-Z])?|[NSEW]\d+(?:[NSEW]\d+)?)"
).fullmatch
_GRID = re.compile(r"[NSEW]\d+[NSEW]\d+").fullmatch
_FRACTION = re.compile(r"\d/\d").fullmatch
_ROAD_NUMBER = re.compile(r"\d+[A-Z]{0,2}|[A-Z]{1,2}").fullmatch
_LETTER = re.compile("[A-Z]").search
_NUMBERED = frozenset({"HWY", "RTE"})
_BEFORE_UNITS = PLAIN_SUFFIXES - _NUMBERED
_ROAD_WORDS = frozenset(word for word, code in SUFFIXES.items() if code in {*_NUMBERED, "RD"}) | {"US", "CR"}


def starts_street(tokens: list[str]) -> bool:
    """Whether a line of these words begins with a house number or is a box."""
    if _HOUSE(tokens[0]) is not None:
        return True
    return box_line(tokens) is not None or (tokens[0] in CARDINALS and len(tokens) > 2)


def street_line(tokens: list[str]) -> str:
    """The standard form of a line given as words in capitals. Raises Malformed."""
    house = tokens[0]
    if _HOUSE(house) is None:
        if house in BOX_STARTS and (box := box_line(tokens)) is not None:
            return _with_rest(*box, tokens)
        house = CARDINALS.get(house, "")
        if not house:
            raise Malformed("no_number")
    at = 1
    if len(tokens) > 2 and _FRACTION(tokens[1]) is not None:
        house, at = f"{house} {tokens[1]}", 2
    elif len(tokens) > 2 and not house.isdigit() and _GRID(house + tokens[1]) is not None:
        house, at = house + tokens[1], 2  # Wisconsin's W210 N16570
    if len(tokens) == at:
        raise Malformed("no_street")
    words = tokens[at:]
    unit: list[str] = []
    if not UNIT_WORDS.isdisjoint(words):
        words, unit = _without_unit(words)
    if len(words) > 2 and (bare := _bare_unit_at_end(words)):
        words, unit = words[:-1], ["#", bare, *unit]
    line = f"{house} {_name(words)}"
    return f"{line} {standard}" if unit and (standard := unit_line(unit)) else line


def split_unit(line: str) -> tuple[str, str]:
    """A standard line without its unit, and the unit."""
    tokens = line.split(" ")
    if UNIT_WORDS.isdisjoint(tokens):
        return line, ""
    box = box_line(tokens)
    cut = box[1] if box else unit_start(tokens, 3 if _FRACTION(tokens[1]) else 2)
    return " ".join(tokens[:cut]), " ".join(tokens[cut:])


def _with_rest(box: str, used: int, tokens: list[str]) -> str:
    rest = tokens[used:]
    if not rest:
        return box
    if not opens_unit(rest, 0):
        raise Malformed("unclear")
    unit = unit_line(rest)
    return f"{box} {unit}" if unit else box


def _without_unit(words: list[str]) -> tuple[list[str], list[str]]:
    if not NUMBER_SIGNS.isdisjoint(words):
        # "STATE HIGHWAY # 50": the sign is the road's.
        before = ["", *words]
        words = [
            word
            for word, last in zip(words, before, strict=False)
            if word not in NUMBER_SIGNS or SUFFIXES.get(last) not in _NUMBERED
        ]
    if UNITS.get(words[0]) in PLAIN_UNITS and opens_unit(words, 0):
        raise Malformed("no_street")
    cut = unit_start(words, 1)
    return words[:cut], words[cut:]


def _bare_unit_at_end(words: list[str]) -> str:
    """The last word when it stands behind a finished street: 123 MAIN ST N 4B."""
    last = words[-1]
    if bare_unit(last) is None:
        return ""
    street = words[:-2] if words[-2] in DIRECTIONS and len(words) > 3 else words[:-1]
    suffix = SUFFIXES.get(street[-1])
    if len(street) < 2 or suffix not in _BEFORE_UNITS or street[-2] in ROAD_OWNERS:
        return ""
    # "S AVENUE H" has no suffix: its name is AVENUE H.
    return "" if suffix == "AVE" and len(street) == 2 and street[0] in DIRECTIONS else last


def _name(words: list[str]) -> str:
    """A street's name: direction, name, suffix and direction, each in its standard form."""
    before, words = _direction_before(words)
    road = None if _ROAD_WORDS.isdisjoint(words) else _numbered_road(words)
    if road is not None:
        return f"{before} {road}" if before else road
    after, words = _direction_after(words)
    suffix = SUFFIXES.get(words[-1]) if len(words) > 1 else None
    if suffix is not None:
        words = words[:-1]
    name = _proper(words)
    if not name[0].isalpha() and _LETTER(name) is None:
        if suffix in PLAIN_SUFFIXES and name.isdigit():
            name = _ordinal(name)  # 12 W 42 ST, but 511 S 300 W is what Utah's streets are called
        elif not (suffix or before or after):
            raise Malformed("no_street")
    if suffix is not None:
        name = f"{name} {suffix}"
    if before:
        name = f"{before} {name}"
    return f"{name} {after}" if after else name


def _proper(words: list[str]) -> str:
    if len(words) == 1:
        return ORDINALS.get(words[0], words[0])
    return " ".join([LEADING_WORDS.get(words[0], words[0]), *words[1:]])


def _ordinal(digits: str) -> str:
    if digits[-2:-1] == "1":
        return f"{digits}TH"
    return digits + {"1": "ST", "2": "ND", "3": "RD"}.get(digits[-1], "TH")


def _direction_before(words: list[str]) -> tuple[str, list[str]]:
    code = DIRECTIONS.get(words[0])
    if code is None or len(words) == 1 or _is_only_suffix(words[1:]):
        return "", words
    if len(words) > 2 and not _is_only_suffix(words[2:]) and (pair := _pair(code, words[1])):
        return pair, words[2:]
    return code, words[1:]


def _direction_after(words: list[str]) -> tuple[str, list[str]]:
    code = DIRECTIONS.get(words[-1])
    if code is None or len(words) == 1 or (len(words) == 2 and SUFFIXES.get(words[0]) == "AVE"):
        return "", words
    if len(words) > 2 and (pair := _pair(DIRECTIONS.get(words[-2], ""), words[-1])):
        return pair, words[:-2]
    return code, words[:-1]


def _pair(first: str, word: str) -> str:
    """NW for N and WEST; empty when the two make no direction. Publication 28, 233."""
    second = DIRECTIONS.get(word, "")
    return first + second if first in ("N", "S") and second in ("E", "W") else ""


def _is_only_suffix(words: list[str]) -> bool:
    """Whether a name is still missing, so that a direction before must be it: NORTH ST, E ST NW."""
    return SUFFIXES.get(words[0]) in PLAIN_SUFFIXES and all(word in DIRECTIONS for word in words[1:])


def _numbered_road(words: list[str]) -> str | None:
    """STATE RTE 47 or US HWY 41 S, or None for a road with a name."""
    if words[0] in ("US", "CR") and len(words) > 1 and words[1].isdigit():
        words = [*(["US", "HWY"] if words[0] == "US" else ["COUNTY", "RD"]), *words[1:]]
    for at in range(len(words) - 1):
        kind = SUFFIXES.get(words[at])
        owner = ROAD_OWNERS.get(words[at - 1]) if at else None
        if (kind in _NUMBERED or (kind == "RD" and owner)) and _is_road_number(words[at + 1]):
            kind = "HWY" if owner == "US" else kind
            before = words[: at - 1] if owner else words[:at]
            after = [DIRECTIONS.get(word, word) for word in words[at + 2 :]]
            return " ".join(filter(None, (*before, owner, kind, words[at + 1], *after)))
    return None


def _is_road_number(word: str) -> bool:
    return _ROAD_NUMBER(word) is not None and word not in SUFFIXES
