"""Which number a run of words writes: `1,209`, `$75K`, `two and a half`, `twenty-five`, `1.2 million`."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.grounding.reading import Token
from agent.number_words import ONES, TENS

UNITS = ONES | TENS
SCALES = {"dozen": 12, "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "m": 1e6}
MOST_DIGITS = 15


@dataclass(frozen=True)
class Number:
    """A value, half of its last digit, and where it ends; `spelled` in words."""

    value: float
    half_digit: float
    end: int
    spelled: bool = False
    rounded: bool = False
    money: bool = False


def number_at(tokens: Sequence[Token], start: int) -> Number | None:
    """The number that begins with this token, or None."""
    if start >= len(tokens):
        return None
    token = tokens[start]
    if token.kind == "number":
        return _scaled(tokens, _digits(token.lower, start + 1))
    return _spelled(tokens, start) if token.lower in UNITS or token.lower in SCALES else None


def _digits(text: str, end: int) -> Number:
    bare = text.lstrip("$€£").replace(",", "")
    scale = SCALES.get(bare[-1], 1)
    bare = bare.rstrip("km")
    decimals = len(bare.partition(".")[2])
    value = float(bare[: MOST_DIGITS + decimals]) if len(bare) <= 2 * MOST_DIGITS else float("inf")
    return Number(
        value * scale, 0.5 * 10.0**-decimals * scale, end, rounded=scale > 1, money=text[0] in "$€£"
    )


def _scaled(tokens: Sequence[Token], number: Number) -> Number:
    """`1.2 million`, `12 thousand`."""
    scale = SCALES.get(tokens[number.end].lower) if number.end < len(tokens) else None
    if scale is None:
        return number
    half_digit = number.half_digit * scale
    return Number(number.value * scale, half_digit, number.end + 1, rounded=True, money=number.money)


def _spelled(tokens: Sequence[Token], start: int) -> Number:
    total, part, at = 0.0, 0.0, start
    while at < len(tokens):
        word = tokens[at].lower
        if word in UNITS and not (part % 10 and part % 100 > 0):
            part += UNITS[word]
        elif word in SCALES and at > start and len(word) > 1:
            part = max(part, 1) * SCALES[word]
            if SCALES[word] >= 1e3:
                total, part = total + part, 0.0
        elif word in SCALES and at == start and len(word) > 1:
            part = SCALES[word]
        elif not (word == "-" and at > start and _goes_on(tokens, at + 1)):
            break
        at += 1
    return _with_half(tokens, Number(total + part, 0.5, at, spelled=True))


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """`twenty-five`, but not `one-three`."""
    before = tokens[at - 2].lower
    return at < len(tokens) and before in TENS and UNITS.get(tokens[at].lower, 10) < 10


def _with_half(tokens: Sequence[Token], number: Number) -> Number:
    following = [token.lower for token in tokens[number.end : number.end + 3]]
    if following == ["and", "a", "half"]:
        return Number(number.value + 0.5, 0.05, number.end + 3, spelled=True)
    return number
