"""Which are the larger towns of a part of the map? To find one's way on it, not to count people."""

from collections import defaultdict
from functools import cache
from typing import NamedTuple

import numpy as np

from store.places import zip_table

NEAR_DEGREES = 2.0  # ZIP codes of one name within cells of this size are of one town


class Town(NamedTuple):
    """A town of the United States; weight: its ZIP codes, which grow with its size."""

    name: str
    latitude: float
    longitude: float
    weight: int


def towns_within(south: float, west: float, north: float, east: float, most: int = 12) -> list[Town]:
    """The largest towns of the box, the largest first, so far apart that their names have room."""
    apart_down, apart_right = (north - south) / 9, (east - west) / 5
    kept: list[Town] = []
    for town in _towns():
        if len(kept) == most:
            break
        if not (south <= town.latitude <= north and west <= town.longitude <= east):
            continue
        if all(
            abs(town.latitude - other.latitude) > apart_down
            or abs(town.longitude - other.longitude) > apart_right
            for other in kept
        ):
            kept.append(town)
    return kept


@cache
def _towns() -> tuple[Town, ...]:
    """All towns, the one with the most ZIP codes first; read once, in a tenth of a second."""
    table = zip_table()
    places: dict[tuple[str, int, int], list[tuple[float, float]]] = defaultdict(list)
    for code, latitude, longitude in zip(table.zips, table.latitudes, table.longitudes, strict=True):
        name = table.cities[code.decode()][0]
        cell = round(latitude / NEAR_DEGREES), round(longitude / NEAR_DEGREES)
        places[name, *cell].append((latitude, longitude))
    towns = []
    for (name, *_), found in places.items():
        latitude, longitude = np.median(found, axis=0).tolist()
        towns.append(Town(name.title(), latitude, longitude, len(found)))
    return tuple(sorted(towns, key=lambda town: (-town.weight, town.name)))
