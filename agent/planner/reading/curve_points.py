"""Which point of the curve from reach to precision is said?"""

import re

from agent.number_words import ONES
from agent.planner.reading.sentence import Sentence

_NAMES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ORDINALS = {name: number for number, name in enumerate(_NAMES, start=1)}
_WORDS = {word: int(number) for word, number in ONES.items() if number >= 1}
_OF_CURVE = r"(?: (?:of|on|along|from) (?:the |its |this |that |your )?(?:[\w-]+ )?curve)?"
_BEFORE = r"(?:\b(?:at|to|for|from|with|use|using|take|on) )?(?:\bthe )?(?:\bcurve(?:'s)? )?"
_POINT = re.compile(
    # point 3, the curve point no. 12, point three of the curve
    rf"{_BEFORE}(?<!data )(?<!starting )\bpoint (?:no\.? ?|number |# ?)?"
    rf"(?:(?P<digits>\d{{1,3}})|(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))}))"
    # 30.27 and -97.74 are a place
    rf"(?![\w%]|[.,]\d|, ?-?\d){_OF_CURVE}"
    # the third point of the curve, the 3rd point
    rf"|{_BEFORE}\b(?:(?P<ordinal>{'|'.join(_ORDINALS)})|(?P<nth>\d{{1,3}})(?:st|nd|rd|th))"
    rf" (?:curve )?point\b{_OF_CURVE}",
    re.I,
)


def says_point(text: str) -> bool:
    """Whether a point is said."""
    return _POINT.search(text) is not None


def take_point(sentence: Sentence) -> int | None:
    """The point that is said, its words taken out; None where none is."""
    found = sentence.take(_POINT)
    if found is None:
        return None
    if digits := found["digits"] or found["nth"]:
        return int(digits)
    return _WORDS[found["word"].lower()] if found["word"] else _ORDINALS[found["ordinal"].lower()]
