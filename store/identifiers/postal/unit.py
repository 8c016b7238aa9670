"""Which flat, floor or suite of a building is meant?"""

import re

from store.identifiers.postal.words import (
    DIRECTIONS,
    NUMBER_SIGNS,
    ORDINALS,
    PARTS_OF_BUILDINGS,
    PLAIN_UNITS,
    SUFFIXES,
    UNIT_RANKS,
    UNITS,
)

UNIT_WORDS = frozenset(UNITS) | frozenset(PARTS_OF_BUILDINGS) | NUMBER_SIGNS

# What a flat is called when nothing says that it is one: 4B, B4, 4, or a letter that is no direction.
bare_unit = re.compile(r"\d{1,5}[A-Z]?|[A-Z]\d{1,4}|[A-DF-MO-RT-VX-Z]").fullmatch
# Not in full: North, South Carolina, and West, Texas, are towns.
_DIRECTION_CODES = frozenset(DIRECTIONS.values())
_NUMBER_OR_LETTER = re.compile(r".*\d.*|[A-Z]").fullmatch
_ORDINAL = re.compile(r"(\d+)(?:ST|ND|RD|TH)").fullmatch


def rest_of_street(tokens: list[str]) -> list[str] | None:
    """What a piece between commas adds to the street before it: a unit or a direction; else None."""
    if len(tokens) == 1:
        if bare_unit(tokens[0]) is not None:
            return ["#", *tokens]
        if tokens[0] in _DIRECTION_CODES:
            return tokens
    return tokens if opens_unit(tokens, 0) else None


def unit_start(tokens: list[str], least: int) -> int:
    """Where the unit begins in a line, at `least` or later; the line's length when there is none."""
    for at in range(least, len(tokens)):
        if opens_unit(tokens, at):
            return at
    return len(tokens)


def opens_unit(tokens: list[str], at: int) -> bool:
    """Whether the word at this place begins a unit rather than being part of a street's name."""
    word = tokens[at]
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    code = UNITS.get(word)
    if code == "#":
        return True
    if code in PLAIN_UNITS:
        return following not in SUFFIXES or at + 2 < len(tokens)
    if code is not None:
        return _NUMBER_OR_LETTER(following) is not None and not _names_floor(tokens, at + 1)
    if word in NUMBER_SIGNS:
        return at + 2 == len(tokens) and _NUMBER_OR_LETTER(following) is not None
    if word in PARTS_OF_BUILDINGS:
        ends = not following or _NUMBER_OR_LETTER(following) is not None or following in UNITS
        return ends and (at == 0 or (at > 1 and _may_end_street(tokens[at - 1])))
    return _names_floor(tokens, at)


def unit_line(tokens: list[str]) -> str:
    """The standard form of a unit, the larger part first; empty when it has no number."""
    if len(tokens) == 2 and tokens[0] in UNITS and tokens[1] not in UNIT_WORDS and UNITS[tokens[0]] != "FL":
        return f"{UNITS[tokens[0]]} {tokens[1]}"
    groups: list[tuple[str, list[str]]] = []
    words = iter(enumerate(tokens))
    for at, word in words:
        code = "#" if word in NUMBER_SIGNS else UNITS.get(word) or PARTS_OF_BUILDINGS.get(word)
        if _names_floor(tokens, at):
            groups.append(("FL", [word]))
            next(words)
        elif code is None and groups:
            groups[-1][1].append(word)
        elif code is None:
            groups.append(("#", [word]))
        elif code != "#" or not groups or not _awaits_number(groups[-1]):
            groups.append((code, []))
    groups.sort(key=lambda group: UNIT_RANKS.get(group[0], len(UNIT_RANKS)))
    return " ".join(filter(None, (_group_line(code, words) for code, words in groups)))


def _awaits_number(group: tuple[str, list[str]]) -> bool:
    code, words = group
    return not words and code not in PARTS_OF_BUILDINGS


def _group_line(code: str, words: list[str]) -> str:
    if not words:
        return code if code in PARTS_OF_BUILDINGS else ""
    if code == "FL":
        words = [_floor(words[0]) or words[0], *words[1:]]
    if len(words) == 2 and words[0].isdigit() and len(words[1]) == 1:
        words = ["".join(words)]
    return f"{code} {' '.join(words)}"


def _names_floor(tokens: list[str], at: int) -> bool:
    """Whether "2ND FLOOR" stands here, and not a street 2ND before "FLOOR 5"."""
    if at + 1 >= len(tokens) or UNITS.get(tokens[at + 1]) != "FL" or _floor(tokens[at]) is None:
        return False
    return at + 2 == len(tokens) or _NUMBER_OR_LETTER(tokens[at + 2]) is None


def _floor(word: str) -> str | None:
    found = _ORDINAL(ORDINALS.get(word, word))
    return found[1] if found else None


def _may_end_street(word: str) -> bool:
    return word in SUFFIXES or word in DIRECTIONS or _NUMBER_OR_LETTER(word) is not None
