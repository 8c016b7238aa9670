"""Does the half of the customers that had no part in finding it confirm a finding?"""

from collections.abc import Mapping

import numpy as np

from tools.mining.evidence.shown import DISCOVERIES, Holders, Shown, changed, key_of, least_share
from tools.mining.evidence.statistics import log_p_depleted, log_p_enriched, ratio_interval
from tools.mining.findings import Confirmation, Estimate, Holdout, LiftReport, Trait
from tools.mining.rows.membership import Membership

# One-sided, of each finding alone: of what is not there, one in twenty is confirmed.
CONFIRMED_AT = 0.05


def confirmed(
    report: LiftReport,
    half: LiftReport,
    first: Membership,
    second: Membership,
    traits: Mapping[int, Trait],
) -> LiftReport:
    """The report with what one half of its customers finds alone, and how much of it the other confirms.

    half: the report of `first`, under the same query; first, second: halves drawn at random, that share
    nobody, of the same codes. A finding is the same where its traits are. Sizes in the population are
    counted, so the test of a half is hypergeometric and the interval of a lift that of its share (Wilson).
    The summary is over the half's own findings: only these owe nothing to the other half.
    Raises ValueError when the halves do not fit.
    """
    _require_halves(half, first, second)
    halves = _Halves(Holders(first, traits), Holders(second, traits))
    alone = {(_falls(name), key_of(each)) for name in DISCOVERIES for each in getattr(half, name)}

    def confirmation(name: str, finding: Shown) -> dict[str, Confirmation]:
        found = (_falls(name), key_of(finding)) in alone
        return {"confirmation": halves.confirmation(finding, report.population, _falls(name), found)}

    told = changed(report, (*DISCOVERIES, "field_marks", "ranges"), confirmation)
    return told.model_copy(update={"holdout": halves.summary(half)})


class _Halves:
    def __init__(self, first: Holders, second: Holders) -> None:
        self.first, self.second = first, second

    def confirmation(self, finding: Shown, people: int, falls: bool, found: bool) -> Confirmation:
        return Confirmation(
            found=found,
            lift_found=_lift(self.first, finding, people),
            lift_confirmed=_lift(self.second, finding, people),
            confirmed=_is_confirmed(self.second, finding, people, falls),
        )

    def summary(self, half: LiftReport) -> Holdout:
        shown = [(name, each) for name in DISCOVERIES for each in getattr(half, name)]
        kept = [self._kept(each, half.population) for _, each in shown]
        kept = [each for each in kept if each is not None]
        return Holdout(
            found_in=self.first.customers.total,
            measured_on=self.second.customers.total,
            found=len(shown),
            confirmed=sum(
                _is_confirmed(self.second, each, half.population, _falls(name)) for name, each in shown
            ),
            kept_lift=float(np.median(kept)) if kept else None,
        )

    def _kept(self, finding: Shown, people: int) -> float | None:
        """log lift in the second half / log lift in the first; none has a lift of 1 to keep."""
        usual = least_share(finding.population, people)
        found, kept = (np.log(_least_lift(half, finding, usual)) for half in (self.first, self.second))
        return float(kept / found) if found else None


def _require_halves(half: LiftReport, first: Membership, second: Membership) -> None:
    if not np.array_equal(first.codes, second.codes):
        raise ValueError("both halves have to be known by the same codes")
    if half.customers != first.total:
        raise ValueError(f"the half's report is of {half.customers} customers, the half has {first.total}")
    if not first.total or not second.total:
        raise ValueError("a half without customers confirms nothing")


def _falls(name: str) -> bool:
    """Whether a list tells what the customers have less often."""
    return name == "rare_attributes"


def _is_confirmed(half: Holders, finding: Shown, people: int, falls: bool) -> bool:
    """Whether the lift lies on the finding's side of 1, by a one-sided test."""
    having, total = half.count(finding), half.customers.total
    # Somebody may be erased between the counts; nobody is a customer and not a person.
    marked = max(finding.population, having)
    everybody = max(people, total + marked - having)
    tail = log_p_depleted if falls else log_p_enriched
    return bool(tail(having, total, marked, everybody) <= np.log(CONFIRMED_AT))


def _lift(half: Holders, finding: Shown, people: int) -> Estimate:
    having, total = half.count(finding), half.customers.total
    usual = least_share(finding.population, people)
    low, high = ratio_interval(having, total, usual)
    return Estimate(value=having / total / usual, low=float(low), high=float(high))


def _least_lift(half: Holders, finding: Shown, usual: float) -> float:
    """The lift, half a customer at least: nobody has a logarithm too."""
    return max(half.count(finding), 0.5) / half.customers.total / usual
