"""What is said of changes: between two analyses, and in a briefing."""

from agent.briefing_result import Briefing
from agent.changes.result import Changes, ToldChange
from agent.conversation.answers.answer import Answer
from agent.conversation.answers.people import several
from agent.markdown import bullets, paragraphs, told
from agent.narration.wording import number

TOLD = 8
MOST_CONTINUING = 3
SHOWN = {"headline", "before", "after", "joined", "left", "told", "notes"}


def compared(found: Changes) -> Answer:
    """What changed beyond chance, with its evidence."""
    return Answer(
        text=changes_text(found),
        shown=found.model_dump(
            mode="json", include={"headline", "before", "after", "joined", "left", "told", "notes"}
        ),
        follow_ups=["How sure are you?"],
    )


def changes_text(found: Changes) -> str:
    """The headline, each change, who joined and left, and what to keep in mind."""
    moved = ""
    if found.joined is not None and found.left is not None:
        moved = told(
            "answer_joined",
            after=number(found.after.customers),
            before=number(found.before.customers),
            joined=number(found.joined),
            left=number(found.left),
        )
    return paragraphs(
        told("answer_analysis_headline", headline=found.headline),
        _changes(found.told),
        moved,
        bullets([told("answer_sentences", sentences=note) for note in found.notes]),
    )


def briefed(found: Briefing) -> Answer:
    """The briefing: what changed, one risk, one thing to do."""
    lines = [told("answer_sentences", sentences=known) for known in found.known]
    return Answer(
        text=paragraphs(
            told("answer_analysis_headline", headline=found.headline),
            bullets(lines),
            _changes(found.changes),
            told("answer_risk", risk=found.risk) if found.risk else "",
            told("answer_action", action=found.action) if found.action else "",
            bullets([told("answer_sentences", sentences=note) for note in _besides(found)]),
            told("answer_sent", recipients=several(found.recipients, "recipient", "recipients"))
            if found.recipients
            else "",
        ),
        shown=found.model_dump(mode="json", exclude={"workflow_id", "tool_trace_id", "markdown"}),
        follow_ups=["How sure are you?"],
    )


def _besides(found: Briefing) -> list[str]:
    """What goes on as it was told before, what the data did, what feedback changed, what to keep in mind."""
    continuing = [one.sentence for one in found.continuing[:MOST_CONTINUING]]
    return [*continuing, *found.data_notes, *found.feedback.effects, *found.notes]


def _changes(changes: list[ToldChange]) -> str:
    return bullets(
        [told("answer_change", sentence=one.sentence, evidence=one.evidence) for one in changes[:TOLD]]
    )
