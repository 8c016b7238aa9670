import pytest

from store.identifiers.postal.unit import rest_of_street, unit_line, unit_start


@pytest.mark.parametrize(
    ("words", "standard"),
    [
        ("APARTMENT 4", "APT 4"),
        ("APT # 4", "APT 4"),
        ("APT NO 4 B", "APT 4B"),
        ("# APT 4", "APT 4"),
        ("NUMBER 12", "# 12"),
        ("SECOND FLOOR", "FL 2"),
        ("FLOOR 2ND", "FL 2"),
        ("APT 4 2ND FLOOR", "FL 2 APT 4"),
        ("APT 4 BUILDING C", "BLDG C APT 4"),
        ("BLDG A1 RIGHT", "BLDG A1 RIGHT"),
        ("REAR", "REAR"),
        ("PENTHOUSE 3", "PH 3"),
        ("SUITE", ""),
    ],
)
def test_a_unit_has_one_standard_form(words, standard):
    assert unit_line(words.split()) == standard
    assert unit_line(standard.split()) == standard


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("MAIN ST APT 4", 2),
        ("MAIN ST # 4", 2),
        ("MAIN ST 2ND FL", 2),
        ("5TH FL 2", 1),
        ("MAIN ST REAR", 2),
        ("LAKE FRONT", 2),
        ("OLD KEY RD", 3),
        ("OLD BUILDING RD", 3),
        ("SLIP 4", 2),
        ("OLD NUMBER 6 HIGHWAY", 4),
    ],
)
def test_words_of_streets_are_not_taken_for_units(words, at):
    assert unit_start(words.split(), 1) == at


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("APT 4", "APT 4"),
        ("4B", "# 4B"),
        ("NW", "NW"),
        ("REAR", "REAR"),
        ("NORTH", None),
        ("KEY WEST", None),
        ("FRONT ROYAL", None),
        ("BOSTON", None),
    ],
)
def test_towns_are_not_taken_for_the_rest_of_a_street(words, more):
    assert rest_of_street(words.split()) == (more.split() if more else None)
