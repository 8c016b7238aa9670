"""What is said in a briefing without a model. Every figure is one of what was found."""

from datetime import datetime
from typing import Any

from agent.briefing_result import Words
from agent.changes.briefing.advice import Advice, advice_of, risk_of_outcomes
from agent.changes.briefing.found import Found
from agent.changes.briefing.markdown import markdown
from agent.changes.grounded import facts_of, strangers
from agent.changes.outcomes.telling import nothing_new
from agent.changes.result import Changes
from agent.changes.spans import chance, day
from agent.narration.wording import number, percent, times
from prompts import piece

__all__ = ["changed", "first", "markdown", "risk_of", "unchanged"]

MOST_KNOWN = 3


def first(found: Found) -> Words:
    """What is known: from the analysis, else from the outcomes."""
    analysis, learned = found.analysis, found.learned
    known: list[str] = []
    headline = piece("briefing_first_nothing").fill()
    if learned is not None:
        headline, known = learned.headline, learned.summary
    if analysis is not None:
        headline = analysis.headline
        known = [*analysis.summary[:1], *(segment.description for segment in analysis.segments), *known]
    return Words(
        kind="first",
        headline=headline,
        known=known[:MOST_KNOWN],
        risk=risk_of_outcomes([], found.outcomes, learned, found.fit) or _standing_risk(found),
        **_advised(found, again=False),
    )


def changed(found: Found) -> Words:
    """What is new, the surest first."""
    risk = (found.changes and risk_of(found.changes)) or None
    risk = risk_of_outcomes(found.moved, found.outcomes, found.learned, found.fit) or risk
    return Words(
        kind="changes",
        headline=_headline(found),
        changes=[each.told for each in found.judged.told],
        risk=risk or _standing_risk(found) or _false_discoveries(found),
        **_advised(found, again=True),
    )


def unchanged(found: Found) -> Words:
    """That nothing new did."""
    if found.judged.continuing:
        count = len(found.judged.continuing)
        name = "briefing_only_continuing_one" if count == 1 else "briefing_only_continuing"
        return Words(kind="unchanged", headline=piece(name).fill(when=_when(found), count=number(count)))
    if found.outcomes is None:
        told = found.changes.headline if found.changes else piece("briefing_nothing_compared").fill()
        return Words(kind="unchanged", headline=told)
    return Words(kind="unchanged", headline=nothing_new(found.outcomes, _when(found)))


def _headline(found: Found) -> str:
    """How many changes are new, and the surest of them."""
    count = len(found.judged.new_keys)
    name = "briefing_headline_one" if count == 1 else "briefing_headline"
    return piece(name).fill(when=_when(found), count=count, surest=found.judged.told[0].short)


def _when(found: Found) -> str:
    """Since the day of what it is compared with; without an earlier briefing, in the span compared."""
    if found.state["since"]:
        return piece("briefing_when_since").fill(since=day(datetime.fromisoformat(found.state["since"])))
    if found.changes:
        return piece("briefing_when_since").fill(since=day(found.changes.before.created_at))
    tested = [each.days for each in (found.outcomes.windows if found.outcomes else []) if each.tested]
    if tested:
        return piece("briefing_when_days").fill(days=number(max(tested)))
    return piece("briefing_when_since").fill(since=piece("briefing_begin").fill())


def _advised(found: Found, *, again: bool) -> dict[str, Any]:
    """What to do, and what it brings; a model's words only where each figure in them is a fact."""
    from agent.changes.briefing.parts import effects

    by_template = effects(found.workspace).tells_by_template("briefing-action")
    given = (found.moved, found.outcomes, found.learned, found.analysis, found.fit)
    advice = advice_of(*given, again=again, by_template=by_template)
    if advice and advice.by == "model" and _is_ungrounded(found, advice):
        advice = advice_of(*given, again=again, by_template=True)
    if advice is None or (advice.figures and _is_ungrounded(found, advice)):
        return {}
    return {"action": advice.action, "expected_impact": advice.impact, "action_by": advice.by}


def _is_ungrounded(found: Found, advice: Advice) -> bool:
    facts = facts_of(found.analysis, found.changes, found.moved, found.fit, advice.figures)
    return bool(strangers(f"{advice.action} {advice.impact or ''}", facts))


def risk_of(found: Changes) -> str | None:
    """What speaks against going on as before: fewer matched, a segment less, a trait that tells less."""
    for figure in found.figures:
        if figure.figure == "match_rate" and figure.q_value <= found.q and figure.difference.value < 0:
            return piece("briefing_risk_match").fill(
                before=percent(figure.before.value), after=percent(figure.after.value)
            )
    for segment in found.segments:
        if (
            segment.change in ("shrunk", "gone")
            and segment.q_value is not None
            and segment.q_value <= found.q
        ):
            return piece("briefing_risk_segment").fill(name=segment.name_before)
    for trait in found.traits:
        if trait.lift_q_value <= found.q and trait.lift_after < trait.lift_before:
            return piece("briefing_risk_trait").fill(
                phrase=trait.trait.phrase, before=times(trait.lift_before), after=times(trait.lift_after)
            )
    return None


def _standing_risk(found: Found) -> str | None:
    warnings = found.analysis.warnings if found.analysis else []
    learned = found.learned.warnings if found.learned else []
    return next(iter([*warnings, *learned]), None)


def _false_discoveries(found: Found) -> str:
    return piece("briefing_risk_chance").fill(q=chance(found.state["level"]))
