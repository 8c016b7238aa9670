"""Which maps does the builder show?"""

from typing import NamedTuple

from api.pages.audiences.building.asked import Asked
from api.pages.audiences.building.reading import Reading
from api.pages.audiences.map.drawn import (
    Drawn,
    drawn,
    everybody,
    shades_of,
    shares_of,
    shown_box,
)
from store.population.population import Population
from tools.audience.density import Box, density


class Maps(NamedTuple):
    """Where everybody lives, and beside it the chosen; None without a choice."""

    everybody: Drawn
    chosen: Drawn | None


def shown_map_box(population: Population, asked: Asked) -> Box | None:
    """The box of the map that the address was pressed on; None where nobody has a place."""
    return shown_box(population, asked.location, asked.zoom == "near")


def maps_of(population: Population, asked: Asked, found: Reading, has_choice: bool) -> Maps | None:
    """The maps; None where nobody of the population has a place."""
    box = shown_map_box(population, asked)
    if box is None:
        return None
    whole = everybody(population, box)
    first = drawn(whole, shades_of(whole), asked.location)
    if not has_choice or not found.counted.total:
        return Maps(first, None)
    chosen = density(population, box, whole.people.shape[1], found.counted.people)
    return Maps(first, drawn(chosen, shares_of(chosen, whole), asked.location))
