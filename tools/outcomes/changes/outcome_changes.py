"""Did who buys change since the last weeks, beyond chance and beyond how it is recorded?"""

from collections.abc import Sequence

import numpy as np

from store.errors import BadInput
from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.changes.carrying import parted
from tools.outcomes.changes.columns_told import read_by
from tools.outcomes.changes.figure_tests import Figure, figures, tested
from tools.outcomes.changes.findings import OutcomeChanges, Window
from tools.outcomes.changes.judging import Verdict, judged
from tools.outcomes.changes.levels import levels, tier_levels
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.outcomes.changes.recording import AMOUNT, Recording, recording
from tools.outcomes.changes.scene import Scene, Sides
from tools.outcomes.changes.telling import tiers_told, told_change, window_figures
from tools.outcomes.changes.windows import Span, in_reach, last_decided, spans
from tools.outcomes.measures.queries import MeasuresQuery
from tools.outcomes.measures.span import as_date
from tools.outcomes.measures.tiers import tiers_of
from tools.scoring.fit.profile import FitProfile

__all__ = ["OutcomeChanges", "OutcomeChangesQuery", "outcome_changes"]


def outcome_changes(
    table: OutcomeTable,
    query: OutcomeChangesQuery | None = None,
    fit: FitProfile | None = None,
    scores: np.ndarray | None = None,
) -> OutcomeChanges:
    """What changed in who buys: in each window against the days before it, all tests under one level.

    Win rate, contract value and cycle of all; of every level of the profile and the columns its win rate
    (beyond what all others did), its share of the won and of the decided; with scores, tiers and scores.
    Each figure's smallest p-value of the windows, times how many there are; then Benjamini-Hochberg over
    all at query.level. Tests are exact, or normal where the exact tail is lighter; of records of one person
    or account, at the number of independent ones. Columns recorded otherwise take no part.
    scores: one for each record, 0..100, NaN where there is none, by one model that did not learn from these
    outcomes: a model flatters the deals that it has learned from, and new ones then seem to fall. Scores and
    tiers are not compared across a change in the recording of a column that the fit reads. Raises
    BadInput when there is not one for each record. Too few records are no error: `missing` says it.
    """
    query = query or OutcomeChangesQuery()
    if scores is not None and len(scores) != table.rows:
        raise BadInput(
            f"{len(scores):,} scores for {table.rows:,} records",
            where="scores",
            instead="Give one score for each record, NaN where there is none.",
        )
    until = last_decided(table, query)
    if np.isnat(until):
        return OutcomeChanges(missing=["No record is decided yet."], level=query.level, since=query.since)
    rows = in_reach(table, until, query)
    decided = table.take(rows)
    windows = spans(decided, until, query)
    ready = [each for each in windows if each.told.tested]
    found = OutcomeChanges(
        until=as_date(until),
        since=query.since,
        currency=table.currency,
        windows=[each.told for each in windows],
        missing=_missing([each.told for each in windows]),
        level=query.level,
    )
    if not ready:
        return found
    own = None if scores is None else np.asarray(scores, dtype=np.float64)[rows]
    return _compared(found, decided, ready, fit, own, query)


def _missing(windows: Sequence[Window]) -> list[str]:
    return [f"{each.days:,} days: {each.why}." for each in windows if each.why]


def _compared(
    found: OutcomeChanges,
    decided: OutcomeTable,
    ready: Sequence[Span],
    fit: FitProfile | None,
    scores: np.ndarray | None,
    query: OutcomeChangesQuery,
) -> OutcomeChanges:
    recorded = recording(decided, list(ready), query)
    priced = recorded.usable.get(AMOUNT, np.zeros(decided.rows, dtype=np.bool_))
    own_scores = scores is not None
    scores = _scored_alike(scores, fit, recorded)
    scene = Scene.of(decided, scores, priced)
    groups = levels(decided.features, recorded.usable, fit, query)
    tiers = tier_levels(tiers_of(scores, MeasuresQuery()), query) if scores is not None else []
    wanted = figures(groups, tiers, scores is not None)
    sides = [Sides.of(each) for each in ready]
    by_window = [tested(wanted, each, scene, query) for each in sides]
    verdict = judged(wanted, by_window, recorded.tested, query)
    told = parted(verdict.moved, sides, scene, query)
    days = [each.told.days for each in ready]
    shifts = [dict(zip([each.name for each in wanted], row, strict=True)) for row in by_window]
    return found.model_copy(
        update={
            "changes": [told_change(each, days, sides, scene) for each in told.alone],
            "carried": [told_change(each, days, sides, scene, by) for each, by in told.carried],
            "figures": window_figures(days, sides, scene, shifts),
            "tiers": tiers_told(tiers, days, sides, scene, shifts, verdict.moved),
            "data": verdict.data,
            "set_aside": recorded.aside,
            "columns": recorded.told(verdict.data, read_by(fit) if own_scores else ()),
            "tests": verdict.tests,
            "smallest_p": verdict.smallest_p,
            "compared": _counts(wanted, verdict, recorded),
        }
    )


def _scored_alike(
    scores: np.ndarray | None, fit: FitProfile | None, recorded: Recording
) -> np.ndarray | None:
    """Only scores of columns recorded alike: the others move because the data does. None without any."""
    if scores is None:
        return None
    alike = np.where(recorded.alike(read_by(fit), len(scores)), scores, np.nan)
    return None if np.isnan(alike).all() else alike


def _counts(wanted: Sequence[Figure], verdict: Verdict, recorded: Recording) -> dict[str, int]:
    groups = {id(each.level): each.level for each in wanted if each.level and not each.level.tier}
    return {
        "columns": len({each.attribute for each in groups.values()}),
        "levels": len(groups),
        "figures": verdict.figures,
        "data": len([each for each in recorded.tested if each.p_value is not None]),
    }
