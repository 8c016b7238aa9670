"""Where ZIP codes are. One degree along a great circle is 2 pi 6371.0088 / 360 = 111.195 km."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.places import centroid_of, cities_of, haversine_km, zip_centroids


def test_centroids_come_in_the_order_of_their_zip_codes():
    zips, latitudes, longitudes = zip_centroids()
    assert zips.dtype == np.dtype("S5")
    assert len(zips) == len(latitudes) == len(longitudes) > 41_000
    assert np.all(zips[1:] > zips[:-1])
    assert np.all(np.abs(latitudes) <= 90)
    assert np.all(np.abs(longitudes) <= 180)


@pytest.mark.parametrize(
    ("zip_code", "latitude", "longitude"),
    [("94105", 37.79, -122.39), ("02139", 42.36, -71.10), ("99950", 55.34, -131.65)],
)
def test_a_zip_code_lies_where_the_map_has_it(zip_code, latitude, longitude):
    assert centroid_of(zip_code) == pytest.approx((latitude, longitude), abs=0.02)


@pytest.mark.parametrize(
    "zip_code", ["00000", "99999", "09001", "", "9410", "94105-1234", "abcde", "٩٤١٠٥", "\x00" * 5]
)
def test_what_has_no_place_on_the_ground_has_no_centroid(zip_code):
    assert centroid_of(zip_code) is None


def test_the_preferred_name_of_a_zip_codes_city_comes_first():
    assert cities_of("94105") == ("SAN FRANCISCO",)
    assert cities_of("91316") == ("ENCINO", "VAN NUYS")
    assert cities_of("09001") == ("APO",)
    assert cities_of("nowhere") == ()


def test_distances_are_along_great_circles():
    assert haversine_km(0, 0, 0, 1) == pytest.approx(111.195, abs=1e-3)
    assert haversine_km(0, 0, 0, 180) == pytest.approx(np.pi * 6371.0088)
    assert haversine_km(0, 0, 90, 0) == pytest.approx(np.pi / 2 * 6371.0088)
    # San Francisco to New York, between the ZIP codes' centroids.
    assert haversine_km(*(centroid_of("94105") or ()), *(centroid_of("10001") or ())) == pytest.approx(
        4130, abs=10
    )


def test_distances_broadcast_over_arrays():
    found = haversine_km(np.zeros(3), np.zeros(3), 0, np.array([0.0, 1.0, 2.0]))
    assert found == pytest.approx([0, 111.195, 222.390], abs=1e-3)


LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


@settings(deadline=None)
@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_distance_is_the_same_both_ways_and_at_most_half_the_globe(lat1, lon1, lat2, lon2):
    there, back = haversine_km(lat1, lon1, lat2, lon2), haversine_km(lat2, lon2, lat1, lon1)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= np.pi * 6371.0089
    assert haversine_km(lat1, lon1, lat1, lon1) == pytest.approx(0, abs=1e-6)
