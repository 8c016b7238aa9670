"""Every route of the pages: its method, its path, and what its dependencies say it needs."""

import re
from collections.abc import Iterable, Iterator
from inspect import getdoc
from typing import Any, NamedTuple

from fastapi import FastAPI

from api.pages.site import add_pages
from store.access import Scope

# Whoever they are: the way in.
UNSUBSCRIBE = {"GET /unsubscribe", "POST /unsubscribe"}  # a signed link is its own credential
OPEN = {"GET /sign-in", "POST /sign-in", *UNSUBSCRIBE}
NO_SCREEN = {"/favicon.ico"}  # says where the icon lies


class PageRoute(NamedTuple):
    """One method of one route."""

    method: str
    path: str
    needs: frozenset[Scope] | None  # None where no dependency says
    does: str  # the first line of its docstring

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)(?::\w+)?\}", self.path)

    def filled(self, ids: dict[str, str] | None = None) -> str:
        """The path with these ids, and with what is nobody's in the place of others."""
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda named: (ids or {}).get(named[1], "1"), self.path)


def page_routes() -> list[PageRoute]:
    """All of them, in the order of the site."""
    app = FastAPI(openapi_url=None)
    add_pages(app)
    found = []
    for route in _each(app.routes):
        if getattr(route, "dependant", None) is not None and route.path not in NO_SCREEN:
            found += [
                PageRoute(each, route.path, needs_of(route), does_of(route)) for each in sorted(route.methods)
            ]
    return found


def _each(routes: Iterable[Any]) -> Iterator[Any]:
    """Routes, those of routers within routers too; FastAPI keeps each with what its routers add to it."""
    for route in routes:
        contexts = getattr(route, "effective_route_contexts", None)
        yield from contexts() if contexts else [route]


def guarded_routes() -> list[PageRoute]:
    return [route for route in page_routes() if route.name not in OPEN]


def does_of(route: Any) -> str:
    """What it answers, as its docstring says."""
    return (getdoc(route.endpoint) or "").split("\n")[0]


def needs_of(route: Any) -> frozenset[Scope] | None:
    """What all its dependencies ask for together; None where none of them asks."""
    asked = [each.needs for each in _calls(route.dependant) if hasattr(each, "needs")]
    return frozenset().union(*asked) if asked else None


def _calls(dependant: Any) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)
