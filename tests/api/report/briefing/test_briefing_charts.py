"""A chart of a briefing: its figures where they belong, in every look."""

import io
import re
from xml.etree import ElementTree

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Picture

from agent.briefing_result import Bar, Briefing, Chart
from api.report.briefing import chart_png, chart_svg, told
from api.report.briefing.drawing.charts import LOOKS, LookName, shown_size
from api.report.briefing.drawing.png import smaller
from api.report.briefing.told.figures import estimated, figure, interval
from api.report.briefing.told.parts import Drawn
from api.report.briefing.told.words import cut, ended
from benchmarks.planted_briefings import changed_briefing
from tests.api.report.briefing.briefing_facts import BAR
from tools.mining.findings import Estimate

SVG = "{http://www.w3.org/2000/svg}"


def drawn(bars: list[Bar], unit: str = "share") -> Drawn:
    """A chart with these rows."""
    chart = Chart.model_validate({"key": "c", "title": "Chart", "unit": unit, "bars": bars, "says": "So."})
    briefing: Briefing = changed_briefing().model_copy(update={"charts": [chart]})
    return told(briefing).charts[0]


def places(svg: str) -> list[float]:
    """Where the dots are, in the order in which they are drawn."""
    return [float(dot.attrib["cx"]) for dot in ElementTree.fromstring(svg).iter(f"{SVG}circle")]


def at(value: float, spread: float = 0.05) -> Estimate:
    return Estimate(value=value, low=value - spread, high=value + spread)


@pytest.mark.parametrize("look", LOOKS)
def test_the_larger_figure_lies_farther_to_the_right(look: LookName) -> None:
    """Before 22 %, now 31 %: the dot of before is drawn first."""
    svg = chart_svg(drawn([Bar(label="Logistics", now=at(0.31), before=at(0.22))]), look)
    before, now = places(svg)
    assert before < now
    assert "was 22 %" in svg
    assert ">31 %</text>" in svg


def test_a_scale_begins_at_zero_where_figures_reach_down_to_it() -> None:
    """0.1 and 0.4 with nothing around them: the first lies at a quarter of the way to the second."""
    svg = chart_svg(drawn([Bar(label="a", now=at(0.1, 0)), Bar(label="b", now=at(0.4, 0))]), "page")
    one, four = places(svg)
    assert (one - 10) / (four - 10) == pytest.approx(0.25, abs=0.01)


def test_the_page_gives_the_ink_and_the_mail_has_a_ground_of_its_own() -> None:
    chart = drawn([Bar(label="Logistics", now=at(0.31))])
    assert 'fill="currentColor"' in chart_svg(chart, "page")
    assert "<rect" not in chart_svg(chart, "page")
    assert "currentColor" not in chart_svg(chart, "mail")
    assert "<rect" in chart_svg(chart, "mail")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(BAR, min_size=1, max_size=12),
    st.sampled_from(["share", "times", "money", "days", "count"]),
)
def test_any_figures_are_drawn_within_the_chart(bars: list[Bar], unit: str) -> None:
    chart = drawn(bars, unit)
    svg = chart_svg(chart, "mail")
    assert all(14 <= place <= LOOKS["mail"].width - 14 for place in places(svg))
    assert "nan" not in re.sub(r">[^<]*<", "><", svg).replace("aria", "")


def test_a_chart_of_twelve_rows_is_a_small_picture() -> None:
    chart = drawn([Bar(label=f"Account {n}", now=at(0.3), before=at(0.2)) for n in range(12)])
    assert len(chart_png(chart)) < 110_000
    assert shown_size(chart.chart)[0] == 536


def test_packing_a_picture_better_changes_no_pixel() -> None:
    chart = drawn([Bar(label="Logistics", now=at(0.31), before=at(0.22))])
    hasty = vl_convert.svg_to_png(chart_svg(chart, "mail"))
    small = smaller(hasty)
    assert len(small) < len(hasty)
    one, other = (Picture.open(io.BytesIO(png)) for png in (hasty, small))
    assert (one.size, one.mode, one.tobytes()) == (other.size, other.mode, other.tobytes())


def test_figures_are_told_with_unit_and_interval() -> None:
    assert estimated(Estimate(value=0.31, low=0.24, high=0.38), "share") == "31 % (24-38 %)"
    assert (
        estimated(Estimate(value=12_345, low=11_000, high=13_700), "money", "EUR")
        == "12,300 EUR (11,000-13,700)"
    )
    assert estimated(Estimate(value=3.14, low=2.6, high=3.7), "times") == "3.1 times (2.6-3.7)"
    assert estimated(Estimate(value=54, low=51.2, high=56.6), "days") == "54 days (51-57)"
    assert figure(1, "days") == "1 day"
    assert estimated(Estimate(value=7, low=7, high=7), "count") == "7"
    assert interval(Estimate(value=0.0, low=-3, high=4), "days") == "-3 to 4"
    assert estimated(None, "share") == figure(float("nan"), "share") == "–"


def test_long_lines_are_cut_at_a_word_and_sentences_end() -> None:
    assert cut("one two three", 9) == "one two…"
    assert cut("one two", 7) == "one two"
    assert ended(["One", "two.", " ", "three?"]) == "One. two. three?"
