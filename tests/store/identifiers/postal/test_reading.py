import pytest

from store.identifiers.malformed import Malformed
from store.identifiers.postal.reading import joined, read, segments_of


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("12 main st., Boston", [["12", "MAIN", "ST"], ["BOSTON"]]),
        ("P.O. Box 1;Boston\nMA", [["PO", "BOX", "1"], ["BOSTON"], ["MA"]]),
        ("St.Louis U.S.A.", [["ST", "LOUIS", "USA"]]),
        ("39.2 Rd", [["39.2", "RD"]]),
        ("Winston-Salem 98-1247 South-West", [["WINSTON", "SALEM", "98-1247", "SOUTHWEST"]]),
        ("12 Elm - Apt 4", [["12", "ELM"], ["APT", "4"]]),
        ("12-1/2 O'Brien \u2019s", [["12", "1/2", "OBRIEN", "S"]]),
        ("12 - 14 Elm (rear)", [["12-14", "ELM"], ["REAR"]]),
        ("Peña ½ №", [["PENA", "1/2", "NO"]]),
        ("A&amp;B@C #4", [["A", "&", "B", "&", "C", "#", "4"]]),
        ("日本 😀 \x00", []),
    ],
)
def test_text_is_cut_into_words_in_capitals(text, segments):
    assert segments_of(text) == segments


def test_blank_parts_leave_no_commas():
    assert joined("12 ELM ST", "", "", "") == "12 ELM ST"
    assert joined("12 ELM ST", "", "MA", "") == "12 ELM ST, MA"
    assert joined("12 ELM ST", "ELY", "", "02139") == "12 ELM ST, ELY, 02139"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # Told apart by commas, by the ZIP code, and by usaddress, in this order.
        ("Jane Doe, 12 Elm St, Rear, Ely, NV", "12 ELM ST REAR, ELY, NV"),
        ("12 Elm St Lake Forest IL 60045", "12 ELM ST, LAKE FOREST, IL 60045"),
        ("12 Elm St Springfield", "12 ELM ST, SPRINGFIELD"),
        ("12 Elm St, Downtown, Boston, MA", "12 ELM ST, DOWNTOWN BOSTON, MA"),
    ],
)
def test_the_parts_of_a_line_are_told_apart(text, line):
    assert read(text) == line
    assert read(line) == line


def test_a_corner_of_two_streets_is_no_door():
    with pytest.raises(Malformed):
        read("Main St and 5th Ave, Boston, MA")
