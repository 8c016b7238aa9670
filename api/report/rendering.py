"""The templates, filled with an analysis."""

from functools import cache
from typing import TYPE_CHECKING, Any

from agent.analysis import Analysis, Segment
from agent.backtest import Backtest
from agent.narration import wording
from tools.mining.findings import Confirmation, Estimate

if TYPE_CHECKING:  # it takes a while to import, and most commands write no page
    from jinja2 import Environment

SHOWN_TRAITS, SHOWN_SETS, SHOWN_RARE = 15, 10, 8


def html_report(analysis: Analysis, validation: Backtest | None = None) -> str:
    """The analysis as one self-contained page: no script, no outside file."""
    from api.report import charts  # altair takes a second to import, and most commands draw nothing

    return (
        _environment(autoescape=True)
        .get_template("report.html.j2")
        .render(
            _words(analysis, validation)
            | {
                "lift_chart": charts.lift_chart(analysis.lift.top_attributes[:SHOWN_TRAITS]),
                "segment_charts": [charts.segment_chart(segment) for segment in analysis.segments],
                "curve_chart": charts.curve_chart(analysis.curve),
                "frontier_chart": charts.frontier_chart(analysis.frontier, analysis.strategies),
            }
        )
    )


def markdown_report(analysis: Analysis, validation: Backtest | None = None) -> str:
    """The analysis as Markdown, for a wiki or a mail."""
    return _environment(autoescape=False).get_template("report.md.j2").render(_words(analysis, validation))


def _words(analysis: Analysis, validation: Backtest | None) -> dict[str, Any]:
    return {
        "analysis": analysis,
        "validation": validation,
        "traits": analysis.lift.top_attributes[:SHOWN_TRAITS],
        "sets": (analysis.lift.multi_attribute_clusters + analysis.lift.top_intersections)[:SHOWN_SETS],
        "rare": analysis.lift.rare_attributes[:SHOWN_RARE],
    }


def _narrator(analysis: Analysis) -> str:
    """Whose words an analysis is in."""
    told = analysis.narration
    if told is None:
        return "template"
    return (
        f"template, and by the model {told.model} where its words held against the figures: "
        f"{told.kept} of {told.asked} texts"
    )


def _chance(again: float | None) -> str:
    """Of a hundred samples, in how many it is found again."""
    if again is None:
        return "–"
    return "> 99 %" if 0.995 <= again < 1 else f"{again:.0%}".replace("%", " %")


def _confirmed(confirmation: Confirmation | None) -> str:
    """What the half of the customers says that had no part in finding it."""
    if confirmation is None:
        return "–"
    held = "yes" if confirmation.confirmed else "not sure"
    return f"{held}, {wording.ratio(confirmation.lift_confirmed.value)}"


def _points(difference: Estimate | None) -> str:
    """A difference of shares, in percentage points."""
    return "–" if difference is None else f"{difference.value * 100:+.1f}"


def _membership(segment: Segment) -> str:
    """How firm a segment is, and how many of its members belong to it beyond doubt."""
    firm = f"Stability {segment.stability:.2f} (1: the same customers in every sample)"
    if segment.typical is None or segment.exceptional is None:
        return f"{firm}."
    return (
        f"{firm}; {wording.number(segment.typical)} typical members, "
        f"{wording.number(segment.exceptional)} at its edge."
    )


@cache
def _environment(*, autoescape: bool) -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("api.report", "templates"),
        autoescape=autoescape,  # noqa: S701  # Markdown is no HTML; the page escapes everything
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": wording.percent,
        "ratio": wording.ratio,
        "number": wording.number,
        "interval": wording.interval,
        "phrases": wording.phrases,
        "named": wording.named,
        "capitalised": lambda text: text[:1].upper() + text[1:],
        "narrator": _narrator,
        "chance": _chance,
        "confirmed": _confirmed,
        "points": _points,
        "membership": _membership,
        "q_value": lambda q: "< 0.0001" if q < 1e-4 else f"{q:.4f}",
    }
    return environment
