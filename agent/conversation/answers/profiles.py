"""What is said of ideal customer profiles: what one holds, how it came to be, how two differ."""

from agent.conversation.answers.answer import Answer
from agent.conversation.answers.people import several
from agent.markdown import headed, paragraphs, told
from agent.narration.wording import percent
from tools.profiles.changing.delete_icp_profile import DeletedProfile
from tools.profiles.content.document import DIMENSIONS, LABELS, ProfileDocument
from tools.profiles.kept import ProfileResult
from tools.profiles.making.propose_icp_profile import ProposedProfile
from tools.profiles.reading.compare_icp_profiles import ComparedProfiles
from tools.profiles.reading.icp_profile_history import ProfileHistory
from tools.profiles.reading.list_icp_profiles import ListedProfiles

SHOWN = 8


def one(found: ProfileResult) -> Answer:
    """What it holds, and who sees it."""
    profile = found.profile
    name = profile.document.name
    lines = [
        told("answer_icp_profile_line", what=what, values=values) for what, values in _lines(profile.document)
    ]
    return Answer(
        text=paragraphs(
            told("answer_icp_profile", name=name, revision=profile.revision, seen=_seen(profile.visibility)),
            headed(told("answer_icp_profile_holds"), lines),
        ),
        shown=profile.model_dump(mode="json", exclude={"document": {"origin"}}),
        follow_ups=["Show its history", "Share it with the team"],
    )


def _seen(visibility: str) -> str:
    return told("answer_icp_profile_shared" if visibility == "shared" else "answer_icp_profile_private")


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


def listed(found: ListedProfiles) -> Answer:
    """The profiles there are, the newest first."""
    lines = [
        told("answer_icp_profile_listed", name=each.name, revision=each.revision, seen=_seen(each.visibility))
        for each in found.icp_profiles[:SHOWN]
    ]
    return Answer(
        text=headed(told("answer_icp_profiles"), lines) if lines else told("answer_icp_profiles_none"),
        shown=found.model_dump(mode="json", include={"icp_profiles"}),
    )


def proposed(found: ProposedProfile) -> Answer:
    """What is suggested, and why; nothing is saved."""
    lines = [
        told("answer_icp_profile_line", what=what, values=values) for what, values in _lines(found.document)
    ]
    return Answer(
        text=paragraphs(
            headed(told("answer_icp_profile_proposed", name=found.document.name), lines), *found.notes
        ),
        shown=found.model_dump(mode="json", include={"evidence", "notes"}),
    )


def deleted(found: DeletedProfile) -> Answer:
    """That it is gone."""
    return Answer(
        text=told("answer_icp_profile_deleted", name=found.name),
        shown=found.model_dump(mode="json", include={"icp_profile_id", "name", "revisions_kept"}),
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
