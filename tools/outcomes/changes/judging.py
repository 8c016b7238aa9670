"""Which of all figures tested moved beyond chance, in which window?"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tools.mining.evidence.statistics import benjamini_hochberg
from tools.outcomes.changes.evidence.ranks import Shift
from tools.outcomes.changes.figure_tests import SHARES, Figure
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.scoring.gate.drift_findings import DataChange

# Parts of the false alarms that go to the figures of all records, to win rates of levels, to the mix, to
# values and cycles of tiers, and to the data: else four headline figures would drown in a hundred levels.
BUDGET = {"all": 0.2, "wins": 0.4, "mix": 0.2, "tiers": 0.1, "data": 0.1}


class Judged(NamedTuple):
    """A figure that moved: in which window most surely (its place), which way, how sure."""

    figure: Figure
    window: int
    sign: int
    p: float
    q: float

    @property
    def key(self) -> str:
        return f"{self.figure.name}:{'up' if self.sign > 0 else 'down'}"

    @property
    def attribute(self) -> str:
        return self.figure.level.attribute if self.figure.level else ""


class Verdict(NamedTuple):
    """What moved, the surest first; what of the data did; and how many tests that was."""

    moved: list[Judged]
    data: list[DataChange]
    tests: int
    figures: int
    smallest_p: float | None


def judged(
    wanted: Sequence[Figure],
    by_window: Sequence[Sequence[Shift]],
    data: Sequence[DataChange],
    query: OutcomeChangesQuery,
) -> Verdict:
    """Every figure by its smallest p-value times the windows that tested it, and every change of the data.

    One Benjamini-Hochberg over all, weighted (Genovese, Roeder, Wasserman 2006): each kind of test has its
    part of the false alarms, shared evenly within it. If nothing changed, the chance of telling anything is
    at most the level.
    """
    figures = [_surest(figure, shifts) for figure, *shifts in zip(wanted, *by_window, strict=True)]
    figures = [each for each in figures if each]
    proven = [each for each in data if each.p_value is not None]
    p = [each.p for each in figures] + [each.p_value or 0.0 for each in proven]
    kinds = [_kind(each.figure) for each in figures] + ["data"] * len(proven)
    q = benjamini_hochberg(np.minimum(np.array(p) / _weights(kinds), 1.0)).tolist() if p else []
    moved = [each._replace(q=q[at]) for at, each in enumerate(figures) if q[at] <= query.level]
    told = [
        each.model_copy(update={"q_value": found})
        for each, found in zip(proven, q[len(figures) :], strict=True)
        if found <= query.level
    ]
    told += [each for each in data if each.p_value is None]
    return Verdict(
        sorted(moved, key=lambda each: each.p),
        _once(told),
        len(p),
        len(figures),
        min((each.p for each in figures), default=None),
    )


def _kind(figure: Figure) -> str:
    if figure.level is None:
        return "all"
    if figure.measure == "win_rate":
        return "wins"
    return "mix" if figure.measure in SHARES else "tiers"


def _weights(kinds: Sequence[str]) -> np.ndarray:
    """Of each test, 1 on average: the part of its kind of all that are there, over how many share it."""
    count = {kind: kinds.count(kind) for kind in BUDGET if kind in kinds}
    whole = sum(BUDGET[kind] for kind in count)
    return np.array([BUDGET[kind] / whole * len(kinds) / count[kind] for kind in kinds])


def _surest(figure: Figure, shifts: Sequence[Shift]) -> Judged | None:
    p = np.array([shift.p for shift in shifts])
    made = int((~np.isnan(p)).sum())
    if not made:
        return None
    at = int(np.nanargmin(p))
    return Judged(figure, at, shifts[at].sign, min(1.0, float(p[at]) * made), 1.0)


def _once(changes: list[DataChange]) -> list[DataChange]:
    """The surest change of each column and kind, of whatever window."""
    found: dict[tuple[str, str], DataChange] = {}
    for change in sorted(changes, key=lambda each: each.p_value or 0.0):
        found.setdefault((change.column, change.kind), change)
    return list(found.values())
