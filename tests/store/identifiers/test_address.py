"""Which door an address leads to.

The rows of address_usps_normalise_conformance.csv are those of the tests of a USPS normaliser (MIT). They
are judged so: a record of several fields is put together with commas; rows whose input lacks the city that
is expected (the test gave it apart) are compared by their street alone; two rows come from runs of that tool
with its abbreviations switched off, while ours abbreviates: UNABBREVIATED has what is expected instead.
"""

import csv
import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.identifiers.address import (
    AddressParts,
    building_of,
    by_commas,
    display_address,
    normalise_address,
    parts_of,
    zip_of,
)
from store.identifiers.malformed import Malformed
from store.identifiers.postal.reading import read
from store.identifiers.postal.words import DIRECTIONS, PARTS_OF_BUILDINGS, SUFFIXES, UNITS

CONFORMANCE = Path(__file__).parents[2] / "data" / "address_usps_normalise_conformance.csv"
UNABBREVIATED = {
    "123 SOUTHWEST NOWHERE STREET": "123 SW NOWHERE ST",
    "123 STATE ROUTE 47": "123 STATE RTE 47",
}


def outcome(normalise, value: str) -> str:
    try:
        return normalise(value)
    except Malformed as refused:
        return f"! {refused.reason}"


@pytest.mark.parametrize(
    "value",
    [
        "123 main street, san francisco, california 94105-1234",
        "123 Main St., San Francisco CA 94105",
        "123 MAIN ST SAN FRANCISCO CA 94105 USA",
        "123 Main St, San Francisco, CA 94105, United States of America",
        "123 Main Str., San Francisco, CA 94105",
        "123 Main Street\nSan Francisco, CA\n94105",
        "Jane Doe, 123 Main St, San Francisco, CA 94105 1234",
        "123, Main St, San Francisco, CA, 94105",
        "１２３ Main St, San Francisco, CA 94105",
    ],
)
def test_every_way_to_write_an_address_is_one(value):
    assert normalise_address(value) == "123 MAIN ST, SAN FRANCISCO, CA 94105"


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("123 Main St, Suite 4, San Francisco, CA 94105", "123 MAIN ST STE 4, SAN FRANCISCO, CA 94105"),
        ("Ste. 4, 123 Main St, San Francisco, CA 94105", "123 MAIN ST STE 4, SAN FRANCISCO, CA 94105"),
        ("123 Main St Suite #4 San Francisco CA 94105", "123 MAIN ST STE 4, SAN FRANCISCO, CA 94105"),
        ("123 Main St 4b, Oakland, CA 94607", "123 MAIN ST # 4B, OAKLAND, CA 94607"),
        ("123 Main St, 4B, Oakland, CA 94607", "123 MAIN ST # 4B, OAKLAND, CA 94607"),
        ("10 Elm St., 2nd Floor, Apt. 3, Salem MA 1970", "10 ELM ST FL 2 APT 3, SALEM, MA 01970"),
        (
            "1600 Pennsylvania Ave. N.W., Washington, D.C. 20500",
            "1600 PENNSYLVANIA AVE NW, WASHINGTON, DC 20500",
        ),
        ("1105 Bolton Road, NW Atlanta, GA 30331", "1105 BOLTON RD NW, ATLANTA, GA 30331"),
        ("123½ Peña Blvd, Denver, CO 80249", "123 1/2 PENA BLVD, DENVER, CO 80249"),
        ("12 Elm, St. Louis MO 63101", "12 ELM, SAINT LOUIS, MO 63101"),
        ("5 St Charles Pl, N Las Vegas, NV", "5 SAINT CHARLES PL, NORTH LAS VEGAS, NV"),
        ("100 First Ave, New York, 10001", "100 1ST AVE, NEW YORK, 10001"),
        ("979 Central Avenue Albany, New York 12205", "979 CENTRAL AVE, ALBANY, NY 12205"),
        ("1180 Peachtree Street, NE", "1180 PEACHTREE ST NE"),
        ("P.O. Box 123, Boston, MA 2139", "PO BOX 123, BOSTON, MA 02139"),
        ("RR 4, Box 164, Du Quoin, IL 62832", "RR 4 BOX 164, DU QUOIN, IL 62832"),
        ("PSC 1 Box 23, APO AE 09012", "PSC 1 BOX 23, APO, AE 09012"),
        ("511 South 300 West, Salt Lake City, UT 84101", "511 S 300 W, SALT LAKE CITY, UT 84101"),
        ("1600 Pennsylvania Ave. Washington DC", "1600 PENNSYLVANIA AVE, WASHINGTON, DC"),
        ("1755 Howard Street DesPlaines", "1755 HOWARD ST, DESPLAINES"),
        ("6000 SW 1000th Ave", "6000 SW 1000TH AVE"),
        ("12 Oak Ct, 94105", "12 OAK CT, 94105"),
        ("100 Main St, Fort Washington, 19034", "100 MAIN ST, FORT WASHINGTON, 19034"),
    ],
)
def test_an_address_has_one_standard_line(value, normal):
    assert normalise_address(value) == normal
    assert normalise_address(normal) == normal


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "empty"),
        (" ,;\n", "empty"),
        ("hello", "no_number"),
        ("Main St, Ashland, NH 03217", "no_number"),
        ("San Francisco, CA 94105", "no_number"),
        ("18th and Lincoln", "no_number"),
        ("94105", "no_street"),
        ("12", "no_street"),
        ("415 555 2671", "no_street"),
        ("Apt 4", "no_street"),
        ("123 Apt 4, Boston, MA 02139", "no_street"),
        ("jane@example.com", "no_number"),
        ("1 " * 151, "too_long"),
        ("1 Main St" * 100_000, "too_long"),
    ],
)
def test_what_is_no_address_is_refused(value, reason):
    with pytest.raises(Malformed) as refused:
        normalise_address(value)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("normal", "parts", "building", "shown"),
    [
        (
            "123 MAIN ST STE 4, SAN FRANCISCO, CA 94105",
            AddressParts("123 MAIN ST", "STE 4", "SAN FRANCISCO", "CA", "94105"),
            "123 MAIN ST, SAN FRANCISCO, CA 94105",
            "123 Main St Ste 4, San Francisco, CA 94105, USA",
        ),
        (
            "350 SW 5TH AVE # 4B, PORTLAND, OR",
            AddressParts("350 SW 5TH AVE", "# 4B", "PORTLAND", "OR", ""),
            "350 SW 5TH AVE, PORTLAND, OR",
            "350 SW 5th Ave # 4B, Portland, OR, USA",
        ),
        (
            "12 1/2 ELM ST REAR, 02139",
            AddressParts("12 1/2 ELM ST", "REAR", "", "", "02139"),
            "12 1/2 ELM ST, 02139",
            "12 1/2 Elm St Rear, 02139, USA",
        ),
        ("PO BOX 94105", AddressParts("PO BOX 94105", "", "", "", ""), "PO BOX 94105", "PO Box 94105, USA"),
        (
            "UNIT 2050 BOX 4190, APO, AP 96278",
            AddressParts("UNIT 2050 BOX 4190", "", "APO", "AP", "96278"),
            "UNIT 2050 BOX 4190, APO, AP 96278",
            "Unit 2050 Box 4190, APO, AP 96278, USA",
        ),
        (
            "1755 HOWARD ST, DESPLAINES",
            AddressParts("1755 HOWARD ST", "", "DESPLAINES", "", ""),
            "1755 HOWARD ST, DESPLAINES",
            "1755 Howard St, Desplaines, USA",
        ),
    ],
)
def test_a_normal_form_comes_apart_again(normal, parts, building, shown):
    assert normalise_address(normal) == normal
    assert parts_of(normal) == parts
    assert building_of(normal) == building
    assert zip_of(normal) == (parts.zip_code or None)
    assert display_address(normal) == shown


