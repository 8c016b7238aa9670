"""Which columns of leads say what a profile asks for?"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from store.features import Feature, FeatureTable
from tools.profiles.matching.words import REMEMBERED, normal

READS: Mapping[str, tuple[str, ...]] = {
    "industries": ("industry",),
    "company_size": ("employees",),
    "geography": ("country", "state", "city", "location"),
    "roles": ("title", "function", "seniority"),
    "signals": ("signals",),
}
MOST_OF_A_KIND = 4
_NAMES = Path(__file__).with_name("columns.toml")


@cache
def _named() -> tuple[dict[str, str], list[str]]:
    """What a column of each name says, and the words before a name that change nothing."""
    told = tomllib.loads(_NAMES.read_text(encoding="utf-8"))
    return {name: kind for kind, names in told["names"].items() for name in names}, told["of_whom"]


@lru_cache(REMEMBERED)
def kind_of(name: str) -> str | None:
    """What a column of this name says: industry, employees, title …; None where it is not known."""
    told = normal(name)
    kinds, of_whom = _named()
    bare = (told.removeprefix(f"{whom} ") for whom in of_whom)
    return kinds.get(told) or next((kinds[each] for each in bare if each != told and each in kinds), None)


def recognised(table: FeatureTable) -> dict[str, list[Feature]]:
    """The columns of each kind, those of the plainest names first."""
    found: dict[str, list[Feature]] = {}
    for feature in sorted(table.features, key=lambda each: len(each.name)):
        kind = kind_of(feature.name) or (kind_of(feature.label) if feature.label else None)
        if kind and len(found.setdefault(kind, [])) < MOST_OF_A_KIND:
            found[kind].append(feature)
    return found


def told_columns(found: Mapping[str, Sequence[Feature]], dimensions: Sequence[str]) -> str:
    """What was read as what: `industry from company_industry; employees from headcount`."""
    kinds = [kind for each in dimensions for kind in READS.get(each, ()) if found.get(kind)]
    return "; ".join(f"{kind} from {', '.join(each.name for each in found[kind])}" for kind in kinds)
