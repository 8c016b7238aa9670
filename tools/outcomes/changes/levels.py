"""Which groups of records are compared: bins of the profile, levels of categories and sets, ranges?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from store.features import Feature, FeatureTable
from tools.outcomes.changes.findings import About
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.outcomes.measures.findings import Tier
from tools.outcomes.measures.tiers import TIERS, UNSCORED
from tools.scoring.fit.bins.scales import coder
from tools.scoring.fit.bins.words import bin_words, number_words
from tools.scoring.fit.profile import FitProfile, Scale

TIER_ATTRIBUTE = "fit_tier"


@dataclass(frozen=True)
class Level:
    """Records that have a value, and those of which the attribute is known; bool arrays of all records."""

    attribute: str
    label: str
    name: str  # in keys, the same every week
    value: str  # in words
    inside: np.ndarray
    known: np.ndarray
    tier: Tier | None = None

    @property
    def about(self) -> About:
        return "level" if self.tier is None else "tier"

    @property
    def support(self) -> int:
        """Records of the smaller side."""
        inside = int(self.inside.sum())
        return min(inside, int(self.known.sum()) - inside)


def levels(
    table: FeatureTable,
    usable: dict[str, np.ndarray],
    fit: FitProfile | None,
    query: OutcomeChangesQuery,
) -> list[Level]:
    """The profile's bins, then the best supported levels and ranges; each group of records once.

    usable: by column, the records of which it may be used; a column that is not named takes no part.
    """
    columns = [each for each in table.features if each.name in usable]
    first = _of_profile(fit, FeatureTable(table.rows, tuple(columns)), usable) if fit else iter(())
    others = [each for column in columns for each in _of_column(column, usable[column.name], query)]
    others.sort(key=lambda each: -each.support)
    found: dict[bytes, Level] = {}
    for level in chain(first, (each.made() for each in others)):
        if len(found) == query.max_levels:
            break
        if level.support >= query.least_inside:
            found.setdefault(_same(level), level)
    return list(found.values())


def tier_levels(tiers: np.ndarray, query: OutcomeChangesQuery) -> list[Level]:
    """The tiers as levels of an attribute of their own. tiers: places in TIERS, -1 unscored."""
    known = tiers != UNSCORED
    found = [
        Level(TIER_ATTRIBUTE, "Fit tier", tier, tier, tiers == at, known, tier)
        for at, tier in enumerate(TIERS)
    ]
    return [level for level in found if level.support >= query.least_inside]


def _same(level: Level) -> bytes:
    """Alike for two groups of the same records: a group, and of two values that move as one either."""
    inside, outside = level.inside, level.known & ~level.inside
    packed = sorted(np.packbits(side).tobytes() for side in (inside, outside))
    return packed[0] + packed[1]


def _of_profile(fit: FitProfile, table: FeatureTable, usable: dict[str, np.ndarray]) -> Iterator[Level]:
    """Good bins of a criterion first: of two that divide the records in two, the one to look for is told."""
    for criterion in fit.criteria:
        order = sorted(range(1, criterion.scale.bins), key=lambda at: -criterion.bins[at].evidence)
        yield from _bins(criterion.scale, order, table, usable)
    for rule in fit.disqualifiers:
        yield from _bins(rule.scale, [rule.bin] if rule.bin else [], table, usable)


def _bins(
    scale: Scale, order: list[int], table: FeatureTable, usable: dict[str, np.ndarray]
) -> Iterator[Level]:
    column = table.find(scale.name)
    if column is None or column.kind != scale.kind:
        return
    codes, words = coder(scale, table)(0, table.rows), bin_words(scale)
    known = (codes > 0) & usable[scale.name]
    for at in order:
        value = scale.value if scale.kind == "set" and at == 2 else words[at]
        value = f"not {scale.value}" if scale.kind == "set" and at == 1 else value
        yield Level(scale.name, column.told, value, value, known & (codes == at), known)


class _Candidate(NamedTuple):
    """A level that is counted, and not yet laid out: of ten thousand levels few are compared."""

    support: int
    made: Callable[[], Level]


def _of_column(column: Feature, usable: np.ndarray, query: OutcomeChangesQuery) -> Iterator[_Candidate]:
    known = column.known() & usable
    if column.kind == "number":
        yield from _ranges(column, known, query.ranges)
        return
    rows = np.arange(column.rows)
    if column.starts is not None:
        rows = np.repeat(rows, np.diff(column.starts))
    kept = known[rows] & (column.values >= 0)
    rows, codes = rows[kept], column.values[kept]
    counts = np.bincount(codes, minlength=len(column.levels))
    supports = np.minimum(counts, int(known.sum()) - counts)
    # Of `No` and `Yes`, the same division, the last is told.
    for code in np.flatnonzero(supports >= query.least_inside)[::-1].tolist():
        level = column.levels[code]
        yield _Candidate(
            int(supports[code]), partial(_level, column, (level, level), known, rows, codes, code)
        )


def _level(
    column: Feature, told: tuple[str, str], known: np.ndarray, rows: np.ndarray, codes: np.ndarray, code: int
) -> Level:
    """told: its name in keys, and in words. Inside are those of these rows that have the code."""
    inside = np.zeros(column.rows, dtype=np.bool_)
    inside[rows[codes == code]] = True
    return Level(column.name, column.told, *told, inside, known)


def _ranges(column: Feature, known: np.ndarray, ranges: int) -> Iterator[_Candidate]:
    """Runs between quantiles, the highest first; named by their place: the quantiles move every week."""
    rows = np.flatnonzero(known)
    if not len(rows):
        return
    values = column.values[rows]
    edges = np.unique(np.quantile(values, np.arange(1, ranges) / ranges))
    edges = edges[edges > values.min()]
    places = np.searchsorted(edges, values, side="right")
    counts = np.bincount(places, minlength=len(edges) + 1)
    for at in range(len(edges), -1, -1):
        told = f"range {at + 1} of {len(edges) + 1}", _range_words(column, edges, at)
        support = min(int(counts[at]), len(rows) - int(counts[at]))
        yield _Candidate(support, partial(_level, column, told, known, rows, places, at))


def _range_words(column: Feature, edges: np.ndarray, at: int) -> str:
    """`under 50`, `50 to under 200 days`, `200 and over`: a value on an edge is above it."""
    unit = f" {column.unit}" if column.unit else ""
    if not len(edges):
        return "any"
    if at == 0:
        return f"under {number_words(float(edges[0]))}{unit}"
    if at == len(edges):
        return f"{number_words(float(edges[-1]))}{unit} and over"
    return f"{number_words(float(edges[at - 1]))} to under {number_words(float(edges[at]))}{unit}"
