"""Which candidate is kept, and why that one?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.scoring.conversion.evidence.accuracy import Difference, log_losses, paired
from tools.scoring.conversion.evidence.trials import Option, Trial, best_option, simplest
from tools.scoring.conversion.queries import ConversionQuery

WORDS = {
    "base_rate": "the base rate",
    "linear": "the linear model",
    "additive": "additive boosting",
    "boosting": "boosting with interactions",
}


@dataclass(frozen=True)
class Choice:
    """The candidate kept, how it is calibrated, and the others with theirs; the base rate first."""

    trial: Trial
    option: Option
    all: tuple[tuple[Trial, Option], ...]
    why: str

    def losses(self, at: int, happened: np.ndarray) -> np.ndarray:
        """Log loss of each held-out row by one of all."""
        trial, option = self.all[at]
        return log_losses(trial.probabilities[option], happened)


def chosen(trials: Sequence[Trial], happened: np.ndarray, query: ConversionQuery) -> Choice:
    """The simplest of the models within one standard error of the best, if the best beats the base rate.

    It does where the one-sided paired test rejects at query.level over the number of models tried
    (Bonferroni). trials: the base rate first, then the simplest first.
    """
    all_ = tuple((each, best_option(each, happened)) for each in trials)
    losses = np.array([log_losses(each.probabilities[option], happened) for each, option in all_])
    gains = [paired(losses[0] - own) for own in losses]
    level = query.level / max(len(all_) - 1, 1)
    # A model must itself be better than the base rate to be kept for its simplicity.
    able = [at for at in range(1, len(all_)) if gains[at].p_above <= level]
    if not able:
        why = _none_better(gains[1:])
        return Choice(*all_[0], all_, why)
    kept = able[simplest(losses[able])]
    best = able[int(np.argmin(losses[able].mean(axis=1)))]
    why = _why(all_[kept][0], all_[best][0], gains[kept], paired(losses[kept] - losses[best]))
    return Choice(*all_[kept], all_, why)


def _none_better(gains: Sequence[Difference]) -> str:
    if not gains:
        return "No candidate was tried, so the base rate stands."
    best = max(gains, key=lambda each: each.mean)
    return (
        "No candidate is better than the base rate beyond chance: the best changes the held-out log loss by "
        f"{best.mean:+.4f} (95 %: {best.estimate.low:+.4f} to {best.estimate.high:+.4f}; above 0 is better)."
    )


def _why(kept: Trial, best: Trial, gain: Difference, behind: Difference) -> str:
    lowers = (
        f"{WORDS[kept.kind].capitalize()} lowers the held-out log loss of the base rate by {gain.mean:.4f} "
        f"(95 %: {gain.estimate.low:.4f} to {gain.estimate.high:.4f})"
    )
    if kept is best:
        return f"{lowers}, and nothing simpler comes within a standard error of it."
    return (
        f"{lowers}; {WORDS[best.kind]} is better by {behind.mean:.4f}, which is within its standard error of "
        f"{behind.error:.4f}, so the simpler is kept."
    )
