"""Which outcome do the words of a stage, a type and the flags of a deal mean?"""

import re
from collections.abc import Mapping

from store.outcomes.outcome_table import OUTCOMES, OutcomeKind
from store.outcomes.shapes.shape import compact
from store.population.source.cells import NO, YES

# Whole statuses, compact. What is on none of these lists, and says neither won nor lost, is not guessed.
_WHOLE: dict[OutcomeKind, tuple[str, ...]] = {
    "won": ("won", "closedwon", "win", "subscribed", "converted", "purchased"),
    "lost": ("lost", "closedlost", "loss", "nodecision", "closednodecision", "declined", "dead"),
    "churned": ("churned", "churn", "cancelled", "canceled", "cancellation", "terminated"),
    "expanded": ("expanded", "expansion", "upsell", "upsold", "crosssell", "crosssold"),
    "open": ("open", "inprogress", "pending", "active", "new", "pipeline"),
}
_OUTCOME_OF: dict[str, OutcomeKind] = {
    compact(word): outcome for outcome, words in _WHOLE.items() for word in words
}
_CHURNED = {"churned", "churn", "cancelled", "canceled", "cancellation", "terminated"}
_MORE = {"expansion", "expanded", "upsell", "upsold", "upgrade", "crosssell", "crosssold", "addon"}
_RENEWAL = {"renewal", "renewals", "renew"}
_NOT = {"not", "no", "non", "never"}
_WORD = re.compile(r"[^\W_]+")


def outcome_of(
    stage: str,
    deal_type: str = "",
    is_won: bool | None = None,
    is_lost: bool | None = None,
    is_closed: bool | None = None,
    stages: Mapping[str, str] | None = None,
) -> OutcomeKind | None:
    """The outcome that a deal's stage, type and flags say; None where they say none, or contradict.

    `stages` are more stages with their outcomes, compact: they decide before any word does. A deal won by
    one who is a customer already (upgrade, upsell, cross-sell, add-on) is expanded; a renewal lost, and
    anything cancelled, is churned.
    """
    told = _said(stages.get(compact(stage))) if stages else None
    if told:
        return told
    flagged = _flagged(is_won, is_lost, is_closed)
    spoken = _spoken(stage)
    if flagged is None:
        return _refined(spoken, stage, deal_type) if spoken else None
    if spoken in ("won", "lost") and flagged in ("won", "lost") and spoken != flagged:
        return None
    churns = spoken == "churned" and flagged == "lost"
    return "churned" if churns else _refined(flagged, stage, deal_type)


def _said(outcome: str | None) -> OutcomeKind | None:
    return next((kind for kind in OUTCOMES if kind == outcome), None)


def _flagged(is_won: bool | None, is_lost: bool | None, is_closed: bool | None) -> OutcomeKind | None:
    if is_won:
        return None if is_lost else "won"
    if is_lost or (is_closed and is_won is False):
        return "lost"
    return "open" if is_closed is False else None


def _spoken(stage: str) -> OutcomeKind | None:
    """What the words of the stage say."""
    if whole := _OUTCOME_OF.get(compact(stage)):
        return whole
    if (flag := yes_or_no(stage)) is not None:
        return "won" if flag else "lost"
    words = set(_WORD.findall(stage.casefold()))
    if words & _CHURNED or (words & (_RENEWAL | {"renewed"}) and words & _NOT):
        return "churned"
    is_won, is_lost = bool(words & {"won", "closedwon"}), bool(words & {"lost", "closedlost"})
    if is_won == is_lost or words & _NOT:
        return None
    return "won" if is_won else "lost"


def _refined(outcome: OutcomeKind, stage: str, deal_type: str) -> OutcomeKind:
    words = set(_WORD.findall(f"{stage} {deal_type}".casefold()))
    joined = compact(f"{stage} {deal_type}")
    if outcome == "won" and (words & _MORE or any(word in joined for word in ("crosssell", "upsell"))):
        return "expanded"
    return "churned" if outcome == "lost" and words & _RENEWAL else outcome


def yes_or_no(cell: str) -> bool | None:
    """Whether a flag's cell says yes; None where it says neither."""
    known = cell.strip().casefold()
    return True if known in YES else False if known in NO else None
