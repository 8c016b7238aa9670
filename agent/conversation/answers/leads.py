"""What is said of scored leads: how they divide, whom to call first and why, and what speaks against it."""

from typing import Any

from agent.conversation.answers.answer import Answer
from agent.conversation.answers.people import export_told, masked_value, several
from agent.conversation.masking import masked
from agent.markdown import headed, paragraphs, told
from agent.narration.wording import joined, number, percent
from tools.profiles.lists.score_list import ScoredList
from tools.scoring.leads.findings import LeadScore
from tools.scoring.score_leads import ScoredLeads

FEW, REASONS = 5, 2  # leads told one by one, and what speaks for each
WORTH_CALLING = ("A", "B")  # first letters of the tiers that are


def answer(found: ScoredLeads, asked: dict[str, Any]) -> Answer:
    """Tiers, the best few with two reasons and a doubt each; of the reasons nothing is kept.

    They hold what is known of somebody, and a lead may be called by an e-mail address.
    """
    counted, notes = _counted(found, asked), _careful(found.notes)
    best = _best(found.sample)
    return Answer(
        text=paragraphs(
            counted, headed(_heading(best), [_lead(one) for one in best]), notes, export_told(found.export)
        ),
        shown=_shown(found),
        follow_ups=_follow_ups(found),
        kept=paragraphs(
            counted,
            headed(_heading(best), [_kept(one) for one in best]),
            told("answer_leads_kept") if best else "",
            notes,
            export_told(found.export),
        ),
    )


def kept_list(found: ScoredList) -> Answer:
    """How a kept list divides by its first profile, and where its rows are looked through."""
    return Answer(
        text=paragraphs(
            told(
                "answer_list",
                scored=several(found.scored, "row", "rows"),
                profiles=joined(found.profiles),
                tiers=_divided(found.tiers),
            ),
            told("answer_list_kept"),
            _careful(found.notes),
        ),
        shown=found.model_dump(mode="json", exclude={"notes", "workflow_id", "tool_trace_id"}),
        follow_ups=["What does fit score mean?"],
    )


def _counted(found: ScoredLeads, asked: dict[str, Any]) -> str:
    against = "answer_leads_outcomes" if found.profile.startswith("fit_") else "answer_leads_analysis"
    scored = told(
        "answer_leads",
        scored=several(found.scored, "lead", "leads"),
        against=told(against),
        criteria=several(found.criteria, "criterion", "criteria"),
        tiers=_divided(found.tiers),
    )
    narrowed = any(asked.get(name) is not None for name in ("min_score", "tier", "top"))
    return paragraphs(
        scored,
        told("answer_leads_passed", total=number(found.total)) if narrowed else "",
        told("answer_leads_alike") if found.scored and not found.criteria else "",
    )


def _divided(tiers: dict[str, int]) -> str:
    return joined([f"{number(count)} in tier {letter}" for letter, count in tiers.items()])


def _best(sample: list[LeadScore]) -> list[LeadScore]:
    """The first few; where any is worth calling, those alone."""
    worth = [one for one in sample if one.tier.startswith(WORTH_CALLING)]
    return (worth or sample)[:FEW]


def _heading(best: list[LeadScore]) -> str:
    worth = bool(best) and best[0].tier.startswith(WORTH_CALLING)
    return told("answer_leads_first" if worth else "answer_leads_best")


def _lead(one: LeadScore) -> str:
    reasons = "; ".join(reason.text for reason in one.reasons_for[:REASONS])
    parts = [
        _score(one.lead, one),
        _chance(one),
        told("answer_lead_for", reasons=reasons) if reasons else told("answer_lead_for_none"),
        _doubt(one),
    ]
    return " ".join(part for part in parts if part)


def _kept(one: LeadScore) -> str:
    return " ".join(part for part in (_score(masked_lead(one.lead), one), _chance(one)) if part)


def _score(lead: str, one: LeadScore) -> str:
    return told(
        "answer_lead", lead=lead, score=f"{one.score:.0f}", tier=one.tier, confidence=one.match_confidence
    )


def _chance(one: LeadScore) -> str:
    chance = one.win_chance
    if chance is None:
        return ""
    return told(
        "answer_lead_chance",
        chance=percent(chance.value),
        low=percent(chance.low),
        high=percent(chance.high),
    )


def _doubt(one: LeadScore) -> str:
    """What speaks most against it: a disqualifier, else its worst value, else what is not known."""
    if one.disqualifier:
        return told("answer_lead_disqualified", disqualifier=one.disqualifier)
    if one.reasons_against:
        return told("answer_lead_against", reason=one.reasons_against[0].text)
    if one.unknown:
        return told("answer_lead_unknown", names=joined(one.unknown[:3]))
    return told("answer_lead_against_none")


def _careful(notes: list[str]) -> str:
    return headed(
        told("answer_careful"), [told("answer_sentences", sentences=masked(note)) for note in notes]
    )


def masked_lead(lead: str) -> str:
    """What a lead is called, where that identifies somebody with most of it hidden."""
    return masked_value("email", lead) if "@" in lead else masked(lead)


def _shown(found: ScoredLeads) -> dict[str, Any]:
    """Figures; of a lead the names of what matched, never its values."""
    whole = found.model_dump(mode="json", exclude={"sample", "workflow_id", "tool_trace_id"})
    figures = {"score", "tier", "match_confidence", "matched", "missed", "unknown", "win_chance"}
    figures |= {"expected_value", "expansion_chance", "churn_chance", "other_scores"}
    told_of = [
        one.model_dump(mode="json", include=figures) | {"lead": masked_lead(one.lead)} for one in found.sample
    ]
    return whole | {"notes": [masked(note) for note in found.notes], "sample": told_of}


def _follow_ups(found: ScoredLeads) -> list[str]:
    if not found.profile.startswith("fit_"):
        return ["What does fit score mean?", "How sure are you?"]
    return ["What criteria separate won from lost deals?", "What does fit score mean?"]
