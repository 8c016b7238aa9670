"""A page or a fragment, from a template and what it shows."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from agent.narration import wording
from api.access.doorkeeper import COOKIE
from api.access.visit import visit_of
from api.pages import markdown
from api.pages.charts import as_chart
from api.pages.here import chosen_warehouse, warehouses_of, workspace_if_any
from api.pages.numbers import HOUSE, locale_of, localised, localised_html
from api.pages.words import text
from store.access import Principal
from store.records.access.sign_ins import csrf_of

FRAGMENT = "Fieldmark-Fragment"  # a request that wants a fragment
GO = "Fieldmark-Go"  # of an answer: the page to go to


def page(request: Request, template: str, /, status: int = 200, **words: Any) -> HTMLResponse:
    """The template as a whole page or, where it is one, as a fragment."""
    return HTMLResponse(rendered(request, template, **words), status)


def gone_to(path: str) -> HTMLResponse:
    """Let the browser go to a page of this house, after a form that was sent without leaving."""
    return HTMLResponse("", headers={GO: path})


def rendered(request: Request, template: str, /, **words: Any) -> str:
    """The template with these words, for whoever asks."""
    return environment().get_template(template).render(_known(request) | words)


def joined(parts: Iterable[str]) -> str:
    """Several fragments as one answer; each says by `data-target` where it belongs."""
    return "\n".join(parts)


def frame(kind: str, html: str, number: int | None = None) -> str:
    """One event of a stream whose body is a fragment."""
    named = "" if number is None else f"id: {number}\n"
    lines = "".join(f"data: {line}\n" for line in html.splitlines() or [""])
    return f"{named}event: {kind}\n{lines}\n"


def is_fragment(request: Request) -> bool:
    """Whether the page's own script asks, and not a browser that goes there."""
    return FRAGMENT in request.headers


def _known(request: Request) -> dict[str, Any]:
    """What every template knows."""
    principal: Principal | None = getattr(request.state, "principal", None)
    token = request.cookies.get(COOKIE)
    is_member = principal is not None and principal.actor.startswith("member_")
    return {
        "request": request,
        "path": request.url.path,
        "principal": principal,
        "may": principal.may if principal else lambda scope: False,
        "csrf": csrf_of(token) if token and is_member else "",
        "locale": locale_of(request.headers.get("accept-language", "")),
        "asset": asset,
        **(_warehouses(request) if principal else {"warehouses": [], "warehouse": None}),
    }


def _warehouses(request: Request) -> dict[str, Any]:
    """Those to choose from, and the one that the page is about."""
    visit = visit_of(request)
    here = workspace_if_any(visit, chosen_warehouse(request, request.query_params.get("warehouse")))
    return {"warehouses": warehouses_of(visit), "warehouse": here.warehouse.name if here else None}


def asset(name: str) -> str:
    """The address of a file of the pages; it changes with the file."""
    return f"/static/{name}?v={_digest(name)}"


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(files("api.pages").joinpath("static", name).read_bytes()).hexdigest()[:12]


@cache
def environment() -> Environment:
    """The templates: `templates/` holds what screens share, each screen's folder its own."""
    made = Environment(
        loader=PackageLoader("api", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["t"] = _told
    made.filters |= {
        "number": _figure(wording.number),
        "percent": _figure(wording.percent),
        "ratio": _figure(wording.ratio),
        "interval": _figure(wording.interval),
        "figures": _figure(str),
        "phrases": wording.phrases,
        "named": wording.named,
        "capitalised": lambda text: text[:1].upper() + text[1:],
        "day": _day,
        "moment": _moment,
        "markdown": _markdown,
        "chart": as_chart,
    }
    return made


@pass_context
def _told(context: Context, name: str, /, **blanks: object) -> str:
    return localised(text(name, **blanks), context.get("locale", HOUSE))


def _figure(write: Any) -> Any:
    @pass_context
    def written(context: Context, value: Any) -> str:
        return localised(write(value), context.get("locale", HOUSE))

    return written


@pass_context
def _markdown(context: Context, text: str) -> Markup:
    return Markup(localised_html(markdown.as_html(text), context.get("locale", HOUSE)))  # noqa: S704  # see there


def _moment(at: datetime) -> Markup:
    """A moment, in UTC until the script has it in the reader's own time and form."""
    told = at.strftime("%Y-%m-%d %H:%M UTC")
    return Markup('<time datetime="{}" data-moment>{}</time>').format(at.isoformat(), told)


def _day(at: datetime) -> Markup:
    """The day of a moment."""
    return Markup('<time datetime="{}" data-day>{}</time>').format(at.isoformat(), escape(f"{at:%Y-%m-%d}"))
