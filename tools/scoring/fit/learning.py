"""Which dimensions set ideal rows apart from others, and how much does each count?"""

from collections.abc import Sequence

import numpy as np

from store.errors import TooFewCustomers
from store.features import FeatureTable
from tools.mining.findings import Estimate
from tools.scoring.fit.bins.binning import bin_counts, cell_counts
from tools.scoring.fit.bins.cells import Cells
from tools.scoring.fit.bins.scales import scale_of
from tools.scoring.fit.criteria import Part, criterion
from tools.scoring.fit.disqualifiers import disqualifiers
from tools.scoring.fit.held_out.discrimination import auc
from tools.scoring.fit.held_out.proof import Proof, cross_fitted, proof
from tools.scoring.fit.held_out.weights import Sample, Weighed, held_out_evidence, same_columns, weighed
from tools.scoring.fit.knots import knots_of
from tools.scoring.fit.labelled import LabelledRows, Times, labelled
from tools.scoring.fit.profile import FitCriterion, FitProfile, Knot, Scale
from tools.scoring.fit.queries import FitQuery

MOST_FITTED = 100  # columns in one regression: those that gain most


def learn_fit(
    ideal: FeatureTable,
    others: FeatureTable,
    query: FitQuery | None = None,
    *,
    ideal_times: Times = None,
    other_times: Times = None,
    weights: Sequence[float] | np.ndarray | None = None,
) -> FitProfile:
    """The weighted criteria by which ideal rows are told from others, and the line from them to a score.

    Each column is cut into bins (bins/binning.py), and found where Benjamini-Hochberg says so. The rest is
    by cross-fitting: each fold gets the evidence that the other folds' rows alone find; a logistic regression
    on it says how much of a column's evidence is not said by others already; what costs held-out rows
    nothing when it is missing is left out; the weight of a criterion is its share of what they would lose.
    Times, given for both sides, make the folds blocks of neighbouring times, the same for both. weights:
    one for each ideal row, then for each other; each side counts as its effective number,
    (sum w)^2 / sum w^2 (Kish 1965).
    The order of rows and columns changes nothing.

    Raises TooFewCustomers without ideal rows or without others, BadInput where arrays do not fit.
    """
    query = query or FitQuery()
    if not ideal.rows or not others.rows:
        side = "ideal rows" if not ideal.rows else "other rows"
        raise TooFewCustomers(f"There are no {side} to compare", instead="Give at least one of both.")
    rows = labelled(ideal, others, query, (ideal_times, other_times), weights)
    warnings = _warnings(ideal, others, query)
    if min(ideal.rows, others.rows) < query.min_rows or not rows.cells:
        return _unset(rows, query, warnings).stamped()
    return _learned(rows, query, warnings)


def _warnings(ideal: FeatureTable, others: FeatureTable, query: FitQuery) -> list[str]:
    sides = ((ideal.rows, query.ideal_word), (others.rows, query.others_word))
    told = [
        f"Only {rows:,} {word}, fewer than {query.few_rows}: evidence is shrunk further, intervals are wide."
        for rows, word in sides
        if rows < query.few_rows
    ]
    told += [
        f"{rows:,} {word} are too few to look for criteria; {query.min_rows} are needed."
        for rows, word in sides
        if rows < query.min_rows
    ]
    alone = sorted(set(ideal.names) ^ set(others.names))
    return told + ([f"Not on both sides, so left out: {', '.join(alone)}."] if alone else [])


def _learned(rows: LabelledRows, query: FitQuery, warnings: list[str]) -> FitProfile:
    by_fold = cell_counts(rows.codes, rows.label, rows.fold, rows.weights)
    counts = by_fold.sum(axis=0)
    pseudo = query.pseudo_rows * max(1.0, query.few_rows / min(rows.sides))
    whole = proof(counts, rows.cells, query)
    evidence, found = cross_fitted(by_fold, rows.cells, pseudo, query)
    # By gain; of equal ones as they came: by name.
    order = np.argsort([-each.gain for each in whole.binnings], kind="stable")
    fitted = [int(at) for at in order if found[:, at].any()][:MOST_FITTED]
    sample, chosen = _sample(rows, evidence, fitted, query)
    same = same_columns(sample.columns, [place for place, at in enumerate(fitted) if whole.found[at]])
    kept = weighed(sample, list(same), query.l2, query.max_criteria)
    empty = _unset(rows, query, warnings)
    if not kept.kept:
        return empty.stamped()
    said = held_out_evidence(sample, query.l2)
    ideal = rows.label[chosen]
    places = [fitted[at] for at in kept.kept]
    parts = _parts(rows, counts, whole, found.mean(axis=0), fitted, same, kept, query)
    criteria, knots = _criteria(rows, parts, places, whole, pseudo, query)
    proven = np.flatnonzero(whole.found).tolist()
    scaled = [_scaled(rows.cells[at], whole, at, counts) for at in proven]
    cells = [rows.cells[at].count for at in proven]
    ruled_out = disqualifiers([scale for scale, _ in scaled], [mine for _, mine in scaled], cells, query)
    update = {"criteria": criteria, "knots": knots, "disqualifiers": ruled_out}
    return empty.model_copy(update={**update, "auc": auc(said[ideal], said[~ideal])}).stamped()