def test_the_conformance_set_is_met():
    with CONFORMANCE.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 12
    for row in rows:
        given_parts = json.loads(row["input"]) if row["input"].startswith("{") else {}
        wanted = json.loads(row["expected_json"])
        line_1: str = wanted["address_line_1"]
        line_1 = UNABBREVIATED.get(line_1, line_1)
        found = parts_of(normalise_address(", ".join(given_parts.values()) or row["input"]))
        assert found.street == line_1
        if found.city:
            assert found == AddressParts(
                line_1, wanted["address_line_2"] or "", wanted["city"], wanted["state"], wanted["postal_code"]
            )


NUMBERS = st.integers(1, 99_999).map(str)
NAMES = st.sampled_from(
    [
        "main",
        "oak hill",
        "martin luther king jr",
        "5th",
        "first",
        "42",
        "st charles",
        "lake shore",
        "north",
        "e",
        "avenue",
        "old mill",
        "park",
        "king's",
        "state",
        "mt vernon",
        "us highway",
        "county road",
        "key",
        "front",
    ]
)
SUFFIX_WORDS = st.sampled_from(sorted(SUFFIXES))
DIRECTION_WORDS = st.sampled_from(["", "", "", *sorted(DIRECTIONS)])
UNIT_TEXTS = st.sampled_from(
    [
        "",
        "",
        "",
        " Apt 4",
        ", Apt. 4B",
        ", #12",
        " # 12",
        ", Suite 200",
        " Fl 2",
        ", 2nd Floor",
        ", Rear",
        ", 4B",
        " B",
    ]
)
CITIES = st.sampled_from(
    ["San Francisco", "St. Louis", "N Las Vegas", "Rocky Hill", "New York", "Washington", "Key West"]
)
STATES = st.sampled_from(["CA", "California", "NY", "New York", "CT", "DC", "MO", "FL", ""])
ZIPS = st.sampled_from(["94105", "94105-1234", "10001", "63101-0001", "20500", "06067", "33040", ""])
COUNTRIES = st.sampled_from(["", "", " USA", ", USA", ", United States", ", US"])
STANDARD = st.builds(
    "{} {} {} {} {}{}, {}{} {} {}{}".format,
    NUMBERS,
    DIRECTION_WORDS,
    NAMES,
    SUFFIX_WORDS,
    DIRECTION_WORDS,
    UNIT_TEXTS,
    CITIES,
    st.sampled_from([",", ""]),
    STATES,
    ZIPS,
    COUNTRIES,
)
WORDS = sorted(
    {
        *SUFFIXES,
        *DIRECTIONS,
        *UNITS,
        *PARTS_OF_BUILDINGS,
        "PO",
        "BOX",
        "RR",
        "US",
        "CR",
        "COUNTY",
        "NO",
        "STATE",
        "1/2",
    }
    | {
        "ONE",
        "2ND",
        "SECOND",
        "4",
        "4B",
        "B",
        "12-A",
        "94105",
        "02139",
        "2139",
        "CA",
        "NEW",
        "YORK",
        "MAIN",
        "ELM",
        "123",
    }
    | {
        "WASHINGTON",
        "SAN",
        "FRANCISCO",
        "USA",
        "&",
        "AND",
        ".",
        "-",
        "39.2",
        "½",
        "(",
        ")",
        "/",
        "N16570",
        "W210",
    }
)
SOUP = st.lists(st.sampled_from(WORDS) | st.just(","), max_size=14).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(STANDARD | SOUP.map("12 {}".format) | SOUP.map("12 {}, SALEM, MA 01970".format))
@example("12 E AVENUE 5, NORTH, SC 29112")
@example("12 MAIN ST, CA 94105-12AB")
@example("12 MAIN ST, SALEM, MA 941051234-1234")
def test_the_fast_path_and_the_reading_agree(value):
    fast = outcome(lambda text: by_commas(text) or "", value)
    if fast:
        assert fast == outcome(read, value)


