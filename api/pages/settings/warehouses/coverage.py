"""How many people of a warehouse have an identifier of each kind?"""

from typing import NamedTuple

from store.population.domains import IDENTIFIER_TYPES
from store.population.population import Population
from store.population.shard import Shard


class Covered(NamedTuple):
    """One kind of identifier; shares are of everybody who may be answered."""

    kind: str
    people: int
    share: float
    identifiers: int
    malformed: int  # of the source, left out


def coverage_of(population: Population) -> list[Covered]:
    """The kinds that the source had, in the order of the identifier types."""
    manifest = population.manifest
    everybody = max(1, population.persons)
    found = []
    for kind in IDENTIFIER_TYPES:
        many, bad = manifest.identifiers.get(kind, 0), manifest.malformed_identifiers.get(kind, 0)
        if many or bad:
            people = sum(population.ask(_having, kind))
            found.append(Covered(kind, people, people / everybody, many, bad))
    return found


def _having(shard: Shard, kind: str) -> int:
    return len(shard.having(kind) & shard.everyone)
