"""Charts of the reports as a page may show them: without inline styles, which its policy forbids."""

import re

from markupsafe import Markup

STYLED = re.compile(r'(<svg\b[^>]*?) style="max-width:([\d.]+)px;width:100%;height:auto"')


def as_chart(svg: str) -> Markup:
    """The SVG of `api.report.charts` for a page; its natural width is an attribute, the rest is style."""
    shown = STYLED.sub(r'\1 width="\2" class="drawn"', svg, count=1)
    return Markup(shown.replace('class="marks"', "", 1))  # noqa: S704  # drawn here; its texts are escaped
