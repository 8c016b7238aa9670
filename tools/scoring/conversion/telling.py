"""What do the held-out rows say of each candidate, in figures with intervals?"""

from collections.abc import Sequence

import numpy as np

from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate
from tools.scoring.conversion.choosing import Choice
from tools.scoring.conversion.evidence.accuracy import (
    auc_within,
    calibration_interval,
    error_by_chance,
    log_losses,
    paired,
    reliability,
)
from tools.scoring.conversion.evidence.trials import Labelled
from tools.scoring.conversion.fitting.windows import Split
from tools.scoring.conversion.queries import ConversionQuery
from tools.scoring.conversion.report import CalibrationTrial, CandidateScore, ReliabilityPoint, WindowRate


def scores(
    choice: Choice, happened: np.ndarray, splits: Sequence[Split], query: ConversionQuery
) -> list[CandidateScore]:
    """Every candidate on the held-out rows, the simplest first."""
    window = np.repeat(np.arange(len(splits)), [len(split.held_out) for split in splits])
    base = choice.losses(0, happened)
    told = []
    for at, (trial, option) in enumerate(choice.all):
        p = trial.probabilities[option]
        gain = paired(base - choice.losses(at, happened))
        told.append(
            CandidateScore(
                kind=trial.kind,
                calibration=option.calibration,
                recentred=option.recentred,
                auc=auc_within(p, happened, window),
                log_loss=paired(log_losses(p, happened)).estimate,
                brier=paired((p - happened) ** 2).estimate,
                calibration_error=calibration_interval(p, happened, query.bins, query.resamples, query.seed),
                calibration_error_by_chance=error_by_chance(p, query.bins, query.resamples, query.seed),
                better_than_base=gain.estimate,
                p_value=gain.p_above,
            )
        )
    return told


def calibration_trials(choice: Choice, happened: np.ndarray) -> list[CalibrationTrial]:
    """Every way of calibrating the chosen candidate, against the one kept."""
    kept = log_losses(choice.trial.probabilities[choice.option], happened)
    told = []
    for option, probabilities in choice.trial.probabilities.items():
        losses = log_losses(probabilities, happened)
        told.append(
            CalibrationTrial(
                calibration=option.calibration,
                recentred=option.recentred,
                log_loss=float(losses.mean()),
                worse_than_chosen=paired(losses - kept).estimate,
            )
        )
    return told


def reliability_of(choice: Choice, happened: np.ndarray, bins: int) -> list[ReliabilityPoint]:
    """Of the chosen candidate on the held-out rows."""
    return reliability(choice.trial.probabilities[choice.option], happened, bins)


def window_rates(rows: Labelled, splits: Sequence[Split]) -> list[WindowRate]:
    """How often it happened in each held-out part, the oldest first."""
    return [_window_rate(rows, split) for split in splits]


def _window_rate(rows: Labelled, split: Split) -> WindowRate:
    held_out = rows.take(split.held_out)
    having, total = int(held_out.happened.sum()), len(split.held_out)
    low, high = wilson_interval(having, total)
    days = held_out.days
    return WindowRate(
        begins=None if days is None else days.min().item(),
        ends=None if days is None else days.max().item(),
        trained_on=len(split.training),
        rows=total,
        happened=having,
        rate=Estimate(value=having / total, low=float(low), high=float(high)),
    )
