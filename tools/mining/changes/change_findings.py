"""What changed from one analysis to another: traits, segments and figures, each with its evidence."""

from typing import Literal

from pydantic import BaseModel, Field

from tools.mining.findings import Estimate, Trait


class Change(BaseModel):
    """A share before and after."""

    before: Estimate = Field(description="Wilson interval.")
    after: Estimate = Field(description="Wilson interval.")
    difference: Estimate = Field(description="after - before; Newcombe interval.")
    p_value: float = Field(description="Two-proportion test, two-sided.")
    q_value: float = Field(default=1.0, description="Benjamini-Hochberg over everything compared.")


class TraitChange(Change):
    """The share of the customers with a trait, beside the share of the population."""

    trait: Trait
    moved: Literal["customers", "together", "both", "population"] = Field(
        description="Whose share moved: the customers', both alike, both and not alike, or the "
        "population's beneath customers who held."
    )
    baseline_before: float
    baseline_after: float
    lift_before: float
    lift_after: float
    lift_p_value: float = Field(description="Test of the same lift before and after, two-sided.")
    lift_q_value: float = 1.0


class FigureChange(Change):
    """A headline figure that is a share."""

    figure: Literal["match_rate", "base_rate"]


class SegmentChange(BaseModel):
    """What became of a segment."""

    change: Literal["kept", "grown", "shrunk", "born", "gone"]
    name_before: str | None = None
    name_after: str | None = None
    id_before: int | None = None
    id_after: int | None = None
    size_before: int = 0
    size_after: int = 0
    overlap: float | None = Field(
        default=None,
        description="Jaccard: of those who are customers in both, or of the traits that mark it.",
    )
    share: Change | None = Field(default=None, description="Of the customers, where it is in both.")
    newcomers: int | None = Field(
        default=None,
        description="Born: how many of it became customers since; gone: how many of it are none any more.",
    )
    p_value: float | None = Field(
        default=None,
        description="Of the share; of a born or gone one, that newcomers are as frequent outside.",
    )
    q_value: float | None = None


class ChangesFound(BaseModel):
    """What changed beyond chance, strongest first; and every segment."""

    traits: list[TraitChange] = Field(description="Those that moved, one of each attribute.")
    segments: list[SegmentChange]
    figures: list[FigureChange]
    compared: dict[str, int] = Field(description="How many traits, segments and figures were compared.")
    tests: int = Field(description="How many tests the q-values are over.")
    matched_by: Literal["members", "traits"] = Field(description="How segments were matched.")
