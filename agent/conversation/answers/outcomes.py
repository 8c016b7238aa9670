"""What is said of an analysis of outcomes: the parts asked for, their evidence, and what cannot be said."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from agent.conversation.answers.answer import MOST_FOLLOW_UPS, Answer
from agent.conversation.answers.outcome_parts import (
    anti_patterns,
    criteria,
    customers,
    emerging,
    losses,
    shown_part,
)
from agent.markdown import headed, paragraphs, told
from agent.narration.wording import percent
from agent.outcome_analysis import OutcomeAnalysis
from tools.outcomes.leaks import Leak

TOLD_WARNINGS = 5
SHOWN = {
    "outcome_analysis_id",
    "warehouse",
    "about",
    "unit",
    "headline",
    "summary",
    "overview",
    "leaks",
    "measures",
    "not_told",
    "warnings",
    "from_cache",
}
BRIEF, WHOLE = 3, 8  # lines of a part among others, and on its own
Part = Callable[[OutcomeAnalysis, int], str]
PARTS: dict[str, Part] = {
    "criteria": criteria,
    "losses": losses,
    "anti_patterns": anti_patterns,
    "churn": lambda found, most: customers(found.churn, most),
    "expansion": lambda found, most: customers(found.expansion, most),
    "emerging": emerging,
}
OVERVIEW = ("criteria", "losses", "churn", "expansion")
OF_OUTCOME = {
    "won": ("criteria", "emerging"),
    "lost": ("losses", "anti_patterns"),
    "churned": ("churn",),
    "expanded": ("expansion",),
}
# Each part of an analysis that may be missing: what it would tell, and where that belongs.
MISSING = {
    "criteria": ("answer_missing_criteria", "criteria"),
    "conversion": ("answer_missing_conversion", "criteria"),
    "measures": ("answer_missing_measures", "criteria"),
    "value": ("answer_missing_value", "overview"),
    "losses": ("answer_missing_losses", "losses"),
    "anti_patterns": ("answer_missing_anti_patterns", "anti_patterns"),
    "churn patterns": ("answer_missing_churn_patterns", "churn"),
    "churn": ("answer_missing_churn", "churn"),
    "expansion patterns": ("answer_missing_expansion_patterns", "expansion"),
    "expansion": ("answer_missing_expansion", "expansion"),
    "emerging": ("answer_missing_emerging", "emerging"),
    "drift": ("answer_missing_drift", "overview"),
}
ASKED_NEXT = {
    "losses": "Why do we lose deals?",
    "criteria": "What criteria separate won from lost deals?",
    "anti_patterns": "Which anti-patterns show up in our outcomes?",
    "churn": "What do churned customers have in common?",
    "expansion": "Which traits go with expansion?",
    "emerging": "Which patterns are emerging in the outcomes?",
}


def answer(found: OutcomeAnalysis, asked: dict[str, Any]) -> Answer:
    """What was asked about, with its evidence; then what cannot be told and why, and what to know first."""
    outcomes = asked.get("outcomes") or []
    parts = parts_asked(found.about, outcomes)
    is_whole = found.about == "overview" and not outcomes
    before = found.summary if is_whole else found.summary[:1]
    most = BRIEF if len(parts) > 1 else WHOLE
    return Answer(
        text=paragraphs(
            told("answer_analysis_headline", headline=found.headline),
            told("answer_sentences", sentences=" ".join(before)),
            *(PARTS[part](found, most) for part in parts),
            _missing(found, [*parts, "overview"] if is_whole else parts),
            _careful(found, parts, asked.get("keep") or []),
        ),
        shown=_shown(found, parts),
        follow_ups=_follow_ups(found, parts),
    )


def parts_asked(about: str, outcomes: Sequence[str]) -> tuple[str, ...]:
    """The parts that are told: the one asked about, or of an overview those of the outcomes asked about."""
    if about != "overview":
        return (about,)
    narrowed = [part for one in outcomes for part in OF_OUTCOME[one]]
    return tuple(dict.fromkeys(narrowed)) or OVERVIEW


def _missing(found: OutcomeAnalysis, parts: Sequence[str]) -> str:
    """What cannot be said of these parts, and why; one reason for several things is told once."""
    by_reason: dict[str, list[str]] = {}
    for name, why in found.not_told.items():
        piece, part = MISSING.get(name, ("answer_missing_other", "overview"))
        if part in parts:
            by_reason.setdefault(why, []).append(told(piece))
    lines = [
        told("answer_missing", what=_capitalised("; ".join(dict.fromkeys(what))), why=why)
        for why, what in by_reason.items()
    ]
    return headed(told("answer_missing_heading"), lines)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _careful(found: OutcomeAnalysis, parts: Sequence[str], kept: Sequence[str]) -> str:
    """How few records there are, columns that may tell too much, and what else to know."""
    leaks = [told(_leak(leak, kept), column=leak.column, why=leak.why) for leak in found.leaks]
    said = [*(gate.sentence for gate in found.overview.gates), *_notes(found, parts), *found.warnings]
    lines = [told("answer_sentences", sentences=sentence) for sentence in dict.fromkeys(said)]
    return headed(told("answer_careful"), [*leaks, *lines][:TOLD_WARNINGS])


def _leak(leak: Leak, kept: Sequence[str]) -> str:
    if leak.verdict == "refused":
        return "answer_leak_refused"
    return "answer_leak_kept" if leak.column in kept else "answer_leak_left_out"


def _notes(found: OutcomeAnalysis, parts: Sequence[str]) -> Iterable[str]:
    for part in parts:
        yield from getattr(getattr(found, part), "notes", [])
    if "criteria" in parts:
        for model in found.models:
            yield from model.report.warnings if model.kind == "conversion" else []


def _follow_ups(found: OutcomeAnalysis, parts: Sequence[str]) -> list[str]:
    """Other parts that have something to say, and where the win rate comes from."""
    others = [ASKED_NEXT[part] for part in ASKED_NEXT if part not in parts and _has_more(found, part)]
    rate = found.overview.win_rate
    where = [f"Where does the {percent(rate.value)} come from?"] if rate else []
    return [*others[: MOST_FOLLOW_UPS - 1], *where] or ["What can you do?"]


def _has_more(found: OutcomeAnalysis, part: str) -> bool:
    report = getattr(found, part)
    told_of = ("criteria", "patterns", "signals", "segments")
    return any(getattr(report, name, None) for name in told_of)


def _shown(found: OutcomeAnalysis, parts: Sequence[str]) -> dict[str, Any]:
    """The parts told in figures; all of the analysis is kept under its id."""
    whole = found.model_dump(mode="json", include=SHOWN)
    if whole["measures"]:
        whole["measures"] = {name: one for name, one in whole["measures"].items() if "period" not in name}
    return whole | {part: shown_part(found, part) for part in parts}
