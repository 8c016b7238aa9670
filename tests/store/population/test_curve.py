"""The curve visits every cell once, and cells that follow each other touch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.places import haversine_km
from store.population import curve
from store.population.curve import hilbert


def centres(order: int) -> tuple[np.ndarray, np.ndarray]:
    side = 1 << order
    middle = (np.arange(side) + 0.5) / side
    longitude, latitude = np.meshgrid(middle * 360 - 180, middle * 180 - 90)
    return latitude.ravel(), longitude.ravel()


def test_the_curve_of_four_cells_is_a_cup(monkeypatch: pytest.MonkeyPatch) -> None:
    """South-west, north-west, north-east, south-east."""
    monkeypatch.setattr(curve, "ORDER", 1)
    found = hilbert(np.array([-45, 45, 45, -45]), np.array([-90, -90, 90, 90]))
    assert found.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("order", [1, 2, 3, 4, 6])
def test_each_cell_has_a_position_of_its_own_and_the_next_one_touches_it(
    order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curve, "ORDER", order)
    latitude, longitude = centres(order)
    positions = hilbert(latitude, longitude)
    along = np.argsort(positions)
    assert positions[along].tolist() == list(range(4**order))
    side = 1 << order
    steps = np.abs(np.diff(along // side)) + np.abs(np.diff(along % side))
    assert set(steps.tolist()) == {1}


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_positions_lie_on_the_curve(latitude: float, longitude: float) -> None:
    [position] = hilbert(np.array([latitude]), np.array([longitude]))
    assert 0 <= position < 4**curve.ORDER


def test_corners_and_places_off_the_globe_are_clipped() -> None:
    inside = hilbert(np.array([-90.0, 90.0, 90.0]), np.array([-180.0, -180.0, 180.0]))
    beyond = hilbert(np.array([-95.0, 95.0, 95.0]), np.array([-190.0, -190.0, 190.0]))
    np.testing.assert_array_equal(inside, beyond)


def test_people_who_follow_each_other_live_near_each_other() -> None:
    """10,000 people over a country: neighbours on the curve are a twentieth as far apart as in any order."""
    random = np.random.default_rng(5)
    latitude, longitude = random.uniform(25, 49, 10_000), random.uniform(-125, -67, 10_000)
    order = np.argsort(hilbert(latitude, longitude))
    near = haversine_km(*_pairs(latitude[order], longitude[order]))
    far = haversine_km(*_pairs(latitude, longitude))
    assert np.median(near) < np.median(far) / 20


def _pairs(latitude: np.ndarray, longitude: np.ndarray) -> tuple[np.ndarray, ...]:
    return latitude[:-1], longitude[:-1], latitude[1:], longitude[1:]
