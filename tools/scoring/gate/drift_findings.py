"""What is told of drift?"""

from typing import Literal

from pydantic import BaseModel, Field

from tools.mining.findings import Estimate

DataKind = Literal["vanished", "appeared", "kind", "unknown_share", "new_levels", "unit"]


class DataChange(BaseModel):
    """A column that is recorded otherwise than before: a matter of the data, not of the market."""

    column: str
    kind: DataKind
    words: str
    before: float | None = Field(default=None, description="Share of rows; of a unit: the median.")
    after: float | None = Field(default=None, description="As before.")
    factor: Estimate | None = Field(default=None, description="Of a unit: new / old over the quantiles.")
    p_value: float | None = None
    q_value: float | None = Field(default=None, description="Benjamini-Hochberg over the whole report.")


class DistributionChange(BaseModel):
    """A column whose values are spread otherwise than before."""

    column: str
    label: str
    psi: float = Field(description="Population stability index, less what chance alone would give.")
    p_value: float
    q_value: float
    moved: bool = Field(description="Beyond chance, and by more than a trifle.")
    words: str


class EffectChange(BaseModel):
    """A column with which outcomes now go otherwise, rows alike in everything else."""

    column: str
    label: str
    p_value: float
    q_value: float
    moved: bool
    words: str


class RateChange(BaseModel):
    """The rate against what the same kinds of rows had before."""

    before: Estimate = Field(description="Wilson interval.")
    after: Estimate
    expected_after: float = Field(description="Rate that the later rows would have had before.")
    beyond_expected: Estimate = Field(description="Later rate - expected.")
    p_value: float
    q_value: float
    moved: bool


class CustomersChange(BaseModel):
    """Who converts: by the mix of rows, and beyond it."""

    rate: RateChange
    winners: list[DistributionChange] = Field(description="Columns among those that happened.")
    effects: list[EffectChange]


class DriftReport(BaseModel):
    """What changed between two tables: the data, the population, the customers."""

    before_rows: int
    after_rows: int
    tests: int = Field(description="Made in all; the false discovery rate is over all of them.")
    data: list[DataChange]
    population: list[DistributionChange] = Field(description="Every column compared, moved ones first.")
    customers: CustomersChange | None = None
    data_changed: bool
    population_changed: bool
    customers_changed: bool = Field(description="Beyond what the population's change brings about.")
    words: list[str]
