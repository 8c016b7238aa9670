"""Where do households live? ZIP codes of the fifty states and DC, with made-up weights and house numbers.

The ZIP table has no population: every STANDARD code gets a heavy-tailed weight drawn from the seed,
larger where many codes lie close together. Streets and house numbers are made up, so an address
may by chance be one that exists; nobody's name goes with it.
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import zipcodes

from store.synthetic.persons.columns.text import chosen, digits, joined
from store.synthetic.tables import street_names

AREA_TYPES = ["Rural", "Suburban", "Urban"]
AREA_TYPE_SHARES = [0.22, 0.43, 0.35]
TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}
APARTMENT_SHARE = 0.22
JITTER_DEGREES = 0.02
MOST_AREA_CODES = 4

# The address of the documentation's contact: nobody else may draw it.
RESERVED_NUMBER, RESERVED_STREET, RESERVED_PLACE = 123, "Main St", "San Francisco, CA 94105"


@dataclass(frozen=True)
class Places:
    """ZIP codes with a row each; codes are places in the lists `states` and `zip3s`."""

    lines: pa.Array
    latitude: np.ndarray
    longitude: np.ndarray
    states: list[str]
    state: np.ndarray
    zip3s: list[str]
    zip3: np.ndarray
    urbanity: np.ndarray
    area_type: np.ndarray
    area_codes: np.ndarray
    share: np.ndarray

    def draw(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Rows of this many ZIP codes."""
        return np.minimum(np.searchsorted(np.cumsum(self.share), rng.random(size)), len(self.share) - 1)


class _ZipCode(NamedTuple):
    digits: str
    city: str
    state: str
    latitude: float
    longitude: float
    area_codes: list[int]


@cache
def _zip_codes() -> list[_ZipCode]:
    # filter_by() makes the package's 42,789 dicts and lets them go; list_all() keeps them.
    return sorted(
        _ZipCode(
            row["zip_code"],
            row["city"],
            row["state"],
            float(row["lat"]),
            float(row["long"]),
            [int(code) for code in row["area_codes"]],
        )
        for row in zipcodes.filter_by(zip_code_type="STANDARD", active=True)
        if row["area_codes"] and row["state"] not in TERRITORIES
    )


def weighted_places(seed: int) -> Places:
    """The ZIP codes, weighted by a draw from this seed."""
    rows = _zip_codes()
    latitude, longitude = np.array([(row.latitude, row.longitude) for row in rows]).T
    density = np.log(_neighbours(latitude, longitude))
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0, 0)))
    share = np.exp(rng.normal(0, 1.0, len(rows)) + 0.6 * density)
    share /= share.sum()
    mean = float(share @ density)
    urbanity = (density - mean) / np.sqrt(share @ (density - mean) ** 2)
    states, state = np.unique([row.state for row in rows], return_inverse=True)
    zip3s, zip3 = np.unique([row.digits[:3] for row in rows], return_inverse=True)
    return Places(
        lines=pa.array([f"{row.city}, {row.state} {row.digits}" for row in rows]),
        latitude=latitude,
        longitude=longitude,
        states=states.tolist(),
        state=state.astype(np.int8),
        zip3s=zip3s.tolist(),
        zip3=zip3.astype(np.int16),
        urbanity=urbanity,
        area_type=_area_types(urbanity, share),
        area_codes=np.array([_padded(row.area_codes) for row in rows], dtype=np.int16),
        share=share,
    )


def _neighbours(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """How many ZIP codes lie in the same cell of half a degree."""
    cell = np.floor(latitude * 2).astype(int) * 1000 + np.floor(longitude * 2).astype(int)
    _, place, count = np.unique(cell, return_inverse=True, return_counts=True)
    return count[place]


def _area_types(urbanity: np.ndarray, share: np.ndarray) -> np.ndarray:
    order = np.argsort(urbanity, kind="stable")
    below = np.empty(len(share))
    below[order] = np.cumsum(share[order])
    return np.searchsorted(np.cumsum(AREA_TYPE_SHARES)[:-1], below).astype(np.int8)


def _padded(codes: list[int]) -> list[int]:
    return [codes[i % len(codes)] for i in range(MOST_AREA_CODES)]


def coordinates(rng: np.random.Generator, places: Places, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and longitude of households: the centroid of the ZIP code, moved by a few kilometres."""
    latitude = places.latitude[rows] + rng.normal(0, JITTER_DEGREES, len(rows))
    longitude = places.longitude[rows] + rng.normal(0, JITTER_DEGREES, len(rows))
    return latitude.round(5), longitude.round(5)


def addresses(rng: np.random.Generator, places: Places, rows: np.ndarray) -> pa.Array:
    """One line for each household: "123 Main St Apt 4, San Francisco, CA 94105"."""
    streets = street_names()
    # Low numbers and the first streets of the list are common, as on real maps.
    number = np.exp(rng.uniform(0, np.log(9999), len(rows))).astype(np.int64)
    street = (len(streets) * rng.random(len(rows)) ** 1.7).astype(np.int64)
    number[_is_reserved(places, rows, number, street)] += 2
    unit = np.where(rng.random(len(rows)) < APARTMENT_SHARE, rng.integers(1, 100, len(rows)), 0)
    units = ["", *(f" Apt {number}" for number in range(1, 100))]
    return joined(
        digits(number), " ", chosen(streets, street), chosen(units, unit), ", ", chosen(places.lines, rows)
    )


def _is_reserved(places: Places, rows: np.ndarray, number: np.ndarray, street: np.ndarray) -> np.ndarray:
    place = places.lines.index(RESERVED_PLACE).as_py()
    return (number == RESERVED_NUMBER) & (street == street_names().index(RESERVED_STREET)) & (rows == place)
