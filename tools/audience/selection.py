"""Who is selected: an expression over clusters, a circle on the map, people left out."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from pyroaring import BitMap

from store.errors import NotFound
from store.population.catalogue import FIRST_ID, Catalogue
from store.population.population import Population
from store.population.shard import Shard
from tools.audience.expression import And, Expression, Not, Term, count, evaluate, map_terms, to_text

KM_A_MILE = 1.609344
HALF_ROUND_THE_EARTH = 20_037.6  # km
SHOWN_UNKNOWN = 5


class Location(BaseModel):
    """A circle on the map."""

    model_config = ConfigDict(extra="forbid")

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)
    radius: float = Field(gt=0, le=HALF_ROUND_THE_EARTH, allow_inf_nan=False)
    unit: Literal["miles", "km"] = "miles"

    @property
    def radius_km(self) -> float:
        return self.radius * (KM_A_MILE if self.unit == "miles" else 1.0)


@dataclass(frozen=True)
class Selection:
    """What a person must be to be selected. The terms of the expression are cluster codes; None is anyone."""

    expression: Expression | None = None
    location: Location | None = None
    without: np.ndarray | None = None  # person ids that are left out, sorted

    @property
    def is_everyone(self) -> bool:
        return self.expression is None and self.is_everywhere

    @property
    def is_everywhere(self) -> bool:
        """Whether nothing but the expression decides."""
        return self.location is None and (self.without is None or not len(self.without))

    def also(self, expression: Expression) -> "Selection":
        """The same, narrowed by another expression."""
        joined = And((self.expression, expression)) if self.expression else expression
        return Selection(joined, self.location, self.without)


def bound(expression: Expression, catalogue: Catalogue) -> Expression:
    """The expression over cluster codes. Raises NotFound for clusters that the population lacks."""
    unknown = [key for key in expression.terms() if catalogue.find(key) is None]
    if unknown:
        raise NotFound(
            f"{len(unknown)} of the expression's clusters are not in this population: "
            f"{', '.join(map(_named, unknown[:SHOWN_UNKNOWN]))}",
            where="expression",
            instead="`list_clusters` gives the hashes there are; a hash outlives a rebuild, an id may not.",
        )

    def code(key: str) -> str:
        cluster = catalogue.find(key)
        assert cluster is not None  # checked above
        return str(cluster.code)

    return map_terms(expression, code)


def _named(key: str) -> str:
    """An unknown key; an id unlike any cluster's could be somebody's phone, and is only described."""
    like_an_id = len(key) == len(str(FIRST_ID)) and key.startswith(str(FIRST_ID)[0])
    return key if like_an_id or not key.isdecimal() else f"an id of {len(key)} digits"


def as_hashes(expression: Expression, catalogue: Catalogue) -> str:
    """The text of an expression over cluster codes, in hashes."""
    return to_text(map_terms(expression, lambda code: catalogue[int(code)].cluster_hash))


def in_words(expression: Expression, catalogue: Catalogue) -> str:
    """The expression as a sentence part: `owns their home AND follows golf`."""
    if isinstance(expression, Not):
        return f"NOT {_bracketed(expression.child, catalogue)}"
    if isinstance(expression, Term):
        return catalogue[int(expression.key)].phrase
    joint = " AND " if isinstance(expression, And) else " OR "
    return joint.join(_bracketed(child, catalogue) for child in expression.children)


def _bracketed(expression: Expression, catalogue: Catalogue) -> str:
    words = in_words(expression, catalogue)
    return words if isinstance(expression, Term | Not) else f"({words})"


def selected(shard: Shard, selection: Selection) -> BitMap:
    """Local numbers of the shard's people who are selected."""
    everyone = shard.everyone
    if selection.location:
        place = selection.location
        everyone = everyone & shard.geography.within(place.latitude, place.longitude, place.radius_km)
    if selection.without is not None and len(selection.without):
        everyone = everyone - BitMap(shard.numbers_of(selection.without)[1].astype(np.uint32))
    if selection.expression is None:
        return BitMap(everyone)
    return evaluate(selection.expression, lambda code: shard.bitmaps[int(code)], everyone)


def size(population: Population, selection: Selection) -> int:
    """How many people are selected; exact."""
    return sum(population.ask(_size, selection))


def sizes(population: Population, selections: list[Selection]) -> list[int]:
    """How many people each selection has, asked of every shard once."""
    return np.sum(population.ask(_sizes, selections), axis=0).tolist() if selections else []


def _sizes(shard: Shard, selections: list[Selection]) -> list[int]:
    return [_size(shard, selection) for selection in selections]


def _size(shard: Shard, selection: Selection) -> int:
    if selection.expression is None or not selection.is_everywhere:
        return len(selected(shard, selection))
    return count(selection.expression, lambda code: shard.bitmaps[int(code)], shard.everyone)
