"""What is said in a briefing without a model. Every figure is one of the analyses or of their comparison."""

from agent.analysis import Analysis
from agent.briefing_result import Briefing, Words
from agent.changes.result import Changes
from agent.changes.words import day
from agent.markdown import plain
from agent.narration.wording import number, percent, times
from prompts import piece

MOST_CHANGES = 3
MOST_KNOWN = 3
WORTH_TELLING = 1_000  # characters of a sentence


def first(analysis: Analysis) -> Words:
    """What is known from one analysis."""
    known = [*analysis.summary[:1], *(segment.description for segment in analysis.segments)]
    return Words(
        kind="first",
        headline=analysis.headline,
        known=known[:MOST_KNOWN],
        risk=_standing_risk(analysis),
        action=_action(analysis),
    )


def changed(found: Changes, analysis: Analysis) -> Words:
    """What changed, the surest first."""
    return Words(
        kind="changes",
        headline=found.headline,
        changes=found.told[:MOST_CHANGES],
        risk=risk_of(found) or _standing_risk(analysis) or _false_discoveries(found),
        action=_action(analysis, again=True),
    )


def unchanged(found: Changes) -> Words:
    """That nothing did."""
    return Words(kind="unchanged", headline=found.headline)


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


def _standing_risk(analysis: Analysis) -> str | None:
    return analysis.warnings[0] if analysis.warnings else None


def _false_discoveries(found: Changes) -> str:
    return piece("briefing_risk_chance").fill(q=percent(found.q))


def _action(analysis: Analysis, *, again: bool = False) -> str | None:
    if not analysis.recommendations:
        return None
    advice = analysis.recommendations[0]
    return piece("briefing_action_again" if again else "briefing_action").fill(
        action=advice.action, impact=advice.expected_impact
    )


def markdown(briefing: Briefing) -> str:
    """The briefing as Markdown, for a wiki or a mail."""
    parts = [
        f"# {_line(briefing.headline)}",
        _about(briefing),
        *(f"- {_line(known)}" for known in briefing.known),
        *(
            f"{at}. {_line(change.sentence)}  \n   {_line(change.evidence)}"
            for at, change in enumerate(briefing.changes, 1)
        ),
        *([f"**Risk.** {_line(briefing.risk)}"] if briefing.risk else []),
        *([f"**To do.** {_line(briefing.action)}"] if briefing.action else []),
        *(f"*{_line(note)}*" for note in briefing.notes if briefing.kind != "unchanged"),
    ]
    return "\n\n".join(parts) + "\n"


def _about(briefing: Briefing) -> str:
    more = briefing.significant - len(briefing.changes)
    told = [
        piece("briefing_about").fill(warehouse=_line(briefing.warehouse), day=day(briefing.created_at)),
        piece("briefing_since").fill(since=day(briefing.since)) if briefing.since else "",
        piece("briefing_again").fill() if briefing.analysed_again else "",
        piece("briefing_more").fill(more=number(more)) if more > 0 else "",
        piece("briefing_feedback").fill(feedback=number(briefing.feedback.received))
        if briefing.feedback.received
        else "",
    ]
    return " ".join(sentence for sentence in told if sentence)


def _line(text: str) -> str:
    return plain(text, WORTH_TELLING)
