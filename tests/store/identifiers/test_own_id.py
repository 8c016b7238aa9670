import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.identifiers.malformed import Malformed
from store.identifiers.own_id import normalise_id


@pytest.mark.parametrize(("value", "normal"), [("  A-1 b ", "A-1 b"), ("00012", "00012"), ("Żółw", "Żółw")])
def test_a_sources_own_key_is_kept_but_for_the_blanks_around_it(value, normal):
    assert normalise_id(value) == normal


@pytest.mark.parametrize(
    ("value", "reason"), [("", "empty"), (" \n", "empty"), ("x" * 257, "too_long"), ("x\udc00", "not_text")]
)
def test_keys_that_cannot_be_kept_are_refused(value, reason):
    with pytest.raises(Malformed) as refused:
        normalise_id(value)
    assert refused.value.reason == reason


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=300))
def test_a_normal_form_stays_and_can_be_hashed(value):
    try:
        normal = normalise_id(value)
    except Malformed:
        return
    assert normalise_id(normal) == normal
    assert normal.encode()
