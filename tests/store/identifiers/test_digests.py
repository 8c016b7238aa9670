"""Digests of normal forms, and their first eight bytes.

md5("abc") is 900150983cd24fb0d6963f7d28e17f72 (RFC 1321), SHA-1 a9993e364706816a... and SHA-256
ba7816bf8f01cfea... (FIPS 180), so the prefixes are 0x900150983CD24FB0 and so on.
"""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.identifiers import digests
from store.identifiers.digests import (
    DIGEST_TYPES,
    guess_hash_type,
    prefixes_of,
    prefixes_of_hex,
    well_formed,
)
from store.identifiers.malformed import Malformed

OF_ABC = {"md5": 0x900150983CD24FB0, "sha1": 0xA9993E364706816A, "sha256": 0xBA7816BF8F01CFEA}


def hexes(values: list[str], digest_type: str) -> list[str]:
    return [hashlib.new(digest_type, value.encode()).hexdigest() for value in values]


@pytest.mark.parametrize("digest_type", DIGEST_TYPES)
def test_prefixes_are_the_published_digests_first_eight_bytes(digest_type):
    found = prefixes_of(["abc"], digest_type)
    assert found.dtype == np.uint64
    assert found.tolist() == [OF_ABC[digest_type]]


@pytest.mark.parametrize("digest_type", DIGEST_TYPES)
def test_no_values_have_no_prefixes(digest_type):
    for found in (prefixes_of([], digest_type), prefixes_of_hex([], digest_type)):
        assert found.dtype == np.uint64
        assert len(found) == 0


@settings(max_examples=10, deadline=None)
@given(values=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=20))
@pytest.mark.parametrize("digest_type", DIGEST_TYPES)
def test_the_engine_and_hashlib_give_the_same_prefixes_in_the_same_order(digest_type, values):
    by_engine = digests._prefixes_by_engine(values, digest_type)
    assert by_engine.dtype == np.uint64
    assert by_engine.tolist() == digests._prefixes_by_hashlib(values, digest_type).tolist()
    assert by_engine.tolist() == prefixes_of_hex(hexes(values, digest_type), digest_type).tolist()


def test_many_values_keep_their_order():
    values = [f"customer{number}@example.com" for number in range(60_000)]
    found = prefixes_of(values, "sha256")
    assert found.tolist() == prefixes_of_hex(hexes(values, "sha256"), "sha256").tolist()


@pytest.mark.parametrize("digest_type", DIGEST_TYPES)
def test_a_digest_is_known_by_its_length_in_any_case(digest_type):
    [digest] = hexes(["jane@example.com"], digest_type)
    assert well_formed(digest_type, digest)
    assert well_formed(digest_type, digest.upper())
    assert guess_hash_type(digest.upper()) == digest_type
    assert prefixes_of_hex([digest.upper()], digest_type) == prefixes_of(["jane@example.com"], digest_type)


@pytest.mark.parametrize("text", ["", "abc", "g" * 32, " " * 64, "٠" * 40, f"{'a' * 31}\n", "a" * 33])
def test_other_texts_are_no_digests(text):
    assert guess_hash_type(text) is None
    assert not any(well_formed(digest_type, text) for digest_type in DIGEST_TYPES)


@pytest.mark.parametrize("text", ["a" * 31, "g" * 32, " " * 32, f"{'a' * 8} {'a' * 23}", ""])
def test_prefixes_of_what_is_no_digest_are_refused(text):
    with pytest.raises(Malformed):
        prefixes_of_hex(["a" * 32, text], "md5")
