"""How does each candidate, with its strength and calibration chosen inside, do on rows held out?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from store.features import FeatureTable
from tools.scoring.conversion.evidence.accuracy import Difference, log_losses, paired
from tools.scoring.conversion.fitting.calibration import Calibrator, learn_calibrator
from tools.scoring.conversion.fitting.candidates import Fitted, base_odds, fitted, strengths_of, tried
from tools.scoring.conversion.fitting.windows import Split, inner_splits
from tools.scoring.conversion.queries import CandidateKind, ConversionQuery
from tools.scoring.conversion.report import CalibrationKind


class Labelled(NamedTuple):
    """Rows of which the outcome is known; days are those of the decisions."""

    table: FeatureTable
    happened: np.ndarray
    days: np.ndarray | None

    def take(self, rows: np.ndarray) -> "Labelled":
        days = None if self.days is None else self.days[rows]
        return Labelled(self.table.take(rows), self.happened[rows], days)

    @property
    def fewest(self) -> int:
        """How many there are of the rarer outcome."""
        return int(min(self.happened.sum(), (~self.happened).sum()))


class Option(NamedTuple):
    """One way from log odds to a probability."""

    calibration: CalibrationKind
    recentred: bool


@dataclass(frozen=True)
class Learned:
    """A model and its calibrators, learned from training rows alone."""

    model: Fitted
    calibrators: Mapping[Option, Calibrator]


@dataclass(frozen=True)
class Trial:
    """One kind of candidate on every held-out row, in the order of the splits."""

    kind: CandidateKind
    learned: list[Learned] = field(default_factory=list)
    probabilities: dict[Option, np.ndarray] = field(default_factory=dict)


def learn(kind: CandidateKind, rows: Labelled, query: ConversionQuery) -> Learned:
    """A model with the strength that predicts inner held-out rows best, and calibrators learned on those.

    With few outcomes the simplest strength within one standard error of the best is taken.
    """
    splits = inner_splits(rows.days, rows.happened, query.seed)
    margins = np.hstack(
        [tried(kind, rows.table.take(a), rows.happened[a], rows.table.take(b), query) for a, b in splits]
    )
    held_out = np.concatenate([split.held_out for split in splits])
    happened = rows.happened[held_out]
    losses = np.array([log_losses(1 / (1 + np.exp(-each)), happened) for each in margins])
    at = simplest(losses) if rows.fewest < query.few else int(np.argmin(losses.mean(axis=1)))
    model = fitted(kind, rows.table, rows.happened, float(strengths_of(kind, query)[at]), query)
    bases = [np.full(len(b), base_odds(rows.happened[a])) for a, b in splits]
    days = None if rows.days is None else rows.days[held_out]
    evidence = margins[at] - np.concatenate(bases)
    return Learned(model, _calibrators(model, evidence, happened, days, query))


def _calibrators(
    model: Fitted,
    evidence: np.ndarray,
    happened: np.ndarray,
    days: np.ndarray | None,
    query: ConversionQuery,
) -> dict[Option, Calibrator]:
    kinds: list[CalibrationKind] = []
    if model.kind != "base_rate" and happened.any() and not happened.all():
        kinds.extend(("platt", "beta"))
        if min(happened.sum(), (~happened).sum()) >= query.isotonic_events:
            kinds.append("isotonic")
    plain = {Option("none", False): Calibrator(intercept=model.base)}
    plain |= {Option(each, False): learn_calibrator(each, evidence, happened) for each in kinds}
    if days is None:
        return plain
    newest = days >= np.sort(days)[int((1 - query.recent_share) * (len(days) - 1))]
    moved = {
        Option(option.calibration, True): each.centred(evidence[newest], happened[newest])
        for option, each in plain.items()
    }
    return {**plain, **moved}


def trial(kind: CandidateKind, rows: Labelled, splits: Sequence[Split], query: ConversionQuery) -> Trial:
    """The candidate learned anew for each split, and its probabilities of the rows held out."""
    learned = [learn(kind, rows.take(split.training), query) for split in splits]
    margins = [
        each.model.evidence(rows.table.take(split.held_out))
        for each, split in zip(learned, splits, strict=True)
    ]
    common = [option for option in learned[0].calibrators if all(option in x.calibrators for x in learned)]
    probabilities = {
        option: np.concatenate(
            [each.calibrators[option].probabilities(m) for each, m in zip(learned, margins, strict=True)]
        )
        for option in common
    }
    return Trial(kind, learned, probabilities)


def simplest(losses: np.ndarray) -> int:
    """The first row whose losses are within one standard error of the best row's, by pairs.

    The one-standard-error rule (Breiman and others 1984), on paired differences: rows of losses are
    candidates, the simplest first.
    """
    best = int(np.argmin(losses.mean(axis=1)))
    return next(at for at in range(len(losses)) if at == best or _within(losses[at] - losses[best]))


def _within(differences: np.ndarray) -> bool:
    found: Difference = paired(differences)
    return found.mean <= found.error


def best_option(found: Trial, happened: np.ndarray) -> Option:
    """The simplest calibration that no other beats by more than a standard error on held-out rows."""
    order = ("none", "platt", "beta", "isotonic")
    options = sorted(found.probabilities, key=lambda each: (order.index(each.calibration), each.recentred))
    losses = np.array([log_losses(found.probabilities[each], happened) for each in options])
    return options[simplest(losses)]
