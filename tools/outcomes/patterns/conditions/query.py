"""What may be asked of a search for conditions?"""

from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

Quantile = Annotated[float, Field(gt=0, lt=1)]


class ConditionQuery(BaseModel):
    """Which conditions are looked at, and what it takes to tell one."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    q: float = Field(default=0.05, gt=0, le=0.5, description="False discovery rate, 0..1, of each list.")
    quantiles: tuple[Quantile, ...] = Field(
        default=(0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95),
        min_length=1,
        max_length=20,
        description="Shares of the rows, 0..1, near which numbers are cut.",
    )
    min_records: int = Field(default=20, ge=2, description="Records that a condition needs at least.")
    min_share: float = Field(
        default=0.01, ge=0, le=0.5, description="Share of the records, 0..1, that a condition needs at least."
    )
    max_length: int = Field(default=3, ge=1, le=3, description="Conditions told together at most.")
    max_shown: int = Field(default=20, ge=1, le=200, description="Findings in each list at most.")
    min_added: float = Field(
        default=1.2, ge=1, description="Factor by which a set must go beyond each of its parts."
    )
    max_overlap: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of its records, 0..1, that a finding may share with a stronger.",
    )
    max_conditions: int = Field(
        default=2_000, ge=2, le=10_000, description="Conditions looked at; memory grows with their square."
    )
    max_tested: int = Field(
        default=5_000, ge=100, le=200_000, description="Sets of each length tested exactly, the promising."
    )
    max_extended: int = Field(
        default=100, ge=0, le=5_000, description="Pairs that are tried with a third condition."
    )
    edge_rows: int = Field(
        default=100_000, ge=1_000, description="Rows by which the edges of a number are chosen at most."
    )

    def floor(self, rows: int) -> int:
        """Records that a condition needs among so many."""
        return max(self.min_records, int(np.ceil(self.min_share * rows)))
