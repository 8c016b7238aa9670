"""What is to be done, what is it expected to bring, and what speaks against going on as before?"""

from typing import TYPE_CHECKING, NamedTuple

from agent.changes.outcomes.figures import figure
from agent.changes.outcomes.telling import inner, whom
from agent.narration.wording import number, percent
from prompts import piece
from tools.mining.evidence.statistics import difference_interval

if TYPE_CHECKING:
    from agent.analysis import Analysis
    from agent.outcome_analysis import OutcomeAnalysis
    from tools.outcomes.changes.findings import OutcomeChange, OutcomeChanges, WindowFigures
    from tools.scoring.fit.profile import FitProfile

OF_A_HUNDRED = 100


class Advice(NamedTuple):
    """Something to do, what it is expected to bring, whose words these are, and the figures in them."""

    action: str
    impact: str | None = None
    by: str = "template"
    figures: tuple[float, ...] = ()


def advice_of(
    moved: "list[OutcomeChange]",
    outcomes: "OutcomeChanges | None",
    learned: "OutcomeAnalysis | None",
    analysis: "Analysis | None",
    fit: "FitProfile | None",
    *,
    again: bool,
    by_template: bool = False,
) -> Advice | None:
    """The weightiest thing to do: by what newly wins, by the tiers of the open deals, by the customers.

    fit: the profile in use; without one, or without a criterion in it, there are no tiers to go by.
    """
    of_changes = _by_what_wins(moved, outcomes) if outcomes else None
    return (
        of_changes
        or (_by_tiers(learned) if fit else None)
        or _by_analysis(analysis, again, by_template)
        or _by_criteria(fit)
    )


def _by_what_wins(moved: "list[OutcomeChange]", outcomes: "OutcomeChanges") -> Advice | None:
    """Deals that close more often now go first; those that close less often are looked into."""
    for change in moved:
        if change.measure != "win_rate" or change.about == "all":
            continue
        rates = _against_others(change, outcomes)
        rises = change.difference.value > 0
        if rates is None or (rates.gap > 0) is not rises:
            continue
        name = "first" if rises else "look"
        gap = (rates.gap, rates.low, rates.high)
        return Advice(
            piece(f"briefing_action_{name}").fill(whom=whom(change)),
            piece(f"briefing_impact_{name}").fill(
                theirs=_of_hundred(rates.theirs),
                others=_of_hundred(rates.others),
                more=_of_hundred(abs(rates.gap)),
                low=_of_hundred(gap[1] if rises else -gap[2]),
                high=_of_hundred(gap[2] if rises else -gap[1]),
                n=number(change.n),
            ),
            figures=(OF_A_HUNDRED, *(OF_A_HUNDRED * abs(each) for each in (*rates[:2], *gap))),
        )
    return None


class Rates(NamedTuple):
    """A win rate now, that of all others in the same window, and how far apart: Newcombe's interval."""

    theirs: float
    others: float
    low: float
    high: float

    @property
    def gap(self) -> float:
        """By how much theirs is higher."""
        return self.theirs - self.others


def _against_others(change: "OutcomeChange", outcomes: "OutcomeChanges") -> Rates | None:
    """Their win rate now beside that of all others; None where there are no others."""
    everybody: WindowFigures | None = next(
        (each for each in outcomes.figures if each.window_days == change.window_days), None
    )
    if everybody is None or everybody.win_rate.now is None:
        return None
    decided = everybody.win_rate.n - change.n
    won = round(everybody.win_rate.now.value * everybody.win_rate.n) - change.inside
    if decided <= 0 or not 0 <= won <= decided:
        return None
    low, high = difference_interval(change.inside, change.n, won, decided)
    return Rates(change.inside / change.n, won / decided, float(low), float(high))


def _of_hundred(share: float) -> str:
    return f"{OF_A_HUNDRED * share:.0f}"


def _by_tiers(learned: "OutcomeAnalysis | None") -> Advice | None:
    """The open deals of tier A, and what they are expected to bring."""
    measures = learned.measures if learned else None
    if measures is None or measures.pipeline is None:
        return None
    top = next((each for each in measures.pipeline.tiers if each.tier == "A" and each.open_deals), None)
    if top is None or top.win_rate is None:
        return None
    rate = top.win_rate
    won = [top.open_deals * each for each in (rate.value, rate.low, rate.high)]
    money = top.expected_amount
    amounts = [money.value, money.low, money.high] if money and money.value > 0 else []
    blanks = {
        "open": number(top.open_deals),
        "won": number(won[0]),
        "low": number(won[1]),
        "high": number(won[2]),
        "rate": percent(rate.value),
    }
    impact = piece("briefing_impact_tier").fill(**blanks)
    if amounts:
        value, low, high = (figure("contract_value", each, measures.currency) for each in amounts)
        impact = f"{impact} {piece('briefing_impact_amount').fill(value=value, low=low, high=high)}"
    return Advice(
        piece("briefing_action_tier").fill(**blanks),
        impact,
        figures=(top.open_deals, *won, rate.value, *amounts),
    )


def _by_analysis(analysis: "Analysis | None", again: bool, by_template: bool) -> Advice | None:
    """What the analysis recommends; a model's words only where nobody asked for the template's."""
    if analysis is None:
        return None
    wanted = [each for each in analysis.recommendations if not (by_template and each.narrated_by == "model")]
    if not wanted:
        return None
    advice = wanted[0]
    action = piece("briefing_action_again" if again else "briefing_action").fill(action=advice.action)
    return Advice(action, advice.expected_impact, by=advice.narrated_by)


def _by_criteria(fit: "FitProfile | None") -> Advice | None:
    """The weightiest criterion, by which new deals are qualified."""
    if fit is None or not fit.criteria:
        return None
    first = fit.criteria[0]
    won, lost = first.good_ideal_share.value, first.good_others_share.value
    return Advice(
        piece("briefing_action_qualify").fill(what=inner(first.scale.told), good=first.good),
        piece("briefing_impact_qualify").fill(
            won=percent(won), ideal=fit.ideal_word, lost=percent(lost), others=fit.others_word
        ),
        figures=(won, lost),
    )


def risk_of_outcomes(
    moved: "list[OutcomeChange]",
    outcomes: "OutcomeChanges | None",
    learned: "OutcomeAnalysis | None",
    fit: "FitProfile | None",
) -> str | None:
    """What speaks against going on as before: fewer won, tiers that say less, a criterion without grounds."""
    currency = outcomes.currency if outcomes else ""
    for change in moved:
        if change.measure in ("win_rate", "contract_value") and change.difference.value < 0:
            return piece(
                "briefing_risk_fewer" if change.measure == "win_rate" else "briefing_risk_less"
            ).fill(
                whom=whom(change),
                now=figure(change.measure, change.now.value, currency),
                before=figure(change.measure, change.before.value, currency),
            )
    trend = learned.measures.win_rate_trend if fit and learned and learned.measures else None
    if trend is not None and trend.direction == "falls":
        return piece("briefing_risk_tiers").fill()
    return None
