"""Where does this figure come from?"""

from agent.explain.explanation import ExplainedFigure, Explanation
from agent.explain.matching import matching, named, nearest, said, words_of
from agent.markdown import bullets, headed, paragraphs, told
from agent.narration.wording import number, percent, ratio

MOST_CANDIDATES = 5


def figure_explained(figures: list[ExplainedFigure], subject: str | None) -> Explanation:
    """The figure that is meant, told whole, and the others that read the same; else the nearest."""
    meant = said(subject or "")
    if meant is None:
        found = named(figures, words_of(subject or ""))
        return _told(found, "explain_figures_named") if found else _which(figures)
    found = matching(figures, meant)
    if found:
        return _told(found, "explain_figures_alike")
    near = nearest(figures, meant)
    lines = [told("explain_candidate", reads=reads(one), what=one.what) for one in near]
    return Explanation(
        about="figure",
        found=False,
        text=headed(told("explain_figure_unknown", subject=subject), lines),
        figures=near,
    )


def _told(found: list[ExplainedFigure], heading: str) -> Explanation:
    shown = found[:MOST_CANDIDATES]
    text = whole(shown[0])
    if len(shown) > 1:
        others = bullets([told("explain_candidate", reads=reads(one), what=one.what) for one in shown[1:]])
        text = f"{text}\n\n{told(heading)}\n\n{others}"
    return Explanation(about="figure", found=True, text=text, figures=shown)


def _which(figures: list[ExplainedFigure]) -> Explanation:
    lines = [told("explain_candidate", reads=reads(one), what=one.what) for one in figures[:3]]
    return Explanation(
        about="figure",
        found=False,
        text=headed(told("explain_which_figure"), lines),
        figures=figures[:3],
    )


def whole(figure: ExplainedFigure) -> str:
    """What it says, what was counted, by which formula, and how sure it is."""
    end = {"low": "explain_low_end", "high": "explain_high_end", "value": "explain_value"}[figure.part]
    parts = [
        told(end, reads=reads(figure), what=figure.what, middle=shown(figure.value, figure)),
        bullets(
            [told("explain_count", count=number(count), what=what) for what, count in figure.counts.items()]
        ),
        told("explain_worked", worked=figure.worked) if figure.worked and figure.part == "value" else "",
        _sureness(figure),
        told("explain_source", tool=figure.tool, inputs=figure.inputs, formula=figure.formula)
        if figure.formula
        else "",
    ]
    return paragraphs(*parts)


def _sureness(figure: ExplainedFigure) -> str:
    if figure.low is None or figure.high is None:
        return told("explain_exact") if figure.form == "count" else ""
    interval = told("explain_interval", low=shown(figure.low, figure), high=shown(figure.high, figure))
    if figure.q_value is None:
        return interval
    return " ".join([interval, told("explain_q", q=f"{figure.q_value:.1g}")])


def reads(figure: ExplainedFigure) -> str:
    """The figure, or the end of its interval that is meant, as a reader sees it."""
    value = getattr(figure, figure.part)
    return shown(value, figure)


def shown(value: float, figure: ExplainedFigure) -> str:
    """A value in the form of this figure."""
    if figure.form == "share":
        return percent(value)
    if figure.form == "ratio":
        return ratio(value)
    if figure.form == "q":
        return f"{value:.1g}"
    return number(value) if figure.form == "count" else f"{value:,.4g}"
