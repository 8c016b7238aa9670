"""Which figure is meant by `3.1`, `33 %` or `48k`?"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agent.explain.explanation import ExplainedFigure

NUMBER = re.compile(
    r"(?P<digits>\d[\d,]*(?:\.(?P<decimals>\d+))?)\s*"
    r"(?P<unit>%|percent\b|per cent\b|k\b|m\b|thousand\b|million\b)?",
    re.IGNORECASE,
)
FACTORS = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
WORD = re.compile(r"[^\W\d_]{3,}")
EMPTY = re.compile(
    r"the|where|does|come|from|that|this|what|how|why|who|are|and|for|with|you|got|get|number|figure|times|value|say|says|read|reads|stand|stands"
)
SHARED = 4  # letters at the beginning by which two words are the same one


class Said(NamedTuple):
    """A number as somebody said it, and the words beside it."""

    value: float
    step: float  # the place value of its last digit
    is_percent: bool
    words: tuple[str, ...]


def said(subject: str) -> Said | None:
    """The number in the subject; None where there is none."""
    found = NUMBER.search(subject)
    if found is None:
        return None
    unit = (found["unit"] or "").lower()
    factor = FACTORS.get(unit, 1)
    return Said(
        float(found["digits"].replace(",", "")) * factor,
        10.0 ** -len(found["decimals"] or "") * factor,
        unit.startswith(("%", "per")),
        words_of(subject[: found.start()] + " " + subject[found.end() :]),
    )


def words_of(text: str) -> tuple[str, ...]:
    """The words that tell figures apart."""
    return tuple(word for word in WORD.findall(text.lower()) if not EMPTY.fullmatch(word))


def matching(figures: list[ExplainedFigure], meant: Said) -> list[ExplainedFigure]:
    """The figures that round to what was said; those that the words beside it name, where some do.

    A value comes before the end of an interval, and one that is shown so before one that only rounds so.
    """
    found = [f for f in figures if _rounds_to(f.value, f, meant)]
    for part in ("low", "high"):
        ends = [(f, getattr(f, part)) for f in figures]
        found += [
            f.model_copy(update={"part": part})
            for f, end in ends
            if end is not None and _rounds_to(end, f, meant)
        ]
    return _distinct(named(found, meant.words) or found)


def by_words(texts: Sequence[str], words: tuple[str, ...]) -> list[int]:
    """Places of the texts that share the most of these words, at least one; none where there are no words."""
    scores = [sum(_is_in(word, text.lower()) for word in words) for text in texts]
    best = max(scores, default=0)
    return [place for place, score in enumerate(scores) if score == best > 0]


def named(figures: list[ExplainedFigure], words: tuple[str, ...]) -> list[ExplainedFigure]:
    """The figures that share the most of these words."""
    return [figures[place] for place in by_words([figure.what for figure in figures], words)]


def nearest(figures: list[ExplainedFigure], meant: Said, most: int = 3) -> list[ExplainedFigure]:
    """The figures whose values lie nearest."""
    alike = [f for f in figures if (f.form == "share") == meant.is_percent] or figures
    close = named(alike, meant.words) or alike
    return _distinct(sorted(close, key=lambda figure: abs(_scaled(figure.value, figure) - meant.value)))[
        :most
    ]


def _rounds_to(value: float, figure: ExplainedFigure, meant: Said) -> bool:
    if meant.is_percent and figure.form != "share":
        return False
    if figure.form == "count" and meant.step == 1:
        return value == meant.value
    return abs(_scaled(value, figure) - meant.value) <= meant.step / 2 * (1 + 1e-9)


def _scaled(value: float, figure: ExplainedFigure) -> float:
    return value * 100 if figure.form == "share" else value


def _is_in(word: str, text: str) -> bool:
    beginning = word if len(word) <= SHARED else word[: max(SHARED, len(word) - 2)]
    return re.search(rf"\b{re.escape(beginning)}", text) is not None


def _distinct(figures: list[ExplainedFigure]) -> list[ExplainedFigure]:
    return list({(figure.what, figure.part): figure for figure in reversed(figures)}.values())[::-1]
