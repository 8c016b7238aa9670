"""Charts of cards are readable on a phone, in the reader's figures, and are drawn once."""

import re

import pytest

from api.pages.numbers import localised
from api.report.card_charts import lift_bars, reach_curve
from api.report.written import Written
from tools.audience.expression_curve import CurvePoint
from tools.mining.findings import Estimate, Trait, TraitLift

GERMAN = Written((".", ","), lambda text: localised(text, "de-DE"))
HOUSE = Written((",", "."), str)
PHONE = 331  # pixels that a phone of 390 leaves inside a card


def trait(at: int, lift: float) -> TraitLift:
    one = Trait(
        cluster_id=str(at),
        cluster_hash=f"h{at}",
        name=f"t{at}",
        value="Yes",
        domain="interest",
        label=f"Trait {at} with a name that is much too long to stand on one line of a phone",
        phrase=f"have trait {at}",
    )
    estimate = Estimate(value=lift, low=lift * 0.8, high=lift * 1.2)
    share = Estimate(value=0.1, low=0.05, high=0.15)
    return TraitLift(
        trait=one,
        customers=10,
        frequency=share,
        population=100,
        baseline_share=0.1,
        lift=estimate,
        p_value=0.01,
        q_value=0.01,
    )


def point(at: int) -> CurvePoint:
    share = at / 20
    return CurvePoint(
        expression="h1",
        in_words="x",
        alternatives=[],
        total=12_345 * at,
        new_people=12_345 * at,
        share_of_population=share,
        customers_measured=100,
        recall=Estimate(value=min(1, share * 3), low=share * 2, high=min(1, share * 4)),
        lift=Estimate(value=3, low=2, high=4),
        held_out=True,
        point=at,
        customers_per_1000=Estimate(value=3, low=2, high=4),
    )


CURVE = [point(at) for at in range(1, 6)]
TRAITS = [trait(at, lift) for at, lift in enumerate((2.7, 1.5, 0.4, 0.0, 60.0))]


@pytest.mark.parametrize(
    "draw",
    [lambda: lift_bars(TRAITS, HOUSE, "times"), lambda: reach_curve(CURVE, 2, HOUSE, ("share", "reached"))],
)
def test_a_chart_fits_a_phone_at_its_own_size_with_letters_of_eleven_pixels_or_more(draw):
    svg = draw()
    assert float(re.search(r"max-width:([\d.]+)px", svg)[1]) <= PHONE
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', svg)]
    assert sizes
    assert min(sizes) >= 11


def test_figures_stand_as_the_reader_writes_them():
    """Point 2 has 24,690 people and reaches 30 %; the first bar is 2.7 long."""
    bars, curve = lift_bars(TRAITS, GERMAN, "mal"), reach_curve(CURVE, 2, GERMAN, ("Anteil", "erreicht"))
    assert ">2,7<" in bars
    assert ">1,5<" in bars  # on the scale
    assert "24.690 · 30 %" in curve
    assert "24,690 · 30 %" in reach_curve(CURVE, 2, HOUSE, ("share", "reached"))
    assert ">2.7<" in lift_bars(TRAITS, HOUSE, "times")


def test_the_chosen_point_alone_is_named():
    first, last = (reach_curve(CURVE, at, HOUSE, ("share", "reached")) for at in (1, 5))
    assert "12,345 · 15 %" in first
    assert "61,725" not in first
    assert "61,725 · 75 %" in last


def test_two_charts_of_a_page_have_no_name_in_common():
    bars, curve = lift_bars(TRAITS, HOUSE, "times"), reach_curve(CURVE, 1, HOUSE, ("share", "reached"))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (bars, curve)]
    assert not ids[0] & ids[1]
    for svg, own in zip((bars, curve), ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= own


def test_nothing_to_show_is_no_chart_and_one_point_is_one():
    assert lift_bars([], HOUSE, "times") == ""
    assert reach_curve([], 1, HOUSE, ("share", "reached")) == ""
    assert "<svg" in reach_curve(CURVE[:1], 1, HOUSE, ("share", "reached"))


def test_the_same_chart_is_drawn_once():
    assert lift_bars(TRAITS, HOUSE, "times") is lift_bars(list(TRAITS), HOUSE, "times")
