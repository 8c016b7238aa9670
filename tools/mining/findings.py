"""What mining finds: traits, sets of traits, segments and criteria, each with its evidence."""

from typing import Literal

from pydantic import BaseModel, Field


class Estimate(BaseModel):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class Trait(BaseModel):
    """A cluster as a reader meets it: one attribute with one value."""

    cluster_id: str
    cluster_hash: str
    name: str
    value: str
    domain: str
    label: str = Field(description="The attribute in words: `Household income`.")
    phrase: str = Field(description="A person who has it, in words: `owns their home`.")


class TraitLift(BaseModel):
    """One trait: how frequent among the customers, how frequent in the population."""

    trait: Trait
    customers: int = Field(description="Customers who have it.")
    frequency: Estimate = Field(description="Share of customers with it; Wilson interval.")
    population: int = Field(description="People in the population who have it.")
    baseline_share: float = Field(description="Share of the population with it.")
    lift: Estimate = Field(description="frequency / baseline_share.")
    p_value: float = Field(description="Hypergeometric, one-sided in the direction of the lift.")
    q_value: float = Field(description="Benjamini-Hochberg over every trait tested.")
    rate: Estimate | None = Field(
        default=None, description="Share of the people with it who are customers; only with outcomes."
    )


class SetLift(BaseModel):
    """Two or more traits held by the same people."""

    traits: list[Trait]
    customers: int = Field(description="Customers who have all of them.")
    frequency: Estimate = Field(description="Share of customers with all of them (the intersection rate).")
    lift: Estimate = Field(description="frequency / product of the members' frequencies among customers.")
    population: int = Field(
        description="People in the population who have all of them; counted, not modelled."
    )
    baseline_share: float
    lift_over_population: Estimate = Field(description="frequency / baseline_share.")
    p_value: float = Field(description="The larger of the two tests: independence, and the population.")
    q_value: float = Field(description="Benjamini-Hochberg over every set tested at this length.")
    rate: Estimate | None = None
    beyond_others: bool = Field(
        default=True,
        description="Its traits meet more often than among other people; else each is just more frequent.",
    )
    companions: list[Trait] = Field(
        default_factory=list,
        description="What at least half of these customers have besides, twice as often as people do.",
    )


class LiftReport(BaseModel):
    """What sets the customers apart, strongest first in each list."""

    customers: int
    population: int
    top_attributes: list[TraitLift] = Field(description="Enriched traits that are significant.")
    rare_attributes: list[TraitLift] = Field(description="Traits the customers have less often; significant.")
    unremarkable: list[TraitLift] = Field(
        description="Frequent among customers, and as frequent in the population: what does not matter."
    )
    top_intersections: list[SetLift] = Field(description="Pairs.")
    multi_attribute_clusters: list[SetLift] = Field(description="Sets of three or more.")
    tested: dict[str, int] = Field(description="How many traits, pairs and larger sets were tested.")
    bounded: bool = Field(default=False, description="True when a limit ended the search before its end.")


class SegmentFinding(BaseModel):
    """A group of customers who resemble each other, told by what they have more often than people do."""

    segment_id: int
    size: int
    percentage: float = Field(description="Of the customers, 0..100.")
    traits: list[TraitLift] = Field(description="What marks it against the population, strongest first.")
    traits_against_others: list[TraitLift] = Field(
        default_factory=list, description="What marks it against the other customers."
    )


class SegmentReport(BaseModel):
    """The segments, and why there are so many of them."""

    segments: list[SegmentFinding]
    chosen_by: str
    candidates: list[dict[str, float]] = Field(description="k, bic, silhouette for each number tried.")
    background: SegmentFinding | None = Field(
        default=None, description="Customers that no segment describes better than the population does."
    )


class Criterion(BaseModel):
    """One line of the profile: what to look for, and how much it counts."""

    tier: Literal[1, 2, 3] = Field(description="1 must have, 2 strong signal, 3 bonus.")
    weight: float = Field(description="Share of the discriminating information; all weights sum to 1.")
    attribute: str
    values: list[str]
    label: str
    lift: Estimate
    frequency: Estimate
    cluster_hashes: list[str]
    same_as: list[str] = Field(
        default_factory=list,
        description="Labels of attributes that imply this one, or follow from it; of no weight of their own.",
    )


class AntiPattern(BaseModel):
    """Who they are not: a trait or set that lowers the rate, with the evidence."""

    traits: list[Trait]
    customers: int
    population: int
    frequency: Estimate
    baseline_share: float
    lift: Estimate
    q_value: float
    rate: Estimate | None = None
