"""Is every figure of a text one of the facts?"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from agent.grounding.numerals import number_at
from agent.grounding.reading import read

WRITTEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
SLACK = 1e-9
SCALES = (1.0, 100.0)  # a share is written in percent, and its difference in points
OF_NAMES = ("key", "id", "hash", "digest", "version", "link", "markdown", "code_version", "prompts")
SENTENCE_ENDS = (".", "!", "?")
OF_TEXTS = ("headline", "summary", "title", "say", "says", "evidence", "sentence", "why", "doubt")


class Facts:
    """All figures that may be told: those found, and those within names as they stand in the data."""

    def __init__(self, figures: Iterable[float], names: Iterable[str]) -> None:
        self._figures = sorted({scale * each for each in figures for scale in SCALES})
        # As it stands, and as it is read: “$150K” is read as 150K.
        named = list(names)
        self._named = {token for name in named for token in WRITTEN.findall(name)}
        self._named |= {written for name in named for written, _, _ in _figures(name)}

    def has(self, written: str, value: float, half_digit: float) -> bool:
        """Whether this figure, as it is written, is one of the facts to its last digit."""
        if written in self._named:
            return True
        from bisect import bisect_left

        slack = half_digit * (1 + 1e-6) + SLACK
        at = bisect_left(self._figures, value - slack)
        return at < len(self._figures) and self._figures[at] <= value + slack


def facts_of(*found: Any) -> Facts:
    """The facts in these findings: every number, and every number within a name or a day.

    What another text says is no fact: sentences take no part.
    """
    figures: list[float] = []
    names: list[str] = []
    for each in found:
        _collect(each, figures, names)
    return Facts(figures, names)


def _collect(value: Any, figures: list[float], names: list[str]) -> None:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    if isinstance(value, int | float):
        figures.append(abs(float(value)))
    elif isinstance(value, str):
        if not value.rstrip().endswith(SENTENCE_ENDS):
            names.append(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            names.append(str(name))
            if name not in OF_NAMES and name not in OF_TEXTS:
                _collect(inner, figures, names)
    else:
        figures.append(float(len(value)))
        for inner in value:
            _collect(inner, figures, names)


def dates(*days: date | None) -> list[int]:
    """The day and the year of each, as they are written."""
    return [figure for each in days if each for figure in (each.day, each.year)]


def strangers(text: str, facts: Facts) -> list[str]:
    """The figures of a text that are no facts, as they are written."""
    return [written for written, value, half in _figures(text) if not facts.has(written, value, half)]


def _figures(text: str) -> Iterator[tuple[str, float, float]]:
    for sentence in read(text):
        at = 0
        while at < len(sentence.tokens):
            token = sentence.tokens[at]
            number = number_at(sentence.tokens, at) if token.kind == "number" else None
            if number is None:
                at += 1
                continue
            yield token.text.lstrip("$€£"), number.value, number.half_digit
            at = number.end
