"""The templates of the forms."""

import re
from functools import cache
from typing import TYPE_CHECKING

from api.report.briefing.told.words import ended, text

if TYPE_CHECKING:  # it takes a while to import, and most commands write no mail
    from jinja2 import Environment, Template

UNITS = re.compile(r"(?<=\d) (?=%|days?\b)")


def template(name: str) -> "Template":
    """The template of this name; what is filled in is escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("api.report.briefing", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"t": text, "sentences": ended}
    made.filters["kept"] = kept_together
    return made


def kept_together(line: str) -> str:
    """The line with each figure on one line with its sign."""
    return UNITS.sub("\u00a0", line)
