"""Which line a number rings.

The rows of phone_examples_all_regions.csv are the examples of phonenumbers (Apache-2.0), one for each region
and type of line. All are let in: in their E.164 and international forms everywhere, in their national form
in the regions under +1, since a number without a country code is taken as American.
"""

import csv
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.identifiers.malformed import Malformed
from store.identifiers.phone import by_library, normalise_phone

CONFORMANCE = Path(__file__).parents[2] / "data" / "phone_examples_all_regions.csv"


def outcome(normalise, value: str) -> str:
    try:
        return normalise(value)
    except Malformed as refused:
        return f"! {refused.reason}"


@pytest.mark.parametrize(
    "value",
    [
        "5551234567",
        "555-123-4567",
        "(555) 123-4567",
        "555.123.4567",
        " 555 123 4567 ",
        "15551234567",
        "1-555-123-4567",
        "+15551234567",
        "+1 (555) 123-4567",
        "0015551234567",
        "001 555 123 4567",
        "5551234567.0",
        "(555)1234567 ext. 12",
        "555-123-4567 x12",
        "tel:+1-555-123-4567",
        "５５５１２３４５６７",
    ],
)
def test_every_way_to_write_an_american_number_is_its_ten_digits(value):
    assert normalise_phone(value) == "5551234567"


@pytest.mark.parametrize(
    ("value", "normal"),
    [
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("+39 06 12345678", "+390612345678"),
        ("+1 416-555-0123", "4165550123"),
        ("1-800-FLOWERS", "8003569377"),
    ],
)
def test_numbers_of_other_countries_keep_their_code_and_cannot_meet_an_american_one(value, normal):
    assert normalise_phone(value) == normal
    assert normalise_phone(normal) == normal


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "empty"),
        ("n/a", "not_dialable"),
        ("1234567", "not_dialable"),
        ("0551234567", "not_dialable"),
        ("1551234567", "not_dialable"),
        ("0000000000", "not_dialable"),
        ("555123456789", "not_dialable"),
        ("5551234567/5551234568", "not_dialable"),
        ("+999 123", "not_dialable"),
        ("+43 00000000", "not_dialable"),
        ("5" * 41, "too_long"),
        ("5" * 1_000_000, "too_long"),
    ],
)
def test_what_nobody_can_dial_is_refused(value, reason):
    with pytest.raises(Malformed) as refused:
        normalise_phone(value)
    assert refused.value.reason == reason


def test_the_examples_of_every_region_are_let_in_however_they_are_written():
    with CONFORMANCE.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 673
    for row in rows:
        american = row["e164"].startswith("+1")
        normal = row["e164"][2:] if american else row["e164"]
        assert normalise_phone(row["e164"]) == normal
        assert normalise_phone(row["international"]) == normal
        assert normalise_phone(normal) == normal
        if american:
            assert normalise_phone(row["national"]) == normal


NUMBERS = st.from_regex(
    r"\s?\+?(00)?1?[ .-]?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}( x\d)?(\.0)?\s?", fullmatch=True
)
DIGITS = st.text("0123456789+-(). x#*/\u0661５\x00;=", max_size=24)


@settings(deadline=None)
@given(NUMBERS | DIGITS | st.text(max_size=50))
@example("001 555 123 4567")
def test_the_fast_path_and_the_library_agree_and_their_answer_stays(value):
    found = outcome(normalise_phone, value)
    assert found == outcome(by_library, value)
    if not found.startswith("! "):
        assert outcome(normalise_phone, found) == found
