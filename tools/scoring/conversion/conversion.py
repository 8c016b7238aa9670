"""Which model of an outcome is worth having, and what does it promise?"""

from collections.abc import Sequence

import numpy as np

from store.errors import BadInput, TooFewCustomers
from store.features import FeatureTable
from tools.mining.evidence.statistics import difference_p
from tools.scoring.conversion.choosing import Choice, chosen
from tools.scoring.conversion.evidence.importance import importances
from tools.scoring.conversion.evidence.representation import represented, thin_quarters
from tools.scoring.conversion.evidence.trials import Labelled, learn, trial
from tools.scoring.conversion.fitting.windows import Split, folds, time_windows
from tools.scoring.conversion.model import ConversionModel
from tools.scoring.conversion.queries import FEWEST, CandidateKind, ConversionQuery
from tools.scoring.conversion.report import ConversionReport, Representation
from tools.scoring.conversion.telling import calibration_trials, reliability_of, scores, window_rates

__all__ = ["ConversionModel", "ConversionQuery", "learn_conversion"]

ORDER: tuple[CandidateKind, ...] = ("linear", "additive", "boosting")  # the simplest first
LEAST_WINDOWS = 3
APART, OUTSIDE = 0.7, 0.05
SHIFT_LEVEL = 0.01


def learn_conversion(
    table: FeatureTable,
    happened: np.ndarray,
    decided_at: np.ndarray | None = None,
    query: ConversionQuery | None = None,
    *,
    population: FeatureTable | None = None,
) -> ConversionModel:
    """A calibrated model of the outcome, the simplest that is not worse than the best beyond chance.

    happened: bool, a row each; decided_at: datetime64[D], none missing. Candidates are judged on rows held
    out: windows in time, each predicted from all days before it, or seeded folds without dates. Its
    strength and calibration are chosen inside the training rows alone. Where nothing is better than the base
    rate, the answer is the base rate, and the report says so. The kind and the calibration are chosen by the
    held-out figures that the report tells; over so few choices, under the one-standard-error rule, that
    flatters them little.

    population: rows that are to be scored, to compare with those labelled. A column that was known only
    after the outcome cannot be recognised here; leave it out before.
    Raises TooFewCustomers under 10 of either outcome, BadInput where lengths, types or dates do not fit.
    """
    query = query or ConversionQuery()
    given = _labelled(table, happened, decided_at)
    rows, warnings = _newest(given, query)
    splits, split_warnings = _splits(rows, query)
    few = rows.fewest < query.few
    kinds: list[CandidateKind] = ["base_rate"]
    kinds.extend(kind for kind in ORDER if kind in query.candidates and (kind == "linear" or not few))
    trials = [trial(kind, rows, splits, query) for kind in kinds]
    held_out = rows.take(np.concatenate([split.held_out for split in splits]))
    choice = chosen(trials, held_out.happened, query)
    final = learn(choice.trial.kind, rows, query)
    likeness = None if population is None else represented(rows.table, population, query)
    warnings += split_warnings + _warnings(rows, few, query) + _unlike(likeness)
    report = ConversionReport(
        rows=rows.table.rows,
        happened=int(rows.happened.sum()),
        not_happened=int((~rows.happened).sum()),
        split="folds" if rows.days is None or split_warnings else "time",
        chosen=choice.trial.kind,
        is_model=choice.trial.kind != "base_rate",
        why=choice.why,
        strength=final.model.strength,
        candidates=scores(choice, held_out.happened, splits, query),
        calibrations=calibration_trials(choice, held_out.happened),
        reliability=reliability_of(choice, held_out.happened, query.bins),
        windows=window_rates(rows, splits),
        importances=importances(choice.trial, choice.option, rows, splits, query),
        representation=likeness,
        columns_left_out=list(final.model.design.left_out),
        warnings=warnings + _shifts(choice, rows, splits),
    )
    calibrator = final.calibrators.get(choice.option) or next(iter(final.calibrators.values()))
    return ConversionModel(final.model, calibrator, report, few)


