"""What does sales keep at hand: who qualifies, what to say, what to beware of?"""

from typing import TYPE_CHECKING

from agent.briefing_result import Appendix, Battlecard
from agent.changes.outcomes.telling import inner
from agent.narration.wording import percent
from prompts import piece

if TYPE_CHECKING:
    from agent.outcome_analysis import OutcomeAnalysis
    from tools.scoring.fit.profile import FitCriterion, FitProfile

MOST_CARDS = 8
MOST_CRITERIA = 3
MOST_LOSSES = 3
MOST_AVOIDED = 2
MOST_SAID = 3


def appendix_of(learned: "OutcomeAnalysis | None", fit: "FitProfile | None") -> Appendix:
    """The criteria as sales reads them, and a card for each kind of account that they tell apart.

    fit: the profile in use, by which accounts are scored; what was learned since may have been kept aside.
    """
    from tools.scoring.fit.told.sales_text import sales_text

    if learned is None:
        return Appendix()
    cards = [*(_of_criteria(fit) if fit else []), *_of_losses(learned), *_to_avoid(learned)]
    return Appendix(qualification=sales_text(fit) if fit else "", battlecards=cards[:MOST_CARDS])


def _of_criteria(fit: "FitProfile") -> list[Battlecard]:
    beware = [_walk_away(fit, at) for at in range(min(MOST_SAID, len(fit.disqualifiers)))]
    return [_card(each, fit, beware) for each in fit.criteria[:MOST_CRITERIA]]


def _card(criterion: "FitCriterion", fit: "FitProfile", beware: list[str]) -> Battlecard:
    told, good = inner(criterion.scale.told), criterion.good
    worst = min(criterion.bins[1:], key=lambda each: each.evidence, default=None)
    doubts = [
        piece("battlecard_worst").fill(
            what=told,
            words=worst.words,
            lost=percent(worst.others_share.value),
            won=percent(worst.ideal_share.value),
            others=fit.others_word,
            ideal=fit.ideal_word,
        )
        for worst in ([worst] if worst and worst.evidence < 0 else [])
    ]
    return Battlecard(
        title=piece("battlecard_title").fill(what=criterion.scale.told, good=good),
        when=piece("battlecard_when").fill(what=told, good=good),
        say=[
            piece("battlecard_share").fill(
                won=percent(criterion.good_ideal_share.value),
                lost=percent(criterion.good_others_share.value),
                ideal=fit.ideal_word,
                others=fit.others_word,
            ),
            piece(f"battlecard_tier_{criterion.tier}").fill(),
            piece("battlecard_ask").fill(what=told),
        ],
        beware=[*doubts, *beware][:MOST_SAID],
    )


def _walk_away(fit: "FitProfile", at: int) -> str:
    each = fit.disqualifiers[at]
    return piece("battlecard_walk").fill(
        what=each.scale.told,
        words=each.words,
        lost=percent(each.others_share.value),
        won=percent(each.ideal_share.high),
        ideal=fit.ideal_word,
        others=fit.others_word,
    )


def _of_losses(learned: "OutcomeAnalysis") -> list[Battlecard]:
    patterns = learned.losses.patterns if learned.losses else []
    return [
        Battlecard(
            title=piece("battlecard_loss").fill(reason=each.reason),
            when=each.pattern,
            say=[each.advice],
            beware=[each.typical_outcome],
        )
        for each in patterns[:MOST_LOSSES]
    ]


def _to_avoid(learned: "OutcomeAnalysis") -> list[Battlecard]:
    patterns = learned.anti_patterns.patterns if learned.anti_patterns else []
    return [
        Battlecard(
            title=piece("battlecard_avoid").fill(words=each.words),
            when=each.sentence,
            say=[each.pursuit.sentence],
        )
        for each in patterns[:MOST_AVOIDED]
    ]
