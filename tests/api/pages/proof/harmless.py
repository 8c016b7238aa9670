"""Is this HTML only what the templates wrote? Told from the markup itself, without a browser."""

import re
from html.parser import HTMLParser

from tests.api.pages.proof.hostile import MARK

# What the templates write; anything else came in with a text.
TAGS = set(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "a",
        "header",
        "img",
        "nav",
        "ul",
        "ol",
        "li",
        "div",
        "span",
        "main",
        "section",
        "article",
        "aside",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "p",
        "b",
        "i",
        "em",
        "strong",
        "small",
        "code",
        "pre",
        "kbd",
        "hr",
        "br",
        "form",
        "input",
        "label",
        "button",
        "select",
        "option",
        "optgroup",
        "textarea",
        "fieldset",
        "legend",
        "details",
        "summary",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "time",
        "progress",
        "meter",
        "output",
        "dialog",
        "template",
        "datalist",
        "blockquote",
        "abbr",
        "mark",
        "sup",
        "sub",
        "svg",
        "g",
        "path",
        "rect",
        "line",
        "circle",
        "text",
        "tspan",
        "defs",
        "clippath",
        "lineargradient",
        "stop",
        "desc",
        "polyline",
        "polygon",
        "symbol",
        "use",
        "ellipse",
    ]
)
ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "data-load",
    "data-follow",
    "poster",
    "data",
    "xlink:href",
)
OWN = re.compile(r"(?:/(?![/\\])|#|\?)[^\s\\]*|data:image/[a-z+]+[;,].*|", re.DOTALL)


class _Looking(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrongs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrongs.append(f"<{tag}>")
        if tag == "script" and not any(
            n == "src" and (v or "").startswith("/static/live.js") for n, v in attrs
        ):
            self.wrongs.append("<script> of nobody")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.wrongs.append(f"<{tag} {name}>")
            if name in ADDRESSES and not OWN.fullmatch((value or "").strip()):
                self.wrongs.append(f"<{tag} {name}={(value or '')[:60]!r}>")
            if MARK in name:
                self.wrongs.append(f"<{tag} … {name[:40]!r}>")


def wrongs_of(html: str) -> list[str]:
    """What stands in the markup that no template wrote."""
    looking = _Looking()
    looking.feed(html)
    looking.close()
    return looking.wrongs
