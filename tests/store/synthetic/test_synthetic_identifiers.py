"""How the generated people can be reached, and that nobody real can be."""

import re

import numpy as np
import phonenumbers
import pytest
import zipcodes
from hypothesis import given, settings
from hypothesis import strategies as st

from store.synthetic.persons.columns.identifiers import RESERVE_CODES, phone_numbers
from store.synthetic.persons.draws.places import weighted_places
from store.synthetic.persons.draws.scramble import draw_scramble

_ADDRESS = re.compile(
    r"\d{1,4} [A-Z0-9][a-z0-9]* [A-Z][a-z]+( Apt \d+)?, [^,]+, ([A-Z]{2}) (\d{5})"
).fullmatch


def _known(generated, *columns: str) -> list[str]:
    return [value for column in columns for value in generated[column] if value is not None]


def test_no_two_addresses_or_devices_are_the_same(generated):
    emails, devices = _known(generated, "email1", "email2", "email3"), _known(generated, "maid")

    assert len(set(emails)) == len(emails)
    assert len(set(devices)) == len(devices)


def test_emails_are_at_reserved_domains_or_longer_than_gmail_allows(generated):
    for email in _known(generated, "email1", "email2", "email3"):
        local, domain = email.split("@")
        if email != "john.doe@gmail.com" and domain not in ("example.com", "example.net", "example.org"):
            assert domain == "gmail.com"
            assert re.fullmatch(r"fm\.[a-z]+\.[a-z]+\.\d{10}\.synthetic\.person", local)
            assert len(local.replace(".", "")) > 30


def test_gmail_is_a_share_of_the_addresses(generated):
    emails = _known(generated, "email1")

    assert np.mean([email.endswith("@gmail.com") for email in emails]) == pytest.approx(0.15, abs=0.02)


def test_who_has_a_second_address_has_a_first(generated):
    first, second, third = (generated[f"email{slot}"] != None for slot in (1, 2, 3))  # noqa: E711  # numpy compares element by element

    assert not (second & ~first).any()
    assert not (third & ~second).any()


def test_phones_are_possible_and_no_subscribers(generated):
    phones = [phone for phone in _known(generated, "phone1", "phone2") if not phone.startswith("555")]

    assert all(re.fullmatch(r"[2-9]\d\d[01]\d{6}", phone) for phone in phones)
    for phone in phones[::100]:
        number = phonenumbers.parse(phone, "US")
        assert phonenumbers.is_possible_number(number)
        assert not phonenumbers.is_valid_number(number)


def test_a_phone_is_shared_within_a_household_at_most(generated):
    homes: dict[str, set[str]] = {}
    people: dict[str, int] = {}
    for slot in (1, 2):
        for phone, home in zip(generated[f"phone{slot}"], generated["household_id"], strict=True):
            if phone:
                homes.setdefault(phone, set()).add(home)
                people[phone] = people.get(phone, 0) + 1

    assert all(len(shared) == 1 for shared in homes.values())
    assert max(people.values()) > 1


def test_addresses_lie_where_their_zip_code_does(generated):
    for row in range(0, 20_000, 50):
        line, phone = generated["address"][row], generated["phone1"][row]
        if line is None:
            continue
        found = _ADDRESS(line)
        assert found, "not of the standard form"
        (place,) = zipcodes.matching(found[3])
        assert place["state"] == found[2] == generated["state"][row]
        assert found[3].startswith(generated["zip3"][row])
        assert generated["latitude"][row] == pytest.approx(float(place["lat"]), abs=0.12)
        assert generated["longitude"][row] == pytest.approx(float(place["long"]), abs=0.12)
        assert phone is None or phone[:3] in place["area_codes"]


def test_places_weigh_differently_with_another_seed():
    one, two = weighted_places(1), weighted_places(2)

    assert one.share.sum() == pytest.approx(1)
    assert one.share.max() > 20 * np.median(one.share)
    assert not np.allclose(one.share, two.share)


def test_an_area_code_that_is_used_up_gives_way_to_a_reserved_one():
    """Of 2,000,000 lines a chunk of a thousand has 2,000: the other 500 of 2,500 get a code N9X."""
    numbers = np.concatenate([phone_numbers(np.full(2_500, 415), chunk, 1_000) for chunk in range(3)])
    areas = numbers // 10**7

    assert len(np.unique(numbers)) == 7_500
    assert (areas == 415).sum() == 6_000
    assert np.isin(areas[areas != 415], RESERVE_CODES).all()


def test_the_reserved_codes_belong_to_no_place():
    assert not np.isin(weighted_places(0).area_codes, RESERVE_CODES).any()


@settings(deadline=None)
@given(st.integers(1, 5_000), st.integers(0, 2**32))
def test_a_scramble_is_a_permutation(size, seed):
    scramble = draw_scramble(np.random.default_rng(seed), size)

    assert np.array_equal(np.sort(scramble(np.arange(size))), np.arange(size))
