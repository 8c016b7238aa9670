"""How is a briefing read in a mail?"""

import re
from functools import cache
from typing import TYPE_CHECKING

from agent.briefing_result import Briefing
from api.report.briefing.drawing.charts import chart_png, shown_size
from api.report.briefing.forms import Image, Links, MailForm
from api.report.briefing.plain_text import plain_text
from api.report.briefing.templates_of import template
from api.report.briefing.told.parts import Drawn, Told
from api.report.briefing.told.telling import told
from api.report.briefing.told.words import text

if TYPE_CHECKING:
    from css_inline import CSSInliner

MOST_BYTES = 100_000  # Gmail shows 102 kB of a mail and hides the rest
CUT = ("sections", "calls", "charts", "known")  # of a mail that is longer, in this order, from the end


def mail_of(briefing: Briefing, links: Links, locale: str = "en") -> MailForm:
    """The mail: HTML for 600 px with its styles inline, its charts as PNG, and the same as plain text."""
    what = told(briefing, locale)
    html, shown = _html(what, links)
    return MailForm(
        subject=what.subject,
        html=html,
        text=plain_text(shown, links),
        images=_images(shown),
    )


def _html(what: Told, links: Links) -> tuple[str, Told]:
    """The HTML, and what it tells: all of it or, of more than a mail may hold, what fits."""
    html = _rendered(what, links)
    while len(html.encode()) > MOST_BYTES and (name := _first_cut(what)):
        what = what.model_copy(update={name: getattr(what, name)[:-1], "after_changes": _with_more(what)})
        html = _rendered(what, links)
    return html, what


def _first_cut(what: Told) -> str:
    """From what the last part is left to the page; nothing where all of it is gone."""
    return next((name for name in CUT if getattr(what, name)), "")


def _with_more(what: Told) -> list[str]:
    more = text("more")
    return what.after_changes if more in what.after_changes else [*what.after_changes, more]


def _rendered(what: Told, links: Links) -> str:
    images = _images(what)
    pairs = list(zip(what.charts, images, strict=True))
    page = template("mail.html.j2").render(told=what, links=links, charts=pairs)
    return re.sub(r"\n\s*\n+", "\n", _inliner().inline(page))


@cache
def _inliner() -> "CSSInliner":
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False, minify_css=True)


def _images(what: Told) -> list[Image]:
    return [_image(drawn, at) for at, drawn in enumerate(what.charts, 1)]


def _image(drawn: Drawn, at: int) -> Image:
    width, height = shown_size(drawn.chart)
    return Image(
        cid=f"chart{at}@fieldmark",
        content=chart_png(drawn),
        alt=" ".join([drawn.title + ".", *(_alternative(drawn))]),
        width=width,
        height=height,
    )


def _alternative(drawn: Drawn) -> list[str]:
    """The rows of a chart as sentences."""
    return [
        (text("now_was" if row.before else "now_only", label=row.label, now=row.now, before=row.before) + ".")
        for row in drawn.rows
    ]
