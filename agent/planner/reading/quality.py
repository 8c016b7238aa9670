"""How sure must a match be?"""

import re

_QUALITY = [
    (
        re.compile(
            r"\b(?:only |just )?(?:exact|perfect|certain|(?:very|absolutely|really) (?:sure"
            r"|certain|confident))(?: (?:and|or) \w+)? ?match(?:es|ing)?(?: only)?\b",
            re.I,
        ),
        0.9,
    ),
    (
        re.compile(
            r"\b(?:only|just) (?:the )?(?:very|absolutely|really|most) (?:sure|certain|confident"
            r"|reliable)(?: (?:ones|matches|people))?\b",
            re.I,
        ),
        0.9,
    ),
    (
        re.compile(
            r"\b(?:very|extremely) high[- ](?:quality|confidence)(?: match(?:es)?)?(?: only)?\b", re.I
        ),
        0.9,
    ),
    (
        re.compile(
            r"\b(?:only |just )?(?:the )?(?:high(?:er|est)?|good|strong|solid|best"
            r"|top)[- ]?(?:quality|confidence)? (?:matches|matching)(?: only)?\b",
            re.I,
        ),
        0.8,
    ),
    (
        re.compile(r"\b(?:only |just )?high[- ](?:quality|confidence)(?: match(?:es)?| only| ones)\b", re.I),
        0.8,
    ),
    (
        re.compile(
            r"\bany (?:kind of )?match(?:es)?(?: is fine| will do| counts?)?(?:,? (?:even"
            r"|including)(?: the)? (?:weak|poor|bad|low)(?: ones| matches)?)?",
            re.I,
        ),
        0.0,
    ),
    (
        re.compile(
            r"\b(?:even|include|including|keep|accept|allow|with)(?: the)? (?:weak|weakest|poor"
            r"|bad|loose|low[- ]quality|low[- ]confidence|uncertain|shaky)(?: (?:ones|matches"
            r"|match))?\b",
            re.I,
        ),
        0.0,
    ),
    (
        re.compile(r"\b(?:all|every) match(?:es)?\b(?: whatever| no matter| regardless)?[^.,;]{0,30}", re.I),
        0.0,
    ),
]


_THRESHOLD = re.compile(
    r"\b(?:(?:(?:match(?:ing)?|minimum|min\.?) )?(?:quality|confidence|certainty"
    r"|match(?:ing)? scores?|matches)"
    r"(?: scores?| level| threshold)?"
    r"(?: (?:of|is|at|with|above|over|from|to|min\.?|minimum|better than|higher than|greater than|at least"
    r"|no less than|not below|not under))*\s?(?:>=?|="
    r"|:)?\s?(?P<after>\d{1,3}(?:\.\d+)?)\s?(?P<after_percent>%|percent|pct)?\+?"
    r"|(?:at least|above|over|min\.?|minimum|more than|>=?|no less than"
    r"|better than)?\s?(?P<before>\d{1,3}(?:\.\d+)?)"
    r"\s?(?P<before_percent>%|percent|pct)?\+?(?: or (?:better|more|higher|above))?"
    r" (?:sure|certain|confident|confidence|match quality|quality|certainty|matches|likely))\b",
    re.IGNORECASE,
)


_NOT_BELOW = re.compile(
    r"\b(?:ignore|skip|drop|leave out|no|nothing|without|exclude|excluding|discard"
    r"|throw out|cut|not)\b[^.,;]{0,24}?"
    r"\b(?:below|under|lower than|less than"
    r"|worse than)\s?(?P<figure>\d{1,3}(?:\.\d+)?)\s?(?P<percent>%|percent)?",
    re.I,
)


def min_quality_of(text: str) -> tuple[float, tuple[int, int]] | None:
    """The least quality of a match that is asked for, and where that is said."""
    if match := _NOT_BELOW.search(text):
        figure = float(match["figure"])
        return round(figure / 100 if match["percent"] or figure > 1 else figure, 4), match.span()
    for match in _THRESHOLD.finditer(text):
        figure = float(match["after"] or match["before"])
        percent = match["after_percent"] or match["before_percent"] or figure > 1
        value = figure / 100 if percent else figure
        if 0 <= value <= 1:
            return round(value, 4), match.span()
    for pattern, value in _QUALITY:
        if match := pattern.search(text):
            return value, match.span()
    return None
