"""What a model may be told: aggregates over at least 50 people, of these fields and no others."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

FEWEST_PEOPLE = 50  # behind every figure that is sent

Words = Annotated[str, Field(min_length=1, max_length=120)]
Share = Annotated[float, Field(ge=0, le=1)]
Times = Annotated[float, Field(ge=0)]
People = Annotated[int, Field(ge=FEWEST_PEOPLE)]


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TraitFact(_Fact):
    """A trait, how frequent it is among the people told of, and how much more or less than elsewhere."""

    phrase: Words = Field(description="Completes `people who …`.")
    label: Words
    value: Words
    share: Share = Field(description="Of the people told of.")
    baseline: Share = Field(description="Of the population compared with.")
    times: Times = Field(description="share / baseline.")
    low: Times = Field(description="The 95 % interval of `times`.")
    high: Times


class FigureFact(_Fact):
    """A number of the population, in the middle of the people told of, of all customers, of everybody."""

    label: Words
    unit: Annotated[str, Field(max_length=20)]
    median: float
    customers_median: float
    population_median: float


class SegmentFacts(_Fact):
    """One segment of the customers."""

    told: ClassVar[tuple[str, ...]] = ("name", "description", "action", "expected_impact")

    kind: Literal["segment"] = "segment"
    size: People
    share: Share = Field(description="Of the customers.")
    customers: People
    traits: Annotated[tuple[TraitFact, ...], Field(min_length=1, max_length=6)]
    figures: Annotated[tuple[FigureFact, ...], Field(max_length=4)] = ()
    taken: Annotated[tuple[Words, ...], Field(max_length=20)] = Field(
        default=(), description="Names of other segments, which this one cannot have."
    )


class AntiPatternFacts(_Fact):
    """Who the customers are not: people with all these traits are rarer among them."""

    told: ClassVar[tuple[str, ...]] = ("explanation",)

    kind: Literal["anti_pattern"] = "anti_pattern"
    customers: People
    phrases: Annotated[tuple[Words, ...], Field(min_length=1, max_length=4)]
    share: Share = Field(description="Of the customers.")
    baseline: Share = Field(description="Of the population compared with.")
    times: Times
    low: Times
    high: Times
    rate: Share | None = Field(
        default=None, description="Of the people with these traits, how many are customers."
    )
    base_rate: Share | None = Field(default=None, description="Of everybody, how many are customers.")


Facts = Annotated[SegmentFacts | AntiPatternFacts, Field(discriminator="kind")]
