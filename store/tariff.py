"""What does a scored row cost, and how much may an organisation use in a month?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tariff:
    """Credits of a house. A limit of 0 is none."""

    credits_per_row: float = 0.5
    credits_per_month: float = 0.0  # of each organisation, in calendar months of UTC
