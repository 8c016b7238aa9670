"""Which inflections are one word: a small English stemmer."""

from functools import lru_cache

VOWELS = "aeiouy"
SUFFIXES = (
    "ness",
    "ments",
    "ment",
    "ships",
    "ship",
    "ations",
    "ation",
    "ions",
    "ion",
    "ings",
    "ing",
    "ers",
    "er",
)
MORE_SUFFIXES = ("ors", "or", "ed", "ly", "es", "s")
SHORTEST = 3


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its endings: `golfers` and `golfing` are `golf`, `owned` and `ownership` are `own`."""
    bare = word.removesuffix("'s").removesuffix("’s")
    if bare.endswith("ies") and len(bare) > 4:
        return bare[:-3] + "i"
    for _ in range(2):
        bare = _shortened(bare)
    return _without_final_vowel(bare)


def _shortened(word: str) -> str:
    for suffix in SUFFIXES + MORE_SUFFIXES:
        rest = word.removesuffix(suffix)
        if rest == word or not _stands_alone(rest, suffix):
            continue
        return _undoubled(rest)
    return word


def _stands_alone(rest: str, suffix: str) -> bool:
    if suffix == "s":
        return len(rest) >= SHORTEST and not rest.endswith(("s", "u", "i"))
    if suffix == "es":
        return len(rest) >= SHORTEST and rest.endswith(("s", "x", "z", "ch", "sh", "i"))
    return len(rest) >= SHORTEST and any(letter in VOWELS for letter in rest)


def _undoubled(word: str) -> str:
    doubled = len(word) > SHORTEST and word[-1] == word[-2] and word[-1] not in VOWELS + "s"
    return word[:-1] if doubled else word


def _without_final_vowel(word: str) -> str:
    if len(word) > SHORTEST and word[-1] == "e":
        return word[:-1]
    if len(word) > SHORTEST and word[-1] == "y" and word[-2] not in VOWELS:
        return word[:-1] + "i"
    return word
