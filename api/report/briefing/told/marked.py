"""What does Markdown say, as parts that a page can be laid out from?"""

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

STYLES = {"strong_open": "strong", "em_open": "emph"}
Part = dict[str, Any]


def parts_of(markdown: str) -> list[Part]:
    """Headings, paragraphs and items of lists, each with its runs of text: `{kind, depth, runs}`."""
    parts: list[Part] = []
    depth, heading = 0, 0
    for token in MarkdownIt("commonmark", {"html": False}).parse(markdown):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "heading_close":
            heading = 0
        elif token.type == "inline":
            kind = "heading" if heading else "item" if depth else "paragraph"
            parts.append({"kind": kind, "depth": heading or depth, "runs": _runs(token.children or [])})
        elif token.type in ("code_block", "fence"):
            parts.append({"kind": "paragraph", "depth": 0, "runs": [_run(token.content.strip(), "code")]})
    return parts


def _runs(tokens: list[Token]) -> list[Part]:
    runs: list[Part] = []
    style = ""
    for token in tokens:
        if token.type in STYLES:
            style = STYLES[token.type]
        elif token.type in ("strong_close", "em_close"):
            style = ""
        elif token.type in ("softbreak", "hardbreak"):
            runs.append(_run(" ", style))
        elif token.content:
            runs.append(_run(token.content, "code" if token.type == "code_inline" else style))
    return runs


def _run(said: str, style: str) -> Part:
    return {"text": said, "style": style}
