"""What does a briefing tell, in the words and figures that every form of it shows?"""

import re
from collections.abc import Callable

from agent.briefing_result import Briefing, CallFirst, Chart
from agent.changes.result import ToldChange
from agent.narration.wording import percent
from api.pages.numbers import localised
from api.report.briefing.told.figures import estimated, figure
from api.report.briefing.told.parts import AppendixTold, Call, Drawn, Line, Row, Told
from api.report.briefing.told.sections import sections
from api.report.briefing.told.tiers import CURRENCY, tier_table
from api.report.briefing.told.words import HIDDEN, clean, cut, day, text

SUBJECT, PREHEADER = 78, 140
SENTENCE, LABEL, NAME = 500, 120, 80
MOST_KNOWN, MOST_CHARTS = 8, 4
QUALIFICATION = 20_000
PATH = re.compile(r"/[^/\\\s][^\\\s]*")

Say = Callable[..., str]


def told(briefing: Briefing, locale: str = "en") -> Told:
    """The briefing as it is read: all its figures in the signs of this locale, one that is short if nothing
    changed."""

    def say(line: str | None, most: int = SENTENCE) -> str:
        return localised(clean(line or "", most), locale)

    is_short = briefing.kind == "unchanged"
    proof = _proof(briefing, say, is_short=is_short)
    warehouse = clean(briefing.warehouse, NAME)
    about = text("about", kind=text(briefing.purpose), warehouse=warehouse, day=day(briefing.created_at))
    headline = say(briefing.headline) or about
    changes = [_line(each, say) for each in briefing.changes]
    leading = [briefing.action or "", *(line.sentence for line in changes), *briefing.known, *proof]
    return Told(
        is_short=is_short,
        subject=_subject(briefing, headline),
        preheader=cut(next((say(line) for line in leading if line), ""), PREHEADER),
        about=about,
        warehouse=warehouse,
        headline=headline,
        changes=changes,
        after_changes=_after(briefing, headline, say),
        known=[say(each) for each in briefing.known[:MOST_KNOWN]],
        action=say(briefing.action),
        action_title=text("action_by_model" if briefing.action_by == "model" else "action"),
        impact=say(briefing.expected_impact),
        risk=say(briefing.risk),
        charts=[] if is_short else [_drawn(each, briefing, say) for each in briefing.charts[:MOST_CHARTS]],
        calls=[_call(each, say) for each in briefing.call_first],
        tiers=None if is_short else tier_table(briefing.tiers, briefing.currency, say),
        sections=sections(briefing, say, is_short=is_short),
        proof=proof,
        made_from=_made_from(briefing),
        appendix=_appendix(briefing),
    )


def _subject(briefing: Briefing, headline: str) -> str:
    alert = text("alert_subject", headline="") if briefing.purpose == "alert" else ""
    if len(alert + headline) > SUBJECT and ": " in headline:
        frame, _, news = headline.partition(": ")
        # The change is what is read in a list of mails; of a quiet week, that it was quiet.
        headline = news[:1].upper() + news[1:] if briefing.kind == "changes" else frame
    return cut(alert + headline, SUBJECT)


def _line(change: ToldChange, say: Say) -> Line:
    link = change.link if PATH.fullmatch(change.link) else ""
    return Line(sentence=say(change.sentence), evidence=say(change.evidence), link=link)


def _after(briefing: Briefing, headline: str, say: Say) -> list[str]:
    lines: list[str] = []
    if briefing.significant > len(briefing.changes):
        lines.append(text("significant", significant=briefing.significant))
    if briefing.since and day(briefing.since) not in headline:
        lines.append(text("since", day=day(briefing.since)))
    if briefing.analysed_again:
        lines.append(text("again"))
    if briefing.missed:
        lines.append(text("missed", missed=briefing.missed))
    return [say(line) for line in lines]


def _drawn(chart: Chart, briefing: Briefing, say: Say) -> Drawn:
    currency = clean(briefing.currency, CURRENCY)
    rows = [
        Row(
            label=clean(bar.label, LABEL),
            now=say(estimated(bar.now, chart.unit, currency)),
            before=say(estimated(bar.before, chart.unit, currency)) if bar.before else "",
            now_value=say(figure(bar.now.value, chart.unit, currency)),
            before_value=say(figure(bar.before.value, chart.unit, currency)) if bar.before else "",
        )
        for bar in chart.bars
    ]
    return Drawn(chart=chart, title=say(chart.title), says=say(chart.says), rows=rows)


def _call(call: CallFirst, say: Say) -> Call:
    score = say(f"{call.score:.0f}")
    return Call(
        unit=clean(call.unit_id, NAME),
        tier=call.tier,
        score=score,
        fit=text("tier_score", tier=call.tier, score=score),
        reasons=[say(each, 300) for each in call.reasons],
        doubt=text("doubt", doubt=say(call.doubt, 300)) if call.doubt else "",
    )


def _proof(briefing: Briefing, say: Say, *, is_short: bool) -> list[str]:
    proof = briefing.proof
    if proof is None:
        return []
    year = text("year", yearly=_round(proof.yearly_false_alarm), level=_round(proof.level))
    compared = ", ".join(f"{count:,} {what}" for what, count in proof.compared.items() if count)
    lines = [
        year,
        text("tests", tests=f"{proof.tests:,}") if proof.tests else "",
        text("compared", compared=compared) if compared else "",
        text("windows", windows="; ".join(proof.windows)) if proof.windows else "",
    ]
    return [say(line) for line in (lines[:2] if is_short else lines) if line]


def _round(share: float) -> str:
    """`5 %`, `0.1 %`: a figure that was chosen, without zeros that tell nothing."""
    told_ = percent(share).removesuffix(" %")
    return f"{told_.rstrip('0').rstrip('.') if '.' in told_ else told_} %"


def _made_from(briefing: Briefing) -> str:
    made = briefing.made_from
    known = text(
        "made_from",
        snapshot=made.snapshot_id or text("none"),
        seed=made.seed,
        code=made.code_version or text("none"),
        briefing=briefing.briefing_id,
    )
    return clean(known, SENTENCE)


def _appendix(briefing: Briefing) -> AppendixTold:
    kept = HIDDEN.sub("", briefing.appendix.qualification)[:QUALIFICATION]
    cards = [
        card.model_copy(
            update={
                "title": clean(card.title, NAME),
                "when": clean(card.when, SENTENCE),
                "say": [clean(each, SENTENCE) for each in card.say],
                "beware": [clean(each, SENTENCE) for each in card.beware],
            }
        )
        for card in briefing.appendix.battlecards
    ]
    return AppendixTold(qualification=kept, battlecards=cards)
