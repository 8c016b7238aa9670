"""Which numbers are in a message, in digits or in words?"""

import re
from dataclasses import dataclass

from agent.number_words import ONES, TENS

_SCALES = {"hundred": 100, "thousand": 1_000, "grand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SUFFIXES = {"k": 1_000, "m": 1_000_000, "mm": 1_000_000, "mn": 1_000_000, "mil": 1_000_000, "mio": 1_000_000}
_WORDS = ONES | TENS
_PARTS = _WORDS | {"half": 0.5, "quarter": 0.25, "couple": 2}
_TIMES = {"dozen": 12, "hundred": 100}
_SMALL = "|".join(sorted(_WORDS, key=len, reverse=True))
_SPOKEN = rf"(?:{_SMALL}|a|an|half|quarter|couple|dozen|three-quarters)"
_NUMBER = re.compile(
    r"(?<![\w.,/#-])(?:"
    # 50k, 1.2m, 25,000, 1.5 million, 250 thousand
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,6})?)"
    r"(?:\s?(?P<suffix>k|mm|mn|mil|mio|m)\b|\s(?P<scale>hundred thousand|hundred|thousand"
    r"|grand|million|billion)\b)?"
    # a quarter million, half a million, two hundred thousand, a couple thousand
    rf"|(?P<words>(?:{_SPOKEN})(?:[\s-](?:and[\s-])?(?:{_SPOKEN}|of|hundred|thousand|grand"
    rf"|million|k)s?){{0,7}})"
    r")(?![\w]|[.,]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quantity:
    """A number, where it stands, and how it was written."""

    start: int
    end: int
    value: float
    said: str
    is_scaled: bool = False  # 50k, two thousand: nobody counts years or segments like this


def quantities(text: str) -> list[Quantity]:
    """Every number of the text, in order."""
    found = []
    for match in _NUMBER.finditer(text):
        value = _in_digits(match) if match["digits"] else _in_words(match["words"])
        if value is not None:
            scaled = bool(match["suffix"] or match["scale"] or "," in (match["digits"] or ""))
            scaled = scaled or (match["words"] is not None and value >= 100)
            found.append(Quantity(match.start(), match.end(), value, match[0], scaled))
    return found


def number_in(text: str) -> float | None:
    """The first number of the text."""
    found = quantities(text)
    return found[0].value if found else None


def _in_digits(match: re.Match[str]) -> float:
    value = float(match["digits"].replace(",", ""))
    if match["suffix"]:
        value *= _SUFFIXES[match["suffix"].lower()]
    for scale in (match["scale"] or "").lower().split():
        value *= _SCALES[scale]
    return round(value, 6)


def _in_words(text: str) -> float | None:
    """A number in words; None where no word of it is a number."""
    words = [w for w in re.split(r"[\s-]+", text.lower()) if w not in ("and", "of")]
    words = [w.removesuffix("s") if w.removesuffix("s") in _SCALES or w == "quarters" else w for w in words]
    if set(words) <= {"a", "an", "of"}:
        return None
    total, current = 0.0, 0.0
    for before, word in zip(["", *words], words, strict=False):
        if word in _PARTS:  # half a million, one and a half million, three quarters of a million
            current = (
                current * _PARTS[word] if before == "three" and word == "quarter" else current + _PARTS[word]
            )
        elif word in _TIMES:
            current = (current or 1) * _TIMES[word]
        elif word not in ("a", "an"):
            total += (current or 1) * _SCALES.get(word, 1_000)
            current = 0
    return total + current
