"""How are the parts of an analysis of outcomes told, each with its evidence?"""

from typing import Any

from agent.markdown import headed, paragraphs, told
from agent.narration.wording import interval, joined, number, percent, ratio
from agent.outcome_analysis import OutcomeAnalysis
from tools.mining.findings import Estimate
from tools.outcomes.patterns.findings import CustomerReport, CustomerSignal, LossPattern
from tools.scoring.fit.profile import FitProfile

LEVELS = {1: "answer_level_must", 2: "answer_level_strong", 3: "answer_level_bonus"}
TOLD_DISQUALIFIERS, TOLD_REASONS = 4, 3


def criteria(found: OutcomeAnalysis, most: int) -> str:
    """Who to look for and whom to leave, how well they tell the won apart, and whether the score holds."""
    fit = found.criteria
    if fit is None:
        return ""
    return paragraphs(
        _learned(fit),
        headed(told("answer_criteria"), _criteria(fit, most)),
        headed(told("answer_disqualifiers"), _disqualifiers(fit)),
        headed(told("answer_measures"), _sentences(found.measures.sentences if found.measures else [])),
    )


def _learned(fit: FitProfile) -> str:
    told_apart = (
        told(
            "answer_criteria_auc",
            auc=percent(fit.auc.value),
            between=_between(fit.auc),
            ideal=fit.ideal_word,
            others=fit.others_word,
        )
        if fit.auc
        else ""
    )
    learned = told(
        "answer_criteria_learned",
        ideal_rows=number(fit.ideal_rows),
        ideal=fit.ideal_word,
        others_rows=number(fit.others_rows),
        others=fit.others_word,
        tested=number(fit.tested),
    )
    return f"{learned} {told_apart}".strip()


def _criteria(fit: FitProfile, most: int) -> list[str]:
    return [
        told(
            "answer_criterion",
            dimension=one.scale.told,
            level=told(LEVELS[one.tier]),
            weight=percent(one.weight),
            good=one.good,
            having=percent(one.good_ideal_share.value),
            between=_between(one.good_ideal_share),
            ideal=fit.ideal_word,
            against=percent(one.good_others_share.value),
            others=fit.others_word,
            q=f"{one.q_value:.1g}",
        )
        for one in fit.criteria[:most]
    ]


def _disqualifiers(fit: FitProfile) -> list[str]:
    return [
        told(
            "answer_disqualifier",
            dimension=one.scale.told,
            words=one.words,
            having=percent(one.ideal_share.value),
            most=percent(one.ideal_share.high),
            ideal=fit.ideal_word,
            against=percent(one.others_share.value),
            others=fit.others_word,
        )
        for one in fit.disqualifiers[:TOLD_DISQUALIFIERS]
    ]


def anti_patterns(found: OutcomeAnalysis, most: int) -> str:
    """Whom to leave: how rarely they buy, and what would have to be true for pursuing them to pay."""
    report = found.anti_patterns
    if report is None:
        return ""
    lines = [
        told(
            "answer_anti_pattern",
            sentence=one.sentence,
            deals=number(one.deals),
            q=f"{one.q_value:.1g}",
            pursuit=one.pursuit.sentence,
        )
        for one in report.patterns[:most]
    ]
    return headed(told("answer_anti_patterns"), lines) or _nothing(
        "answer_missing_anti_patterns", report.tested
    )


def losses(found: OutcomeAnalysis, most: int) -> str:
    """Why deals are lost: each reason with its share, who they are, how it goes, and what to do."""
    report = found.losses
    if report is None:
        return ""
    heading = told("answer_losses", known=number(report.with_reason), lost=number(report.lost))
    lines = [_loss(one) for one in report.patterns[:most]]
    return headed(heading, lines) or _nothing("answer_missing_losses", report.tested)


def _loss(one: LossPattern) -> str:
    trend = one.trend.direction if one.trend else "steady"
    parts = [
        told(
            "answer_loss",
            reason=one.reason,
            losses=number(one.losses),
            share=percent(one.share.value),
            between=_between(one.share),
        ),
        told("answer_loss_rising") if trend == "rising" else "",
        told("answer_loss_falling") if trend == "falling" else "",
        *_sentences([each.sentence for each in one.conditions[:1]]),
        *_sentences([one.typical_outcome]),
        *_sentences([one.advice]),
    ]
    return " ".join(part for part in parts if part)


def customers(report: CustomerReport | None, most: int) -> str:
    """Who leaves, or who grows: how many of those observed, what goes with it, and how long they stay."""
    if report is None:
        return ""
    raised = told("answer_signals_churned" if report.what == "churned" else "answer_signals_expanded")
    lines = [_signal(one) for one in report.signals[:most]]
    signals = headed(raised, lines) or _nothing(_what(report), report.tested)
    first = paragraphs(*_sentences([report.sentence]), _unobserved(report))
    return paragraphs(first, signals, _tenure(report), _reasons(report))


def _what(report: CustomerReport) -> str:
    return (
        "answer_missing_churn_patterns" if report.what == "churned" else "answer_missing_expansion_patterns"
    )


def _unobserved(report: CustomerReport) -> str:
    if not report.left_out:
        return ""
    left_out = number(report.left_out)
    return told("answer_unobserved", left_out=left_out, days=number(report.horizon_days))


def _signal(one: CustomerSignal) -> str:
    return told(
        "answer_signal",
        sentence=one.sentence,
        times=ratio(one.risk_ratio.value),
        interval=interval(one.risk_ratio),
        customers=number(one.customers),
        q=f"{one.q_value:.1g}",
    )


def _tenure(report: CustomerReport) -> str:
    stay = report.tenure.staying_share
    if report.what != "churned" or stay is None:
        return ""
    share, days = percent(stay.value), number(report.tenure.horizon_days)
    return told("answer_tenure", share=share, between=_between(stay), days=days)


def _reasons(report: CustomerReport) -> str:
    named = sorted(report.reasons.items(), key=lambda pair: -pair[1].value)[:TOLD_REASONS]
    if not named:
        return ""
    return told(
        "answer_reasons", reasons=joined([f"{reason} ({percent(share.value)})" for reason, share in named])
    )


def emerging(found: OutcomeAnalysis, most: int) -> str:
    """Who newly buys, whether more of them are asked or more of them buy, and what to do."""
    report = found.emerging
    if report is None:
        return ""
    lines = [
        told(
            "answer_emerging",
            sentence=one.sentence,
            times=ratio(one.growth.value),
            interval=interval(one.growth),
            q=f"{one.q_value:.1g}",
            recommendation=one.recommendation,
        )
        for one in report.segments[:most]
    ]
    return headed(told("answer_emerging_heading"), lines) or _nothing(
        "answer_missing_emerging", report.tested
    )


def shown_part(found: OutcomeAnalysis, part: str) -> dict[str, Any] | None:
    """A part in figures; of the criteria without the resampled scorecards that intervals are made from."""
    if part == "criteria" and found.criteria:
        without = {"criteria": {"__all__": {"bins": True, "scale": {"edges", "groups"}}}, "knots": True}
        return found.criteria.model_dump(mode="json", exclude=without)
    report = getattr(found, part)
    return report.model_dump(mode="json") if report else None


def _nothing(what: str, tested: dict[str, int]) -> str:
    return told("answer_nothing_found", what=told(what), tested=number(sum(tested.values())))


def _sentences(sentences: list[str]) -> list[str]:
    return [told("answer_sentences", sentences=one) for one in sentences]


def _between(estimate: Estimate) -> str:
    """`51 % to 66 %`, an interval of shares."""
    return f"{percent(estimate.low)} to {percent(estimate.high)}"
