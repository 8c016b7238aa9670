"""Which ages, incomes or numbers of children are meant, and which bins of the catalogue hold them?"""

import math
import re
from dataclasses import dataclass

from agent.planner.reading.quantities import number_in
from agent.planner.traits.words_of_ranges import (
    AGES_IN_WORDS,
    CONTEXTS,
    DECADE,
    DECADES,
    NO_KIDS,
    OTHER_UNITS,
)

_SPOKEN = (
    r"(?:(?:a |one |two |three |five )?(?:half|quarter)(?: of)?(?: a)? million|(?:a|one"
    r"|two|three|four|five|six|ten|fifty"
    r"|seventy[- ]five)(?: hundred)?(?: and fifty)?(?: thousand| million)"
    r"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three"
    r"|four|five|six|seven|eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eighteen)"
)
_VALUE = (
    rf"[$€£]?\s?(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,7}}(?:\.\d{{1,2}})?)(?:\s?(?:k|m|mm"
    rf"|thousand|grand|million)\b)?(?:\s(?:dollars|bucks|usd|pounds)\b)?|{_SPOKEN}\b"
)
_OLD = r"(?:\s?(?:years?|yrs?|hours?|hrs?)(?: old| of age)?)?"
_BETWEEN = re.compile(
    rf"(?<![\w.])(?:(?:between|from)\s)?(?:the ages? of )?(?P<low>{_VALUE}){_OLD}\s?(?:-"
    rf"|to|and|through|until|thru)\s?(?P<high>{_VALUE})(?![\w%])",
    re.I,
)
_OVER = re.compile(
    rf"(?<![\w])(?:(?:over|above|more than|greater than|at least|north of|upwards? of"
    rf"|exceed(?:ing|s)?|higher than|in excess of|>=?|older than|past|beyond|no (?:less"
    rf"|younger) than|not under|min(?:imum)?(?: of)?|starting (?:at|from)"
    rf"|better than)(?: the| an)?(?: age)?(?: of)?(?: age)?[\s-]?(?P<before>{_VALUE})"
    rf"(?P<plural>s\b)?(?! ?(?:-|to) ?\d)"
    rf"|(?P<after>{_VALUE}){_OLD}\s?(?:\+|plus\b|(?:or|and) (?:more|higher|up|above|over"
    rf"|older|upwards?|beyond|better)\b|(?:at least|minimum|upwards)\b))",
    re.I,
)
_UNDER = re.compile(
    rf"(?<![\w])(?:(?:under|below|less than|lower than|up to|at most|no (?:more"
    rf"|older) than|not (?:over|older than)|max(?:imum)?(?: of)?|<=?|younger than"
    rf"|fewer than)(?: the| an)?(?: age)?(?: of)?(?: age)?[\s-]?(?P<before>{_VALUE})"
    rf"(?P<plural>s\b)?"
    rf"|(?P<after>{_VALUE}){_OLD}\s?(?:(?:or|and) (?:less|lower|below|under|younger|fewer)\b|max\b))",
    re.I,
)
_PARENTS_OF = re.compile(
    rf"\b(?:parents?|moms?|mums?|mothers?|dads?|fathers?|famil(?:y"
    rf"|ies)) of ({_VALUE})(?![\w+]| (?:or|kids?|child))",
    re.I,
)
_STRICT = re.compile(
    r"^\s*(?:over|above|more than|greater than|>(?!=)|fewer than|less than|under|below|<(?!=))", re.I
)
_EXACT = re.compile(rf"(?<![\w.,$-])(?P<value>{_VALUE})(?![\w%+]|[.,]\d)", re.I)
_BEFORE, _AFTER = 34, 26


@dataclass(frozen=True)
class Range:
    """A range of a family of attributes, and where it is said; the high end is left out."""

    family: str
    low: float
    high: float
    start: int
    end: int


def ranges_in(text: str) -> list[Range]:
    """Every range of ages, incomes and the like, in order; none overlaps another."""
    found: list[Range] = []
    for each in (*_in_words(text), *_bounded(text), *_counted(text)):
        if all(each.end <= other.start or each.start >= other.end for other in found):
            found.append(each)
    return sorted(found, key=lambda each: each.start)


def _in_words(text: str) -> list[Range]:
    found = [Range("children", 0, 1, *m.span()) for m in NO_KIDS.finditer(text)]
    for match in DECADE.finditer(text):
        word = (match["decade"] or match["some"]).lower()
        first = (
            int(word[0]) * 10
            if word[0].isdigit()
            else next(v for k, v in DECADES.items() if word.startswith(k))
        )
        part = (match["part"] or "").lower()
        low, high = {"": (0, 10), "early": (0, 4), "mid": (3, 7), "middle": (3, 7), "late": (6, 10)}[part]
        found.append(Range("age", first + low, first + high, *match.span()))
    for pattern, low, high in AGES_IN_WORDS:
        found += [Range("age", low, high, *match.span()) for match in pattern.finditer(text)]
    return found


