"""How often are deals won where a criterion holds, and how much of the won does a score find?"""

from typing import NamedTuple

from pydantic import BaseModel, Field

from tools.mining.evidence.statistics import difference_interval
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import share_estimate
from tools.outcomes.measures.findings import Cell
from tools.scoring.fit.profile import GOOD_EVIDENCE, FitBin, FitCriterion, FitProfile


class Rate(NamedTuple):
    """Won among decided deals; no rate where nothing was decided."""

    won: int
    decided: int
    rate: Estimate | None


class CriterionRate(BaseModel):
    """The win rate of deals that have what a criterion looks for, and of those known to have it not."""

    criterion: FitCriterion
    good: Rate
    other: Rate
    unknown: Rate

    @property
    def gap(self) -> Estimate | None:
        """By how much the rate is higher where it holds; Newcombe interval. None where either is unknown."""
        if self.good.rate is None or self.other.rate is None:
            return None
        low, high = difference_interval(self.good.won, self.good.decided, self.other.won, self.other.decided)
        value = self.good.rate.value - self.other.rate.value
        return Estimate(value=value, low=float(low), high=float(high))


class GainPoint(BaseModel):
    """What would have been found had only these tiers been pursued."""

    tiers: str = Field(description="`A`, `A and B`, `A to C`.")
    decided: int
    won: int
    picked_share: float = Field(description="Of the decided deals, 0..1.")
    found_share: Estimate = Field(description="Of the won deals; Wilson interval.")
    win_rate: Estimate
    lift: Estimate = Field(description="found_share / picked_share, whose interval is that of found_share.")


def base_rate(profile: FitProfile) -> Rate:
    """Won among all deals that the profile was learned from, with its Wilson interval."""
    return _rate(profile.ideal_rows, profile.ideal_rows + profile.others_rows)


def criterion_rates(profile: FitProfile) -> list[CriterionRate]:
    """The rates of each criterion that was learned, the weightiest first; what was written has none."""
    return [_of_criterion(each) for each in profile.criteria if not each.is_written]


def bin_rate(found: FitBin) -> Rate:
    """The rate of one range or group of values."""
    return _rate(round(found.ideal), round(found.ideal + found.others))


def _of_criterion(criterion: FitCriterion) -> CriterionRate:
    known = criterion.bins[1:]
    good = [each for each in known if each.evidence >= GOOD_EVIDENCE]
    return CriterionRate(
        criterion=criterion,
        good=_together(good),
        other=_together([each for each in known if each not in good]),
        unknown=bin_rate(criterion.bins[0]),
    )


def _together(bins: list[FitBin]) -> Rate:
    return _rate(
        round(sum(each.ideal for each in bins)), round(sum(each.ideal + each.others for each in bins))
    )


def _rate(won: int, decided: int) -> Rate:
    return Rate(won, decided, share_estimate(won, decided))


def gain(by_tier: list[Cell]) -> list[GainPoint]:
    """From the best tier to all of them: deals picked, and the share of the won that they hold.

    by_tier: one cell a tier. Nothing where none was won or fewer than two tiers have decided deals.
    """
    cells = sorted((cell for cell in by_tier if cell.tier), key=lambda cell: str(cell.tier))
    decided, won = sum(cell.won + cell.lost for cell in cells), sum(cell.won for cell in cells)
    if not won or sum(cell.won + cell.lost > 0 for cell in cells) < 2:
        return []
    points: list[GainPoint] = []
    for count in range(1, len(cells) + 1):
        picked = cells[:count]
        point = _point([str(cell.tier) for cell in picked], picked, decided, won)
        if point and (not points or point.decided > points[-1].decided):
            points.append(point)
    return points


def _point(tiers: list[str], picked: list[Cell], decided: int, won: int) -> GainPoint | None:
    taken, hits = sum(cell.won + cell.lost for cell in picked), sum(cell.won for cell in picked)
    found, rate = share_estimate(hits, won), share_estimate(hits, taken)
    if found is None or rate is None:
        return None
    share = taken / decided
    lift = Estimate(value=found.value / share, low=found.low / share, high=found.high / share)
    return GainPoint(
        tiers=" and ".join(tiers) if len(tiers) < 3 else f"{tiers[0]} to {tiers[-1]}",
        decided=taken,
        won=hits,
        picked_share=share,
        found_share=found,
        win_rate=rate,
        lift=lift,
    )
