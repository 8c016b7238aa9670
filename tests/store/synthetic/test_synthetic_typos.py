import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.identifiers import Malformed, normalise
from store.synthetic.customers.typos import FATAL, typed_address, typed_digest, typed_email, typed_phone

_TYPED = {
    "email": (typed_email, "fm.mary.smith.1000048213.synthetic.person@gmail.com"),
    "phone": (typed_phone, "4150123456"),
    "address": (typed_address, "12 Oak Blvd Apt 4, San Francisco, CA 94105"),
}


@pytest.mark.parametrize("kind", _TYPED)
@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_a_variant_keeps_its_normal_form_unless_it_is_fatal(kind, seed):
    typed, text = _TYPED[kind]
    cell = typed(np.random.default_rng(seed), text)
    try:
        found = normalise(kind, cell.text)
    except Malformed:
        found = None

    assert (found == normalise(kind, text)) == (not cell.is_lost)
    assert (cell.text == text) == (cell.kind == "")


def test_every_kind_of_variant_occurs():
    rng = np.random.default_rng(0)
    kinds = {typed(rng, text).kind for typed, text in _TYPED.values() for _ in range(2_000)}

    assert kinds > FATAL
    assert {"gmail_dots", "gmail_tag", "country_code", "long_suffix", ""} < kinds


def test_a_digest_is_cut_off_or_in_capitals_at_most():
    digest = "ab" * 32
    texts = {typed_digest(np.random.default_rng(seed), digest).text for seed in range(2_000)}

    assert texts == {digest, digest.upper(), digest[:-4]}


def test_letters_that_cannot_be_swapped_are_left():
    for seed in range(500):
        cell = typed_email(np.random.default_rng(seed), "aa@example.com")
        assert cell.kind != "swapped_letters"
