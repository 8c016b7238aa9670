"""How does each tier do, now and before?"""

from typing import TYPE_CHECKING

from agent.briefing_result import TierTold

if TYPE_CHECKING:
    from agent.outcome_analysis import OutcomeAnalysis
    from tools.outcomes.changes.findings import OutcomeChanges
    from tools.standing.findings import TiersRescored


def tiers_told(
    found: "OutcomeChanges | None", learned: "OutcomeAnalysis | None", rescored: "TiersRescored | None"
) -> list[TierTold]:
    """Each tier in the longest window that was tested, and how many of the population are in it.

    Where none was tested: as it was measured on the newest deals when the profile was learned.
    """
    if found is None or not found.tiers:
        return _measured(learned, rescored)
    longest = max(each.window_days for each in found.tiers)
    told = []
    for each in found.tiers:
        if each.window_days != longest:
            continue
        then = rescored.tiers_before if rescored else None
        told.append(
            TierTold(
                tier=each.tier,
                won=each.won,
                lost=each.lost,
                days=longest,
                win_rate=each.win_rate.now,
                win_rate_before=each.win_rate.before,
                contract_value=each.contract_value.now,
                contract_value_before=each.contract_value.before,
                cycle_days=each.cycle_days.now,
                cycle_days_before=each.cycle_days.before,
                accounts=rescored.tiers.get(each.tier) if rescored else None,
                accounts_before=then.get(each.tier) if then else None,
                moved=list(each.moved),
            )
        )
    return sorted(told, key=lambda tier: tier.tier)


def _measured(learned: "OutcomeAnalysis | None", rescored: "TiersRescored | None") -> list[TierTold]:
    cells = learned.measures.by_tier if learned and learned.measures else []
    return [
        TierTold(
            tier=cell.tier,
            won=cell.won,
            lost=cell.lost,
            win_rate=cell.win_rate,
            contract_value=cell.contract_value,
            cycle_days=cell.cycle_days,
            accounts=rescored.tiers.get(cell.tier) if rescored else None,
        )
        for cell in cells
        if cell.tier
    ]
