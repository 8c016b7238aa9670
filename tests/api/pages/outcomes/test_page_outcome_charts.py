"""Charts of outcomes write figures as whoever looks at them does."""

import pytest

from api.pages.outcomes.showing import drawings
from api.report.outcomes.win_rates import Rate
from tools.mining.findings import Estimate
from tools.outcomes.record_summary import Quarter

OVERALL = Rate(4, 1_000, Estimate(value=0.004, low=0.0016, high=0.0102))


@pytest.fixture
def quarters() -> list[Quarter]:
    """Two quarters in which few are won, so that the axis has shares such as 0.4 %."""
    rate = Estimate(value=0.004, low=0.002, high=0.009)
    return [Quarter(quarter=f"2026 Q{at}", outcomes={}, won=10, decided=500, rate=rate) for at in (1, 2)]


@pytest.mark.parametrize(("locale", "point"), [("en", "."), ("de-DE", ","), ("de-CH", ".")])
def test_a_share_on_an_axis_has_the_point_of_the_reader(quarters, locale, point):
    drawn = drawings.quarters_drawn(quarters, OVERALL, locale)
    assert f">0{point}4 %<" in drawn
    assert (">0.4 %<" in drawn) is (point == ".")


def test_readers_who_write_alike_see_one_picture(quarters):
    drawings.quarters_drawn(quarters, OVERALL, "en-GB")
    before = drawings._drawn.cache_info().misses
    drawings.quarters_drawn(quarters, OVERALL, "en-US")
    assert drawings._drawn.cache_info().misses == before
