"""What is said of ideal customer profiles: what one holds, how it came to be, how two differ."""

from agent.conversation.answers.answer import Answer
from agent.conversation.answers.people import several
from agent.markdown import headed, paragraphs, told
from agent.narration.wording import percent
from tools.profiles.content.document import DIMENSIONS, LABELS, ProfileDocument
from tools.profiles.kept import ProfileResult
from tools.profiles.reading.compare_icp_profiles import ComparedProfiles
from tools.profiles.reading.icp_profile_history import ProfileHistory

SHOWN = 8


def one(found: ProfileResult) -> Answer:
    """What it holds, and who sees it."""
    profile = found.profile
    seen = "answer_icp_profile_shared" if profile.visibility == "shared" else "answer_icp_profile_private"
    name = profile.document.name
    lines = [
        told("answer_icp_profile_line", what=what, values=values) for what, values in _lines(profile.document)
    ]
    return Answer(
        text=paragraphs(
            told("answer_icp_profile", name=name, revision=profile.revision, seen=told(seen)),
            headed(told("answer_icp_profile_holds"), lines),
        ),
        shown=profile.model_dump(mode="json", exclude={"document": {"origin"}}),
        follow_ups=["Show its history", "Share it with the team"],
    )


def _lines(document: ProfileDocument) -> list[tuple[str, str]]:
    lines = [(LABELS[each], ", ".join(wanted)) for each in DIMENSIONS if (wanted := document.wanted(each))]
    if document.disqualifiers:
        lines.append(("Ruled out", ", ".join(document.disqualifiers)))
    return lines + [
        (each.label, f"{each.good} (weight {percent(each.weight)})") for each in document.criteria[:SHOWN]
    ]


def history(found: ProfileHistory) -> Answer:
    """Its revisions, the newest first."""
    lines = [
        told(
            "answer_icp_profile_revision",
            number=each.number,
            day=f"{each.at:%Y-%m-%d}",
            what=each.what_changed,
        )
        for each in found.revisions[:SHOWN]
    ]
    counted = several(len(found.revisions), "revision", "revisions")
    return Answer(
        text=headed(told("answer_icp_profile_history", name=found.name, revisions=counted), lines),
        shown=found.model_dump(mode="json", include={"icp_profile_id", "name", "revisions"}),
    )


def compared(found: ComparedProfiles) -> Answer:
    """What differs, line by line."""
    lines = [told("answer_icp_profile_difference", difference=each.in_words) for each in found.differences]
    heading = told("answer_icp_profile_compared", before=found.before, after=found.after)
    nothing = told("answer_icp_profile_same") if not lines else ""
    return Answer(
        text=paragraphs(headed(heading, lines[:SHOWN]), nothing),
        shown=found.model_dump(mode="json", include={"before", "after", "differences"}),
    )
