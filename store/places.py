"""Where is a ZIP code, and how far is it from there to here?"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
import zipcodes

EARTH_KM = 6371.0088  # mean radius, IUGG


@dataclass(frozen=True, slots=True)
class ZipTable:
    """Every ZIP code in order, with its centroid in degrees and its places' names in capitals.

    `zips`, `latitudes` and `longitudes` hold only those with a place on the ground; `cities` holds
    the military ones too.
    """

    zips: np.ndarray
    latitudes: np.ndarray
    longitudes: np.ndarray
    cities: dict[str, tuple[str, ...]]


@cache
def zip_table() -> ZipTable:
    """The table of ZIP codes, read once from the package `zipcodes`; takes half a second."""
    # list_all() would keep its 42,789 dicts for ever; this makes them and lets them go.
    rows = sorted(zipcodes.filter_by(), key=lambda row: row["zip_code"])
    located = [row for row in rows if float(row["lat"]) or float(row["long"])]
    return ZipTable(
        zips=np.array([row["zip_code"] for row in located], dtype="S5"),
        latitudes=np.array([row["lat"] for row in located], dtype=float),
        longitudes=np.array([row["long"] for row in located], dtype=float),
        cities={row["zip_code"]: _upper([row["city"], *row["acceptable_cities"]]) for row in rows},
    )


def _upper(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.upper() for name in names))


def zip_centroids() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """ZIP codes in order (S5), their latitudes and their longitudes, in degrees."""
    table = zip_table()
    return table.zips, table.latitudes, table.longitudes


def centroid_of(zip_code: str) -> tuple[float, float] | None:
    """Latitude and longitude of a five-digit ZIP code's centroid, or None when it has none."""
    if len(zip_code) != 5 or not zip_code.isascii():
        return None
    table = zip_table()
    wanted = zip_code.encode()
    at = int(np.searchsorted(table.zips, wanted))
    if at == len(table.zips) or table.zips[at] != wanted:
        return None
    return float(table.latitudes[at]), float(table.longitudes[at])


def cities_of(zip_code: str) -> tuple[str, ...]:
    """The names in capitals that mail to a ZIP code may carry, the preferred one first."""
    return zip_table().cities.get(zip_code, ())


def haversine_km(
    lat1: np.ndarray | float, lon1: np.ndarray | float, lat2: np.ndarray | float, lon2: np.ndarray | float
) -> np.ndarray:
    """Great-circle distance in kilometres between points in degrees; arrays broadcast."""
    north1, east1, north2, east2 = (np.radians(angle) for angle in (lat1, lon1, lat2, lon2))
    half = np.sin((north2 - north1) / 2) ** 2
    half = half + np.cos(north1) * np.cos(north2) * np.sin((east2 - east1) / 2) ** 2
    # Rounding can carry antipodes a hair past 1, where arcsin is undefined.
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
