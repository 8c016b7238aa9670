"""The line of an address, word by word. Forms are those of USPS Publication 28."""

import pytest

from store.identifiers.malformed import Malformed
from store.identifiers.postal.street import split_unit, starts_street, street_line


@pytest.mark.parametrize(
    ("line", "standard"),
    [
        ("123 MAIN STREET", "123 MAIN ST"),
        ("123 NORTH MAIN STREET", "123 N MAIN ST"),
        ("123 MAIN AVENUE DRIVE", "123 MAIN AVENUE DR"),
        ("123 MAIN STREET NORTH WEST", "123 MAIN ST NW"),
        ("123 NORTH WEST 23RD AVENUE", "123 NW 23RD AVE"),
        ("123 NORTH WEST STREET", "123 N WEST ST"),
        ("1300 NORTH ST NW", "1300 NORTH ST NW"),
        ("1300 N ST NW", "1300 N ST NW"),
        ("600 E BOULEVARD AVE", "600 E BOULEVARD AVE"),
        ("123 W PARK", "123 W PARK"),
        ("200 S ST CHARLES AVE", "200 S SAINT CHARLES AVE"),
        ("350 FIFTH AVE", "350 5TH AVE"),
        ("123 W 42 ST", "123 W 42ND ST"),
        ("111 E 111 ST", "111 E 111TH ST"),
        ("511 SOUTH 300 WEST", "511 S 300 W"),
        ("9912 S AVENUE H", "9912 S AVENUE H"),
        ("9912 AVE H", "9912 AVENUE H"),
        ("123 AVE OF THE AMERICAS", "123 AVENUE OF THE AMERICAS"),
        ("123 STATE ROUTE 47", "123 STATE RTE 47"),
        ("1413 STATE HIGHWAY # 50", "1413 STATE HWY 50"),
        ("510 US 17 BUSINESS", "510 US HWY 17 BUSINESS"),
        ("510 US ROUTE 17 SOUTH", "510 US HWY 17 S"),
        ("133 CO ROAD KK", "133 COUNTY RD KK"),
        ("133 CR 12", "133 COUNTY RD 12"),
        ("3645 N ROUTE Z", "3645 N RTE Z"),
        ("12 ROAD 39", "12 ROAD 39"),
        ("827 FRONTAGE ROAD", "827 FRONTAGE RD"),
        ("2615 1/2 GARY AVENUE", "2615 1/2 GARY AVE"),
        ("W210 N16570 GLENCOE LANE", "W210N16570 GLENCOE LN"),
        ("98-1247 KAAHUMANU", "98-1247 KAAHUMANU"),
        ("ONE BUSCH PLACE", "1 BUSCH PL"),
        ("123 BROADWAY", "123 BROADWAY"),
        ("123 MAIN ST 4B", "123 MAIN ST # 4B"),
        ("123 MAIN ST N 4B", "123 MAIN ST N # 4B"),
        ("1 E 5TH KEY 2ND FLOOR", "1 E 5TH KY FL 2"),
        ("PO BOX 12 APT 4", "PO BOX 12 APT 4"),
    ],
)
def test_a_line_has_one_standard_form(line, standard):
    assert street_line(line.split()) == standard
    assert street_line(standard.split()) == standard


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("MAIN ST", "no_number"),
        ("1ST AVE", "no_number"),
        ("123", "no_street"),
        ("123 456", "no_street"),
        ("123 APT 4", "no_street"),
        ("123 # 4", "no_street"),
        ("PO BOX 12 FILE 4", "unclear"),
    ],
)
def test_a_line_without_number_or_name_is_refused(line, reason):
    with pytest.raises(Malformed) as refused:
        street_line(line.split())
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("line", "starts"),
    [
        ("12 MAIN ST", True),
        ("12A", True),
        ("1ST AVE", False),
        ("PO BOX 1", True),
        ("POST ST", False),
        ("ONE ELM ST", True),
    ],
)
def test_a_line_starts_with_a_house_number_or_is_a_box(line, starts):
    assert starts_street(line.split()) is starts


@pytest.mark.parametrize(
    ("line", "street", "unit"),
    [
        ("123 MAIN ST", "123 MAIN ST", ""),
        ("123 MAIN ST FL 2 APT 4", "123 MAIN ST", "FL 2 APT 4"),
        ("123 KEY ST", "123 KEY ST", ""),
        ("12 1/2 ELM ST REAR", "12 1/2 ELM ST", "REAR"),
        ("UNIT 2050 BOX 4190", "UNIT 2050 BOX 4190", ""),
        ("PO BOX 12 APT 4", "PO BOX 12", "APT 4"),
    ],
)
def test_the_unit_comes_off_a_standard_line(line, street, unit):
    assert split_unit(line) == (street, unit)
