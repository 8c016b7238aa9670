"""Where do people live, as cells of a grid over a box of the map?"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from store.population.population import Population
from store.population.shard import Shard
from tools.mining.evidence.statistics import Ints

FEWEST = 50  # people of a cell that is shown: of fewer, a map could tell where one of them lives
MIDDLE = 0.98  # of the people, north to south and west to east, whom the box of everybody holds
SAMPLED = 200_000  # people whose places say where that box is
NARROWEST = 0.05  # degrees
PADDING = 0.06  # of the box, on each side


class Box(NamedTuple):
    """A part of the map, in degrees; it does not cross the 180th meridian."""

    south: float
    west: float
    north: float
    east: float

    def holding(self, latitude: float, longitude: float, radius_km: float) -> "Box":
        """The smallest box that holds this one and the circle."""
        around = around_circle(latitude, longitude, radius_km)
        return Box(
            min(self.south, around.south),
            min(self.west, around.west),
            max(self.north, around.north),
            max(self.east, around.east),
        )

    @property
    def ratio(self) -> float:
        """How much wider it is than high where a degree of longitude is as long as in its middle."""
        middle = math.radians((self.south + self.north) / 2)
        return (self.east - self.west) * max(0.1, math.cos(middle)) / (self.north - self.south)


class Density(NamedTuple):
    """People of each cell, (rows, columns), the northernmost row first; outside: people not in the box."""

    box: Box
    people: Ints
    outside: int
    nowhere: int


def around_circle(latitude: float, longitude: float, radius_km: float, share: float = 1.0) -> Box:
    """The box of a circle; with a share below 1, one in which the circle takes that share of the height."""
    up = radius_km / 111.2 / share
    across = up / max(0.1, math.cos(math.radians(latitude)))
    return Box(
        max(-90.0, latitude - up),
        max(-180.0, longitude - across),
        min(90.0, latitude + up),
        min(180.0, longitude + across),
    )


def box_of(population: Population) -> Box | None:
    """The box in which nearly everybody lives, a little wider; None where nobody has a place.

    A hundredth is cut off on each side, so that a few far away do not make everybody else a dot.
    """
    step = max(1, population.manifest.persons // SAMPLED)
    places = np.concatenate(population.ask(_places, step), axis=1)
    if not places.shape[1]:
        return None
    cut = (1 - MIDDLE) / 2
    (south, west), (north, east) = np.quantile(places, [cut, 1 - cut], axis=1).tolist()
    up, across = (max(NARROWEST, far - near) * PADDING for near, far in ((south, north), (west, east)))
    middle = (south + north) / 2, (west + east) / 2
    up, across = max(up, NARROWEST - (north - south)), max(across, NARROWEST - (east - west))
    return Box(
        max(-90.0, min(south, middle[0]) - up),
        max(-180.0, min(west, middle[1]) - across),
        min(90.0, north + up),
        min(180.0, east + across),
    )


def density(population: Population, box: Box, columns: int, people: list[BitMap] | None = None) -> Density:
    """How many of these people, shard by shard, live in each cell of the box; of everybody without them.

    Cells are about as high as wide. They are exact counts: show no cell of fewer than FEWEST people.
    """
    rows = max(1, round(columns / max(0.05, box.ratio)))
    asked = people if people is not None else [None] * len(population.shards)
    parts = [
        _cells(shard, box, rows, columns, mine) for shard, mine in zip(population.shards, asked, strict=True)
    ]
    cells = np.sum([each[0] for each in parts], axis=0).reshape(rows, columns)
    return Density(box, cells, sum(each[1] for each in parts), sum(each[2] for each in parts))


def _places(shard: Shard, step: int) -> NDArray[np.float64]:
    """Latitudes and longitudes of every so many-th person who has them, (2, n)."""
    places = np.stack([shard.geography.latitude[::step], shard.geography.longitude[::step]])
    return places[:, ~np.isnan(places).any(axis=0)]


def _cells(shard: Shard, box: Box, rows: int, columns: int, people: BitMap | None) -> tuple[Ints, int, int]:
    """Counts of the cells, row by row; how many are outside, and how many nowhere."""
    latitude, longitude = shard.geography.latitude, shard.geography.longitude
    if people is not None or len(shard.erased_numbers):
        numbers = np.asarray((shard.everyone if people is None else people).to_array(), dtype=np.int64)
        latitude, longitude = latitude[numbers], longitude[numbers]
    known = ~(np.isnan(latitude) | np.isnan(longitude))
    latitude, longitude = latitude[known], longitude[known]
    down = (box.north - latitude) / (box.north - box.south)
    right = (longitude - box.west) / (box.east - box.west)
    inside = (down >= 0) & (down <= 1) & (right >= 0) & (right <= 1)
    row = np.minimum((down[inside] * rows).astype(np.int64), rows - 1)
    column = np.minimum((right[inside] * columns).astype(np.int64), columns - 1)
    cells = np.bincount(row * columns + column, minlength=rows * columns)
    return cells, len(latitude) - len(row), len(known) - len(latitude)