def _labelled(table: FeatureTable, happened: np.ndarray, decided_at: np.ndarray | None) -> Labelled:
    outcomes = np.asarray(happened)
    if outcomes.dtype != bool:
        raise BadInput("Outcomes are not yes or no", where="happened", instead="Give an array of bool.")
    if outcomes.shape != (table.rows,):
        raise BadInput(f"There are {outcomes.size:,} outcomes for {table.rows:,} rows", where="happened")
    fewest = int(min(outcomes.sum(), (~outcomes).sum()))
    if fewest < FEWEST:
        raise TooFewCustomers(
            f"Only {outcomes.sum():,} happened and {(~outcomes).sum():,} did not",
            where="outcomes",
            instead=f"A model needs at least {FEWEST} of either; the ones that did not happen count as much.",
        )
    return Labelled(table, outcomes, None if decided_at is None else _days(decided_at, table.rows))


def _days(decided_at: np.ndarray, rows: int) -> np.ndarray:
    days = np.asarray(decided_at)
    if days.shape != (rows,) or days.dtype.kind != "M":
        raise BadInput(f"Dates of decisions are not one for each of {rows:,} rows", where="decided_at")
    missing = int(np.isnat(days).sum())
    if missing:
        raise BadInput(
            f"{missing:,} decided rows have no date",
            where="decided_at",
            instead="Leave them out, or give no dates at all.",
        )
    return days.astype("datetime64[D]")


def _newest(rows: Labelled, query: ConversionQuery) -> tuple[Labelled, list[str]]:
    """At most so many rows as a query allows, and what to say of it."""
    if rows.table.rows <= query.most_rows:
        return rows, []
    rng = np.random.default_rng(query.seed)
    if rows.days is None:
        kept, which = rng.permutation(rows.table.rows)[: query.most_rows], "a seeded sample of"
    else:
        kept, which = np.argsort(rows.days, kind="stable")[-query.most_rows :], "the newest"
    taken = rows.take(np.sort(kept))
    if taken.fewest < FEWEST:
        raise TooFewCustomers(
            f"Of {which} {query.most_rows:,} rows fewer than {FEWEST} have either outcome",
            where="outcomes",
            instead="Raise most_rows.",
        )
    return taken, [f"Learned from {which} {query.most_rows:,} of {rows.table.rows:,} rows."]


def _splits(rows: Labelled, query: ConversionQuery) -> tuple[list[Split], list[str]]:
    dealt = min(query.folds, rows.fewest)
    if rows.days is None:
        return folds(rows.happened, dealt, query.seed), []
    windows = time_windows(rows.days, rows.happened, query.windows, query.first_share, FEWEST)
    if len(windows) >= LEAST_WINDOWS:
        return windows, []
    return folds(rows.happened, dealt, query.seed), [
        f"The dates give only {len(windows)} windows to hold out with {FEWEST} of either outcome before "
        "them; rows were held out at random instead, which tells nothing of how the model ages."
    ]


def _warnings(rows: Labelled, few: bool, query: ConversionQuery) -> list[str]:
    told = []
    if few:
        told.append(
            f"Only {rows.fewest:,} of one outcome, fewer than {query.few}: a linear model was shrunk more "
            "than usual, and intervals are of 99 %."
        )
    if rows.days is None:
        told.append(
            "There are no dates: figures are of rows held out at random, and later ones may be worse."
        )
    else:
        told += thin_quarters(rows.days, rows.happened)
    return told


def _unlike(found: Representation | None) -> list[str]:
    told = []
    if found and found.separability.low > APART:
        named = f" ({', '.join(found.separating)})" if found.separating else ""
        told.append(
            f"Rows to be scored are unlike those labelled{named}: told apart with an AUC of "
            f"{found.separability.value:.2f}."
        )
    if found and found.outside_share > OUTSIDE:
        told.append(
            f"{found.outside_share:.0%} of the rows to be scored hold a value beyond all labelled rows."
        )
    return told


def _shifts(choice: Choice, rows: Labelled, splits: Sequence[Split]) -> list[str]:
    """What to say of a rate that moves: the newest window against the rows before it."""
    if rows.days is None or len(splits) < 2:
        return []
    last = splits[-1]
    now, before = rows.happened[last.held_out], rows.happened[last.training]
    p = float(difference_p(now.sum(), len(now), before.sum(), len(before)))
    if p > SHIFT_LEVEL or 2 / 3 < now.mean() / max(before.mean(), 1e-9) < 3 / 2:
        return []
    centred = "is" if choice.option.recentred else "is not"
    return [
        f"The rate moved from {before.mean():.1%} to {now.mean():.1%} in the newest window; the model "
        f"{centred} centred to the newest rate."
    ]
