"""A briefing as Markdown, for a wiki or a mail."""

from collections.abc import Iterator

from agent.briefing_result import AudienceTold, Briefing, CallFirst, TierTold
from agent.changes.briefing.models import model_name
from agent.changes.outcomes.figures import figure
from agent.changes.outcomes.telling import inner
from agent.changes.spans import chance, day
from agent.markdown import plain
from agent.narration.wording import number
from prompts import piece

WORTH_TELLING = 1_000  # characters of a sentence
MOST_CONTINUING = 5


def markdown(briefing: Briefing) -> str:
    """The whole briefing; of one without news only that, and what else happened."""
    parts = [*_news(briefing), *_told_besides(briefing)]
    if briefing.kind != "unchanged":
        parts += [*_figures(briefing), *_appendix(briefing)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _news(briefing: Briefing) -> Iterator[str]:
    yield f"# {_line(briefing.headline)}"
    yield _about(briefing)
    yield from (f"- {_line(known)}" for known in briefing.known)
    for at, change in enumerate(briefing.changes, 1):
        yield f"{at}. {_line(change.sentence)}  \n   {_line(change.evidence)}"
    if briefing.continuing:
        lines = [_line(each.sentence) for each in briefing.continuing[:MOST_CONTINUING]]
        yield f"**Still so.** {' '.join(lines)}"
    if briefing.risk:
        yield f"**Risk.** {_line(briefing.risk)}"
    if briefing.action:
        impact = f" {_line(briefing.expected_impact)}" if briefing.expected_impact else ""
        yield f"**To do.** {_line(briefing.action)}{impact}"


def _told_besides(briefing: Briefing) -> Iterator[str]:
    """What has to be known whether or not anything changed: of the data, the models, the audiences."""
    yield from (f"**Data.** {_line(each)}" for each in briefing.data_notes)
    for each in briefing.models:
        if each.tested and not each.published:
            told = piece("briefing_kept_aside").fill(what=model_name(each.kind), why=inner(_line(each.why)))
            yield f"**{piece('briefing_kept_aside_heading').fill()}** {told}"
    for audience in briefing.audiences:
        if audience.entered or audience.left:
            yield _audience(audience)
    yield from (f"*{_line(effect)}*" for effect in briefing.feedback.effects)
    if briefing.kind != "unchanged":
        yield from (f"*{_line(note)}*" for note in briefing.notes)


def _audience(audience: AudienceTold) -> str:
    moved = [
        piece(f"briefing_audience_{way}").fill(people=number(each.people), why=_line(each.why))
        for way, all_of_them in (("entered", audience.entered), ("left", audience.left))
        for each in all_of_them
    ]
    name = "briefing_audience_accounts" if audience.unit == "account" else "briefing_audience"
    told = piece(name).fill(name=_line(audience.name), people=number(audience.people))
    return f"**Audience.** {told} {' '.join(moved)}"


def _figures(briefing: Briefing) -> Iterator[str]:
    if briefing.tiers:
        yield f"## {_heading_of_tiers(briefing)}"
        yield "\n".join(
            f"- {_tier(each, briefing.currency)}" for each in briefing.tiers if each.won + each.lost
        )
    if briefing.rescored and briefing.rescored.moved:
        yield piece("briefing_rescored").fill(
            moved=number(briefing.rescored.moved), scored=number(briefing.rescored.scored)
        )
    if briefing.call_first:
        yield f"## {piece('briefing_heading_calls').fill()}"
        yield "\n".join(f"{at}. {_call(each)}" for at, each in enumerate(briefing.call_first, 1))


def _heading_of_tiers(briefing: Briefing) -> str:
    days = briefing.tiers[0].days
    if days is None:
        return piece("briefing_heading_tiers").fill()
    return piece("briefing_heading_tiers_days").fill(days=number(days))


def _tier(tier: TierTold, currency: str) -> str:
    decided, before = tier.won + tier.lost, tier.win_rate_before and tier.win_rate_before.value
    rate = tier.win_rate.value if tier.win_rate else tier.won / decided
    told = [
        piece("briefing_tier").fill(
            tier=tier.tier, won=number(tier.won), decided=number(decided), rate=_now("win_rate", rate, before)
        )
    ]
    if tier.contract_value:
        before = tier.contract_value_before and tier.contract_value_before.value
        told.append(_now("contract_value", tier.contract_value.value, before, currency))
    if tier.cycle_days:
        told.append(
            _now("cycle_days", tier.cycle_days.value, tier.cycle_days_before and tier.cycle_days_before.value)
        )
    return "; ".join(told)


def _now(measure: str, now: float, before: float | None, currency: str = "") -> str:
    told = figure(measure, now, currency)
    return told if before is None else f"{told} (was {figure(measure, before, currency)})"


def _call(call: CallFirst) -> str:
    doubt = f" {piece('briefing_doubt').fill(doubt=_line(call.doubt))}" if call.doubt else ""
    reasons = "; ".join(_line(reason) for reason in call.reasons)
    return f"{_line(call.unit_id)} ({call.tier}, {call.score:.0f}): {reasons}.{doubt}"


def _appendix(briefing: Briefing) -> Iterator[str]:
    appendix = briefing.appendix
    if appendix.qualification:
        yield f"## {piece('briefing_heading_qualification').fill()}"
        yield appendix.qualification.replace("\n## ", "\n### ").strip()
    for card in appendix.battlecards:
        yield f"### {_line(card.title)}"
        yield _line(card.when)
        yield "\n".join(
            [*(f"- {_line(each)}" for each in card.say), *(f"- *{_line(each)}*" for each in card.beware)]
        )
    if briefing.proof:
        yield (
            "*"
            + piece("briefing_proof").fill(
                tests=number(briefing.proof.tests),
                level=chance(briefing.proof.level),
                yearly=chance(briefing.proof.yearly_false_alarm),
            )
            + "*"
        )


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
