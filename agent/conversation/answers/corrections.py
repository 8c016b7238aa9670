"""What is said of feedback that is decided, and of matches that are corrected."""

from agent.conversation.answers.answer import Answer
from agent.markdown import headed, paragraphs, told
from agent.narration.wording import number
from tools.feedback.applied import FeedbackSince
from tools.feedback.decide_feedback import FeedbackDecided
from tools.feedback.list_feedback import FeedbackLine, FeedbackList
from tools.identity.corrections.keeping import CorrectionUndone
from tools.identity.corrections.list_corrections import CorrectionList
from tools.identity.corrections.merge_persons import PersonsMerged
from tools.identity.corrections.split_match import MatchSplit

SHOWN = 8
OF_PEOPLE = {"message", "person_id", "lead"}  # what was written may be about somebody


def feedback(found: FeedbackList, since: FeedbackSince) -> Answer:
    """What was said, what became of it, and what accepted feedback changes."""
    if not found.feedback:
        return Answer(text=told("answer_feedback_none"))
    changed = " ".join(since.effects)
    return Answer(
        text=paragraphs(
            told("answer_feedback_changed", effects=changed)
            if changed
            else told("answer_feedback_changed_nothing"),
            headed(told("answer_feedback_list"), [_line(each) for each in found.feedback[:SHOWN]]),
        ),
        shown={
            "received": since.received,
            "accepted": since.accepted,
            "declined": since.declined,
            "waiting": since.waiting,
            "feedback": [each.model_dump(mode="json", exclude=OF_PEOPLE) for each in found.feedback],
        },
    )


def _line(one: FeedbackLine) -> str:
    return told(
        "answer_feedback_line",
        kind=one.kind.replace("_", " ").capitalize(),
        feedback_id=one.feedback_id,
        status=_status(one),
        effect=one.effect_preview,
    )


def _status(one: FeedbackLine) -> str:
    return told(f"answer_feedback_status_{one.status}")


def decided(found: FeedbackDecided) -> Answer:
    """What was decided, or would be."""
    one = found.feedback
    words = {"status": _status(one), "effect": one.effect_preview}
    return Answer(
        text=told("answer_feedback_dry", **words)
        if found.dry_run
        else told("answer_feedback_decided", feedback_id=one.feedback_id, **words),
        shown={"feedback": one.model_dump(mode="json", exclude=OF_PEOPLE), "dry_run": found.dry_run},
    )


def split(found: MatchSplit) -> Answer:
    """Where the identifier leads now."""
    name = "answer_split_dry" if found.state == "dry_run" else "answer_split"
    others = number(found.others)
    words = {"which": found.which, "person_id": found.person_id, "others": others}
    if found.state != "dry_run":
        words["correction_id"] = found.correction_id
    return Answer(text=told(name, **words), shown={"correction_id": found.correction_id, "others": others})


def merged(found: PersonsMerged) -> Answer:
    """That two are one, and what speaks for it."""
    name = "answer_merged_dry" if found.state == "dry_run" else "answer_merged"
    words = {
        "person_id": found.person_id,
        "other_person_id": found.other_person_id,
        "agreeing": number(found.evidence.agreeing),
        "compared": number(found.evidence.compared),
        "expected": f"{found.evidence.expected:.1f}",
    }
    if found.state != "dry_run":
        words["correction_id"] = found.correction_id
    return Answer(
        text=told(name, **words),
        shown={"correction_id": found.correction_id, "evidence": found.evidence.model_dump(mode="json")},
    )


def undone(found: CorrectionUndone) -> Answer:
    """That matches are as they were."""
    reopened = found.feedback_reopened
    return Answer(
        text=paragraphs(
            told("answer_undone", correction_id=found.correction_id),
            told("answer_undone_reopened", feedback_id=reopened) if reopened else "",
        ),
        shown=found.model_dump(mode="json", include={"correction_id", "kind", "feedback_reopened"}),
    )


def listed(found: CorrectionList) -> Answer:
    """The corrections, without anybody's ids."""
    if not found.corrections:
        return Answer(text=told("answer_corrections_none"))
    lines = [
        told(
            "answer_correction_line",
            kind=each.kind.capitalize(),
            correction_id=each.correction_id,
            day=f"{each.created_at:%Y-%m-%d}",
            undone=told("answer_correction_undone") if each.undone_at else "",
        )
        for each in found.corrections[:SHOWN]
    ]
    shown = [
        each.model_dump(mode="json", include={"correction_id", "kind", "created_at", "undone_at"})
        for each in found.corrections
    ]
    return Answer(text=headed(told("answer_corrections"), lines), shown={"corrections": shown})
