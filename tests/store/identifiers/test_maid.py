import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.identifiers.maid import by_digits, normalise_maid
from store.identifiers.malformed import Malformed

NORMAL = "ea7583cd-a667-48bc-b806-42ecb2b48606"


@pytest.mark.parametrize(
    "value",
    [
        NORMAL,
        NORMAL.upper(),
        f" {NORMAL} ",
        NORMAL.replace("-", ""),
        f"{{{NORMAL}}}",
        "EA7583CDA667-48BC-B80642ECB2B48606",
    ],
)
def test_every_way_to_write_an_advertising_id_is_one(value):
    assert normalise_maid(value) == NORMAL


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "empty"),
        ("00000000-0000-0000-0000-000000000000", "all_zero"),
        ("0" * 32, "all_zero"),
        (NORMAL[:-1], "not_hexadecimal"),
        (f"{NORMAL}0", "not_hexadecimal"),
        (NORMAL.replace("e", "g"), "not_hexadecimal"),
        ("-" * 1_000_000, "too_long"),
    ],
)
def test_what_names_no_device_is_refused(value, reason):
    with pytest.raises(Malformed) as refused:
        normalise_maid(value)
    assert refused.value.reason == reason


@settings(deadline=None)
@given(st.uuids().filter(lambda found: found.int != 0), st.sampled_from([str.upper, str.lower, str]))
def test_the_fast_path_and_the_long_way_agree(found, cased):
    value = cased(str(found))
    assert normalise_maid(value) == by_digits(value) == str(found)
    assert uuid.UUID(normalise_maid(found.hex)) == found


@settings(deadline=None)
@given(st.text("0123456789abcdefABCDEF-{} ", max_size=45) | st.text(max_size=60))
def test_any_other_text_is_refused_or_has_a_normal_form_that_stays(value):
    try:
        normal = normalise_maid(value)
    except Malformed:
        return
    assert normalise_maid(normal) == normal
