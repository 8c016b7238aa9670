"""The card of an analysis."""

from fastapi import Request

from agent.analysis import Analysis
from api.pages.cards.analysis.view import analysis_view
from api.pages.cards.reader import written_for
from api.pages.figures.prose import dashed
from api.pages.rendering import rendered


def analysis_card(request: Request, id: str, found: Analysis, conversation_id: str = "") -> str:
    """The card of an analysis; id: a name that no other card of the page has.

    conversation_id: where an audience that is asked for on it is built; on its own when empty.
    """
    view = analysis_view(id, found, written_for(request), conversation_id)
    return rendered(request, "cards/analysis/card.html.j2", view=view, sure=how_sure(found))


def how_sure(found: Analysis) -> str:
    """How sure all of it is, as Markdown."""
    from agent.explain.sureness import confidence  # it reads exports and model calls, which a card need not

    return dashed(confidence(found, None).text)
