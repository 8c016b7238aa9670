"""How alike are two persons of a population?"""

import numpy as np
from pydantic import BaseModel, Field

from store.identifiers.address import building_of
from store.population.catalogue import Catalogue
from store.population.population import Population
from tools.identity.corrections.known_again import Own, Place, identifiers_of

CONTACT_DOMAINS = frozenset({"address", "email", "id", "maid", "name", "phone"})


class Likeness(BaseModel):
    """What speaks for two persons being one."""

    shared: dict[str, int] = Field(description="Identifiers that both have, by type.")
    same_building: bool = Field(description="An address of both is the same but for the unit.")
    compared: int = Field(description="Attributes known of both.")
    agreeing: int = Field(description="Of these, how many have a value in common.")
    expected: float = Field(description="How many would agree for two people taken at random.")
    p: float = Field(
        description="Chance that two people at random agree in as many, were attributes independent of each "
        "other; they are not, so it is a hint and no proof."
    )


def likeness(population: Population, one: Place, other: Place) -> Likeness:
    """Identifiers, addresses and attributes that two persons have in common."""
    mine, theirs = identifiers_of(population, one), identifiers_of(population, other)
    common = {each.digest for each in mine} & {each.digest for each in theirs}
    kinds = [digest.partition(":")[0] for digest in sorted(common)]
    first, second = _values(population, one), _values(population, other)
    names = sorted(set(first) & set(second))
    chances = [_chance(population.catalogue, name) for name in names]
    agreeing = sum(1 for name in names if first[name] & second[name])
    return Likeness(
        shared={kind: kinds.count(kind) for kind in sorted(set(kinds))},
        same_building=bool(_buildings(mine) & _buildings(theirs)),
        compared=len(names),
        agreeing=agreeing,
        expected=round(sum(chances), 3),
        p=float(_at_least(agreeing, chances)),
    )


def _buildings(own: list[Own]) -> set[str]:
    return {building_of(each.normal) for each in own if each.id_type == "address"}


def _values(population: Population, place: Place) -> dict[str, set[int]]:
    codes, _ = population.shards[place[0]].profiles.of(np.array([place[1]]))
    found: dict[str, set[int]] = {}
    for code in codes.tolist():
        cluster = population.catalogue[code]
        if cluster.domain not in CONTACT_DOMAINS:
            found.setdefault(cluster.name, set()).add(code)
    return found


def _chance(catalogue: Catalogue, name: str) -> float:
    """Chance that two people with a value of the attribute have the same: the sum of squared shares."""
    sizes = np.array([cluster.size for cluster in catalogue.named(name)], dtype=float)
    return float(((sizes / sizes.sum()) ** 2).sum()) if sizes.sum() else 1.0


def _at_least(many: int, chances: list[float]) -> float:
    """P(at least so many agree), of independent trials with these chances: the Poisson binomial, exactly."""
    ways = np.ones(1)
    for chance in chances:
        ways = np.convolve(ways, [1.0 - chance, chance])
    return min(1.0, float(ways[many:].sum()))
