"""Which figures are there of patterns: who is not worth pursuing, why deals are lost, who leaves or buys?"""

from collections.abc import Iterator

from agent.explain.explanation import ExplainedFigure, Form
from agent.explain.making import estimated, exact
from agent.explain.of_outcomes.amounts import money
from tools.outcomes.patterns.findings import (
    AntiPatternReport,
    Compared,
    CustomerReport,
    EmergingReport,
    LossPattern,
    LossReport,
    OutcomeAntiPattern,
)

PATTERNS = "patterns"


def anti_pattern_figures(found: AntiPatternReport) -> Iterator[ExplainedFigure]:
    """Win rates, cycles, silence and what is at stake under each condition."""
    for one in found.patterns:
        yield from _anti_pattern(one, found.currency)
    yield from _tested("anti-patterns", found.tested)


def _anti_pattern(one: OutcomeAntiPattern, currency: str) -> Iterator[ExplainedFigure]:
    counts = {f"decided deals with {one.words}": one.deals, "of them won": one.won}
    yield estimated(f"win rate where {one.words}", "share", one.win_rate, PATTERNS, counts, one.q_value)
    yield estimated(f"win rate of other deals than {one.words}", "share", one.other_win_rate, PATTERNS)
    yield exact(f"decided deals where {one.words}", "count", one.deals, PATTERNS, counts)
    yield exact(f"q-value of the anti-pattern {one.words}", "q", one.q_value, PATTERNS)
    yield from _compared("median days from opening to decision", one.words, one.cycle_days, "number")
    yield from _compared("go-dark share of the lost", one.words, one.go_dark_share, "share")
    for what, amount in (("lost", one.lost_amount), ("open, at stake", one.open_amount)):
        if amount is not None:
            yield money(f"amount {what} where {one.words}", amount, currency, PATTERNS, counts)
    pays = one.pursuit
    if pays.break_even_rate is not None:
        what = f"win rate from which pursuing them pays (break-even): {one.words}"
        yield exact(what, "share", pays.break_even_rate, PATTERNS, counts)
    for what, value in (
        ("deals a year that leaving them would free", pays.deals_a_year),
        ("days of deals a year that leaving them would free", pays.deal_days_a_year),
        ("hours a year that leaving them would free", pays.hours_a_year),
        (
            f"wins among the next {pays.next_deals} deals that would change the verdict",
            pays.wins_to_reconsider,
        ),
    ):
        if value is not None:
            yield exact(f"{what}: {one.words}", "count", round(value), PATTERNS, counts)


def loss_figures(found: LossReport) -> Iterator[ExplainedFigure]:
    """Shares of the reasons, who is lost for them, how it goes, and who came back."""
    for one in found.patterns:
        yield from _loss(one, found.with_reason)
    yield exact("lost records with a recorded reason", "count", found.with_reason, PATTERNS)
    yield from _tested("loss patterns", found.tested)


def _loss(one: LossPattern, with_reason: int) -> Iterator[ExplainedFigure]:
    why = f"lost for {one.reason}"
    counts = {why: one.losses, "lost with a recorded reason": with_reason}
    yield estimated(f"share of the losses that were {why}", "share", one.share, PATTERNS, counts)
    yield exact(f"records {why}", "count", one.losses, PATTERNS, counts)
    for each in one.conditions:
        known = {f"{why}, {each.words}": each.losses}
        times = f"times as frequent among those {why} as among other losses: {each.words}"
        yield estimated(times, "ratio", each.ratio, PATTERNS, known, each.q_value)
        yield estimated(f"share of those {why}: {each.words}", "share", each.share, PATTERNS, known)
        yield estimated(f"share of other losses: {each.words}", "share", each.other_loss_share, PATTERNS)
        if each.won_share:
            yield estimated(f"share of the won: {each.words}", "share", each.won_share, PATTERNS)
    yield from _compared("median days from opening to decision", why, one.cycle_days, "number")
    yield from _compared("go-dark share", why, one.go_dark_share, "share")
    if one.came_back:
        yield estimated(f"share of those {why} that came back and were won", "share", one.came_back, PATTERNS)
    if one.came_back_at:
        what = f"amount of those {why} that came back / the amount first lost"
        yield estimated(what, "ratio", one.came_back_at, PATTERNS)


