"""What a reader should know before believing an analysis."""

from agent.analysis import MatchStatistics
from tools.audience.strategies import Strategy
from tools.mining.findings import LiftReport

SMALL = 200
NARROW, NARROW_SHARE = 1_000, 0.01  # people, and share of the population


def warnings_of(
    match: MatchStatistics, lift: LiftReport, ways: list[Strategy], left_out: int = 0
) -> list[str]:
    """Plain sentences, the weightiest first."""
    told = []
    if match.analysed < SMALL:
        told.append(
            f"Only {match.analysed:,} customers: intervals are wide, and no half could be held out, so the "
            "lifts of audiences are measured on the customers they were made from and are flattering."
        )
    if match.below_quality:
        told.append(f"{match.below_quality:,} persons were left out because their match is too unsure.")
    if match.outside:
        told.append(
            f"{match.outside:,} persons were left out because they are not among the people compared with."
        )
    if left_out:
        told.append(
            f"The {left_out:,} rarest attributes were left out, since all of them would take more than "
            "`max_memory_mb`."
        )
    if lift.bounded:
        told.append("The search for sets was ended by its limits: there may be more sets than are shown.")
    told += [
        f"The {way.strategy} audience is small: {way.new_people:,} people who are not customers yet."
        for way in ways
        if way.new_people < NARROW and way.share_of_population < NARROW_SHARE
    ]
    return told
