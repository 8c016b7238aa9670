"""How is a briefing read on paper?"""

import json
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from agent.briefing_result import Briefing
from api.report.briefing.drawing.charts import chart_svg
from api.report.briefing.told.marked import parts_of
from api.report.briefing.told.parts import Drawn
from api.report.briefing.told.telling import told
from api.report.briefing.told.words import text

if TYPE_CHECKING:
    from typst import Fonts

LABELS = (
    *("changes", "known", "impact", "risk", "calls", "tiers", "proof"),
    *("appendix", "qualification", "battlecards", "say", "beware"),
)


def pdf_of(briefing: Briefing, locale: str = "en") -> bytes:
    """The whole briefing as PDF, A4, with its appendix on pages of its own.

    The same briefing gives the same bytes: its date is the document's. Letters that the fonts of typst lack
    (Chinese, Arabic …) are taken from the machine.
    """
    made = _compiled(briefing, locale, "pdf")
    assert isinstance(made, bytes)
    return made


def pdf_pages(briefing: Briefing, locale: str = "en", ppi: float = 96) -> list[bytes]:
    """The pages of the PDF as PNG."""
    made = _compiled(briefing, locale, "png", ppi=ppi)
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]


def _compiled(briefing: Briefing, locale: str, form: Any, ppi: float | None = None) -> Any:
    from typst import Compiler

    source = files("api.report.briefing").joinpath("templates", "briefing.typ").read_bytes()
    at = int(briefing.created_at.astimezone(UTC).timestamp())
    # What is told comes as JSON, never as typst: nothing in it is obeyed.
    compiler = Compiler(input=source, font_paths=_fonts(), sys_inputs={"told": _inputs(briefing, locale)})
    return compiler.compile(format=form, ppi=ppi, timestamp=at)


@cache
def _fonts() -> "Fonts":
    from typst import Fonts

    return Fonts()


def _inputs(briefing: Briefing, locale: str) -> str:
    what = told(briefing, locale)
    at = briefing.created_at.astimezone(UTC)
    inputs = what.model_dump(mode="json", exclude={"charts"}) | {
        "labels": {name: text(name) for name in LABELS},
        "charts": [
            {"title": each.title, "says": each.says, "svg": chart_svg(each, "print")} for each in what.charts
        ],
        "qualification": parts_of(what.appendix.qualification),
        "date": [at.year, at.month, at.day],
    }
    return json.dumps(inputs, ensure_ascii=False)


def _drawn(chart: Drawn) -> dict[str, str]:
    return {"title": chart.title, "says": chart.says, "svg": chart_svg(chart, "print")}
