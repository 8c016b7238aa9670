"""How is a briefing read in Teams? An adaptive card under the size that its webhooks take."""

import json
from collections.abc import Iterator
from typing import Any

from agent.briefing_result import Briefing
from api.report.briefing.forms import Links, TeamsForm
from api.report.briefing.plain_text import WIDE, chart_cells
from api.report.briefing.told.parts import Cell, Told
from api.report.briefing.told.telling import told
from api.report.briefing.told.words import text

MOST_BYTES = 27_000  # Teams refuses a message over 28 kB
CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"

Element = dict[str, Any]


def teams_of(briefing: Briefing, links: Links, locale: str = "en") -> TeamsForm:
    """The message as the webhooks of Teams take it; what does not fit is cut from the end."""
    what = told(briefing, locale)
    body = list(_body(what))
    payload = _payload(body, links)
    while len(json.dumps(payload).encode()) > MOST_BYTES and len(body) > 2:
        body = [*body[:-2], _said(text("more"), isSubtle=True)]
        payload = _payload(body, links)
    return TeamsForm(text=what.headline, payload=payload)


def _payload(body: list[Element], links: Links) -> dict[str, Any]:
    asked = [(text("open"), links.page), (text("asked"), links.feedback)]
    asked.append((text("unsubscribe"), links.unsubscribe))
    actions = [{"type": "Action.OpenUrl", "title": title, "url": url} for title, url in asked if url]
    card = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.5",
        "msteams": {"width": "Full"},
        "body": body,
        "actions": actions,
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "content": card}]}


def _body(what: Told) -> Iterator[Element]:
    yield _said(what.about, isSubtle=True)
    yield _said(what.headline, size="Large", weight="Bolder")
    for at, change in enumerate(what.changes, 1):
        yield _said(f"{at}. {change.sentence}", weight="Bolder")
        yield from [_said(change.evidence, isSubtle=True)] if change.evidence else []
    yield from _list(text("known"), what.known)
    yield from _list(
        what.action_title, [what.action, f"{text('impact')}: {what.impact}" if what.impact else ""]
    )
    yield from _list(text("risk"), [what.risk])
    yield from _list("", what.after_changes)
    for at, call in enumerate(what.calls):
        yield from [_title(text("calls"))] if at == 0 else []
        yield _said(text("call", unit=call.unit, tier=call.tier, score=call.score), weight="Bolder")
        yield _said("; ".join(each for each in (*call.reasons, call.doubt) if each))
    if what.tiers:
        yield _title(text("tiers"))
        yield _table([what.tiers.columns, *([row.tier, *map(_cell, row.cells)] for row in what.tiers.rows)])
        yield from _list("", [what.tiers.key])
    for drawn in what.charts:
        yield _title(drawn.title)
        yield _said(drawn.says)
        yield _table(chart_cells(drawn, WIDE))
    for section in what.sections:
        yield from _list(section.title, section.lines)
    yield from _list(text("proof"), what.proof)


def _cell(cell: Cell) -> str:
    return "; ".join(part for part in (cell.now + "*" * cell.moved, cell.interval, cell.before) if part)


def _list(title: str, lines: list[str]) -> Iterator[Element]:
    told_ = [line for line in lines if line]
    if told_ and title:
        yield _title(title)
    yield from (_said(line) for line in told_)


def _title(line: str) -> Element:
    return _said(line, weight="Bolder", spacing="Large")


def _said(line: str, **style: Any) -> Element:
    """A text whose marks mean nothing: a run of rich text is shown as it is."""
    spacing = {"spacing": style.pop("spacing")} if "spacing" in style else {}
    run = {"type": "TextRun", "text": line} | style
    return {"type": "RichTextBlock", "inlines": [run]} | spacing


def _table(rows: list[list[str]]) -> Element:
    return {
        "type": "Table",
        "firstRowAsHeader": True,
        "columns": [{"width": 1} for _ in rows[0]],
        "rows": [
            {"type": "TableRow", "cells": [{"type": "TableCell", "items": [_said(c)]} for c in row]}
            for row in rows
        ],
    }
