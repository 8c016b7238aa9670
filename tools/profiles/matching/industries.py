"""Is this the industry that is looked for?"""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

from tools.profiles.matching.words import REMEMBERED, holds, normal

_SAME = Path(__file__).with_name("industries.toml")


@cache
def _groups() -> dict[str, int]:
    """The group of each name of an industry, by its normal form."""
    groups: list[list[str]] = tomllib.loads(_SAME.read_text(encoding="utf-8"))["same"]
    return {normal(name): at for at, names in enumerate(groups) for name in names}


@lru_cache(REMEMBERED)
def _bare(text: str) -> str:
    """The normal form without words that any industry may have."""
    kept = [word for word in normal(text).split() if word not in ("industry", "industries", "sector", "and")]
    return " ".join(kept)


@lru_cache(REMEMBERED)
def is_industry(value: str, wanted: str) -> bool:
    """Whether a value names the industry: the same words, a synonym, or all of its words among others.

    `Computer Software` is Software, `SaaS` too; `Software` is no `Financial software`.
    """
    if _bare(value) == _bare(wanted) or same_industry(value) == same_industry(wanted):
        return True
    return holds(value, wanted)


@lru_cache(REMEMBERED)
def same_industry(value: str) -> str:
    """What all names of one industry have in common: SaaS and Computer Software come to the same."""
    group = _groups().get(normal(value), _groups().get(_bare(value)))
    return _bare(value) if group is None else f"#{group}"


@lru_cache(REMEMBERED)
def knows_industry(text: str) -> bool:
    """Whether the words are the name of an industry that has synonyms here."""
    return normal(text) in _groups() or _bare(text) in _groups()
