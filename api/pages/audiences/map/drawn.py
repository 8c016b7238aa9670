"""How does a map of cells look, without tiles: what is drawn, in the numbers of an SVG?"""

from collections.abc import Callable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from store.population.population import Population
from store.towns import towns_within
from tools.audience.density import FEWEST, Box, Density, around_circle, box_of, density
from tools.audience.selection import Location

WIDTHS = {"wide": 480, "small": 300}  # CSS pixels of the map, by the name of the picture that is pressed
WIDE = WIDTHS["wide"]
SHADES = 5
LETTER = 12  # of the map, that a letter of a name takes where it is largest
FEWEST_COLUMNS, MOST_COLUMNS, PEOPLE_A_CELL = (
    12,
    72,
    160,
)  # cells are so many that they would hold so many people on average
NEAR = 0.35  # of the height of the near map, that the circle takes
RATIOS = 0.8, 2.4  # how wide a map may be, by its height


class Label(NamedTuple):
    """A town's name beside its dot."""

    name: str
    x: float
    y: float
    end: bool  # whether the name ends at the dot instead of beginning there


class Drawn(NamedTuple):
    """A map: its size, its cells, and what lies on it.

    cells: of each shade, the lightest first, the squares as one SVG path. ring: the circle, in x, y and two
    half-axes. shown: people of the cells; outside: people not on the map; nowhere: people without a place.
    """

    width: int
    height: int
    cells: list[str]
    labels: list[Label]
    ring: tuple[float, float, float, float] | None
    shown: int
    outside: int
    nowhere: int


def shown_box(population: Population, location: Location | None, near: bool) -> Box | None:
    """The box that a map shows: everybody and the circle, or the surroundings of the circle."""
    whole: Box | None = _kept(population, None, lambda: box_of(population))
    if whole is None:
        return None
    if location is None:
        return _shaped(whole)
    circle = location.latitude, location.longitude, location.radius_km
    return _shaped(around_circle(*circle, NEAR) if near else whole.holding(*circle))


def _shaped(box: Box) -> Box:
    """The box made wider or higher until a map of it is neither a strip nor a tower."""
    least, most = RATIOS
    south, west, north, east = box
    if box.ratio < least:
        more = (east - west) * (least / box.ratio - 1) / 2
        west, east = max(-180.0, west - more), min(180.0, east + more)
    elif box.ratio > most:
        more = (north - south) * (box.ratio / most - 1) / 2
        south, north = max(-90.0, south - more), min(90.0, north + more)
    return Box(south, west, north, east)


def columns_for(people: int, box: Box) -> int:
    """Cells side by side: fewer where there are fewer people, since a cell of few is not shown."""
    return int(np.clip(round((people / PEOPLE_A_CELL * box.ratio) ** 0.5), FEWEST_COLUMNS, MOST_COLUMNS))


def shades_of(density: Density) -> np.ndarray:
    """Shade of each cell by the number of its people, 0 for too few: fifths of the cells that are shown."""
    return _fifths(density.people.astype(float), density.people >= FEWEST)


def shares_of(chosen: Density, everyone: Density) -> np.ndarray:
    """Shade of each cell by the share of its people who are chosen; 0 where too few live or none is."""
    shares = chosen.people / np.maximum(everyone.people, 1)
    return _fifths(shares, (everyone.people >= FEWEST) & (chosen.people > 0))


def _fifths(values: np.ndarray, shown: np.ndarray) -> np.ndarray:
    shades = np.zeros(values.shape, dtype=np.int64)
    if shown.any():
        edges = np.quantile(values[shown], np.arange(1, SHADES) / SHADES)
        shades[shown] = 1 + np.searchsorted(edges, values[shown], side="right")
    return shades


def drawn(found: Density, shades: np.ndarray, location: Location | None) -> Drawn:
    """The map of a density in these shades, with the circle and the larger towns."""
    box = found.box
    rows, columns = found.people.shape
    height = round(WIDE / box.ratio)
    return Drawn(
        width=WIDE,
        height=height,
        cells=[_path(shades == shade, WIDE / columns, height / rows) for shade in range(1, SHADES + 1)],
        labels=_labels(box, height),
        ring=_ring(box, height, location),
        shown=int(found.people[found.people >= FEWEST].sum()),
        outside=found.outside,
        nowhere=found.nowhere,
    )


def _path(squares: np.ndarray, across: float, down: float) -> str:
    """The marked squares as a path, those side by side in one piece."""
    pieces = []
    for row, marked in enumerate(squares):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], marked.astype(np.int8), [0]))))
        pieces += [
            f"M{first * across:.1f} {row * down:.1f}h{(last - first) * across:.1f}v{down:.1f}"
            f"h{(first - last) * across:.1f}z"
            for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        ]
    return "".join(pieces)


def _labels(box: Box, height: int) -> list[Label]:
    labels = []
    for town in towns_within(*box):
        x, y = _at(box, height, town.latitude, town.longitude)
        labels.append(Label(town.name, round(x, 1), round(y, 1), x + LETTER * len(town.name) > WIDE))
    return labels


def _ring(box: Box, height: int, location: Location | None) -> tuple[float, float, float, float] | None:
    if location is None:
        return None
    around = around_circle(location.latitude, location.longitude, location.radius_km)
    x, y = _at(box, height, location.latitude, location.longitude)
    left, top = _at(box, height, around.north, around.west)
    return round(x, 1), round(y, 1), round(max(3.0, x - left), 1), round(max(3.0, y - top), 1)


def _at(box: Box, height: int, latitude: float, longitude: float) -> tuple[float, float]:
    return (
        (longitude - box.west) / (box.east - box.west) * WIDE,
        (box.north - latitude) / (box.north - box.south) * height,
    )


# By population, which forgets its maps when it is let go.
_KEPT: WeakKeyDictionary[Population, dict[Box | None, Any]] = WeakKeyDictionary()
MOST_KEPT = 30  # boxes of one population


def everybody(population: Population, box: Box) -> Density:
    """Everybody of the population in the cells of the box; counted once for each box."""

    def counted() -> Density:
        rough = density(population, box, FEWEST_COLUMNS)
        return density(population, box, columns_for(int(rough.people.sum()), box))

    return _kept(population, box, counted)


def _kept(population: Population, box: Box | None, make: Callable[[], Any]) -> Any:
    known = _KEPT.setdefault(population, {})
    if box not in known:
        while len(known) > MOST_KEPT:
            known.pop(next(iter(known)), None)
        known[box] = make()
    return known[box]
