"""`/figures/…`: where a figure comes from, as a dialog and as a page."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from agent.explain.figure import reads
from agent.explain.glossary import Term, terms
from api.access.visit import Reader
from api.pages.figures.found import Kind, figure_found
from api.pages.figures.linked import ends
from api.pages.rendering import is_fragment, page


def figures_pages() -> APIRouter:
    """`GET /figures/{kind}/{id}/{key}`."""
    router = APIRouter()

    @router.get("/figures/{kind}/{id}/{key}")
    def figure(request: Request, visit: Reader, kind: Kind, id: str, key: str) -> HTMLResponse:
        """One figure: what it says, what was counted, by which formula, and how sure it is."""
        found = figure_found(visit.house.artifacts, kind, id, key)
        one = found.figure
        template = "figures/dialog.html.j2" if is_fragment(request) else "figures/figure.html.j2"
        return page(
            request,
            template,
            screen="analyses",
            figure=one,
            reads=reads(one),
            ends=ends(one),
            source=found.source,
            term=_term(one.what),
        )

    return router


def _term(what: str) -> Term | None:
    """The term of the field that a figure begins with: `lift of people who …`."""
    named = what.partition(" of ")[0].partition(":")[0].casefold()
    return next((term for term in terms() if named in (term.name.casefold(), *term.also)), None)
