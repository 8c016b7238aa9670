"""How many people are wanted?"""

import re

from agent.planner.reading.quantities import Quantity, quantities
from agent.planner.reading.sentence import Sentence
from agent.planner.reading.strategies import TOP
from agent.planner.traits.ranges import ranges_in

_COUNTED = re.compile(
    r"\s?(?:of (?:them|the|these|those)|people|persons?|folks|contacts?|names?|leads?"
    r"|records?|prospects?|lookalikes?|look-?alikes?|similar|more|households|homes"
    r"|individuals|emails?|phones?|addresses|maids|postcards|letters|consumers|targets?"
    r"|best|closest|likeliest|max|tops|or so|at (?:the )?most|strong|(?:new )?customers)\b",
    re.I,
)
_LIMIT = re.compile(
    r"(?:up to|at most|max(?:imum)?(?: of)?|no more than|size(?: of)?:?"
    r"|capp?(?:ed)?(?: it)? at|limit(?:ed)?(?: (?:it|that|this|them))? to|about|around"
    r"|roughly|approximately|some|only|just|top|best|to|=|:)\s*$",
    re.I,
)
_NOT_SIZES = re.compile(
    r"(?:segment|revision|version|v|no\.?|number|#|zip|code|route|person|id|step|q"
    r"|quarter|age|aged|last|past|within)\s?$",
    re.I,
)
_UNITS_AFTER = re.compile(
    r"\s?(?:%|percent|miles?\b|mi\b|km\b|kms\b|kilomet|years?|yrs?|days?|weeks?|months?"
    r"|hours?|employees|staff|kids?|children|adults|bedrooms|cars|pets|dogs|cats|am\b"
    r"|pm\b|times|dollars|usd|bucks|t-?shirts)",
    re.I,
)
LEAST = 100  # a smaller bare number is rather something else


def take_size(sentence: Sentence) -> int | None:
    """How many people are wanted, with its words taken out."""
    text = sentence.left
    taken = [(each.start, each.end) for each in ranges_in(text)]
    found = [each for each in quantities(text) if _is_size(text, each, taken)]
    if not found:
        return None
    best = next((each for each in found if each.is_scaled), found[0])
    sentence.blank(best.start, best.end)
    return int(best.value)


def _is_size(text: str, number: Quantity, taken: list[tuple[int, int]]) -> bool:
    if any(number.start < end and number.end > start for start, end in taken) or number.value < 1:
        return False
    before, after = text[: number.start], text[number.end :]
    if (
        _NOT_SIZES.search(before[-12:])
        or _UNITS_AFTER.match(after)
        or before.rstrip()[-1:] in ("$", "€", "£")
    ):
        return False
    if number.value != int(number.value):
        return False
    counted = bool(_COUNTED.match(after)) or bool(_LIMIT.search(before[-24:]))
    return number.is_scaled or counted or number.value >= LEAST


def take_top(sentence: Sentence) -> bool:
    """Whether the best of a number are wanted: `top 5,000`; the word is taken out."""
    return sentence.take(TOP) is not None
