"""Names that a map of the United States needs, large towns first and far enough apart."""

from store.towns import towns_within


def test_the_country_shows_large_towns_apart_from_each_other():
    towns = towns_within(24.0, -125.0, 49.5, -66.0)
    assert 6 <= len(towns) <= 12
    assert towns == sorted(towns, key=lambda town: -town.weight)
    for at, town in enumerate(towns):
        for other in towns[:at]:
            assert (
                abs(town.latitude - other.latitude) > 25.5 / 9
                or abs(town.longitude - other.longitude) > 59 / 5
            )


def test_a_part_of_it_shows_towns_of_that_part():
    names = [town.name for town in towns_within(29.0, -99.0, 31.5, -96.0, most=5)]
    assert {"Austin", "San Antonio"} <= set(names)


def test_elsewhere_there_are_none():
    assert towns_within(46.0, 5.0, 55.0, 15.0) == []
