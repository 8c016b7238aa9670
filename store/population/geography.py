"""Who lives within a radius: whole runs of numbers inside, exact distances only at the edge.

Persons are numbered along a space-filling curve, so each run of BLOCK numbers is a small patch.
A patch has a centre and a reach (its farthest person). By the triangle inequality a patch with
distance + reach <= radius is wholly inside, and one with distance - reach > radius wholly outside.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pyroaring import BitMap

from store.places import haversine_km

BLOCK = 256
# Near the antipode the haversine is off by up to 0.1 m; a patch this near to the edge is looked at exactly.
SLACK_KM = 1e-3


@dataclass(frozen=True)
class Geography:
    """Where the persons of one shard are; NaN where unknown."""

    latitude: np.ndarray
    longitude: np.ndarray
    centre_latitude: np.ndarray
    centre_longitude: np.ndarray
    reach_km: np.ndarray  # of each block; NaN when the block has a person without a place
    somewhere: np.ndarray  # bool: at least one person of the block has a place

    def within(self, latitude: float, longitude: float, radius_km: float) -> BitMap:
        """Local numbers of persons at most radius_km away, by the haversine distance."""
        distance = haversine_km(latitude, longitude, self.centre_latitude, self.centre_longitude)
        reach = np.nan_to_num(self.reach_km, nan=np.inf)
        inside = distance + reach <= radius_km - SLACK_KM
        edge = ~inside & self.somewhere & (distance - reach <= radius_km + SLACK_KM)
        found = BitMap()
        for first, last in _runs(inside):
            found.add_range(first * BLOCK, min(last * BLOCK, len(self.latitude)))
        if edge.any():
            found |= BitMap(self._exact(np.flatnonzero(edge), latitude, longitude, radius_km))
        return found

    def _exact(self, blocks: np.ndarray, latitude: float, longitude: float, radius_km: float) -> np.ndarray:
        numbers = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
        numbers = numbers[numbers < len(self.latitude)]
        distance = haversine_km(latitude, longitude, self.latitude[numbers], self.longitude[numbers])
        return numbers[distance <= radius_km].astype(np.uint32)  # NaN is at no distance


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.view(np.int8), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def write_geography(latitude: np.ndarray, longitude: np.ndarray, folder: Path) -> None:
    """Write places (degrees, NaN unknown) and the patches they make, in local number order."""
    np.save(folder / "places.npy", np.stack([latitude, longitude]))
    blocks = -(-len(latitude) // BLOCK)
    patches = np.full((4, blocks), np.nan)
    for block in range(blocks):
        lat, lon = latitude[block * BLOCK :][:BLOCK], longitude[block * BLOCK :][:BLOCK]
        known = ~np.isnan(lat) & ~np.isnan(lon)
        if not known.any():
            patches[:, block] = (0.0, 0.0, np.nan, 0.0)
            continue
        centre = lat[known].mean(), lon[known].mean()
        reach = haversine_km(*centre, lat[known], lon[known]).max()
        patches[:, block] = (*centre, reach if known.all() else np.nan, 1.0)
    np.save(folder / "patches.npy", patches)


def read_geography(folder: Path) -> Geography:
    """The places of one shard, mapped."""
    places = np.load(folder / "places.npy", mmap_mode="r")
    centre_latitude, centre_longitude, reach, somewhere = np.load(folder / "patches.npy")
    return Geography(places[0], places[1], centre_latitude, centre_longitude, reach, somewhere > 0)
