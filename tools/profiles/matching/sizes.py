"""How many employees do these words mean?"""

import math
import re
from functools import lru_cache

from tools.profiles.matching.words import REMEMBERED, normal

# Headcounts as vendors of company data mostly name them.
BANDS: dict[str, tuple[float, float]] = {
    "self employed": (1, 1),
    "freelance": (1, 1),
    "micro": (1, 9),
    "startup": (1, 50),
    "small": (1, 99),
    "small business": (1, 99),
    "smb": (1, 499),
    "sme": (1, 249),
    "mid market": (100, 999),
    "midmarket": (100, 999),
    "mid size": (100, 999),
    "midsize": (100, 999),
    "medium": (50, 249),
    "large": (250, math.inf),
    "enterprise": (1000, math.inf),
}
_NUMBER = r"(\d[\d,.' ]*\d|\d)\s?([km])?\b"
_TWO = re.compile(rf"{_NUMBER}\s?(?:-|to|and|bis|\.\.)\s?{_NUMBER}")
_ONE = re.compile(_NUMBER)
_LEAST = re.compile(
    r"\+|\b(?:over|more than|above|at least|from|min(?:imum)?|greater than|or more|and more)\b"
    r"|\b(?:and over|or above)\b|>"
)
_MOST = re.compile(r"\b(?:under|less than|fewer than|below|up to|at most|max(?:imum)?|or less|or fewer)\b|<")
_ABOVE, _BELOW = (
    re.compile(r"\b(?:over|more than|above|greater than)\b|>(?!=)"),
    re.compile(r"\b(?:under|less than|fewer than|below)\b|<(?!=)"),
)
_OF_WHAT = re.compile(
    r"\b(?:employees?|staff|people|workers|headcount|ftes?|heads|persons|seats|team members)\b"
)


@lru_cache(REMEMBERED)
def size_range(text: str) -> tuple[float, float] | None:
    """The fewest and the most employees: of `51-200`, `1,000+`, `under 10`, `mid-market`; None for others.

    Of a single number both are that number; without an upper end the most are infinite.
    """
    low_letters = text.strip().casefold().replace("\u2013", "-").replace("\u2014", "-")
    if (
        band := BANDS.get(re.sub(r"\s*(?:companies|company|businesses|firms?)$", "", normal(text)))
    ) is not None:
        return band
    if two := _TWO.search(low_letters):
        low, high = _value(two[1], two[2] or two[4]), _value(two[3], two[4])
        low = low if low <= high else _value(two[1], two[2])  # 1-2k is 1,000 to 2,000, 200-1k is not
        return (low, high) if low <= high else None
    if not (one := _ONE.search(low_letters)):
        return None
    value = _value(one[1], one[2])
    if _MOST.search(low_letters):
        return 1.0, value - 1 if _BELOW.search(low_letters) else value
    if _LEAST.search(low_letters):
        return value + 1 if _ABOVE.search(low_letters) else value, math.inf
    return value, value


def speaks_of_size(text: str) -> bool:
    """Whether words are about a number of employees: `fewer than 10 employees`, `mid-market`."""
    return size_range(text) is not None and (
        bool(_OF_WHAT.search(text.casefold())) or not re.search(r"\d", text)
    )


def _value(digits: str, unit: str | None) -> float:
    if unit:
        return float(re.sub(r"[,' ]", "", digits)) * {"k": 1e3, "m": 1e6}[unit]
    grouped = re.fullmatch(r"\d{1,3}(?:[,.' ]\d{3})+", digits)
    return float(re.sub(r"[,.' ]", "", digits) if grouped else re.sub(r"[,' ]", "", digits))


def in_size(value: tuple[float, float], wanted: tuple[float, float]) -> bool:
    """Whether a headcount lies in the range wanted; of a band, whether half of it does by its logarithm.

    Headcounts spread by their logarithm: half of 51-200 lies under 101. Without an upper end a band is taken
    to end at ten times its lower one.
    """
    low, high = value
    bottom, top = wanted
    if low == high:
        return bottom <= low <= top
    high = low * 10 if math.isinf(high) else high
    shared = math.log(max(1, min(high, top) + 1)) - math.log(max(low, bottom, 1))
    return shared >= 0.5 * (math.log(high + 1) - math.log(max(low, 1)))
