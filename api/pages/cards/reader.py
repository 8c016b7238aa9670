"""For whom is a card drawn: their way of writing figures, and names that no other card of the page has?"""

import hashlib
from typing import Any

from fastapi import Request

from api.pages.numbers import locale_of, localised, signs_of
from api.report.written import Written


def written_for(request: Request) -> Written:
    """How whoever asks writes figures."""
    locale = locale_of(request.headers.get("accept-language", ""))
    group, decimal = signs_of(locale)
    return Written((group, decimal), lambda text: localised(text, locale))


def card_id(result: dict[str, Any], noun: str) -> str:
    """A name for the elements of a card: the same each time, another for another result of the page."""
    told = (
        f"{noun} {result.get('tool_trace_id') or ''} {result.get('workflow_id') or ''} {result.get('step')}"
    )
    return f"{noun}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"
