"""Why does this criterion count, and how sure is what the outcomes say?"""

from agent.explain.explanation import Explanation
from agent.explain.matching import by_words, words_of
from agent.markdown import headed, paragraphs, told
from agent.narration.wording import number, percent
from agent.outcome_analysis import LearnedChance, OutcomeAnalysis
from tools.scoring.fit.profile import FitBin, FitCriterion, FitProfile

TOLD_BINS = 4
CHANCES = {
    "conversion": "explain_chance_conversion",
    "churn": "explain_chance_churn",
    "expansion": "explain_chance_expansion",
}


def criterion_explained(found: OutcomeAnalysis, subject: str | None) -> Explanation | None:
    """Why a dimension counts, by the words that name it; None where they name no criterion."""
    fit = found.criteria
    if fit is None or not fit.criteria:
        return None
    texts = [f"{one.scale.told} {one.scale.name}" for one in fit.criteria]
    best = by_words(texts, words_of(subject or ""))
    return _criterion(fit.criteria[best[0]], fit) if best else None


def _criterion(one: FitCriterion, fit: FitProfile) -> Explanation:
    said = sorted(one.bins, key=lambda each: -abs(each.evidence))
    text = told(
        "explain_criterion",
        dimension=one.scale.told,
        weight=percent(one.weight),
        good=one.good,
        having=percent(one.good_ideal_share.value),
        low=percent(one.good_ideal_share.low),
        high=percent(one.good_ideal_share.high),
        ideal=fit.ideal_word,
        against=percent(one.good_others_share.value),
        others=fit.others_word,
        q=f"{one.q_value:.1g}",
        tested=number(fit.tested),
        stability=percent(one.stability),
    )
    same = told("explain_against_same", labels=", ".join(one.same_as)) if one.same_as else ""
    values = [_bin(each, fit) for each in said if each.evidence][:TOLD_BINS]
    return Explanation(
        about="trait",
        found=True,
        text=paragraphs(text, headed(told("explain_criterion_values"), values), same),
    )


def _bin(one: FitBin, fit: FitProfile) -> str:
    return told(
        "explain_criterion_value",
        words=one.words,
        evidence=f"{one.evidence:+.2f}",
        ideal_rows=number(one.ideal),
        ideal=fit.ideal_word,
        others_rows=number(one.others),
        others=fit.others_word,
    )


def outcomes_confidence(found: OutcomeAnalysis) -> Explanation:
    """What the records are, how well the criteria and the chances held, and what cannot be relied on."""
    careful = [
        *(gate.sentence for gate in found.overview.gates),
        *(f"{leak.column}: {leak.why}" for leak in found.leaks),
        *found.warnings,
    ]
    lines = [
        told("answer_sentences", sentences=found.overview.sentence),
        *([_ordered(found.criteria)] if found.criteria else []),
        *(_chance(model) for model in found.models),
        *(
            told("answer_sentences", sentences=one)
            for one in (found.measures.sentences if found.measures else [])
        ),
    ]
    return Explanation(
        about="confidence",
        found=True,
        text=paragraphs(
            headed(told("explain_sure"), [line for line in lines if line]),
            headed(told("answer_careful"), [told("answer_sentences", sentences=one) for one in careful]),
            headed(
                told("answer_missing_heading"),
                [told("answer_sentences", sentences=why) for why in dict.fromkeys(found.not_told.values())],
            ),
            told("explain_outcomes_not", seed=found.seed),
        ),
    )


def _ordered(fit: FitProfile) -> str:
    if fit.auc is None:
        return ""
    return told(
        "answer_criteria_auc",
        auc=percent(fit.auc.value),
        between=f"{percent(fit.auc.low)} to {percent(fit.auc.high)}",
        ideal=fit.ideal_word,
        others=fit.others_word,
    )


def _chance(model: LearnedChance) -> str:
    """How well the chosen model of a chance held, and whether it is used."""
    one = next(each for each in model.report.candidates if each.kind == model.report.chosen)
    held = told(
        "explain_chance",
        what=told(CHANCES.get(model.kind, "explain_chance_conversion")),
        auc=f"{one.auc.value:.2f}",
        low=f"{one.auc.low:.2f}",
        high=f"{one.auc.high:.2f}",
        error=percent(one.calibration_error.value),
        error_low=percent(one.calibration_error.low),
        error_high=percent(one.calibration_error.high),
        by_chance=percent(one.calibration_error_by_chance),
    )
    return " ".join([held, told("answer_sentences", sentences=model.gate.why)])
