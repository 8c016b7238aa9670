"""Figures are written as the reader's language writes them, and what only looks like one stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.narration.wording import interval
from api.pages.numbers import localised, localised_html
from tools.mining.findings import Estimate


@pytest.mark.parametrize(
    ("told", "german"),
    [
        ("3.1 times (2.6-3.7)", "3,1 times (2,6-3,7)"),
        ("9.8-12 of 1,200-12,500.", "9,8-12 of 1.200-12.500."),
        ("980-1,020", "980-1.020"),
        ("-0.04, between -0.09-0.01", "-0,04, between -0,09-0,01"),
        ("2026-03-02, 2.6-3.7.1, v1.2-3, 10.0.0.1, a-0.5", "2026-03-02, 2.6-3.7.1, v1.2-3, 10.0.0.1, a-0.5"),
    ],
)
def test_a_range_is_written_in_the_readers_language_at_both_its_ends(told: str, german: str) -> None:
    assert localised(told, "de-DE") == german
    assert localised(told, "en-GB") == told


def test_code_and_attributes_stay_as_they_are() -> None:
    html = '<p title="1.5-2.5">1.5-2.5 <code>1.5-2.5</code></p>'
    assert localised_html(html, "de") == '<p title="1.5-2.5">1,5-2,5 <code>1.5-2.5</code></p>'


@given(st.floats(0.01, 9_999), st.floats(0.01, 9_999))
def test_every_interval_of_the_house_is_rewritten_whole(low: float, high: float) -> None:
    told = interval(Estimate(value=low, low=min(low, high), high=max(low, high)))
    assert localised(f"({told})", "de") == f"({told.replace('.', ',')})"
