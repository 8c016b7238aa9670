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


class Contrast(BaseModel):
    """The same trait or set among those who were lost or left."""

    lost: int = Field(description="Lost customers who have it.")
    lost_share: Estimate = Field(description="Share of the lost with it; Wilson interval.")
    difference: Estimate = Field(description="frequency - lost_share; Newcombe interval.")
    ratio: Estimate = Field(description="frequency / lost_share; log interval of Katz.")
    p_value: float = Field(description="Fisher's exact test, one-sided in the direction of the difference.")
    q_value: float = Field(description="Benjamini-Hochberg over everything that might have been shown.")


class Confirmation(BaseModel):
    """Looked for in one half of the customers, and measured on the other, which had no part in finding it."""

    found: bool = Field(description="Whether the first half alone gives the finding.")
    lift_found: Estimate = Field(description="Lift over the population in the first half.")
    lift_confirmed: Estimate = Field(description="Lift over the population in the other half.")
    confirmed: bool = Field(
        description="Whether the other half lies on the same side of 1, by a test at 0.05."
    )


class Finding(BaseModel):
    """What every trait and set is told with besides its lift: the effect, and whether it would last."""

    difference: Estimate | None = Field(default=None, description="frequency - baseline_share.")
    again: float | None = Field(
        default=None,
        description="Share of bootstrap samples of the customers, 0..1, in which it would be found again; of "
        "a trait exact, of a set by drawing.",
    )
    confirmation: Confirmation | None = None
    lost: Contrast | None = Field(default=None, description="Against those lost; only where they are known.")


class TraitLift(Finding):
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


class SetLift(Finding):
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
    q_value: float = Field(
        description="Focused Benjamini-Hochberg over every set that could have been told, of all lengths."
    )
    rate: Estimate | None = None
    beyond_others: bool = Field(
        default=True,
        description="Its traits meet more often than among other people; else each is just more frequent.",
    )
    companions: list[Trait] = Field(
        default_factory=list,
        description="What at least half of these customers have besides, twice as often as people do, and "
        "more often than other people with the set do.",
    )


class FieldMark(Finding):
    """One of the few traits and sets that together describe most of the customers."""

    traits: list[Trait]
    customers: int = Field(description="Customers who have all of them.")
    frequency: Estimate = Field(description="Share of the customers; Wilson interval.")
    population: int = Field(description="People in the population who have all of them; counted.")
    baseline_share: float
    lift: Estimate = Field(description="frequency / baseline_share.")
    q_value: float
    adds: int = Field(description="Customers whom no mark before it describes.")
    covered: Estimate = Field(description="Share of the customers described up to here; Wilson interval.")


class RangeLift(Finding):
    """A run of neighbouring values of a number or a rank: `aged 60 and over`."""

    attribute: str
    label: str
    in_words: str = Field(description="`55 and over`, `under 30`, `30-49`.")
    traits: list[Trait] = Field(description="The neighbouring values, rising; any of them.")
    customers: int
    frequency: Estimate
    population: int
    baseline_share: float
    lift: Estimate
    p_value: float = Field(description="Times the number of runs that were possible (Bonferroni).")
    q_value: float = Field(description="Benjamini-Hochberg over the attributes tested.")


class MarksTogether(BaseModel):
    """Whom any of the field marks describes."""

    customers: int
    frequency: Estimate = Field(description="Share of the customers; Wilson interval.")
    population: int = Field(description="People; counted, by inclusion and exclusion.")
    baseline_share: float
    lift: Estimate = Field(description="frequency / baseline_share.")


class UnevenAttribute(BaseModel):
    """An attribute that is recorded of clearly more, or fewer, customers than people."""

    attribute: str
    label: str
    customers_share: float = Field(description="Share of the customers with any value of it.")
    people_share: float = Field(description="Share of the population with any value of it.")


class Holdout(BaseModel):
    """What was found in one half of the customers alone, and how much of it the other half confirms."""

    found_in: int = Field(description="Customers of the first half.")
    measured_on: int = Field(description="Customers of the other.")
    found: int = Field(description="Traits and sets that the first half gives.")
    confirmed: int = Field(description="Those of them that the other half confirms.")
    kept_lift: float | None = Field(
        default=None,
        description="Median of log lift in the other half / log lift in the first; 1: no shrinkage.",
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
    field_marks: list[FieldMark] = Field(
        default_factory=list, description="The few traits and sets that together describe most customers."
    )
    marks_together: MarksTogether | None = None
    ranges: list[RangeLift] = Field(
        default_factory=list, description="Runs of neighbouring values of numbers and ranks."
    )
    holdout: Holdout | None = None
    lost: int | None = Field(default=None, description="Lost customers compared with, where they are known.")
    marks_of_the_lost: list[TraitLift] = Field(
        default_factory=list,
        description="What is more frequent among the lost than among the customers: in these `customers` and "
        "`frequency` are of the lost, `population` and `baseline_share` of the customers.",
    )
    uneven: list[UnevenAttribute] = Field(
        default_factory=list,
        description="Attributes that are not as often recorded of customers as of people: their traits are "
        "told only where they hold among those of whom it is recorded too.",
    )
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
    stability: float | None = Field(
        default=None,
        description="Mean overlap (Jaccard) with the likest segment of bootstrap samples, 0..1.",
    )
    typical: int | None = Field(default=None, description="Members who belong to it beyond doubt.")
    exceptional: int | None = Field(default=None, description="Members who nearly belong elsewhere.")


class SegmentReport(BaseModel):
    """The segments, and why there are so many of them."""

    segments: list[SegmentFinding]
    chosen_by: str
    candidates: list[dict[str, float]] = Field(
        description="k, bic, silhouette, inertia (for an elbow) of each number tried; of the chosen one also "
        "agreement: the adjusted Rand index of divisions made from two halves."
    )
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
