"""What may be asked of mining, with the unit, the bounds and the default of each figure?"""

from pydantic import BaseModel, ConfigDict, Field


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    min_customers: int = Field(default=50, ge=2, description="Customers below which nothing is said.")
    q: float = Field(default=0.05, gt=0, le=0.5, description="False discovery rate, 0..1, of each list.")
    outcome_rates: bool = Field(
        default=False,
        description="Give rates, customers / people of each trait: for a population of customers and others.",
    )


class LiftQuery(_Query):
    """How traits and sets of traits are searched for and judged."""

    min_support: float = Field(
        default=0.02, gt=0, le=1, description="Share of the customers, 0..1, that a trait or set needs."
    )
    min_persons: int = Field(default=20, ge=1, description="Customers that a trait or set needs at least.")
    min_lift: float = Field(
        default=1.15,
        ge=1,
        description="Ratio that a trait or pair needs, against the population and by chance.",
    )
    min_enrichment: float = Field(
        default=1.5, ge=1, description="Ratio to the population that a set of three or more traits needs."
    )
    min_added: float = Field(
        default=1.25,
        ge=1,
        description="Factor that every trait of three or more must add to the ratio of the rest.",
    )
    max_overlap: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="Share of its customers, 0..1, that a set may share with a stronger.",
    )
    max_pair_overlap: float = Field(default=0.5, ge=0, le=1, description="The same for pairs, 0..1.")
    common_share: float = Field(
        default=0.2,
        ge=0,
        le=1,
        description="Share of the customers, 0..1, from which a trait can be unremarkable.",
    )
    max_length: int = Field(default=4, ge=2, le=6, description="Traits in a set at most.")
    max_shown: int = Field(default=50, ge=1, le=1000, description="Findings in each list at most.")
    max_sets: int = Field(
        default=300_000,
        ge=1_000,
        description="Sets of three and more kept at most; of more the strongest are looked for first.",
    )
    max_counted: int = Field(
        default=10_000, ge=100, description="Sets counted in the population at each length at most."
    )
    max_traits: int = Field(
        default=2_000,
        ge=2,
        le=20_000,
        description="Traits whose sets are searched at most, the strongest; memory grows with their square.",
    )
    draws: int = Field(
        default=200,
        ge=0,
        le=10_000,
        description="Bootstrap samples that tell whether a set would be found again; 0: it is not told.",
    )
    seed: int = Field(default=0, ge=0, description="Seed of the bootstrap.")
    max_marks: int = Field(
        default=8, ge=0, le=8, description="Field marks at most; the population is asked for 2^marks counts."
    )
    min_mark_adds: float = Field(
        default=0.03,
        gt=0,
        le=1,
        description="Share of the customers, 0..1, that a field mark must describe and none before it.",
    )
    max_mark_share: float = Field(
        default=0.5, gt=0, le=1, description="Share of the population, 0..1, that a field mark may describe."
    )


class SegmentQuery(_Query):
    """How customers are divided into segments, and which traits tell a segment."""

    min_feature_lift: float = Field(
        default=1.03,
        ge=1,
        description="Ratio to the population from which a trait takes part in the division.",
    )
    max_features: int = Field(
        default=120, ge=2, le=500, description="Traits that take part at most; their pairs are all counted."
    )
    max_segments: int = Field(default=12, ge=1, le=30, description="Numbers of segments tried: 1 to this.")
    min_share: float = Field(
        default=0.03, ge=0, lt=1, description="Share of the customers, 0..1, that a segment needs."
    )
    min_size: int = Field(default=30, ge=1, description="Customers that a segment needs at least.")
    min_lift: float = Field(default=1.15, ge=1, description="Ratio that a trait of a segment needs.")
    min_trait_share: float = Field(
        default=0.1, ge=0, le=1, description="Share of the segment, 0..1, that a trait of it needs."
    )
    max_shown: int = Field(default=20, ge=1, le=200, description="Traits of each segment at most.")
    fit_rows: int = Field(
        default=50_000,
        ge=100,
        description="Customers the kinds are fitted on at most, where no common factors are weighed.",
    )
    choose_rows: int = Field(
        default=8_000,
        ge=100,
        description="Customers on which traits, number and common factors are fitted at most.",
    )
    draws: int = Field(
        default=20, ge=0, le=500, description="Bootstrap samples that stability is measured on; 0: none."
    )
    stability_rows: int = Field(default=2_000, ge=100, description="Customers in such a sample at most.")
    min_stability: float = Field(
        default=0.5, ge=0, le=1, description="Mean overlap, 0..1, below which a segment is said to dissolve."
    )
    typical: float = Field(
        default=0.9, gt=0, le=1, description="Probability, 0..1, from which a member is typical."
    )
    exceptional: float = Field(
        default=0.6, ge=0, le=1, description="Probability, 0..1, below which a member is exceptional."
    )
    restarts: int = Field(default=4, ge=1, le=50, description="Starts tried for each number of segments.")
    max_iterations: int = Field(default=100, ge=5, le=10_000, description="Steps of EM at most.")
    seed: int = Field(default=0, ge=0, description="Seed of the sample and of the starts.")


class CriteriaQuery(BaseModel):
    """Where the tiers of a profile begin."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    must_share: float = Field(
        default=0.5, ge=0, le=1, description="Share of the customers, 0..1, that a must-have covers."
    )
    heavy: float = Field(
        default=0.5,
        gt=0,
        description="Multiple of the even share of the weight from which a criterion is heavy.",
    )
    strong_share: float = Field(
        default=0.15, ge=0, le=1, description="Share of the customers, 0..1, that a strong signal covers."
    )
    strong_lift: float = Field(default=1.5, ge=1, description="Ratio to the population of a strong signal.")
    max_shown: int = Field(default=20, ge=1, le=200, description="Criteria at most, the weightiest.")


class AntiPatternQuery(_Query):
    """Which traits count as a sign against."""

    max_lift: float = Field(
        default=0.7,
        gt=0,
        lt=1,
        description="Ratio to the population at or below which a trait is a sign against.",
    )
    min_coverage: float = Field(
        default=0.05, gt=0, lt=1, description="Share of the population, 0..1, that a trait or pair needs."
    )
    min_added: float = Field(
        default=1.25, ge=1, description="Factor by which a pair must lie below the lower of its members."
    )
    max_traits: int = Field(
        default=2_000,
        ge=2,
        le=20_000,
        description="Traits that take part at most, the widest; memory grows with their square.",
    )
    max_counted: int = Field(default=2_000, ge=0, description="Pairs counted in the population at most.")
    max_shown: int = Field(default=20, ge=1, le=200, description="Findings at most.")
