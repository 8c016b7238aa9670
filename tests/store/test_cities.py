"""Cities are found by name, the largest of a name first."""

import pytest

from store.cities import city_named, state_code


@pytest.mark.parametrize(
    ("name", "state", "there"),
    [
        ("Austin", None, ("AUSTIN", "TX")),
        ("portland", None, ("PORTLAND", "OR")),
        ("Portland", "ME", ("PORTLAND", "ME")),
        ("St. Louis", None, ("SAINT LOUIS", "MO")),
        ("NYC", None, ("NEW YORK", "NY")),
        ("Ft Worth", None, ("FORT WORTH", "TX")),
        ("Springfield", None, ("SPRINGFIELD", "MO")),
        ("Paris", "TX", ("PARIS", "TX")),
    ],
)
def test_a_city_is_found_by_its_names(name: str, state: str | None, there: tuple[str, str]) -> None:
    city = city_named(name, state)
    assert city is not None
    assert (city.name, city.state) == there


@pytest.mark.parametrize("name", ["Quuxborough", "London", "Paris", ""])
def test_unknown_and_foreign_cities_are_none(name: str) -> None:
    assert city_named(name) is None


def test_its_centre_is_where_its_people_are() -> None:
    boston = city_named("Boston")
    assert boston is not None
    assert (boston.latitude, boston.longitude) == pytest.approx((42.36, -71.06), abs=0.03)


def test_states_have_codes() -> None:
    assert [state_code(name) for name in ("Texas", "new york", "D.C.", "Narnia")] == ["TX", "NY", "DC", None]
