"""What of a briefing is drawn?"""

from typing import TYPE_CHECKING

from agent.briefing_result import Bar, Chart, TierTold
from agent.changes.outcomes.telling import whom
from agent.changes.result import Changes
from agent.narration.wording import percent
from prompts import piece
from tools.mining.findings import Estimate

if TYPE_CHECKING:
    from agent.analysis import Analysis
    from tools.outcomes.changes.findings import OutcomeChange

MOST_BARS = 6
SHARES = ("win_rate", "won_share", "pipeline_share")


def charts_of(
    moved: "list[OutcomeChange]", found: Changes | None, tiers: list[TierTold], analysis: "Analysis | None"
) -> list[Chart]:
    """At most three: what moved, the win rate by tier, and the segments' shares. moved: those told."""
    drawn = [_moved(moved, found), _tiers(tiers), _segments(analysis, found)]
    return [chart for chart in drawn if chart]


def _moved(moved: "list[OutcomeChange]", found: Changes | None) -> Chart | None:
    bars = [
        Bar(label=_label(each), now=each.now, before=each.before) for each in moved if each.measure in SHARES
    ]
    for each in found.traits if found else []:
        if each.q_value <= found.q:  # type: ignore[union-attr]  # there are none without it
            bars.append(Bar(label=each.trait.phrase, now=each.after, before=each.before))
    if not bars:
        return None
    first = bars[0]
    says = piece("briefing_chart_moved_says").fill(
        label=first.label,
        now=percent(first.now.value),
        before=percent(first.before.value) if first.before else "",
    )
    title = piece("briefing_chart_moved").fill()
    return Chart(key="moved", title=title, unit="share", bars=bars[:MOST_BARS], says=says)


def _label(change: "OutcomeChange") -> str:
    told = piece(f"briefing_bar_{change.measure}").fill(whom=whom(change))
    return told[:1].upper() + told[1:]


def _tiers(tiers: list[TierTold]) -> Chart | None:
    known = [each for each in tiers if each.win_rate]
    if not known:
        return None
    bars = [
        Bar(
            label=piece("briefing_bar_tier").fill(tier=each.tier),
            now=each.win_rate,
            before=each.win_rate_before,
        )
        for each in known
        if each.win_rate
    ]
    told = "; ".join(
        piece("briefing_chart_tier_says").fill(
            tier=each.tier, rate=percent(each.win_rate.value), won=each.won, decided=each.won + each.lost
        )
        for each in known
        if each.win_rate
    )
    days = known[0].days
    title = (
        piece("briefing_chart_tiers_days").fill(days=days) if days else piece("briefing_chart_tiers").fill()
    )
    return Chart(key="tiers", title=title, unit="share", bars=bars, says=f"{told[:1].upper()}{told[1:]}.")


def _segments(analysis: "Analysis | None", found: Changes | None) -> Chart | None:
    if analysis is None or not analysis.segments:
        return None
    then: dict[int, Estimate] = {}
    for each in found.segments if found else []:
        if each.share and each.id_after is not None:
            then[each.id_after] = each.share.before
    bars = [
        Bar(label=each.name, now=each.share, before=then.get(each.segment_id))
        for each in analysis.segments[:MOST_BARS]
    ]
    largest = max(bars, key=lambda bar: bar.now.value)
    says = piece("briefing_chart_segments_says").fill(name=largest.label, share=percent(largest.now.value))
    title = piece("briefing_chart_segments").fill()
    return Chart(key="segments", title=title, unit="share", bars=bars, says=says)