def _unset(rows: LabelledRows, query: FitQuery, warnings: list[str]) -> FitProfile:
    """A profile that nothing sets apart."""
    return FitProfile(
        criteria=[],
        disqualifiers=[],
        knots=[],
        ideal_rows=int(rows.label.sum()),
        others_rows=int((~rows.label).sum()),
        columns=rows.columns,
        tested=len(rows.cells),
        warnings=warnings,
        ideal_word=query.ideal_word,
        others_word=query.others_word,
    )


def _criteria(
    rows: LabelledRows,
    parts: Sequence[Part],
    columns: Sequence[int],
    whole: Proof,
    pseudo: float,
    query: FitQuery,
) -> tuple[list[FitCriterion], list[Knot]]:
    """The criteria, and the line from the sum of their evidence to a score."""
    rng = np.random.default_rng([query.seed, 1])
    criteria = [criterion(part, len(parts), pseudo, rng, query) for part in parts]
    said = [np.array([each.evidence for each in criterion.bins]) for criterion in criteria]
    tables = [each[whole.binnings[at].bin_of] for each, at in zip(said, columns, strict=True)]
    total = rows.evidence(tables, columns)
    worst, best = sum(float(each.min()) for each in said), sum(float(each.max()) for each in said)
    sides = rows.label, ~rows.label
    values, weights = ([array[side] for side in sides] for array in (total, rows.weights))
    words = query.ideal_word, query.others_word
    return criteria, knots_of(worst, best, values[0], values[1], (weights[0], weights[1]), words)


def _sample(
    rows: LabelledRows, evidence: np.ndarray, columns: Sequence[int], query: FitQuery
) -> tuple[Sample, np.ndarray]:
    """The first rows of each side by key, both sides of the same weight."""
    sides = [np.flatnonzero(side) for side in (rows.label, ~rows.label)]
    taken = [side[np.argsort(rows.keys[side], kind="stable")[: query.max_rows]] for side in sides]
    sums = [rows.weights[side].sum() for side in taken]
    balanced = [rows.weights[side] * (min(sums) / each) for side, each in zip(taken, sums, strict=True)]
    chosen = np.concatenate(taken)
    fold = rows.fold[chosen]
    said = [evidence[fold, at, rows.codes[at, chosen]] for at in columns]
    table = np.stack(said, axis=1) if said else np.zeros((len(chosen), 0))
    return Sample(table, rows.label[chosen].astype(np.float64), np.concatenate(balanced), fold), chosen


def _parts(
    rows: LabelledRows,
    counts: np.ndarray,
    whole: Proof,
    stability: np.ndarray,
    fitted: Sequence[int],
    same: dict[int, list[int]],
    kept: Weighed,
    query: FitQuery,
) -> list[Part]:
    """What was learned of each criterion, the weightiest first."""
    rng = np.random.default_rng([query.seed, 0])
    drawn = rng.multivariate_normal(kept.coefficients, kept.covariance, size=query.resamples, method="eigh")
    # A coefficient above 1 would undo the shrinkage: no bin says more than its own counts do.
    drawn = np.clip(drawn, 0.0, 1.0)
    total = kept.gains.sum()
    parts: list[Part] = []
    for place, at in enumerate(kept.kept):
        column = fitted[at]
        scale, mine = _scaled(rows.cells[column], whole, column, counts)
        gain, error = float(kept.gains[place]), 1.96 * float(kept.errors[place])
        parts.append(
            Part(
                scale=scale,
                counts=mine,
                unknown_proven=bool(whole.unknown[column]),
                coefficient=min(float(kept.coefficients[place]), 1.0),
                coefficients=drawn[:, place],
                weight=float(gain / total),
                gain=Estimate(value=gain, low=gain - error, high=gain + error),
                stability=float(stability[column]),
                p_value=float(whole.p_values[column]),
                q_value=float(whole.q_values[column]),
                same_as=[_told(rows.cells[fitted[each]]) for each in same[at]],
            )
        )
    return parts


def _scaled(cells: Cells, whole: Proof, column: int, counts: np.ndarray) -> tuple[Scale, np.ndarray]:
    scale = scale_of(cells, whole.binnings[column])
    mine = bin_counts(whole.binnings[column], counts[column])
    return scale, np.pad(mine, ((0, scale.bins - len(mine)), (0, 0)))


def _told(cells: Cells) -> str:
    return f"{cells.feature.told}: {cells.value}" if cells.value else cells.feature.told
