"""Is every figure that a briefing says one of those that were found? What is not is said plainly instead."""

import re
import warnings
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from agent.briefing_result import Battlecard, Briefing, Chart, ModelTold
from agent.changes import words
from agent.changes.briefing.found import Found
from agent.changes.grounded import Facts, dates, facts_of, strangers
from agent.changes.outcomes.telling import inner
from agent.changes.result import ToldChange
from agent.markdown import plain
from prompts import piece
from tools.scoring.gate.queries import GateQuery

SURENESS = [95, 100, words.SMALLEST_Q]  # percent of an interval; of so many deals
WORTH_TELLING = 1_000  # characters of a sentence in Markdown
NUMBER_OF_LINE = re.compile(r"^\d+\. ")  # which a list gives it: no figure


class UngroundedText(UserWarning):
    """A text had a figure that nothing found bears out, and was replaced."""


def checked(found: Found, briefing: Briefing) -> Briefing:
    """The briefing, each text with a figure of its own making replaced by one without figures.

    What a tool says of its own finding is told as it is, and is no fact for other texts.
    """
    told = briefing.model_copy(
        update={
            "headline": _headline(found, briefing),
            "changes": [_change(found, each) for each in briefing.changes],
            "continuing": [_change(found, each) for each in briefing.continuing],
            "risk": _risk(found, briefing),
            "charts": [_chart(each, briefing) for each in briefing.charts],
            "models": [_model(found, each) for each in briefing.models],
        }
    )
    cards = [each for each in told.appendix.battlecards if _card_is_sound(found, each)]
    return told.model_copy(update={"appendix": told.appendix.model_copy(update={"battlecards": cards})})


def sound_lines(briefing: Briefing, markdown: str) -> str:
    """Markdown of a checked briefing without the lines whose own figures are none of the briefing."""
    decided = [each.won + each.lost for each in briefing.tiers]
    decided.append(briefing.significant - len(briefing.changes))
    own = briefing.model_dump(mode="json", exclude={"markdown"})
    facts = facts_of(own, dates(briefing.created_at, briefing.since), decided, SURENESS)
    lines = {plain(each, WORTH_TELLING) for each in _texts(briefing)}
    lines |= {each for each in briefing.appendix.qualification.splitlines() if each}  # Markdown already
    said = sorted(lines | {inner(each) for each in lines}, key=len, reverse=True)
    lines_left = [(line, _without(NUMBER_OF_LINE.sub("", line), said)) for line in markdown.split("\n")]
    return "\n".join(line for line, left in lines_left if _is_sound(left, facts, "markdown"))


def _without(line: str, said: list[str]) -> str:
    for text in said:
        if len(text) > 1 and text in line:
            line = line.replace(text, "")
    return line


def _texts(briefing: Briefing) -> Iterator[str]:
    """What was checked, or told as a tool said it."""
    yield from (briefing.headline, *briefing.known, *briefing.notes, *briefing.data_notes)
    yield from (briefing.risk or "", briefing.action or "", briefing.expected_impact or "")
    yield from (
        text for each in (*briefing.changes, *briefing.continuing) for text in (each.sentence, each.evidence)
    )
    yield from (each.why for each in briefing.models)
    yield from (text for each in briefing.call_first for text in (*each.reasons, each.doubt or ""))
    yield from (each.why for audience in briefing.audiences for each in (*audience.entered, *audience.left))
    yield from briefing.feedback.effects
    yield from briefing.appendix.qualification.splitlines()
    for card in briefing.appendix.battlecards:
        yield from (card.title, card.when, *card.say, *card.beware)


def _is_sound(text: str, facts: Facts, place: str) -> bool:
    if not strangers(text, facts):
        return True
    warnings.warn(
        f"A figure in the {place} of a briefing is none that was found", UngroundedText, stacklevel=3
    )
    return False


