"""What is said of people who were found by their traits, by their identifiers, and by their ids."""

from typing import Any

from agent.conversation.answers.answer import Answer
from agent.conversation.answers.audience import CALLED
from agent.conversation.answers.people import export_told, readable, sample_shown, several
from agent.markdown import bullets, headed, paragraphs, told
from agent.narration.wording import joined, number, percent
from store.workspace import Workspace
from tools.audience.find_persons import PersonsResult
from tools.identity.get_person import PersonResult
from tools.identity.resolve_identities import ResolveResult

GIVEN = {"email": "e-mail", "maid": "mobile ad id"}  # as a reader calls a kind of identifier
FEW = 10  # people who are told one by one
SURE, UNSURE = 0.9, 0.5
TOLD_PROFILES, TOLD_ATTRIBUTES = 5, 12


def found_persons(found: PersonsResult, asked: dict[str, Any], workspace: Workspace) -> Answer:
    """How many have these traits, and what share that is."""
    share = found.total / max(1, workspace.population.persons)
    size = told(
        "answer_persons",
        total=number(found.total),
        share=percent(share),
        who=readable(found.in_words),
        reachable=number(found.reachable),
        how=CALLED[asked.get("identifier_type") or "email"],
    )
    return Answer(
        text=paragraphs(size, _emptiness(found), export_told(found.export)),
        shown={
            "total": found.total,
            "reachable": found.reachable,
            "share_of_population": share,
            "expression": found.expression,
            "in_words": found.in_words,
            "sample": sample_shown(found.sample),
            "diagnosis": found.diagnosis.model_dump() if found.diagnosis else None,
            "export": found.export.model_dump(mode="json") if found.export else None,
        },
        follow_ups=[f"Build an audience of people who {readable(found.in_words)}"] if found.total else [],
    )


def _emptiness(found: PersonsResult) -> str:
    if found.diagnosis is None:
        return ""
    lines = [
        told("answer_clause", clause=readable(clause.in_words), total=number(clause.size))
        for clause in found.diagnosis.clauses
    ]
    return paragraphs(
        told("answer_nobody"), bullets(lines), told("answer_sentences", sentences=found.diagnosis.advice)
    )


def resolved(found: ResolveResult) -> Answer:
    """How many people they are, how surely, and why others are not known."""
    stats = found.stats
    return Answer(
        text=paragraphs(
            told(
                "answer_resolved",
                resolved=several(stats.resolved, "person", "people"),
                requested=several(stats.requested, "identifier", "identifiers"),
                rate=percent(stats.rate),
            ),
            _quality(found),
            _each(found),
            _missed(found),
            export_told(found.export),
        ),
        shown={
            "stats": stats.model_dump(),
            "persons": [_shown(identity) for identity in found.identities[:FEW]],
            "diagnosis": [problem.model_dump() for problem in found.diagnosis or []],
            "export": found.export.model_dump(mode="json") if found.export else None,
        },
        follow_ups=[f"Show the profile of person {found.identities[0]['person_id']}"]
        if 0 < len(found.identities) <= FEW
        else [],
    )


def _shown(identity: Any) -> dict[str, Any]:
    return {
        "person_id": identity["person_id"],
        "quality": identity["overall_quality_score"],
        "matched_by": [match["criterion_type"] for match in identity["matches"]],
    }


def _quality(found: ResolveResult) -> str:
    scores = [identity["overall_quality_score"] for identity in found.identities]
    if len(scores) <= FEW:
        return ""
    return told(
        "answer_quality",
        sure=number(sum(score >= SURE for score in scores)),
        middling=number(sum(UNSURE <= score < SURE for score in scores)),
        unsure=number(sum(score < UNSURE for score in scores)),
    )


def _each(found: ResolveResult) -> str:
    if len(found.identities) > FEW:
        return ""
    lines = []
    for identity in found.identities:
        kinds = dict.fromkeys(match["criterion_type"].rsplit("_", 1)[0] for match in identity["matches"])
        lines.append(
            told(
                "answer_identity",
                person_id=identity["person_id"],
                ways=joined([GIVEN.get(kind, kind) for kind in kinds]),
                quality=f"{identity['overall_quality_score']:.2f}",
            )
        )
    return bullets(lines)


def _missed(found: ResolveResult) -> str:
    lines = [
        told("answer_missed", count=number(p.count), explanation=p.explanation, advice=p.advice)
        for p in found.diagnosis or []
    ]
    return headed(told("answer_missed_heading"), lines)


def profiles(found: PersonResult, workspace: Workspace) -> Answer:
    """What is known of each; the words hold somebody's values, so only how many they were is kept."""
    labels = {cluster.name: cluster.label for cluster in workspace.population.catalogue.clusters}
    told_of = [_profile(profile, labels) for profile in found.profiles[:TOLD_PROFILES]]
    missing = told("answer_profiles_missing", missing=number(len(found.not_found)))
    counted = told(
        "answer_profiles",
        found=several(len(found.profiles), "profile", "profiles"),
        missing=missing if found.not_found else "",
    )
    left = len(found.profiles) - TOLD_PROFILES
    more = told("answer_profiles_more", left=number(left)) if left > 0 else ""
    return Answer(
        text=paragraphs(counted, *told_of, more, export_told(found.export)),
        shown={
            "found": len(found.profiles),
            "not_found": found.not_found,
            "export": found.export.model_dump(mode="json") if found.export else None,
        },
        kept=paragraphs(counted, told("answer_profiles_kept"), export_told(found.export)),
    )


def _profile(profile: Any, labels: dict[str, str]) -> str:
    lines = [
        told("answer_attribute", label=_label(name, labels), value=value)
        for name, value in list(profile["domains"].items())[:TOLD_ATTRIBUTES]
    ]
    left = len(profile["domains"]) - TOLD_ATTRIBUTES
    if left > 0:
        lines.append(told("answer_attributes_more", left=number(left)))
    heading = told(
        "answer_profile",
        person_id=profile["person_id"],
        quality=f"{profile['metadata']['quality_score']:.2f}",
    )
    return f"{heading}\n\n{bullets(lines)}"


def _label(name: str, labels: dict[str, str]) -> str:
    return labels.get(name) or name.replace("_", " ").capitalize()
