"""Which figures a sentence states, and which true values each of them would fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.grounding.amounts import (
    AMOUNTS,
    COMPARATIVES,
    COMPARATIVES_UP,
    COUNTED,
    FRACTIONS,
    HEDGES,
    MULTIPLES,
    NOT_ALL,
    QUANTIFIERS,
)
from agent.grounding.numerals import Number, number_at
from agent.grounding.reading import Sentence, Token


@dataclass(frozen=True)
class Figure:
    """A figure: what kind it is, and the true values from low to high that it fits.

    kind: share, times, points, plain, range (both ends are stated), ambiguous.
    """

    kind: str
    low: float
    high: float
    start: int
    end: int
    value: float = 0.0
    hedge: str = ""
    money: bool = False
    stated: tuple[Number, ...] = ()

    def fits(self, true: float) -> bool:
        """Is the true value told rightly?"""
        slack = 1e-9 * max(1.0, abs(true))
        return self.low - slack <= true <= self.high + slack


def figures(sentence: Sentence) -> tuple[Figure, ...]:
    """The figures of a sentence, from left to right."""
    found: list[Figure] = []
    at = 0
    while at < len(sentence.tokens):
        one = _figure_at(sentence.tokens, sentence.words, at)
        if one:
            found.append(_hedged(sentence.words, one, found[-1].end if found else 0))
        at = one.end if one else at + 1
    return tuple(found)


def _figure_at(tokens: Sequence[Token], words: Sequence[str], at: int) -> Figure | None:
    return (
        _multiple(words, at)
        or _quantifier(words, at)
        or _fraction(tokens, words, at)
        or _numeric(tokens, words, at)
        or _amount(words, at)
    )


def _multiple(words: Sequence[str], at: int) -> Figure | None:
    value = MULTIPLES.get(words[at])
    return _times(value, 0.5, at, at + 1, spelled=True) if value else None


def _times(value: float, half: float, start: int, end: int, *, spelled: bool) -> Figure:
    slack = min(half, 0.1 * value) if value >= 1 else 0.05
    if not spelled:
        slack = min(half, 0.12 * value)
    return Figure("times", value - slack, value + slack, start, end, value)


def _quantifier(words: Sequence[str], at: int) -> Figure | None:
    for length in range(min(3, len(words) - at), 0, -1):
        bounds = QUANTIFIERS.get(tuple(words[at : at + length]))
        if bounds:
            return Figure("share", bounds[0], bounds[1], at, at + length, sum(bounds) / 2, hedge="vague")
    return None


def _amount(words: Sequence[str], at: int) -> Figure | None:
    """`Most own …`, but not `what matters most` nor `as many as`."""
    bounds = AMOUNTS.get(words[at])
    before = words[at - 1] if at else ""
    following = words[at + 1] if at + 1 < len(words) else ""
    if bounds is None or following in ("as", "more", "common", "often", "frequent", "likely", ""):
        return None
    opens = before in ("", ",", "and", "but", "while", ";", ":", "(", "they", "whereas", "of", "that")
    superlative = before in ("as", "how", "so", "too", "the", "times", "than")
    if superlative or not (opens or (words[at] == "many" and before != "twice")):
        return None
    if words[at] in ("all", "everyone") and (following in NOT_ALL or (at and before != "they")):
        return None
    return Figure("share", *bounds, at, at + 1, sum(bounds) / 2, hedge="vague")


def _fraction(tokens: Sequence[Token], words: Sequence[str], at: int) -> Figure | None:
    """`two thirds`, `a quarter`, `half`, `one in three`, `three out of ten`."""
    if words[at] in ("half", "halves"):
        return _part(words, 1, 2, at, at + 1)
    if words[at] in ("a", "an") and at + 1 < len(words) and words[at + 1] in FRACTIONS:
        return _part(words, 1, FRACTIONS[words[at + 1]], at, at + 2)
    upper = _counted(words, number_at(tokens, at))
    if upper is None or upper.value > 99:
        return None
    return _part_of(tokens, words, upper, at)


def _counted(words: Sequence[str], number: Number | None) -> Number | None:
    """`one customer in five` is one in five."""
    if number and words[number.end : number.end + 1] and words[number.end] in COUNTED:
        return replace(number, end=number.end + 1)
    return number


def _part_of(tokens: Sequence[Token], words: Sequence[str], upper: Number, at: int) -> Figure | None:
    end = upper.end + (words[upper.end : upper.end + 1] == ("-",))
    if end < len(words) and words[end] in FRACTIONS:
        return _part(words, upper.value, FRACTIONS[words[end]], at, end + 1)
    for link in (("out", "of", "every"), ("out", "of"), ("in", "every"), ("of", "every"), ("in",)):
        if words[end : end + len(link)] == link:
            lower = number_at(tokens, end + len(link))
            if lower and upper.value <= lower.value <= 1000:
                return _part(words, upper.value, lower.value, at, lower.end)
    return None


def _part(words: Sequence[str], upper: float, lower: float, start: int, end: int) -> Figure:
    value = upper / lower
    of = words[end : end + 3]
    if of[:1] in (("as",), ("that",)) or of[:2] in (("the", "share"), ("the", "rate"), ("their", "share")):
        return _times(value, 0, start, end, spelled=True)
    if (of[:1] == ("of",) and of[2:] in (("share",), ("rate",), ("usual",))) or of[:2] == ("of", "what"):
        return _times(value, 0, start, end, spelled=True)
    slack = min(0.05 if lower == 10 else 0.03, 0.1 * value)
    return Figure("share", value - slack, value + slack, start, end, value)


def _numeric(tokens: Sequence[Token], words: Sequence[str], at: int) -> Figure | None:
    first = number_at(tokens, at)
    if first is None:
        return None
    pronoun = first.spelled and first.value <= 1
    second = _other_end(tokens, words, first, at)
    end = second.end if second else first.end
    unit, after = _unit(words, end)
    if pronoun and not unit:
        return None
    numbers = (first, second) if second else (first,)
    return _of_unit(numbers, unit, words, at, after)


def _other_end(tokens: Sequence[Token], words: Sequence[str], first: Number, at: int) -> Number | None:
    link = words[first.end : first.end + 1]
    between = at > 0 and words[at - 1] in ("between", "aged", "from")
    if link in (("-",), ("–",), ("to",)) or (link == ("and",) and between):
        second = number_at(tokens, first.end + 1)
        return second if second and second.value >= first.value else None
    return None


def _unit(words: Sequence[str], end: int) -> tuple[str, int]:
    word = words[end] if end < len(words) else ""
    if word == "-" and words[end + 1 : end + 2] == ("fold",):
        return "times", end + 2
    if word == "%" or word == "percent":
        return _points(words, end + 1) if words[end + 1 : end + 2] else ("percent", end + 1)
    if word == "per" and words[end + 1 : end + 2] == ("cent",):
        return "percent", end + 2
    if word in ("times", "x", "×", "fold"):
        return "times", end + 1
    return _points(words, end, "") if word in ("percentage", "points", "pp") else ("", end)


def _points(words: Sequence[str], at: int, otherwise: str = "percent") -> tuple[str, int]:
    if words[at] in ("points", "pp"):
        return "points", at + 1
    if words[at : at + 2] in (("percentage", "points"), ("percentage", "point")):
        return "points", at + 2
    return otherwise, at


def _of_unit(numbers: tuple[Number, ...], unit: str, words: Sequence[str], start: int, end: int) -> Figure:
    low, high = numbers[0], numbers[-1]
    if unit == "percent":
        return _percent(numbers, words, start, end)
    if unit == "points":
        slack = low.half_digit / 100
        return Figure(
            "points", low.value / 100 - slack, high.value / 100 + slack, start, end, low.value / 100
        )
    if unit == "times" and words[end : end + 1] and words[end] in COMPARATIVES:
        return Figure("ambiguous", 1, 0, start, end + 1, low.value)
    if len(numbers) > 1:
        kind = "times" if unit == "times" and high.value <= 1.6 * low.value else "range"
        return Figure(kind, low.value, high.value, start, end, low.value, stated=numbers)
    if unit == "times":
        return _times(low.value, low.half_digit, start, end, spelled=low.spelled)
    slack = min(low.half_digit, 0.02 * low.value)
    return Figure(
        "plain", low.value - slack, low.value + slack, start, end, low.value, money=low.money, stated=numbers
    )


def _percent(numbers: tuple[Number, ...], words: Sequence[str], start: int, end: int) -> Figure:
    low, high = numbers[0], numbers[-1]
    word = words[end] if end < len(words) else ""
    if word in COMPARATIVES:
        sign = 1 if word in COMPARATIVES_UP else -1
        value = 1 + sign * low.value / 100
        slack = low.half_digit / 100 + 0.002
        return Figure("times", value - slack, value + slack, start, end + 1, value)
    slack = min(low.half_digit / 100, 0.12 * low.value / 100) if len(numbers) == 1 else low.half_digit / 100
    bounds = low.value / 100 - slack, high.value / 100 + slack
    return Figure("share", *bounds, start, end, low.value / 100, stated=numbers)


def _hedged(words: Sequence[str], figure: Figure, floor: int) -> Figure:
    for length in (4, 3, 2, 1):
        start = figure.start - length
        hedge = HEDGES.get(tuple(words[start : figure.start])) if start >= floor else None
        if hedge and figure.hedge != "vague" and figure.kind in ("share", "times", "plain"):
            return _loosened(replace(figure, start=start, hedge=hedge))
    return figure


def _loosened(figure: Figure) -> Figure:
    value, low, high = figure.value, figure.low, figure.high
    ceiling = min(1.3 * value, value + 0.2) if figure.kind == "share" else 1.45 * value
    bounds = {
        "about": (min(low, 0.94 * value), max(high, 1.06 * value)),
        "nearly": (0.9 * value, 1.005 * value),
        "over": (value, ceiling),
        "least": (value, ceiling),
        "under": (0.6 * value, value),
        "most": (0.6 * value, value),
    }
    return replace(figure, low=bounds[figure.hedge][0], high=bounds[figure.hedge][1])
