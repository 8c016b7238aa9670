"""Which language model writes here, what was it asked, and what became of its words?"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.access.visit import PeopleReader, Visit
from api.pages.rendering import is_fragment
from api.pages.settings.parts import part_page
from api.rest.form.paging import Pages, page_of
from store.errors import NotFound
from store.records import ModelCall
from store.records.newest import Place, newest

ADDRESS = "/settings/model"
LAST = 50  # requests that are looked through
HEARD = ("answered", "kept", "refused")  # outcomes of a model that answered
EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[A-Za-z]")
# As they are written in America, with a country's code, or in one run; figures have commas and few digits.
PHONE = re.compile(
    r"\+\d[\d ().-]{7,}\d|\(\d{3}\) ?\d{3}-\d{4}|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b|(?<![\d.,])\d{9,}(?![\d.,])"
)


class LookedThrough(NamedTuple):
    """What was found in the last requests that has the form of somebody's value."""

    requests: int
    emails: int  # requests with something like an e-mail address
    phones: int
    outcomes: list[tuple[str, int]]

    @property
    def is_clean(self) -> bool:
        """Whether none of them has one."""
        return not (self.emails or self.phones)


def model_pages() -> APIRouter:
    """`/settings/model`."""
    router = APIRouter(prefix=ADDRESS)

    @router.get("")
    def model(request: Request, visit: PeopleReader, pages: Pages) -> HTMLResponse:
        """The model and the last requests to it."""
        return part_page(
            request,
            visit,
            "model",
            "tracing/model.html.j2",
            model=visit.house.model,
            found=page_of(
                _calls(visit, pages.limit, pages.after),
                pages.limit,
                lambda call: Place(call.created_at, call.call_id),
            ),
            looked=looked_through(_calls(visit, LAST, None)[:LAST]),
            answers=is_answering(visit),
        )

    @router.get("/calls/{call_id:path}")
    def one(request: Request, visit: PeopleReader, call_id: str) -> HTMLResponse:
        """One request: the facts that were sent, the words that came, and the verdict."""
        found = visit.house.database.get(ModelCall, call_id)
        if found is None:
            raise NotFound("There is no such request", where="call_id")
        facts = orjson.dumps(found.facts, option=orjson.OPT_INDENT_2).decode()
        template = "model_call" if is_fragment(request) else "model_call_page"
        return part_page(request, visit, "model", f"tracing/{template}.html.j2", call=found, facts=facts)

    return router


def is_answering(visit: Visit) -> bool | None:
    """Whether the last request was answered; None without a model, or before the first request."""
    last = _calls(visit, 1, None)[:1] if visit.house.model else []
    return last[0].outcome in HEARD if last else None


def looked_through(calls: Sequence[ModelCall]) -> LookedThrough:
    """What was sent and answered, searched for e-mail addresses and telephone numbers.

    A name has no form by which it could be found: the facts hold traits and figures, and are shown whole.
    """
    texts = ["\n".join([*_texts_of(call.facts), call.answer]) for call in calls]
    return LookedThrough(
        len(calls),
        sum(bool(EMAIL.search(text)) for text in texts),
        sum(bool(PHONE.search(text)) for text in texts),
        Counter(call.outcome for call in calls).most_common(),
    )


def _texts_of(facts: Any) -> Iterator[str]:
    """Every text in the facts, the names of their fields too; figures are none."""
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, dict):
        for name, value in facts.items():
            yield name
            yield from _texts_of(value)
    elif isinstance(facts, list):
        for value in facts:
            yield from _texts_of(value)


def _calls(visit: Visit, limit: int, after: Place | None) -> list[ModelCall]:
    at, key = ModelCall.created_at, ModelCall.call_id
    return newest(visit.house.database, ModelCall, at, key, limit, after)
