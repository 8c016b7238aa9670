"""What else does a briefing tell: models, audiences, feedback, the data, and what is still so?"""

from collections.abc import Callable, Iterator

from agent.briefing_result import AudienceTold, Briefing, Moved
from api.report.briefing.told.parts import Section
from api.report.briefing.told.words import clean, ended, text

MOST_LINES, LINE, NAME = 8, 300, 80

Say = Callable[[str], str]


def sections(briefing: Briefing, say: Say, *, is_short: bool) -> list[Section]:
    """The sections that have anything to say; of a short one without what is so in most weeks."""
    found = {
        "continuing": [_again(each.sentence, each.evidence) for each in briefing.continuing],
        "models": list(_models(briefing, is_short=is_short)),
        "audiences": [_audience(each) for each in briefing.audiences],
        "feedback": list(_feedback(briefing)),
        "data_notes": briefing.data_notes,
        "notes": [] if is_short else briefing.notes,
    }
    return [
        Section(title=text(name), lines=_capped([say(clean(line, LINE)) for line in lines]))
        for name, lines in found.items()
        if lines
    ]


def _capped(lines: list[str]) -> list[str]:
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], text("more")]


def _again(sentence: str, evidence: str) -> str:
    return text("again_told", sentence=sentence.rstrip("."), evidence=evidence) if evidence else sentence


def _models(briefing: Briefing, *, is_short: bool) -> Iterator[str]:
    for model in briefing.models:
        if is_short and not model.tested:  # of most weeks: too few deals to try anything on
            continue
        decided = "published" if model.published else "kept_back" if model.tested else "untested"
        yield text(decided, kind=model.kind[:1].upper() + model.kind[1:], why=model.why)
    found = briefing.rescored
    if found is None:
        return
    yield text("rescored", scored=f"{found.scored:,}", moved=f"{found.moved:,}")
    flows = [(flow.partition(">"), count) for flow, count in found.flows.items() if count]
    if flows:
        told = [text("flow", before=way[0], after=way[2], count=f"{count:,}") for way, count in flows]
        yield text("flows", flows="; ".join(told))
    yield from found.routing


def _audience(audience: AudienceTold) -> str:
    unit = text(f"unit_{audience.unit}")
    known = {"name": clean(audience.name, NAME), "people": f"{audience.people:,}", "unit": unit}
    before = audience.people_before
    parts = [
        text("audience", **known) if before is None else text("audience_was", **known, before=f"{before:,}"),
        text("entered", moved=_moved(audience.entered)) if audience.entered else "",
        text("left", moved=_moved(audience.left)) if audience.left else "",
    ]
    if audience.synced:
        parts.append(text("would_sync" if audience.is_dry_run else "synced", destination=audience.synced))
    elif audience.is_dry_run:
        parts.append(text("dry_run"))
    return ended(parts)


def _moved(found: list[Moved]) -> str:
    return ", ".join(text("moved", people=f"{each.people:,}", why=each.why) for each in found)


def _feedback(briefing: Briefing) -> Iterator[str]:
    found = briefing.feedback
    if found.received or found.accepted or found.declined or found.waiting:
        counts = found.model_dump(include={"received", "accepted", "declined", "waiting"})
        yield text("received", **{name: f"{count:,}" for name, count in counts.items()})
    yield from found.effects
