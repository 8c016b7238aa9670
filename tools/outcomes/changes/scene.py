"""What is counted of records now and before: how many, how many won, and how many of them are independent?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.outcomes.outcome_table import OutcomeTable
from tools.outcomes.changes.evidence.repeats import kish, units_coded
from tools.outcomes.changes.levels import Level
from tools.outcomes.changes.windows import Span

CELLS = 4  # inside now, inside before, outside now, outside before


@dataclass(frozen=True)
class Sides:
    """Records of now and before, bool arrays of all records."""

    now: np.ndarray
    before: np.ndarray

    @classmethod
    def of(cls, span: Span) -> "Sides":
        return cls(span.now, span.before)

    def only(self, rows: np.ndarray) -> "Sides":
        """Those that are among these rows."""
        return Sides(self.now & rows, self.before & rows)

    @property
    def both(self) -> tuple[np.ndarray, np.ndarray]:
        return self.now, self.before


@dataclass(frozen=True)
class Scene:
    """Decided records as the tests read them; NaN is unknown."""

    won: np.ndarray
    amounts: np.ndarray  # NaN of the lost too, and where amounts are set aside
    cycle_days: np.ndarray  # NaN of the lost too
    scores: np.ndarray | None
    units: np.ndarray
    currency: str

    @classmethod
    def of(cls, decided: OutcomeTable, scores: np.ndarray | None, priced: np.ndarray) -> "Scene":
        """priced: the records whose amounts may be used, bool."""
        won = decided.are("won")
        return cls(
            won,
            np.where(won & priced, decided.amounts, np.nan),
            np.where(won, decided.cycle_days, np.nan),
            scores,
            units_coded(decided.unit_ids),
            decided.currency,
        )

    def effective(self, rows: np.ndarray) -> float:
        """Independent records among these, if all of a unit go alike."""
        return kish(np.bincount(self.units[rows])) if rows.any() else 0.0


@dataclass(frozen=True)
class Counts:
    """(levels, 4) arrays of the cells: won, decided, and independent ones among the decided."""

    won: np.ndarray
    decided: np.ndarray
    sizes: np.ndarray
    known_sizes: np.ndarray  # (levels, 2): of all of which the attribute is known, now and before


def counted(levels: Sequence[Level], sides: Sides, scene: Scene) -> Counts:
    """The cells of each level."""
    counter = _Counter(sides, scene)
    found = [counter.cells(level) for level in levels]
    won, decided, sizes, known = (
        [each[at] for each in found] for at in range(len(found[0]) if found else CELLS)
    )
    return Counts(
        np.array(won, dtype=np.int64).reshape(-1, CELLS),
        np.array(decided, dtype=np.int64).reshape(-1, CELLS),
        np.array(sizes, dtype=np.float64).reshape(-1, CELLS),
        np.array(known, dtype=np.float64).reshape(-1, 2),
    )


class _Counter:
    """Only the records of either side are looked at; what is known of an attribute is counted once."""

    def __init__(self, sides: Sides, scene: Scene) -> None:
        self.rows = np.flatnonzero(sides.now | sides.before)
        # 0 lost now, 1 won now, 2 lost before, 3 won before
        self.codes = (2 * sides.before[self.rows] + scene.won[self.rows]).astype(np.int8)
        self.units = (
            np.unique(scene.units[self.rows], return_inverse=True)[1] if len(self.rows) else self.rows
        )
        self.side = self.codes // 2
        self.repeat = len(self.rows) > 0 and any(
            np.bincount(self.units[self.side == at], minlength=1).max(initial=0) > 1 for at in (0, 1)
        )
        self.known: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}

    def cells(self, level: Level) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        known, whole, known_sizes = self._of_known(level.known)
        mask = level.inside[self.rows]
        inside = np.bincount(self.codes[mask], minlength=4)
        outside = whole - inside
        sizes = np.concatenate((self._sizes(mask, inside), self._sizes(known & ~mask, outside)))
        won = np.array([inside[1], inside[3], outside[1], outside[3]])
        return won, np.concatenate((_decided(inside), _decided(outside))), sizes, known_sizes

    def _of_known(self, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if id(known) not in self.known:
            mask = known[self.rows]
            whole = np.bincount(self.codes[mask], minlength=4)
            self.known[id(known)] = mask, whole, self._sizes(mask, whole)
        return self.known[id(known)]

    def _sizes(self, mask: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Independent records of now and before."""
        if not self.repeat:
            return _decided(counts).astype(np.float64)
        units, side = self.units[mask], self.side[mask]
        return np.array([kish(np.bincount(units[side == at], minlength=1)) for at in (0, 1)])


def _decided(counts: np.ndarray) -> np.ndarray:
    return np.array([counts[0] + counts[1], counts[2] + counts[3]])
