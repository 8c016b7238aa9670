"""Does somebody have the role that is looked for, by function and by level?"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from tools.profiles.matching.words import REMEMBERED, normal, stem

_ROLES = Path(__file__).with_name("roles.toml")
_UPWARDS = re.compile(
    r"\+\s*$|\b(?:and|or)\s(?:above|up|higher|more senior|over)\s*$|\blevel\s(?:and|or)\sabove\s*$", re.I
)
# Of these, whatever else the title says: an assistant to the CEO is no chief.
_ASSISTS = re.compile(r"\b(?:assistant to|executive assistant|personal assistant|office of the)\b")
# `Account executive`, `product owner` and `business partner` hold words of a level that they do not have.
_NO_LEVEL = re.compile(
    r"\b(?:account|sales|marketing|customer) executive\b|\bproduct owner\b"
    r"|\b(?:business|hr|people|channel) partner\b"
)
_CHIEF = re.compile(r"\bchief executives?(?: officers?)?\b|\bceos?\b")
_OTHER = frozenset(
    {"of", "the", "and", "for", "level", "officer", "global", "group", "regional", "in", "at", "a"}
)
ASSISTANT = 1
TOP = 8


@dataclass(frozen=True)
class Role:
    """A level, None where none is said, and the words of a function, synonyms as one mark."""

    level: int | None
    function: frozenset[str]
    upwards: bool = False


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(_ROLES.read_text(encoding="utf-8"))


@cache
def _levels() -> list[tuple[re.Pattern[str], int]]:
    """Patterns of the words of levels, the longest first: vice president before president."""
    told = [(word, at) for at, names in enumerate(_tables()["levels"]) for word in names]
    told.sort(key=lambda each: -len(each[0]))
    return [(re.compile(rf"\b{re.escape(word)}s?\b"), at) for word, at in told]


@cache
def _functions() -> list[tuple[re.Pattern[str], str]]:
    told = [(word, f"#{at}") for at, names in enumerate(_tables()["functions"]) for word in names]
    told.sort(key=lambda each: -len(each[0]))
    return [(re.compile(rf"\b{re.escape(word)}s?\b"), mark) for word, mark in told]


@lru_cache(REMEMBERED)
def role(text: str) -> Role:
    """The level and the function of a title or of words for one: `VP Sales`, `Director+`, `CTO`."""
    upwards = bool(_UPWARDS.search(text.strip()))
    told = normal(_UPWARDS.sub(" ", text.strip()))
    told = _CHIEF.sub("chief chiefexecutive", told)
    for short, long in _tables()["short"].items():
        told = re.sub(rf"\b{short}s?\b", long, told)
    assists = bool(_ASSISTS.search(told))
    rest = _NO_LEVEL.sub(lambda found: found[0].replace(" executive", "").replace(" owner", ""), told)
    found: list[int] = []
    for pattern, level in _levels():
        if pattern.search(rest):
            found.append(level)
            rest = pattern.sub(" ", rest)
    level = ASSISTANT if assists else max(found, default=None)
    marks = set()
    for pattern, mark in _functions():
        if pattern.search(rest):
            marks.add(mark)
            rest = pattern.sub(" ", rest)
    left = {stem(word) for word in rest.replace("+", " ").split() if word not in _OTHER}
    return Role(level, frozenset(marks | left), upwards)


@lru_cache(REMEMBERED)
def is_role(value: str, wanted: str) -> bool:
    """Whether a title fits the role: all words of its function or synonyms of them, and its level.

    A role of a level alone fits any function; one with a plus or `and above` that level and all above it; a
    role without a level fits every level; a chief may be a founder
    too. `CTO` is written out: chief technology officer.
    """
    if normal(value) == normal(wanted):
        return True
    asked, mine = role(wanted), role(value)
    if not asked.function and asked.level is None:
        return False
    if not asked.function <= mine.function:
        return False
    if asked.level is None:
        return True
    if mine.level is None:
        return False
    if asked.upwards or asked.level == TOP:
        return mine.level >= asked.level
    return mine.level == asked.level
