"""Which word was meant, where one is cut short or misspelt?"""

import gzip
import json
import re
from functools import cache, lru_cache
from pathlib import Path

EXAMPLES = Path(__file__).parents[1] / "examples"
_WORD = re.compile(r"[A-Za-z][A-Za-z']*")
_SHORT = re.compile(r"(?<!\w)(w/o|w/|b/c|a/c)(?=\s|\w)", re.IGNORECASE)
_SIGNS = {"w/o": "without ", "w/": "with ", "b/c": "because ", "a/c": "account "}
SHORTEST, LONG, LONGEST = 5, 8, 20


def respelled(text: str) -> str:
    """The text with abbreviations written out and slips in lower-case words put right."""
    text = _SHORT.sub(lambda match: _SIGNS[match[1].lower()], text)
    return _WORD.sub(lambda match: _meant(match[0], match.start() == 0), text)


def _meant(word: str, is_first: bool) -> str:
    lowered = word.lower()
    written_out = _abbreviations().get(lowered)
    if written_out:
        return written_out
    if 3 <= len(word) < SHORTEST and word.islower():
        return _short(lowered) or word
    if not SHORTEST <= len(word) <= LONGEST:
        return word
    near = _nearest(lowered) or word
    if word.islower() or is_first:
        return near
    return near.capitalize() if near in _proper() and word.istitle() else word


# Short words that everybody writes, and that lack a letter now and then.
_COMMON = re.findall(
    r"\w+",
    "many like have that with them this from people who what which live near over make find golf build",
)


@lru_cache(maxsize=4096)
def _short(word: str) -> str | None:
    """The common word of which a short one lacks a letter: `mny`, `lik`."""
    if word in _english() or word in _own_words():
        return None
    return next(
        (
            w
            for w in _COMMON
            if len(w) == len(word) + 1 and any(w[:at] + w[at + 1 :] == word for at in range(1, len(w)))
        ),
        None,
    )


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str | None:
    """The word of the house that is a slip or two away; None where it is a word, or nothing is near."""
    if _is_known(word):
        return None
    slips = 1 if len(word) < LONG else 2
    near = [
        (distance, -count, known)
        for known, count in _own_words().items()
        if abs(len(known) - len(word)) <= slips and (distance := _distance(word, known, slips)) <= slips
    ]
    return min(near)[2] if near else None


def is_english(word: str) -> bool:
    """Whether a word in small letters is one of plain English."""
    return word in _english()


def _is_known(word: str) -> bool:
    known = _english() | _own_words().keys()
    if word in known or "'" in word:
        return True
    return any(
        word.endswith(ending) and word.removesuffix(ending) + rest in known
        for ending, rest in _ENDINGS
        if len(word) - len(ending) >= (3 if ending in ("s", "ing", "ed") else 4)
    )


_ENDINGS = [
    (ending, rest)
    for ending in ("s", "es", "er", "ers", "or", "ors", "ing", "ed", "ly", "ist", "ists")
    for rest in ("", "e", "y")
] + [("ies", "y"), ("ier", "y"), ("iers", "y")]


def _distance(one: str, other: str, most: int) -> int:
    """Letters dropped, added, changed or swapped with the next (optimal string alignment)."""
    if one[0] != other[0] and one[:2] != other[1::-1]:
        return most + 1  # the first letter is hardly ever the slip
    before, last = [], list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        row = [at]
        for to, against in enumerate(other, start=1):
            cost = min(last[to] + 1, row[-1] + 1, last[to - 1] + (letter != against))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == against:
                cost = min(cost, before[to - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


@cache
def _english() -> frozenset[str]:
    """Words of plain English, as the embedding's own vocabulary has them."""
    from tools.clusters.embedding import VOCABULARY

    words = gzip.decompress(VOCABULARY.read_bytes()).decode().splitlines()
    return frozenset(word for word in words if word.isalpha() and word not in _slips())


@cache
def _own_words() -> dict[str, int]:
    """Words that this house knows, and how often its examples use them."""
    counts: dict[str, int] = {}
    written = (EXAMPLES / "words.txt").read_text() + (EXAMPLES / "proper.txt").read_text()
    for word in _WORD.findall(written):
        counts[word.lower()] = 1
    for line in (EXAMPLES / "intents.jsonl").read_text().splitlines():
        for word in _WORD.findall(json.loads(line)["text"]):
            if len(word) >= SHORTEST:
                counts[word.lower()] = counts.get(word.lower(), 0) + 1
    return {word: count for word, count in counts.items() if word not in ("asdf", "lorem", "ipsum", "qwer")}


@cache
def _proper() -> frozenset[str]:
    """Names of states, of large cities and of days: the only words with a capital that are put right."""
    return frozenset((EXAMPLES / "proper.txt").read_text().lower().split())


@cache
def _slips() -> frozenset[str]:
    return frozenset(word for word in _abbreviations() if len(word) >= SHORTEST)


@cache
def _abbreviations() -> dict[str, str]:
    return json.loads((EXAMPLES / "abbreviations.json").read_text())
