"""Are the labelled rows like those that are to be scored, and are both outcomes recorded throughout?"""

from datetime import date

import numpy as np

from store.features import Feature, FeatureTable, stacked
from tools.mining.evidence.statistics import as_p_values, benjamini_hochberg, log_p_depleted
from tools.mining.findings import Estimate
from tools.scoring.conversion.evidence.accuracy import auc_within
from tools.scoring.conversion.fitting.candidates import fitted, tried
from tools.scoring.conversion.fitting.windows import folds
from tools.scoring.conversion.queries import ConversionQuery
from tools.scoring.conversion.report import Representation

MOST_ROWS = 4_000  # of either side; enough for an AUC to about 0.01
STRENGTH = 6  # place among the linear strengths: a middling penalty
TOLD = 3
FAR_LESS = 1 / 3
LEVEL = 0.01


def represented(labelled: FeatureTable, population: FeatureTable, query: ConversionQuery) -> Representation:
    """How far rows to be scored lie outside the labelled ones, and how well the two are told apart.

    The second is the held-out AUC of a linear model of being labelled (a propensity), over columns that
    both have. A model of outcomes says nothing certain where labelled rows are not found.
    """
    both = [name for name in labelled.names if name in population.names]
    one, other = labelled.only(both), population.only(both)
    outside = [_outside(a, b) for a, b in zip(one.features, other.features, strict=True)]
    share = float(np.any(outside, axis=0).mean()) if outside and population.rows else 0.0
    rng = np.random.default_rng(query.seed)
    parts = [each.take(np.sort(rng.permutation(each.rows)[:MOST_ROWS])) for each in (one, other)]
    if not both or min(part.rows for part in parts) < 2 * TOLD:
        return Representation(
            rows=population.rows,
            outside_share=share,
            separability=Estimate(value=0.5, low=0.0, high=1.0),
            separating=[],
        )
    mixed, scored = stacked(parts), np.repeat([False, True], [part.rows for part in parts])
    return Representation(
        rows=population.rows,
        outside_share=share,
        separability=_separability(mixed, scored, query),
        separating=_separating(mixed, scored, query),
    )


def _outside(labelled: Feature, scored: Feature) -> np.ndarray:
    known = scored.known()
    if labelled.kind == "number" and scored.kind == "number":
        seen = labelled.values[labelled.known()]
        if not len(seen):
            return known
        return known & ((scored.values < seen.min()) | (scored.values > seen.max()))
    held = np.bincount(labelled.values[labelled.values >= 0], minlength=len(labelled.levels)) > 0
    levels = [level for level, has in zip(labelled.levels, held, strict=True) if has]
    new = scored.recoded(levels) == len(levels)
    if scored.starts is None:
        return new
    rows = np.repeat(np.arange(scored.rows), np.diff(scored.starts))
    return np.bincount(rows[new], minlength=scored.rows) > 0


def _separability(mixed: FeatureTable, scored: np.ndarray, query: ConversionQuery) -> Estimate:
    margins, part = np.empty(mixed.rows), np.empty(mixed.rows)
    for at, (a, b) in enumerate(folds(scored, 3, query.seed)):
        margins[b] = tried("linear", mixed.take(a), scored[a], mixed.take(b), query)[STRENGTH]
        part[b] = at
    return auc_within(margins, scored, part)


def _separating(mixed: FeatureTable, scored: np.ndarray, query: ConversionQuery) -> list[str]:
    from tools.scoring.conversion.fitting.elastic import STRENGTHS

    model = fitted("linear", mixed, scored, float(STRENGTHS[STRENGTH]), query)
    if model.kind == "base_rate":
        return []
    added = model.contributions_of(model.matrix(mixed))
    assert added is not None
    spread = added.std(axis=0)
    first = np.argsort(-spread, kind="stable")[:TOLD]
    return [model.design.plans[at].label for at in first if spread[at] > 0]


def thin_quarters(days: np.ndarray, happened: np.ndarray) -> list[str]:
    """Sentences about quarters in which one outcome is recorded far less than in the others.

    A third of its share elsewhere or less, by a hypergeometric test under Benjamini-Hochberg: it is
    likelier that the outcomes were not written down than that there were none.
    """
    quarters = days.astype("datetime64[M]").astype(int) // 3
    each, which = np.unique(quarters, return_inverse=True)
    if len(each) < 2:
        return []
    rows = np.bincount(which)
    told = []
    for outcome, words in ((False, "did not happen"), (True, "happened")):
        having = np.bincount(which, weights=happened == outcome).astype(int)
        elsewhere = (having.sum() - having) / np.maximum(len(days) - rows, 1)
        p = as_p_values(log_p_depleted(having, rows, having.sum(), len(days)))
        thin = (benjamini_hochberg(p) <= LEVEL) & (having / rows <= FAR_LESS * elsewhere)
        told += [_thin(int(each[at]), int(having[at]), int(rows[at]), words) for at in np.flatnonzero(thin)]
    return told


def _thin(quarter: int, having: int, rows: int, words: str) -> str:
    first = date(1970 + quarter // 4, 1 + 3 * (quarter % 4), 1)
    return (
        f"In the quarter from {first:%Y-%m-%d} only {having:,} of {rows:,} outcomes are of the kind "
        f"“{words}”, far fewer than elsewhere: perhaps they were not recorded."
    )