@settings(max_examples=400, deadline=None)
@given(STANDARD | SOUP | SOUP.map("12 {}".format) | st.text(max_size=60) | st.text(max_size=400))
def test_a_normal_form_is_its_own_normal_form_and_comes_apart(value):
    found = outcome(normalise_address, value)
    if found.startswith("! "):
        return
    assert normalise_address(found) == found
    assert found.isascii()
    parts = parts_of(found)
    line = " ".join(filter(None, (parts.street, parts.unit)))
    assert ", ".join(filter(None, (line, parts.city, f"{parts.state} {parts.zip_code}".strip()))) == found
    assert building_of(building_of(found)) == building_of(found)
    assert display_address(found).endswith(", USA")


LABELLED = Path(os.environ.get("FIELDMARK_DATA", "")) / "address_us_labelled.csv.gz"


@pytest.mark.skipif(
    "FIELDMARK_DATA" not in os.environ or not LABELLED.exists(),
    reason="FIELDMARK_DATA is not set to the folder with address_us_labelled.csv.gz, which may not ship",
)
def test_nearly_all_labelled_addresses_have_a_normal_form_that_stays():
    with gzip.open(LABELLED, "rt", newline="", encoding="utf-8") as lines:
        values = [row["raw"] for row in csv.DictReader(lines)]
    found = [outcome(normalise_address, value) for value in values]
    normal = [line for line in found if not line.startswith("! ")]
    assert [normalise_address(line) for line in normal] == normal
    assert len(normal) / len(values) > 0.98
