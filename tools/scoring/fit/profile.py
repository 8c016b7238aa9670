"""What is a fit profile made of?"""

import hashlib
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from store.features import FeatureKind
from tools.mining.findings import Estimate

TIERS = ("A - Excellent Fit", "B - Good Fit", "C - Moderate Fit", "D - Poor Fit")
TIER_FLOORS = (80.0, 60.0, 40.0, 0.0)
# The highest score of a row that a disqualifier fires for: tier D.
MOST_DISQUALIFIED = 39.0
# Nats from which a value is one to look for, or to avoid: the odds change by a tenth.
GOOD_EVIDENCE = 0.1
MIDDLE_SCORE = 50.0  # of everybody where no criterion sets anybody apart


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scale(_Part):
    """Which bin each value of a column falls into: 0 is unknown, the others count from 1.

    number: 1 + how many edges are <= the value. category: 1 + the place of the group that lists the level,
    or `other`. set: 2 where the row has `value`, 1 where it has other values only.
    """

    name: str
    kind: FeatureKind
    label: str
    unit: str = ""
    value: str = Field(default="", description="Of a set: the value that is looked for.")
    whole: bool = Field(default=False, description="Whether a number has whole values only.")
    edges: list[float] = Field(default_factory=list, description="Rising; a value on an edge is above it.")
    groups: list[list[str]] = Field(default_factory=list, description="Of a category: levels of each bin.")
    other: int = Field(default=0, description="Of a category: the bin of levels that no group lists.")

    @property
    def bins(self) -> int:
        """How many bins there are, with the unknown."""
        if self.kind == "number":
            return len(self.edges) + 2
        return 3 if self.kind == "set" else max(len(self.groups), self.other) + 1

    @property
    def told(self) -> str:
        """The dimension in words."""
        return f"{self.label}: {self.value}" if self.kind == "set" else self.label


class FitBin(_Part):
    """One range or group of values, and what it says."""

    words: str = Field(description="`50 to 499`, `Software or Health`, `yes`, `unknown`.")
    ideal: float = Field(description="Ideal rows in it; weighted ones count by their effective number.")
    others: float = Field(description="Other rows in it.")
    ideal_share: Estimate = Field(
        description="Of the ideal rows of which it is known, and of all where being unknown tells; Wilson."
    )
    others_share: Estimate = Field(description="Of the other rows, likewise.")
    ratio: Estimate = Field(description="ideal_share / others_share; log interval of Katz.")
    evidence: float = Field(
        description="What it adds to the log odds of being ideal; shrunk; 0 says nothing."
    )
    resampled: list[float] = Field(description="The same of each resampled scorecard.")


class FitCriterion(_Part):
    """One dimension of the profile."""

    scale: Scale
    tier: Literal[1, 2, 3] = Field(description="1 must have, 2 strong signal, 3 bonus.")
    weight: float = Field(description="Share of what the criteria tell of held-out rows; all sum to 1.")
    held_out_gain: Estimate = Field(
        description="Nats a row lost on held-out rows without it, balanced sides."
    )
    stability: float = Field(
        description="Share of the folds, 0..1, that find it without the rows they hold out."
    )
    p_value: float = Field(description="Likelihood ratio; a bound for every way of cutting the column.")
    q_value: float = Field(description="Benjamini-Hochberg over all columns and values looked at.")
    good: str = Field(description="The values to look for, in words.")
    good_ideal_share: Estimate = Field(description="Share of the ideal with a good value, of those known.")
    good_others_share: Estimate = Field(description="Share of the others with a good value, of those known.")
    bins: list[FitBin] = Field(description="The first is unknown.")
    actionable: bool = True
    same_as: list[str] = Field(
        default_factory=list, description="Columns that say the same; not counted again."
    )

    @property
    def is_written(self) -> bool:
        """Whether somebody wrote it: nobody was counted for it."""
        return not any(each.ideal + each.others for each in self.bins)


class Disqualifier(_Part):
    """A bin that nearly no ideal row is in, though others are."""

    scale: Scale
    bin: int
    words: str
    ideal_share: Estimate = Field(description="Of the ideal rows of which it is known; Wilson interval.")
    others_share: Estimate
    p_value: float = Field(
        description="Fisher's exact test, one-sided, times the ways of cutting the column."
    )
    q_value: float = Field(description="Benjamini-Hochberg over every bin of every proven column.")

    @property
    def is_written(self) -> bool:
        """Whether somebody wrote it: nothing is known of its shares."""
        return self.p_value == 1.0 and self.ideal_share.high - self.ideal_share.low == 1.0


class Knot(_Part):
    """A point of the line from evidence to score."""

    evidence: float
    score: float
    meaning: str


class FitProfile(_Part):
    """Criteria with their evidence, and the line from their sum to a score of 0-100.

    The evidence of a row is the sum of the evidence of its bins. The score is linear between the knots:
    0 worst possible row; 40 median of the others; 60 their 80th percentile; 80 the higher of the 25th
    percentile of the ideal and the 90th of the others; 100 best possible row. Where two would meet, each is
    moved up by a thousandth of the whole range, so that they rise. A disqualified row has 39 at most.
    Without criteria everybody has 50.
    """

    version: str = Field(default="", description="First 12 hex digits of the sha256 of all the rest.")
    criteria: list[FitCriterion] = Field(description="The weightiest first.")
    disqualifiers: list[Disqualifier]
    knots: list[Knot]
    ideal_rows: int
    others_rows: int
    columns: int = Field(description="Columns that both sides have.")
    tested: int = Field(description="Columns and values of sets that were tested.")
    auc: Estimate | None = Field(
        default=None, description="Of held-out rows, by models made without them; interval of DeLong."
    )
    warnings: list[str] = Field(default_factory=list)
    ideal_word: str = "customers"
    others_word: str = "others"

    @model_validator(mode="after")
    def _holds_together(self) -> "FitProfile":
        """A profile that was edited can still be scored."""
        places = [(knot.evidence, knot.score) for knot in self.knots]
        if any(low[0] >= high[0] or low[1] >= high[1] for low, high in pairwise(places)):
            raise ValueError("Knots do not rise")
        if bool(self.criteria) != (len(self.knots) > 1):
            raise ValueError("Criteria need two knots or more, and knots need criteria")
        for each in self.criteria:
            if len(each.bins) != each.scale.bins:
                raise ValueError(f"{each.scale.told} has not as many bins as its scale")
        if len({len(one.resampled) for each in self.criteria for one in each.bins}) > 1:
            raise ValueError("Bins are not of equally many resampled scorecards")
        if any(not 0 <= each.bin < each.scale.bins for each in self.disqualifiers):
            raise ValueError("A disqualifier names a bin that its scale does not have")
        return self

    def stamped(self) -> "FitProfile":
        """The same profile with the version that its content gives."""
        content = self.model_copy(update={"version": ""}).model_dump_json()
        return self.model_copy(update={"version": hashlib.sha256(content.encode()).hexdigest()[:12]})
