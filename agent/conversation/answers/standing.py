"""What is said of audiences that are kept up to date, and of tiers made anew."""

from agent.conversation.answers.answer import Answer
from agent.markdown import bullets, headed, paragraphs, told
from agent.narration.wording import number
from tools.standing.findings import (
    AudienceRefreshed,
    KeptAudience,
    RescoredAccounts,
    Standing,
    StandingAudiences,
    StandingRefreshed,
    TiersRescored,
)

SHOWN = 12


def kept(found: KeptAudience) -> Answer:
    """That it is kept, how many they are now, and what writes its files."""
    one = found.standing
    there = told("answer_standing_kept_there", destination=one.destination) if one.destination else ""
    return Answer(
        text=paragraphs(
            told("answer_standing_kept", name=one.name, people=number(found.people)),
            there,
        ),
        shown={"standing_id": one.standing_id, "name": one.name, "people": found.people},
        follow_ups=["Which audiences are kept up to date?"],
    )


def listed(found: StandingAudiences) -> Answer:
    """The standing audiences, and how many are in each."""
    if not found.audiences:
        return Answer(text=told("answer_standing_none"))
    lines = [_line(each) for each in found.audiences[:SHOWN]]
    return Answer(
        text=headed(told("answer_standing_list"), lines),
        shown={
            "audiences": [each.model_dump(mode="json", exclude={"definition"}) for each in found.audiences]
        },
    )


def _line(one: Standing) -> str:
    where = told("answer_standing_there", destination=one.destination) if one.destination else ""
    where += told("answer_standing_paused") if one.is_paused else ""
    if one.people is None:
        return told("answer_standing_line_new", name=one.name, where=where)
    return told("answer_standing_line", name=one.name, people=number(one.people), where=where)


def refreshed(found: StandingRefreshed) -> Answer:
    """Who entered and left each audience and why, and how the tiers moved."""
    return Answer(
        text=paragraphs(
            *(_refreshed(each) for each in found.audiences[:SHOWN]),
            _tiers(found.rescored),
            bullets([told("answer_sentences", sentences=note) for note in found.notes]),
        )
        or told("answer_standing_none"),
        shown=found.model_dump(mode="json", exclude={"workflow_id", "tool_trace_id"}),
    )


def _refreshed(one: AudienceRefreshed) -> str:
    if one.status == "refused":
        return told("answer_standing_refused", name=one.name, why=one.refused)
    status = told(f"answer_standing_status_{one.status}")
    before = told("answer_standing_before", before=number(one.people_before)) if one.people_before else ""
    moved = [
        told(f"answer_standing_{way}", people=number(each.people), why=each.why)
        for way, those in (("entered", one.entered), ("left", one.left))
        for each in those
    ]
    heading = told("answer_standing_refreshed", name=one.name, status=status, people=number(one.people))
    return paragraphs(heading + before, bullets(moved))


def rescored(found: RescoredAccounts) -> Answer:
    """How many are in another tier, or why the tiers stay."""
    note = told("answer_sentences", sentences=found.note) if found.note else ""
    return Answer(
        text=paragraphs(_tiers(found.rescored), note) or told("answer_done"),
        shown=found.model_dump(mode="json", exclude={"workflow_id", "tool_trace_id"}),
    )


def _tiers(tiers: TiersRescored | None) -> str:
    if tiers is None:
        return ""
    heading = "answer_rescored_dry" if tiers.is_dry_run else "answer_rescored"
    flows = [
        told("answer_rescored_flow", count=number(count), before=way.split(">")[0], after=way.split(">")[-1])
        for way, count in tiers.flows.items()
    ]
    routing = [told("answer_sentences", sentences=each) for each in tiers.routing]
    return paragraphs(
        told(heading, scored=number(tiers.scored), moved=number(tiers.moved)), bullets([*flows, *routing])
    )