def _headline(found: Found, briefing: Briefing) -> str:
    if briefing.kind == "first":  # as the analysis says it
        return briefing.headline
    outcomes, changes = found.outcomes, found.changes
    facts = facts_of(
        [_behind(found, each.key) for each in briefing.changes[:1]],
        [len(found.judged.new_keys), len(briefing.continuing)],
        dates(briefing.since),
        _rates(found),
        changes.compared if changes else {},
        [outcomes.tests] if outcomes else [],
    )
    if _is_sound(briefing.headline, facts, "headline"):
        return briefing.headline
    return piece(f"briefing_plain_{briefing.kind}").fill()


def _rates(found: Found) -> list[Any]:
    """Of each window its days, how many were decided, and the shares that were won."""
    windows = [each for each in (found.outcomes.windows if found.outcomes else []) if each.tested]
    return [
        (
            each.days,
            each.decided,
            each.won / max(1, each.decided),
            each.before_won / max(1, each.before_decided),
        )
        for each in windows
    ]


def _change(found: Found, told: ToldChange) -> ToldChange:
    behind = _behind(found, told.key)
    tests = [each.tests for each in (found.outcomes, found.changes) if each]
    if _is_sound(f"{told.sentence} {told.evidence}", facts_of(behind, tests, SURENESS), "changes"):
        return told
    return told.model_copy(update={"sentence": piece("briefing_plain_change").fill(), "evidence": ""})


def _behind(found: Found, key: str) -> BaseModel | None:
    """The finding that a change tells of."""
    from tools.mining.changes.changes import significant

    moved = found.outcomes.changes if found.outcomes else []
    for each in moved:
        if each.key == key:
            return each
    others = significant(found.changes, found.changes.q) if found.changes else []
    return next((each for each in others if words.key_of(each) == key), None)


def _risk(found: Found, briefing: Briefing) -> str | None:
    said = [
        *(found.analysis.warnings if found.analysis else []),
        *(found.learned.warnings if found.learned else []),
    ]
    if briefing.risk is None or briefing.risk in said:
        return briefing.risk
    moved = [_behind(found, each.key) for each in briefing.changes]
    facts = facts_of(moved, found.changes, [found.state["level"]])
    return briefing.risk if _is_sound(briefing.risk, facts, "risk") else None


def _chart(chart: Chart, briefing: Briefing) -> Chart:
    of_tiers = [(each.won, each.won + each.lost, each.days) for each in briefing.tiers]
    facts = facts_of(chart.bars, of_tiers if chart.key == "tiers" else [])
    if _is_sound(f"{chart.title} {chart.says}", facts, "charts"):
        return chart
    return chart.model_copy(update={"says": chart.title})


def _model(found: Found, told: ModelTold) -> ModelTold:
    gates = found.workspace.artifacts.document("outcome_gates", found.state.get("outcome_analysis", ""))[
        "gates"
    ]
    gate, query = gates[told.kind]["gate"], GateQuery()
    lost = gate["rows"] - gate["happened"]
    facts = facts_of(gate, [lost, query.least_each, query.most_calibration_error], SURENESS)
    if told.why == gate["why"] or _is_sound(told.why, facts, "models"):
        return told
    return told.model_copy(update={"why": piece("briefing_plain_why").fill()})


def _card_is_sound(found: Found, card: Battlecard) -> bool:
    learned = found.learned
    if learned is None:
        return False
    losses = learned.losses.patterns if learned.losses else []
    avoided = learned.anti_patterns.patterns if learned.anti_patterns else []
    as_said = [
        *(text for each in losses for text in (each.pattern, each.advice, each.typical_outcome)),
        *(text for each in avoided for text in (each.sentence, each.pursuit.sentence)),
    ]
    facts = facts_of(found.fit, losses, avoided)
    texts = (card.title, card.when, *card.say, *card.beware)
    return all(each in as_said or _is_sound(each, facts, "battlecards") for each in texts)
