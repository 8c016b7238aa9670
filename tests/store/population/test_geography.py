"""Radius search by patches, held against the distance of every single person."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.places import EARTH_KM, haversine_km
from store.population.curve import hilbert
from store.population.geography import BLOCK, Geography, read_geography, write_geography

HALF_ROUND_KM = np.pi * EARTH_KM
places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def geography_of(latitude: np.ndarray, longitude: np.ndarray) -> Geography:
    with TemporaryDirectory() as folder:
        write_geography(latitude, longitude, Path(folder))
        return read_geography(Path(folder))


def naive(where: Geography, latitude: float, longitude: float, radius_km: float) -> list[int]:
    distance = haversine_km(latitude, longitude, where.latitude, where.longitude)
    return np.flatnonzero(distance <= radius_km).tolist()


def world(seed: int, persons: int = 3_000, *, nowhere: int = 300) -> Geography:
    """People in towns, along the antimeridian, around both poles and spread thinly; the last ones nowhere."""
    random = np.random.default_rng(seed)
    kind = random.integers(0, 5, persons)
    latitude = np.choose(
        kind,
        [
            random.normal(40.7, 0.2, persons),
            random.uniform(-60, 60, persons),
            random.uniform(89.9, 90, persons),
            random.uniform(-90, -89.9, persons),
            random.uniform(-90, 90, persons),
        ],
    )
    east = np.where(random.random(persons) < 0.5, 180 - random.random(persons), random.random(persons) - 180)
    longitude = np.where(
        kind == 0,
        random.normal(-74, 0.2, persons),
        np.where(kind == 1, east, random.uniform(-180, 180, persons)),
    )
    order = np.argsort(hilbert(latitude, longitude))
    latitude, longitude = latitude[order], longitude[order]
    latitude[persons - nowhere :] = longitude[persons - nowhere :] = np.nan
    return geography_of(latitude, longitude)


WORLDS = [world(1), world(2, BLOCK, nowhere=0), world(3, BLOCK + 1, nowhere=1), world(4, 700, nowhere=700)]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(WORLDS),
    places,
    st.one_of(st.floats(0, 1), st.floats(0, 500), st.floats(0, 20_100)),
)
@example(WORLDS[0], (90.0, 0.0), 10.0)
@example(WORLDS[0], (-90.0, 77.0), 5_000.0)
@example(WORLDS[0], (0.0, 180.0), 800.0)
@example(WORLDS[0], (0.0, -180.0), 800.0)
@example(WORLDS[0], (40.7, -74.0), HALF_ROUND_KM / 2)
@example(WORLDS[0], (40.7, -74.0), HALF_ROUND_KM)
@example(WORLDS[0], (40.7, -74.0), 0.0)
def test_the_same_people_are_within_as_by_every_single_distance(
    where: Geography, centre: tuple[float, float], radius_km: float
) -> None:
    assert list(where.within(*centre, radius_km)) == naive(where, *centre, radius_km)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2_699), st.integers(0, 2_699))
def test_a_radius_that_ends_on_a_person_holds_that_person(centre: int, person: int) -> None:
    where = WORLDS[0]
    latitude, longitude = float(where.latitude[centre]), float(where.longitude[centre])
    distance = haversine_km(latitude, longitude, where.latitude, where.longitude)
    found = where.within(latitude, longitude, float(distance[person]))
    assert person in found
    assert list(found) == np.flatnonzero(distance <= distance[person]).tolist()


def test_around_the_antipode_rounding_loses_nobody() -> None:
    """Seen from the other side of the globe, the haversine cannot part points that are 10 cm apart."""
    steps = np.arange(3 * BLOCK) * 1e-7
    where = geography_of(steps, 180 - steps)
    for radius_km in HALF_ROUND_KM - np.array([0, 1e-9, 1e-6, 5e-5, 1e-4, 1e-2]):
        assert list(where.within(0, 0, radius_km)) == naive(where, 0, 0, radius_km)


def test_four_people_in_and_around_new_york() -> None:
    """From Times Square: Penn Station 1.1 km, JFK about 21, Philadelphia about 130, one nowhere."""
    where = geography_of(
        np.array([40.7506, 40.6413, 39.9526, np.nan]), np.array([-73.9939, -73.7781, -75.1652, np.nan])
    )
    found = {radius: list(where.within(40.7580, -73.9855, radius)) for radius in (0.5, 1.2, 22, 150, 20_100)}
    assert found == {0.5: [], 1.2: [0], 22: [0, 1], 150: [0, 1, 2], 20_100: [0, 1, 2]}


@pytest.mark.parametrize("half", [(np.nan, 10.0), (10.0, np.nan)])
def test_half_a_place_hides_nobody_else(half: tuple[float, float]) -> None:
    where = geography_of(np.array([10.0, half[0]]), np.array([10.0, half[1]]))
    assert list(where.within(10, 10, 1)) == [0]
