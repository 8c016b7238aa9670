"""What is said of an audience."""

from typing import Any

from agent.audience_result import AudienceResult
from agent.conversation.answers.answer import MOST_FOLLOW_UPS, Answer
from agent.conversation.answers.people import export_told, readable, sample_shown
from agent.markdown import headed, paragraphs, told
from agent.narration.wording import interval, number, percent, times
from agent.requests import AudienceQuery

CALLED = {"email": "e-mail", "phone": "phone", "address": "post", "maid": "mobile ad id"}


def answer(found: AudienceResult, arguments: dict[str, Any]) -> Answer:
    """How many they are, who they are and why, and what to know before they are written to."""
    asked = AudienceQuery.model_validate(arguments)
    return Answer(
        text=paragraphs(
            _size(found, asked),
            told("answer_audience_why", why=found.why),
            _relaxed(found),
            _fewer(found, asked),
            _overlap(found, asked),
            _curve(found),
            export_told(found.export),
        ),
        shown=found.model_dump(mode="json", exclude={"sample"}) | {"sample": sample_shown(found.sample)},
        follow_ups=_follow_ups(found, asked),
    )


def _size(found: AudienceResult, asked: AudienceQuery) -> str:
    size = told(
        "answer_audience",
        total=number(found.total),
        reachable=number(found.reachable),
        share=percent(found.reachable / max(1, found.total)),
        how=CALLED[asked.identifier_type],
    )
    who = told("answer_audience_who", who=readable(found.in_words)) if found.expression else ""
    near = _near(asked, bool(found.relaxed))
    return " ".join(part for part in (size, who, near) if part)


def _near(asked: AudienceQuery, widened: bool) -> str:
    place = asked.location
    if place is None or widened:
        return ""
    return told(
        "answer_near",
        radius=f"{place.radius:g}",
        unit=place.unit,
        latitude=f"{place.latitude:.4g}",
        longitude=f"{place.longitude:.4g}",
    )


def _relaxed(found: AudienceResult) -> str:
    lines = [told("answer_relaxed_step", step=step.step, total=number(step.total)) for step in found.relaxed]
    return headed(told("answer_relaxed"), lines)


def _fewer(found: AudienceResult, asked: AudienceQuery) -> str:
    if asked.target_size is None or found.total >= asked.target_size:
        return ""
    return told("answer_fewer", wanted=number(asked.target_size), total=number(found.total))


def _overlap(found: AudienceResult, asked: AudienceQuery) -> str:
    if "customers" in asked.exclude:
        return told("answer_without_customers")
    if not found.overlap:
        return ""
    return told(
        "answer_overlap",
        inside=number(found.overlap.in_audience),
        customers=number(found.overlap.customers),
        share=percent(found.overlap.share_of_customers),
    )


def _curve(found: AudienceResult) -> str:
    """What the curve says of an audience of about this size, where the model ranked it."""
    if found.least_fit is None or not found.frontier:
        return ""
    near = min(found.frontier, key=lambda point: abs(point.size - found.total))
    return told(
        "answer_curve",
        size=number(near.size),
        recall=percent(near.recall.value),
        times=times(near.lift.value),
        interval=interval(near.lift),
        least=f"{found.least_fit:g}",
    )


def _follow_ups(found: AudienceResult, asked: AudienceQuery) -> list[str]:
    follow: list[str] = []
    if found.export is None and found.total:
        follow.append("The same as a CSV file")
    if asked.profile_id and "customers" not in asked.exclude:
        follow.append("The same, but without our customers")
    if asked.profile_id and asked.strategy in ("precision", "hybrid"):
        follow.append("Make it broader")
    follow.append("Why this audience?")
    return follow[:MOST_FOLLOW_UPS]
