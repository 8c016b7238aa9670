"""Which words are known without any facts, and which count as the same."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from agent.grounding.stems import stem

STATE = re.compile(r"[A-Z]{2}\Z")
ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "'s", "’s")


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one of this package's lists, as they stand there."""
    text = files("agent.grounding").joinpath(f"words/{name}.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


@cache
def grammar() -> frozenset[str]:
    """English function words."""
    return listed("function")


@cache
def narrative() -> frozenset[str]:
    """Words of any telling, with their inflections."""
    return grammar() | _inflected(listed("narrative"))


@cache
def advice() -> frozenset[str]:
    """Words that what to do and what to expect may have besides."""
    return narrative() | _inflected(listed("marketing"))


@cache
def weak() -> frozenset[str]:
    """Words which name no trait, though phrases of traits hold them."""
    return narrative() | _inflected(listed("weak"))


@lru_cache(maxsize=20_000)
def keys(word: str) -> frozenset[str]:
    """What a word is compared by: its stem, and the names of the groups of synonyms it is in."""
    lower = word.lower().replace("’", "'").removesuffix("'s")
    if STATE.match(word) and word in _states():
        return frozenset({f"state {word}"})
    return frozenset({stem(lower)}) | _groups().get(lower, frozenset())


def _inflected(words: frozenset[str]) -> frozenset[str]:
    plain = {word + ending for word in words for ending in ("", *ENDINGS)}
    without_e = {w[:-1] + "ing" for w in words if w.endswith("e")}
    with_ies = {w[:-1] + ending for w in words if w.endswith("y") for ending in ("ies", "ied", "ily")}
    doubled = {w + w[-1] + ending for w in words if len(w) > 2 for ending in ("ing", "ed")}
    return frozenset(plain | without_e | with_ies | doubled)


@cache
def _states() -> frozenset[str]:
    return frozenset(word for word in listed("states") if word.isupper())


@cache
def _groups() -> dict[str, frozenset[str]]:
    grouped: dict[str, frozenset[str]] = {}
    for names, forms in [*_synonyms(), *_state_names()]:
        for form in forms:
            grouped[form] = grouped.get(form, frozenset()) | names
    return grouped


def _synonyms() -> list[tuple[frozenset[str], list[str]]]:
    lines = [line for line in _lines("synonyms") if ":" in line]
    return [
        (frozenset(left.split()), right.split()) for left, right in (line.split(":", 1) for line in lines)
    ]


def _state_names() -> list[tuple[frozenset[str], list[str]]]:
    return [(frozenset({f"state {code}"}), names) for code, *names in map(str.split, _lines("states"))]


def _lines(name: str) -> list[str]:
    text = files("agent.grounding").joinpath(f"words/{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
