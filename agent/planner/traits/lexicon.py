"""Which traits do the words name outright, as people in marketing name them?"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "words.toml"


@dataclass(frozen=True)
class Entry:
    """An attribute with a value, or several values, and what it is called."""

    key: str  # `attribute`, `attribute=value` or `attribute=value|value`
    pattern: re.Pattern[str]


def _entries(section: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(key, re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE))
        for key, words in _table()[section].items()
    )


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(WORDS.read_text())


@cache
def named_traits() -> tuple[Entry, ...]:
    """Everything but purchases, which need a word for buying."""
    return _entries("several") + _entries("values") + _entries("flags")


@cache
def purchases() -> tuple[Entry, ...]:
    """What can have been bought."""
    return _entries("purchases")


def longest(text: str, entries: tuple[Entry, ...]) -> list[tuple[Entry, int, int]]:
    """The entries that the text names, none overlapping another; the longest words win."""
    found = sorted(
        ((entry, *match.span()) for entry in entries for match in entry.pattern.finditer(text)),
        key=lambda each: each[1] - each[2],
    )
    kept: list[tuple[Entry, int, int]] = []
    for entry, start, end in found:
        if all(end <= other_start or start >= other_end for _, other_start, other_end in kept):
            kept.append((entry, start, end))
    return sorted(kept, key=lambda each: each[1])