def _bounded(text: str) -> list[Range]:
    found: list[Range] = []
    for match in _BETWEEN.finditer(text):
        low, high = _shared_scale(match["low"], match["high"])
        if low is None or high is None or low >= high:
            continue
        family = _family(text, match, low, high)
        if family:
            found.append(
                Range(
                    family,
                    low,
                    high + (1 if family in ("age", "children", "adults", "hours") else 0),
                    *match.span(),
                )
            )
    for pattern, is_over in ((_OVER, True), (_UNDER, False)):
        for match in pattern.finditer(text):
            if any(match.start() < r.end and match.end() > r.start for r in found):
                continue
            value = _value(match["before"] or match["after"])
            family = _family(text, match, value, value) if value is not None else None
            if family is None or value is None:
                continue
            counts = family in ("children", "adults")
            strict = counts and _STRICT.match(match[0])
            if is_over:
                found.append(Range(family, value + 1 if strict else value, math.inf, *match.span()))
            else:
                inclusive = not strict and (
                    counts or match["after"] is not None or not _STRICT.match(match[0])
                )
                found.append(
                    Range(family, 0, value + 1 if inclusive and value < 1000 else value, *match.span())
                )
    return found


def _counted(text: str) -> list[Range]:
    """`two kids`, `parents of three`, `aged 30`, `three adults`."""
    found = [
        Range("children", value, value + 1, *match.span())
        for match in _PARENTS_OF.finditer(text)
        if (value := _value(match[1])) is not None and value < 10
    ]
    for match in _EXACT.finditer(text):
        value = _value(match["value"])
        after = text[match.end() : match.end() + 14]
        if value is None:
            continue
        if (
            re.match(r"\s(?:young |small |little |school[- ]age )?(?:kids?|child(?:ren)?)\b", after, re.I)
            and value < 10
        ):
            more = re.match(
                r"\s(?:\w+ )?\w+ (?:or|and) (?:more|up|over)\b|\s\w+ ?\+", text[match.end() :], re.I
            )
            found.append(Range("children", value, math.inf if more else value + 1, *match.span()))
        elif re.match(r"[\s-]adults?\b", after, re.I) and 1 <= value < 10:
            found.append(Range("adults", value, value + 1, *match.span()))
        elif 16 <= value < 100 and (
            re.match(r"[\s-]years?[\s-]olds?\b", after, re.I)
            or re.search(r"\b(?:aged|age(?: of)?|turning)\s$", text[: match.start()][-10:], re.I)
        ):
            found.append(Range("age", value, value + 1, *match.span()))
    return found


def _shared_scale(low: str, high: str) -> tuple[float | None, float | None]:
    """Both ends; `50-100k` is 50k to 100k."""
    first, last = _value(low), _value(high)
    if first is not None and last is not None and first < 1_000 <= last and first < last / 1_000 * 10:
        first *= 1_000
    return first, last


def _value(text: str) -> float | None:
    return number_in(text.replace("$", " ").replace("£", " ").replace("€", " ").strip())


def _family(text: str, match: re.Match[str], low: float, high: float) -> str | None:
    """What the numbers measure, by the words around them; None for what is no trait."""
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    after = text[match.end() : match.end() + _AFTER]
    if re.match(r"[\s-]?(?:years?[- ]?olds?|yo\b|y/o)", after, re.I):
        return "age"
    if OTHER_UNITS.match(after) and not re.match(r"\s?people (?:over|under)", after, re.I):
        return (
            "age"
            if _is_age(low, high) and re.search(r"\b(?:aged?|ages)\b", before + match[0], re.I)
            else None
        )
    own = _nearest_context(match[0] + " ", "")
    family = own or _nearest_context(before, after)
    if "$" in match[0] or "k" in match[0].lower().split()[-1]:
        return family if family in ("income", "worth", "spend") else "income" if "$" in match[0] else None
    if family == "age" or family is None:
        return "age" if _is_age(low, high) else None
    if family == "credit" and not 300 <= high <= 900:
        return None
    if family in ("children", "adults") and high > 12:
        return "age" if _is_age(low, high) else None
    if family in ("income", "worth") and high < 1_000:
        return "age" if _is_age(low, high) else None
    return family


def _is_age(low: float, high: float) -> bool:
    return 16 <= low <= 99 and 16 <= high <= 110


def _nearest_context(before: str, after: str) -> str | None:
    """The family whose word is nearest: those after count from the start, those before from the end."""
    best: tuple[int, str] | None = None
    for family, pattern in CONTEXTS:
        places = [len(before) - match.end() for match in pattern.finditer(before)]
        places += [match.start() for match in pattern.finditer(after)]
        if places and (best is None or min(places) < best[0]):
            best = min(places), family
    return best[1] if best else None
