"""Which card does each result of an answer get?"""

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import Request
from markupsafe import Markup

from agent.analyses import saved_analysis
from agent.audience_result import AudienceResult
from api.access.visit import Visit
from api.pages.cards.analysis.card import analysis_card
from api.pages.cards.audience.card import audience_card
from api.pages.cards.reader import card_id
from api.pages.cards.short import of_findings, of_people
from api.pages.cards.short.shape import ShortCard
from api.pages.rendering import rendered
from store.errors import NotFound
from store.workspace import Workspace

Card = Callable[[Request, Workspace, dict[str, Any]], str]


def cards_of(
    request: Request,
    visit: Visit,
    workspace: Workspace,
    results: Iterable[dict[str, Any]],
    conversation_id: str = "",
) -> Markup:
    """The cards of the `results` of an answer, one after the other; nothing for what the text says whole.

    conversation_id: the conversation that what is asked for on a card becomes a part of.
    """
    cards = (_card(request, workspace, result | {"conversation_id": conversation_id}) for result in results)
    return Markup("\n".join(card for card in cards if card))  # noqa: S704  # templates escaped what is in them


def _card(request: Request, workspace: Workspace, result: dict[str, Any]) -> str:
    """One card. What is not kept any more has none: the text of the answer still says what it was."""
    for mark, card in CARDS.items():
        if result.get(mark):
            try:
                return card(request, workspace, result)
            except NotFound:
                return ""
    return ""


def _analysis(request: Request, workspace: Workspace, result: dict[str, Any]) -> str:
    found = saved_analysis(workspace.artifacts, result["analysis_id"])
    return analysis_card(request, card_id(result, "analysis"), found, result["conversation_id"])


def _audience(request: Request, workspace: Workspace, result: dict[str, Any]) -> str:
    document = workspace.artifacts.document("audience", result["audience_id"])
    return audience_card(request, card_id(result, "audience"), AudienceResult.model_validate(document))


def _short(view: Callable[[dict[str, Any], Workspace], ShortCard]) -> Card:
    def card(request: Request, workspace: Workspace, result: dict[str, Any]) -> str:
        id = card_id(result, "short")
        return rendered(request, "cards/short/card.html.j2", card=view(result, workspace), id=id)

    return card


# By what only results of this kind hold; the first that fits is taken. A refusal, a profile of a person, what
# is planned and thanks are said whole by the text.
CARDS: dict[str, Card] = {
    "audience_id": _audience,
    "briefing_id": _short(of_findings.briefing),
    "outcome_analysis_id": _short(of_findings.outcomes),
    "analysis_id": _analysis,
    "told": _short(of_findings.changes),
    "tiers": _short(of_people.scored_leads),
    "destination": _short(of_people.exported_file),
    "stats": _short(of_people.recognised),
    "co_occurring": _short(of_findings.one_trait),
    "clusters": _short(of_findings.traits),
    "in_words": _short(of_people.found_people),
    "document": _short(of_findings.profile),
    "differences": _short(of_findings.compared_profiles),
    "figures": _short(of_findings.explanation),
}
