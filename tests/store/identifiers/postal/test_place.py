import pytest

from store.identifiers.postal.place import city_at_end, city_line, is_city, take_place


@pytest.mark.parametrize(
    ("line", "rest", "place"),
    [
        ("1 A ST,BOSTON,MA 02139", "1 A ST,BOSTON", ("MA", "02139")),
        ("1 A ST,BOSTON,MA 02139-1234,USA", "1 A ST,BOSTON", ("MA", "02139")),
        ("1 A ST,BOSTON,MA 02139 1234 UNITED STATES", "1 A ST,BOSTON", ("MA", "02139")),
        ("1 A ST,BOSTON,MASSACHUSETTS,021391234,US", "1 A ST,BOSTON", ("MA", "02139")),
        ("1 A ST,BOSTON,MA 2139", "1 A ST,BOSTON", ("MA", "02139")),
        ("1 A ST,SAN JUAN,PR 901", "1 A ST,SAN JUAN", ("PR", "00901")),
        ("1 A ST RALEIGH NORTH CAROLINA 27601", "1 A ST RALEIGH", ("NC", "27601")),
        ("1 A ST,WASHINGTON,20001", "1 A ST,WASHINGTON", ("", "20001")),
        ("1 A ST,NEW YORK,10001", "1 A ST,NEW YORK", ("", "10001")),
        ("1 A ST ALBANY,NEW YORK 12205", "1 A ST ALBANY", ("NY", "12205")),
        ("1 A ST,PORT WASHINGTON,11050", "1 A ST,PORT WASHINGTON", ("", "11050")),
        ("1 A ST,PORT WASHINGTON", "1 A ST,PORT WASHINGTON", ("", "")),
        ("1 A ST,MARION KANSAS", "1 A ST,MARION", ("KS", "")),
        ("1 A ST,MIAMI FL", "1 A ST,MIAMI", ("FL", "")),
        ("12 OAK CT 94105", "12 OAK CT", ("", "94105")),
        ("12 OAK CT", "12 OAK CT", ("", "")),
        ("PO BOX 12345", "PO BOX 12345", ("", "")),
        ("1 HWY 12345,ELY,NV", "1 HWY 12345,ELY", ("NV", "")),
        ("94105", "94105", ("", "")),
        ("CA 94105", "CA 94105", ("", "")),
    ],
)
def test_state_zip_code_and_country_come_off_the_end(line, rest, place):
    segments = [part.split() for part in line.split(",")]
    assert take_place(segments) == place
    assert ",".join(" ".join(words) for words in segments) == rest


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("ST LOUIS", "SAINT LOUIS"),
        ("FT WORTH", "FORT WORTH"),
        ("W PALM BCH", "WEST PALM BEACH"),
        ("ELY", "ELY"),
    ],
)
def test_a_citys_name_is_written_out(name, full):
    assert city_line(name.split()) == full
    assert city_line(full.split()) == full


@pytest.mark.parametrize(
    ("line", "zip_code", "words"),
    [
        ("123 MAIN ST SAN FRANCISCO", "94105", 2),
        ("123 MAIN ST ST LOUIS", "63101", 2),
        ("123 BROADWAY NEW YORK", "10001", 2),
        ("123 MAIN ST BOSTON", "94105", 0),
        ("123 BOSTON", "02108", 0),
        ("123 MAIN ST", "00000", 0),
    ],
)
def test_the_zip_code_tells_which_words_are_the_city(line, zip_code, words):
    assert city_at_end(line.split(), zip_code) == words


@pytest.mark.parametrize(
    ("name", "city"), [("ROCKY HILL", True), ("APT 4", False), ("NW ATLANTA", False), ("B", False)]
)
def test_units_and_directions_are_no_cities(name, city):
    assert is_city(name.split()) is city
