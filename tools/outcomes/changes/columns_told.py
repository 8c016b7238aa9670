"""Since when is a column recorded otherwise, and how is that known again in the next briefing?"""

from collections.abc import Iterable

import numpy as np

from store.features import Feature
from tools.outcomes.changes.findings import ColumnChange
from tools.outcomes.measures.span import DAY, as_date
from tools.scoring.fit.profile import FitProfile
from tools.scoring.gate.drift_findings import DataChange

OF_KNOWN = ("vanished", "appeared", "unknown_share")
# Of two changes of one column the first is told: that it is gone says more than how often it is unknown.
ORDER = ("vanished", "appeared", "kind", "unit", "new_levels", "unknown_share")


def column_change(
    change: DataChange, column: Feature, days: np.ndarray, start: np.datetime64, end: np.datetime64
) -> ColumnChange:
    """The change with the day on which it began, within the days after `start` up to `end`.

    days: of each record, datetime64[D]. Of unknowns and units no single day is known: the first of these.
    """
    level, since, share = "", start + DAY, None
    known = column.known() & (days <= end)
    if change.kind == "new_levels":
        level, since, share = _newest_level(column, days, start, end)
    elif change.kind == "vanished" and known.any():
        since = days[known].max() + DAY
    elif change.kind == "appeared" and (known & (days > start)).any():
        since = days[known & (days > start)].min()
    began = as_date(since)
    assert began is not None  # a day after a day
    return ColumnChange(
        key=_key(change, str(began)),
        column=change.column,
        label=column.told,
        kind=change.kind,
        since=began,
        is_exact=change.kind in ("new_levels", "vanished", "appeared"),
        level=level,
        share=share,
        before=change.before,
        after=change.after,
        factor=change.factor.value if change.factor else None,
    )


def _key(change: DataChange, began: str) -> str:
    if change.kind == "new_levels":
        return f"{change.column}:new_levels:{began}"
    if change.kind in OF_KNOWN:
        more = (change.after or 0.0) > (change.before or 0.0)
        return f"{change.column}:{'unknown' if more else 'known'}:"
    return f"{change.column}:{change.kind}:"


def _newest_level(
    column: Feature, days: np.ndarray, start: np.datetime64, end: np.datetime64
) -> tuple[str, np.datetime64, float]:
    """The most frequent new level, its first day, and the share of the new among what is known since."""
    rows = np.arange(column.rows)
    if column.starts is not None:
        rows = np.repeat(rows, np.diff(column.starts))
    kept = column.values >= 0
    rows, codes = rows[kept], column.values[kept].astype(np.int64)
    is_old = np.zeros(len(column.levels), dtype=np.bool_)
    is_old[codes[days[rows] <= start]] = True
    new = ~is_old[codes] & (days[rows] > start) & (days[rows] <= end)
    if not new.any():
        return "", start + DAY, 0.0
    most = int(np.bincount(codes[new]).argmax())
    since = days[rows[new & (codes == most)]].min()
    later = days[rows] >= since
    has_new = np.unique(rows[later & ~is_old[codes]])
    return column.levels[most], since, len(has_new) / len(np.unique(rows[later]))


def one_of_each(changes: Iterable[ColumnChange]) -> list[ColumnChange]:
    """Of each column the change that says most, by name."""
    found: dict[str, ColumnChange] = {}
    for each in sorted(changes, key=lambda each: (each.column, ORDER.index(each.kind))):
        found.setdefault(each.column, each)
    return list(found.values())


def read_by(fit: FitProfile | None) -> set[str]:
    """The columns that a score rests on."""
    return {each.scale.name for each in (*fit.criteria, *fit.disqualifiers)} if fit else set()