def trend_figures(found: LossReport) -> Iterator[ExplainedFigure]:
    """Shares of the reasons, quarter by quarter."""
    for one in found.patterns:
        for quarter, share in (one.trend.quarters if one.trend else {}).items():
            what = f"share of the losses of {quarter} that were lost for {one.reason}"
            yield estimated(what, "share", share, PATTERNS)


def customer_figures(found: CustomerReport) -> Iterator[ExplainedFigure]:
    """Risks and risk ratios of leaving, or of buying more, and how long customers stay."""
    what = f"{found.what} within {found.horizon_days} days"
    counts = {"customers observed for so long": found.customers, f"of them {found.what}": found.happened}
    yield estimated(f"share of the customers who {what}", "share", found.risk, PATTERNS, counts)
    for one in found.signals:
        known = {f"customers with {one.words}": one.customers, f"of them {found.what}": one.happened}
        ratio = f"risk ratio: times as likely as others to have {what}, {one.words}"
        yield estimated(ratio, "ratio", one.risk_ratio, PATTERNS, known, one.q_value)
        yield estimated(f"share who {what}: {one.words}", "share", one.risk, PATTERNS, known, one.q_value)
        yield estimated(f"share of the others who {what}: not {one.words}", "share", one.other_risk, PATTERNS)
        yield exact(f"customers with {one.words}, observed for so long", "count", one.customers, PATTERNS)
        yield exact(f"q-value of {one.words} for having {what}", "q", one.q_value, PATTERNS)
    stay = found.tenure
    tenure = {"customers": stay.customers, "of them churned": stay.churned}
    if stay.staying_share:
        staying = f"share of customers who stay for {stay.horizon_days} days (Kaplan-Meier)"
        yield estimated(staying, "share", stay.staying_share, PATTERNS, tenure)
    for name, days in (
        ("days after which half of the customers have left", stay.median_days),
        ("median days that those who left had stayed", stay.churned_median_days),
    ):
        if days is not None:
            yield exact(name, "number", days, PATTERNS, tenure)
    for reason, share in found.reasons.items():
        yield estimated(f"share of the {found.what} records that name {reason}", "share", share, PATTERNS)
    yield exact(f"customers not observed for long enough, {found.what}", "count", found.left_out, PATTERNS)
    yield from _tested(f"signs of having {found.what}", found.tested)


def emerging_figures(found: EmergingReport) -> Iterator[ExplainedFigure]:
    """Shares of the won now and before, growth, and win rates, of who newly buys."""
    for one in found.segments:
        counts = {
            "won in the recent period": found.won,
            f"of them with {one.words}": one.won,
            "won before": found.won_before,
            f"of those with {one.words}": one.won_before,
        }
        growth = f"growth of the share of the won: {one.words}"
        yield estimated(growth, "ratio", one.growth, PATTERNS, counts, one.q_value)
        yield estimated(
            f"recent share of the won: {one.words}", "share", one.share_of_volume, PATTERNS, counts
        )
        yield estimated(f"earlier share of the won: {one.words}", "share", one.share_before, PATTERNS, counts)
        for what, share in (
            ("recent share of all decided deals", one.share_of_decided),
            ("earlier share of all decided deals", one.share_of_decided_before),
            ("recent win rate", one.win_rate),
            ("earlier win rate", one.win_rate_before),
        ):
            if share:
                yield estimated(f"{what}: {one.words}", "share", share, PATTERNS)
        if one.share_of_revenue is not None:
            what = f"recent share of the amounts won: {one.words}"
            yield exact(what, "share", one.share_of_revenue, PATTERNS)
        yield exact(f"won in the recent period: {one.words}", "count", one.won, PATTERNS, counts)
        yield exact(f"won before: {one.words}", "count", one.won_before, PATTERNS, counts)
    yield from _tested("newly buying segments", found.tested)


def _compared(what: str, where: str, found: Compared | None, form: Form) -> Iterator[ExplainedFigure]:
    if found is None:
        return
    yield estimated(f"{what} where {where}", form, found.value, PATTERNS)
    if found.others:
        yield estimated(f"{what} of the others than {where}", form, found.others, PATTERNS)


def _tested(what: str, tested: dict[str, int]) -> Iterator[ExplainedFigure]:
    for name, count in tested.items():
        yield exact(f"{name} that were tested for {what}", "count", count, PATTERNS)
