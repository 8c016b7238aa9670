"""People in the cells of a map, by hand and against numpy's histogram."""

import numpy as np
import pytest
from pyroaring import BitMap

from store.warehouse import Warehouse
from tools.audience.density import Box, around_circle, box_of, density

ROWS = "id,a,lat,lon\n1,y,40.1,-75.1\n2,y,40.9,-74.1\n3,n,40.9,-74.2\n4,n,0,0\n5,n,,\n6,n,40,-75\n"
COLUMNS = {
    "id": {"kind": "person_id"},
    "a": {"kind": "category"},
    "lat": {"kind": "latitude"},
    "lon": {"kind": "longitude"},
}
BOX = Box(40.0, -75.2, 41.0, -73.9)


@pytest.fixture(scope="module")
def us_population(consumers):
    return Warehouse(consumers / "home", "us").population


def test_people_are_counted_where_they_live_by_hand(load):
    """Two columns, and as many rows as make a cell about as high as wide: 1 and 6 are in the south-west
    cell, 2 and 3 in the north-east one, 4 is outside, of 5 nothing is known."""
    population = load(ROWS, COLUMNS).population
    found = density(population, BOX, 2)
    assert found.people.shape == (2, 2)
    assert found.people.tolist() == [[0, 2], [2, 0]]
    assert (found.outside, found.nowhere) == (1, 1)


def test_only_the_people_asked_for_are_counted(load):
    population = load(ROWS, COLUMNS).population
    having = [
        BitMap(shard.bitmaps[population.catalogue.valued("a", "y").code]) for shard in population.shards
    ]
    assert density(population, BOX, 2, having).people.tolist() == [[0, 1], [1, 0]]


def test_cells_are_those_of_a_histogram(us_population):
    box = box_of(us_population)
    found = density(us_population, box, 24)
    rows = found.people.shape[0]
    shards = us_population.shards
    latitude = np.concatenate([shard.geography.latitude for shard in shards])
    longitude = np.concatenate([shard.geography.longitude for shard in shards])
    known = ~np.isnan(latitude)
    edges = [np.linspace(box.south, box.north, rows + 1), np.linspace(box.west, box.east, 25)]
    expected = np.histogram2d(latitude[known], longitude[known], bins=edges)[0][::-1]
    # A person on the edge of two cells may be counted in either by the rounding of the one or the other.
    assert np.abs(found.people - expected).sum() <= 0.001 * known.sum()
    assert found.people.sum() + found.outside + found.nowhere == us_population.persons


def test_the_box_holds_nearly_everybody(us_population):
    box = box_of(us_population)
    inside = density(us_population, box, 8).people.sum()
    assert 0.95 * us_population.persons < inside <= us_population.persons


def test_nobody_with_a_place_makes_no_box(load):
    assert box_of(load("id,a\n1,y\n2,n\n", {"id": COLUMNS["id"], "a": COLUMNS["a"]}).population) is None


def test_people_of_one_place_make_a_box_around_it(load):
    population = load("id,a,lat,lon\n1,y,48.2,16.4\n2,y,48.2,16.4\n", COLUMNS)
    box = box_of(population.population)
    assert box.south < 48.2 < box.north
    assert box.west < 16.4 < box.east
    assert density(population.population, box, 5).people.sum() == 2


def test_a_circle_fits_its_box():
    """100 km are 0.9 degrees of latitude; at 60 degrees north twice as many of longitude."""
    box = around_circle(60, 10, 100)
    assert box.north - 60 == pytest.approx(0.9, abs=0.01)
    assert (box.east - 10) / (box.north - 60) == pytest.approx(2, abs=0.01)
    near = around_circle(60, 10, 100, share=0.5)
    assert near.north - 60 == pytest.approx(1.8, abs=0.01)
    assert around_circle(89, 0, 500)[2] == 90


def test_boxes_join_with_circles():
    joined = Box(40, -80, 41, -75).holding(30, -97, 50)
    assert joined.south < 30 < joined.north == 41
    assert joined.west < -97 < joined.east == -75
