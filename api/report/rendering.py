"""The templates, filled with an analysis."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from agent.analysis import Analysis
from agent.backtest import Backtest
from agent.narration import wording

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


@cache
def _environment(*, autoescape: bool) -> Environment:
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
        "q_value": lambda q: "< 0.0001" if q < 1e-4 else f"{q:.4f}",
    }
    return environment
