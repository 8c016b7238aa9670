"""How does each segment fare, and what raises its win rate?"""

from collections.abc import Mapping, Sequence

import numpy as np

from store.errors import BadInput
from store.outcomes.outcome_table import OutcomeTable
from tools.mining.evidence.statistics import benjamini_hochberg, relative_interval
from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import (
    fisher_p,
    mean_estimate,
    median_estimate,
    money,
    percent,
    share_estimate,
    shift_p,
    units_of,
)
from tools.outcomes.patterns.compared import compared_median, latest_of_each_unit
from tools.outcomes.patterns.conditions.candidates import Candidates, Group
from tools.outcomes.patterns.conditions.condition import Condition, all_met, met_and_unmet, told
from tools.outcomes.patterns.conditions.search import Comparison, Side, risk_ratio, search
from tools.outcomes.patterns.findings import BestAngle, SegmentOutcome
from tools.outcomes.patterns.queries import SegmentOutcomeQuery

__all__ = ["SegmentOutcomeQuery", "segment_outcomes"]


def segment_outcomes(
    outcomes: OutcomeTable,
    labels: np.ndarray | Mapping[str, Sequence[Condition]],
    query: SegmentOutcomeQuery | None = None,
) -> list[SegmentOutcome]:
    """Win rate, contract value and cycle of each segment against the other records, and its best angle.

    labels: one text for each record, "" for none, or the conditions of each segment by its name (these may
    overlap). Segments come in the order of their names or as given. Raises BadInput when labels are not as
    many as records.
    """
    query = query or SegmentOutcomeQuery()
    segments = _segments(outcomes, labels)
    told_segments = [_outcome(name, rows, outcomes, len(segments), query) for name, rows in segments.items()]
    tested = [each for each in told_segments if each.p_value is not None]
    q_values = dict(
        zip(
            (each.segment for each in tested),
            benjamini_hochberg([each.p_value or 0.0 for each in tested]).tolist() if tested else [],
            strict=True,
        )
    )
    return [each.model_copy(update={"q_value": q_values.get(each.segment)}) for each in told_segments]


def _segments(
    outcomes: OutcomeTable, labels: np.ndarray | Mapping[str, Sequence[Condition]]
) -> dict[str, np.ndarray]:
    if isinstance(labels, Mapping):
        return {name: all_met(conditions, outcomes.features) for name, conditions in labels.items()}
    if len(labels) != outcomes.rows:
        raise BadInput(
            f"{len(labels):,} labels for {outcomes.rows:,} records",
            where="labels",
            instead="Give one label for each record, and an empty one for no segment.",
        )
    return {str(name): labels == name for name in np.unique(labels) if str(name)}


def _outcome(
    name: str, rows: np.ndarray, outcomes: OutcomeTable, segments: int, query: SegmentOutcomeQuery
) -> SegmentOutcome:
    won, decided = outcomes.are("won"), outcomes.are("won", "lost")
    here, rest = rows & decided, ~rows & decided
    k, n = int((here & won).sum()), int(here.sum())
    m, t = int((rest & won).sum()), int(rest.sum())
    rate, overall = share_estimate(k, n, units_of(outcomes, here)), share_estimate(k + m, n + t)
    comparable = bool(n and t and k + m)
    ratio = relative_interval(k, n, m, t) if comparable else None
    mean = mean_estimate(outcomes.amounts[here & won], query.draws, query.seed)
    everywhere = mean_estimate(outcomes.amounts[won], query.draws, query.seed)
    angle = _best_angle(outcomes.take(here), segments, query) if n >= query.min_segment else None
    return SegmentOutcome(
        segment=name,
        records=int(rows.sum()),
        won=k,
        lost=n - k,
        win_rate=rate,
        overall_win_rate=overall,
        win_rate_ratio=None
        if ratio is None
        else Estimate(value=float(ratio[0]), low=float(ratio[1]), high=float(ratio[2])),
        p_value=float(fisher_p([k], n, m, t)[0]) if comparable else None,
        q_value=None,
        contract_value_mean=mean,
        contract_value_median=median_estimate(outcomes.amounts[here & won]),
        overall_contract_value_mean=everywhere,
        contract_value_p=shift_p(outcomes.amounts[here & won], outcomes.amounts[rest & won]),
        cycle_days=compared_median(outcomes.cycle_days[here & won], outcomes.cycle_days[rest & won]),
        best_angle=angle,
        sentence=_sentence(name, (rate, overall), (mean, everywhere), outcomes.currency, angle),
    )


def _best_angle(segment: OutcomeTable, segments: int, query: SegmentOutcomeQuery) -> BestAngle | None:
    """Of the proven conditions that raise the win rate in these decided records, the one with the highest
    lower bound."""
    won, once = segment.are("won"), latest_of_each_unit(segment)
    candidates = Candidates.of(segment.features, query)
    comparison = Comparison(Group(candidates, once & won), Group(candidates, once & ~won))
    side = Side([comparison], risk_ratio)
    found = search(candidates, [side], query.min_rate_ratio, query, families=segments)
    angles = []
    for each in found.found:
        conditions = candidates.told(each.members)
        met, unmet = met_and_unmet(conditions, segment.features)
        rate = share_estimate(int((met & won).sum()), int(met.sum()), units_of(segment, met))
        other = share_estimate(int((unmet & won).sum()), int(unmet.sum()), units_of(segment, unmet))
        if rate and other:
            words = told(conditions)
            angles.append(
                BestAngle(
                    conditions=conditions,
                    words=words,
                    p_value=each.p_value,
                    q_value=each.q_value,
                    sentence=f"{words}: {percent(rate.value)} are won, of the others {percent(other.value)}.",
                    deals=int(met.sum()),
                    win_rate=rate,
                    other_win_rate=other,
                )
            )
    return max(angles, key=lambda each: each.win_rate.low, default=None)


def _sentence(
    name: str,
    rates: tuple[Estimate | None, Estimate | None],
    values: tuple[Estimate | None, Estimate | None],
    currency: str,
    angle: BestAngle | None,
) -> str:
    """`Retail: 34 % are won (18 % overall); a contract is worth 45,000 EUR (32,000 EUR overall).`"""
    parts = []
    if rates[0] and rates[1]:
        parts.append(f"{percent(rates[0].value)} are won ({percent(rates[1].value)} overall)")
    if values[0] and values[1]:
        mine, all_of_them = money(values[0].value, currency), money(values[1].value, currency)
        parts.append(f"a contract is worth {mine} ({all_of_them} overall)")
    if angle:
        parts.append(f"best angle: {angle.words} ({percent(angle.win_rate.value)})")
    return f"{name}: {'; '.join(parts) or 'nothing decided yet'}."
