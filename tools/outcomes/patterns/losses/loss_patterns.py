"""Why are deals lost, who loses so, and what would help?"""

from dataclasses import dataclass

import numpy as np

from store.errors import TooFewCustomers
from store.outcomes.outcome_table import OutcomeTable
from tools.mining.evidence.statistics import relative_interval
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import median_estimate, percent, share_estimate
from tools.outcomes.patterns.compared import compared_median, compared_share, latest_of_each_unit
from tools.outcomes.patterns.conditions.candidates import Candidates, Group, Remainder
from tools.outcomes.patterns.conditions.condition import holding, told
from tools.outcomes.patterns.conditions.search import Comparison, Found, Side, search, share_ratio
from tools.outcomes.patterns.findings import LossCondition, LossPattern, LossReport, ReasonTrend
from tools.outcomes.patterns.losses.advice import advice, pattern_words, recommended, typical_words
from tools.outcomes.patterns.losses.reason_trends import reason_trends
from tools.outcomes.patterns.losses.returning import can_tell_returning, won_later
from tools.outcomes.patterns.queries import LossQuery

__all__ = ["LossQuery", "loss_patterns"]


def loss_patterns(outcomes: OutcomeTable, query: LossQuery | None = None) -> LossReport:
    """Each reason of enough losses, commonest first: who, the typical course, the trend, and what to do.

    A condition of a reason is more frequent among its losses than among the losses of other reasons, and
    (where any are recorded) than among the won; q-values are over all reasons together. Losses without a
    reason take no part. Raises TooFewCustomers when no reason has query.min_losses.
    """
    query = query or LossQuery()
    decided = outcomes.take(outcomes.are("won", "lost"))
    lost = decided.are("lost")
    told_why = lost & decided.reasons.known()
    reasons = _reasons(decided, lost, query)
    if not reasons:
        raise TooFewCustomers(
            f"No reason has {query.min_losses:,} losses",
            where=f"{int(lost.sum()):,} lost, {int(told_why.sum()):,} with a reason",
            instead="Record why deals are lost, or give a smaller min_losses.",
        )
    ground = _Ground.of(decided, told_why, query)
    trends = reason_trends(decided.decided_at, told_why, reasons)
    tested: dict[str, int] = {}
    patterns = []
    for reason, rows in reasons.items():
        found, looked_at = ground.conditions(rows, len(reasons))
        tested = {name: tested.get(name, 0) + many for name, many in looked_at.items()}
        patterns.append(ground.pattern(reason, rows, found, trends.get(reason)))
    notes = ground.candidates.notes()
    notes += [] if decided.are("won").any() else ["No won records: compared with other losses alone."]
    return LossReport(
        lost=int(lost.sum()), with_reason=int(told_why.sum()), patterns=patterns, tested=tested, notes=notes
    )


def _reasons(decided: OutcomeTable, lost: np.ndarray, query: LossQuery) -> dict[str, np.ndarray]:
    """The lost records of each reason that has enough, the commonest first, bool."""
    # A first pass by counts alone: an export may hold thousands of reasons that somebody typed.
    counts = np.bincount(decided.reasons.values, minlength=len(decided.reasons.levels))
    likely = [code for code in np.argsort(-counts, kind="stable") if counts[code] >= query.min_losses]
    rows = {decided.reasons.levels[code]: holding(decided.reasons, int(code)) & lost for code in likely}
    enough = {reason: held for reason, held in rows.items() if held.sum() >= query.min_losses}
    ordered = sorted(enough.items(), key=lambda each: -int(each[1].sum()))
    return dict(ordered[: query.max_reasons])


@dataclass(frozen=True)
class _Ground:
    """Decided records by condition; `lost`: those of each unit once that are lost and told why."""

    decided: OutcomeTable
    told_why: np.ndarray
    once: np.ndarray
    candidates: Candidates
    lost: Group
    won: Group
    later: np.ndarray | None
    query: LossQuery

    @classmethod
    def of(cls, decided: OutcomeTable, told_why: np.ndarray, query: LossQuery) -> "_Ground":
        once = latest_of_each_unit(decided)
        candidates = Candidates.of(decided.features, query)
        lost, won = (
            Group(candidates, once & told_why),
            Group(candidates, once & decided.are("won")),
        )
        later = won_later(decided) if can_tell_returning(decided) else None
        return cls(decided, told_why, once, candidates, lost, won, later, query)

    def conditions(self, rows: np.ndarray, reasons: int) -> tuple[list[LossCondition], dict[str, int]]:
        here = Group(self.candidates, rows & self.once)
        comparisons = [Comparison(here, Remainder(self.lost, here))]
        if self.won.total:
            comparisons.append(Comparison(here, self.won))
        query = self.query
        found = search(
            self.candidates,
            [Side(comparisons, share_ratio)],
            query.min_ratio,
            query,
            min_marked=query.min_matching,
            families=reasons,
        )
        return [self._condition(each) for each in found.found], found.tested

    def _condition(self, found: Found) -> LossCondition:
        conditions = self.candidates.told(found.members)
        members, known = found.members[None], self.candidates.known[found.members][None]
        won = share_estimate(int(self.won.counts(members)[0]), int(self.won.counts(known)[0]))
        share = share_estimate(found.marked, found.marked_known) or Estimate(value=0, low=0, high=1)
        other = share_estimate(found.others, found.others_known) or Estimate(value=0, low=0, high=1)
        ratio = relative_interval(found.marked, found.marked_known, found.others, found.others_known)
        value, low, high = (float(each) for each in ratio)
        words = told(conditions)
        return LossCondition(
            conditions=conditions,
            words=words,
            p_value=found.p_value,
            q_value=found.q_value,
            sentence=f"{words}: {percent(share.value)} of these losses, {percent(other.value)} of others.",
            losses=found.marked,
            share=share,
            other_loss_share=other,
            won_share=won,
            ratio=Estimate(value=value, low=low, high=high),
        )

    def pattern(
        self, reason: str, rows: np.ndarray, conditions: list[LossCondition], trend: ReasonTrend | None
    ) -> LossPattern:
        decided, others = self.decided, self.told_why & ~rows
        cycle = compared_median(decided.cycle_days[rows], decided.cycle_days[others])
        dark = compared_share(decided.went_dark[rows], decided.went_dark[others])
        back, at = self._came_back(rows)
        choice = recommended(conditions, cycle, dark, back, self.query)
        return LossPattern(
            reason=reason,
            losses=int(rows.sum()),
            share=share_estimate(int(rows.sum()), int(self.told_why.sum()))
            or Estimate(value=0, low=0, high=1),
            conditions=conditions,
            cycle_days=cycle,
            go_dark_share=dark,
            came_back=back,
            came_back_at=at,
            trend=trend,
            pattern=pattern_words(reason, conditions),
            typical_outcome=typical_words(cycle, dark, back, at),
            recommendation=choice,
            advice=advice(choice, reason, conditions, back),
        )

    def _came_back(self, rows: np.ndarray) -> tuple[Estimate | None, Estimate | None]:
        """Share of the units lost so that were won later, and at what share of the amount first lost."""
        if self.later is None:
            return None, None
        lost = np.flatnonzero(rows)
        lost = lost[np.argsort(self.decided.decided_at[lost], kind="stable")]
        lost = lost[np.unique(self.decided.unit_ids[lost], return_index=True)[1]]
        won = self.later[lost]
        returned = won >= 0
        first, later = self.decided.amounts[lost[returned]], self.decided.amounts[won[returned]]
        usable = first > 0  # also no NaN
        return share_estimate(int(returned.sum()), len(lost)), median_estimate(later[usable] / first[usable])
