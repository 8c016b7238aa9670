"""Markdown as HTML that can do nothing: no HTML of its own, no images, links only to this house."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

OWN = re.compile(r"/(?![/\\])[\x21-\x7e]*")


def as_html(text: str) -> Markup:
    """The text as HTML; headings begin below those of the page."""
    return Markup(_reader().render(text))  # noqa: S704  # the reader lets no HTML through


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": False}).enable("table")
    reader.disable(["image", "autolink", "html_block", "html_inline"])
    reader.validateLink = lambda url: bool(OWN.fullmatch(url))  # type: ignore[method-assign]  # as its docs say
    return reader
