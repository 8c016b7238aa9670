"""Which changes stand for themselves, and which are only what another one brings about?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tools.mining.evidence.statistics import Floats
from tools.outcomes.changes.evidence.homogeneity import common_odds_p
from tools.outcomes.changes.evidence.ranks import rank_shift
from tools.outcomes.changes.figure_tests import tested, values_of
from tools.outcomes.changes.judging import Judged
from tools.outcomes.changes.queries import OutcomeChangesQuery
from tools.outcomes.changes.scene import Scene, Sides


@dataclass
class Told:
    """Changes that stand for themselves, and the others with the key of what carries them."""

    alone: list[Judged] = field(default_factory=list)
    carried: list[tuple[Judged, str]] = field(default_factory=list)


def parted(
    moved: Sequence[Judged], windows: Sequence[Sides], scene: Scene, query: OutcomeChangesQuery
) -> Told:
    """The surest change of each attribute, for wins and for the mix, that the surer ones do not explain.

    A change is carried by those told before it of its kind when nothing is left of it (p above
    query.carried_p) among the records outside their groups. The share of the won moves with wins and mix
    alike: it is told only where neither can be. The change of all records is carried by groups or by the
    mix; that of a tier's value or cycle by that of all. This only takes away: no false alarm can come of it.
    """
    judge = _Judge(windows, scene, query, Told())
    for measure in ("win_rate", "pipeline_share", "won_share"):
        for each in moved:
            if each.figure.measure == measure and each.figure.level:
                judge.group(each)
    for each in moved:
        if each.figure.level is None:
            judge.whole(each)
    for each in moved:
        if each.figure.level and each.figure.measure in ("contract_value", "cycle_days"):
            judge.tier(each)
    told = judge.told
    told.alone.sort(key=lambda each: (each.figure.level is not None, each.p))
    return told


@dataclass
class _Judge:
    windows: Sequence[Sides]
    scene: Scene
    query: OutcomeChangesQuery
    told: Told

    def group(self, change: Judged) -> None:
        """A level or tier: carried by one of the same attribute, or by groups outside which it is gone."""
        wins_and_mix = change.figure.measure == "won_share"
        rivals = [
            each
            for each in self.told.alone
            if each.figure.level and (wins_and_mix or each.figure.measure == change.figure.measure)
        ]
        same = [each for each in rivals if each.attribute == change.attribute]
        if same:
            self.told.carried.append((change, same[0].key))
        elif rivals and self._gone_outside(change, rivals):
            self.told.carried.append((change, rivals[0].key))
        else:
            self.told.alone.append(change)

    def whole(self, change: Judged) -> None:
        """All records: win rate by the groups that moved or by the mix, the score by the mix."""
        wins, mix = (
            [each for each in self.told.alone if each.figure.level and each.figure.measure == measure]
            for measure in ("win_rate", "pipeline_share")
        )
        measure = change.figure.measure
        by_wins = measure == "win_rate" and wins and self._gone_outside(change, wins)
        by_mix = mix and (
            (measure == "win_rate" and self._gone_within(change, mix))
            or (measure == "score" and self._gone_outside(change, mix))
        )
        if by_wins or by_mix:
            self.told.carried.append((change, (wins if by_wins else mix)[0].key))
        else:
            self.told.alone.append(change)

    def tier(self, change: Judged) -> None:
        """A tier's value or cycle: carried by that of all, if it moved by the same factor."""
        whole = [
            each
            for each in self.told.alone
            if each.figure.level is None
            and (each.figure.measure, each.sign) == (change.figure.measure, change.sign)
        ]
        if whole and self._same_factor(change):
            self.told.carried.append((change, whole[0].key))
        else:
            self.told.alone.append(change)

    def _gone_outside(self, change: Judged, groups: Sequence[Judged]) -> bool:
        sides = self.windows[change.window].only(~_members(groups, len(self.scene.won)))
        # Of what is left, however little it is.
        query = self.query.model_copy(update={"least_inside": 1, "least_rate": 1})
        shift = tested([change.figure], sides, self.scene, query)[0]
        return bool(np.isnan(shift.p)) or shift.p > self.query.carried_p or shift.sign != change.sign

    def _gone_within(self, change: Judged, groups: Sequence[Judged]) -> bool:
        """Whether the win rate is as it was inside the groups and outside them, taken together."""
        sides, members = self.windows[change.window], _members(groups, len(self.scene.won))
        strata = [sides.only(members), sides.only(~members)]
        won, totals = (
            np.array([[count(side) for side in stratum.both] for stratum in strata])
            for count in (lambda side: (side & self.scene.won).sum(), lambda side: side.sum())
        )
        return common_odds_p(won, totals) > self.query.carried_p

    def _same_factor(self, change: Judged) -> bool:
        """Whether the tier's figures of now, divided by the factor of all, are as they were before."""
        sides, values = self.windows[change.window], values_of(change.figure.measure, self.scene)
        sides = sides.only(~np.isnan(values))
        now, before = (float(np.median(values[side])) for side in sides.both)
        inside = change.figure.level.inside if change.figure.level else np.ones(len(values), dtype=np.bool_)
        within = sides.only(inside)
        if now <= 0 or before <= 0:
            return False
        scaled: Floats = values[within.now] * (before / now)
        return rank_shift(scaled, values[within.before]).p > self.query.carried_p


def _members(groups: Sequence[Judged], rows: int) -> np.ndarray:
    """Records of any of these groups, bool."""
    found = np.zeros(rows, dtype=np.bool_)
    for each in groups:
        if each.figure.level:
            found |= each.figure.level.inside
    return found
