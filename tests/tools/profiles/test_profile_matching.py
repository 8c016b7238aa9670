"""Values mean what a profile looks for, however they are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.profiles.matching.columns import kind_of
from tools.profiles.matching.industries import is_industry
from tools.profiles.matching.places import where
from tools.profiles.matching.roles import is_role
from tools.profiles.matching.sizes import in_size, size_range, speaks_of_size
from tools.profiles.matching.words import normal


@pytest.mark.parametrize(
    ("value", "wanted", "fits"),
    [
        ("SaaS", "Software", True),
        ("Computer Software", "software", True),
        ("Hospital & Health Care", "Healthcare", True),
        ("Software", "Financial software", False),
        ("Retail", "Software", False),
    ],
)
def test_an_industry_is_known_by_its_synonyms(value, wanted, fits):
    assert is_industry(value, wanted) is fits


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("51-200", (51, 200)),
        ("1,000+", (1000, math.inf)),
        ("1.000-5.000", (1000, 5000)),
        ("1-2k", (1000, 2000)),
        ("200-1k", (200, 1000)),
        ("under 10 employees", (1, 9)),
        ("at least 50", (50, math.inf)),
        ("mid-market", (100, 999)),
        ("120", (120, 120)),
        ("Software", None),
        ("", None),
    ],
)
def test_sizes_are_read_as_people_write_them(text, ends):
    assert size_range(text) == ends


def test_a_band_lies_in_a_range_when_half_of_it_does_by_its_logarithm():
    """Of 51-200, log(201/51) = 1.37 wide: above 100 lies log(201/100) = 0.70, up to 60 log(61/51) = 0.18."""
    assert in_size((51, 200), (100, 500))
    assert not in_size((51, 200), (1, 60))
    assert in_size((1000, math.inf), (1000, math.inf))


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_a_number_lies_in_a_range_exactly_when_it_is_between_its_ends(value, low):
    assert in_size((value, value), (low, low + 100)) is (low <= value <= low + 100)


@pytest.mark.parametrize(
    ("row", "wanted", "lies"),
    [
        ({"country": "DE"}, ["Germany"], True),
        ({"country": "Deutschland"}, ["DACH"], True),
        ({"country": "France"}, ["DACH", "US"], False),
        ({"country": "CA"}, ["California"], False),
        ({"state": "CA"}, ["California"], True),
        ({"country": "US"}, ["California"], None),
        ({"country": "US", "state": "Texas"}, ["California"], False),
        ({"location": "Austin, TX"}, ["US"], True),
        ({"location": "Berlin, Germany"}, ["Europe"], True),
        ({"location": "San Francisco Bay Area, United States"}, ["Bay Area"], True),
        ({"country": "Germany", "state": "Bavaria"}, ["Bavaria"], True),
        ({}, ["US"], None),
    ],
)
def test_places_are_known_by_name_code_region_and_state(row, wanted, lies):
    assert where(row, wanted) is lies


@pytest.mark.parametrize(
    ("title", "wanted", "fits"),
    [
        ("Vice President, Revenue", "VP Sales", True),
        ("Chief Technology Officer", "CTO", True),
        ("CTO", "C-level", True),
        ("CTO", "CEO", False),
        ("CEO & Co-Founder", "CEO", True),
        ("Executive Assistant to the CEO", "C-level", False),
        ("Account Executive", "C-level", False),
        ("Product Owner", "owner", False),
        ("Senior Director of Marketing", "Director+", True),
        ("Marketing Manager", "Director+", False),
        ("Head of Revenue Operations", "RevOps", True),
        ("Engineering Manager", "VP Engineering", False),
    ],
)
def test_roles_are_matched_by_function_and_by_level(title, wanted, fits):
    assert is_role(title, wanted) is fits


def test_columns_are_recognised_whatever_they_are_called():
    names = {
        "Company Industry": "industry",
        "headcount": "employees",
        "company_size": "employees",
        "HQ Country": "country",
        "job_title": "title",
        "tech_stack": "signals",
        "color": None,
    }
    assert {name: kind_of(name) for name in names} == names


def test_words_of_a_size_are_told_from_others():
    assert speaks_of_size("fewer than 10 employees")
    assert speaks_of_size("enterprise")
    assert not speaks_of_size("series 2 funding")


@given(st.text(max_size=40))
def test_no_text_breaks_the_readers_and_normal_forms_stay(text):
    assert normal(normal(text)) == normal(text)
    size_range(text)
    where({"location": text, "country": text}, [text or "x"])
    is_role(text, text or "x")
    is_industry(text, text or "x")
