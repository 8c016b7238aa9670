"""Which figures are tested, and how sure is it that each of them moved?"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tools.mining.evidence.statistics import Floats
from tools.outcomes.changes.evidence.homogeneity import discounted, homogeneity_p
from tools.outcomes.changes.evidence.ranks import Shift, rank_shift
from tools.outcomes.changes.evidence.repeats import kept_share
from tools.outcomes.changes.findings import Measure
from tools.outcomes.changes.levels import Level
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.outcomes.changes.scene import Counts, Scene, Sides, counted
from tools.outcomes.measures.estimates import fisher_p

NOT_TESTED = Shift(0, float("nan"))
SHARES: tuple[Measure, ...] = ("win_rate", "won_share", "pipeline_share")


class Figure(NamedTuple):
    """One figure of all records, of a level or of a tier."""

    measure: Measure
    level: Level | None = None

    @property
    def name(self) -> str:
        """What its key begins with."""
        return f"{self.measure}:{self.level.attribute}={self.level.name}" if self.level else self.measure


def figures(levels: Sequence[Level], tiers: Sequence[Level], scored: bool) -> list[Figure]:
    """Everything that is tested: of all records, of each level, of each tier."""
    found = [Figure("win_rate"), Figure("contract_value"), Figure("cycle_days")]
    found += [Figure("score")] if scored else []
    found += [Figure(measure, level) for level in (*levels, *tiers) for measure in SHARES]
    valued: tuple[Measure, ...] = ("contract_value", "cycle_days")
    return found + [Figure(measure, tier) for tier in tiers for measure in valued]


def tested(wanted: Sequence[Figure], sides: Sides, scene: Scene, query: OutcomeChangesQuery) -> list[Shift]:
    """Direction and two-sided p-value of each figure; NaN where there is too little to test."""
    levels = {id(each.level): each.level for each in wanted if each.level and each.measure in SHARES}
    counts = counted(list(levels.values()), sides, scene)
    shares = {
        (place, measure): shift
        for measure, shifts in level_shifts(counts, query).items()
        for place, shift in zip(levels, shifts, strict=True)
    }
    return [
        shares[id(each.level), each.measure]
        if each.level and each.measure in SHARES
        else _alone(each, sides, scene, query)
        for each in wanted
    ]


def level_shifts(counts: Counts, query: OutcomeChangesQuery) -> dict[Measure, list[Shift]]:
    """Of each level: did its win rate move, beyond what it did elsewhere; its share of the won; of all?

    A win rate moved when both its own moved (Fisher) and its odds moved by another factor than those of the
    rest (Zelen), the same way: the larger p-value, an intersection-union test (Berger 1982).
    """
    won, n = counts.won, counts.decided
    enough = np.minimum(n[:, :2].sum(axis=1), n[:, 2:].sum(axis=1)) >= query.least_inside
    known = n[:, :2] + n[:, 2:]
    own, beyond = _win_rate_p(counts)
    signs = np.sign(_gap(won[:, 0], n[:, 0], won[:, 1], n[:, 1]))
    against = np.sign(_log_odds(won, n) @ np.array([1, -1, -1, 1]))
    agree = (signs == against) & (signs != 0)
    filled = enough & (n[:, 0] >= query.least_rate) & (n[:, 1] > 0)
    kept = kept_share(known, counts.known_sizes)
    among = won[:, :2] + won[:, 2:]
    return {
        "win_rate": _shifts(np.where(agree, np.maximum(own, beyond), 1.0), signs, filled),
        "won_share": _share_shifts(won[:, :2], among, kept, enough),
        "pipeline_share": _share_shifts(n[:, :2], known, kept, enough),
    }


def _win_rate_p(counts: Counts) -> tuple[Floats, Floats]:
    won, n, sizes = counts.won, counts.decided, counts.sizes
    own = discounted(fisher_p(won[:, 0], n[:, 0], won[:, 1], n[:, 1]), kept_share(n[:, :2], sizes[:, :2]))
    return own, discounted(homogeneity_p(won, n), kept_share(n, sizes))


def _share_shifts(having: np.ndarray, totals: np.ndarray, kept: Floats, enough: np.ndarray) -> list[Shift]:
    p = discounted(fisher_p(having[:, 0], totals[:, 0], having[:, 1], totals[:, 1]), kept)
    signs = np.sign(_gap(having[:, 0], totals[:, 0], having[:, 1], totals[:, 1]))
    return _shifts(p, signs, enough & (totals.min(axis=1) > 0))


def _gap(k: np.ndarray, n: np.ndarray, m: np.ndarray, t: np.ndarray) -> np.ndarray:
    """k / n - m / t, times n t."""
    return k * t - m * n


def _log_odds(won: np.ndarray, n: np.ndarray) -> Floats:
    return np.log((won + 0.5) / (n - won + 0.5))


def _shifts(p: Floats, signs: np.ndarray, tested: np.ndarray) -> list[Shift]:
    told = zip(p.tolist(), signs.astype(int).tolist(), tested.tolist(), strict=True)
    return [Shift(sign, min(value, 1.0)) if made else NOT_TESTED for value, sign, made in told]


def _alone(figure: Figure, sides: Sides, scene: Scene, query: OutcomeChangesQuery) -> Shift:
    """Of all records or of a tier: the overall win rate, or a figure by its ranks."""
    rows = sides.only(figure.level.inside) if figure.level else sides
    if figure.measure == "win_rate":
        return _win_rate(rows, scene)
    values = values_of(figure.measure, scene)
    rows = rows.only(~np.isnan(values))
    now, before = values[rows.now], values[rows.before]
    if min(len(now), len(before)) < query.least_valued:
        return NOT_TESTED
    shift = rank_shift(now, before)
    middle = np.median if figure.measure == "cycle_days" else np.mean
    # Ranks may rise while the mean falls: what is told, and what is tested, have to go the same way.
    if shift.sign * float(middle(now) - middle(before)) < 0:
        return Shift(shift.sign, 1.0)
    return Shift(shift.sign, _at_units(shift.p, rows, scene))


def _win_rate(sides: Sides, scene: Scene) -> Shift:
    n, m = int(sides.now.sum()), int(sides.before.sum())
    if not n or not m:
        return NOT_TESTED
    k, o = int(scene.won[sides.now].sum()), int(scene.won[sides.before].sum())
    p = _at_units(float(fisher_p(k, n, o, m)), sides, scene)
    return Shift(int(np.sign(k * m - o * n)), p)


def _at_units(p: float, sides: Sides, scene: Scene) -> float:
    totals = np.array([side.sum() for side in sides.both])
    sizes = np.array([scene.effective(side) for side in sides.both])
    return float(discounted(p, kept_share(totals, sizes)))


def values_of(measure: Measure, scene: Scene) -> np.ndarray:
    """The values of a measure that is no share, NaN where there is none."""
    if measure == "score":
        return scene.scores if scene.scores is not None else np.full(len(scene.won), np.nan)
    return scene.amounts if measure == "contract_value" else scene.cycle_days
