"""What does an ideal customer profile hold?"""

import math
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tools.mining.findings import Estimate
from tools.profiles.matching.sizes import size_range

Phrase = Annotated[str, Field(min_length=1, max_length=120)]
Phrases = Annotated[list[Phrase], Field(max_length=50)]
Dimension = Literal["industries", "company_size", "geography", "roles", "signals"]
DIMENSIONS: tuple[Dimension, ...] = ("industries", "company_size", "geography", "roles", "signals")
LABELS: dict[str, str] = {
    "industries": "Industry",
    "company_size": "Company size",
    "geography": "Geography",
    "roles": "Role",
    "signals": "Signal",
    "disqualifiers": "Disqualifier",
}
LISTS = ("industries", "geography", "roles", "signals", "disqualifiers")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class CompanySize(_Part):
    """A headcount range, both ends in it; an end that is left out is open."""

    min_employees: int | None = Field(default=None, ge=0, le=100_000_000)
    max_employees: int | None = Field(default=None, ge=0, le=100_000_000)

    @model_validator(mode="after")
    def _some_range(self) -> "CompanySize":
        if self.min_employees is None and self.max_employees is None:
            raise ValueError("give `min_employees`, `max_employees` or both")
        if self.ends[0] > self.ends[1]:
            raise ValueError("`min_employees` is above `max_employees`")
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """The fewest and the most employees."""
        most = math.inf if self.max_employees is None else self.max_employees
        return float(self.min_employees or 0), float(most)

    @property
    def told(self) -> str:
        """In words: `50 to 200`."""
        if self.max_employees is None:
            return f"{self.min_employees:,} and more"
        return (
            f"up to {self.max_employees:,}"
            if not self.min_employees
            else f"{self.min_employees:,} to {self.max_employees:,}"
        )


def company_size(told: Any) -> Any:
    """A range from words, `50-200 employees` or `mid-market`; what is none is left to the checks."""
    if not isinstance(told, str):
        return told
    found = size_range(told)
    if found is None:
        raise ValueError("name a range, as in `50-200 employees`, `1000+` or `mid-market`")
    low, high = found
    return {"min_employees": int(low), "max_employees": None if math.isinf(high) else int(high)}


class Weights(_Part):
    """How much each dimension counts beside the others; 0 leaves it out of the score."""

    industries: float = Field(default=1.0, ge=0, le=10, description="Relative weight; 1 is the usual.")
    company_size: float = Field(default=1.0, ge=0, le=10, description="Relative weight; 1 is the usual.")
    geography: float = Field(default=1.0, ge=0, le=10, description="Relative weight; 1 is the usual.")
    roles: float = Field(default=1.0, ge=0, le=10, description="Relative weight; 1 is the usual.")
    signals: float = Field(default=0.5, ge=0, le=10, description="Relative weight; half the usual.")
    criteria: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share, 0..1, of the criteria learned from data beside what is written; all of it where "
        "only one of both is there.",
    )


class ProfileCriterion(_Part):
    """One dimension that was learned from data. It can be left out, and its weight changed."""

    label: str = Field(max_length=400)
    column: str = Field(max_length=200)
    value: str = Field(default="", max_length=400, description="Of a column with several values in a row.")
    tier: Literal[1, 2, 3] = Field(description="1 must have, 2 strong signal, 3 bonus.")
    weight: float = Field(ge=0, le=10, description="Share of what the criteria tell, as it was learned.")
    good: str = Field(default="", description="The values or the range to look for, in words.")
    ideal_share: Estimate | None = Field(default=None, description="Share of the ideal with a good value.")
    others_share: Estimate | None = Field(default=None, description="Share of the others with a good value.")

    @property
    def key(self) -> tuple[str, str]:
        return self.column, self.value


class Origin(_Part):
    """Where the criteria come from."""

    kind: Literal["analysis", "outcomes", "customers"]
    about: str = Field(default="", max_length=120, description="Id of the analysis or of the model.")
    fit_id: str = Field(max_length=80, description="Under which what was learned is kept.")
    warehouse: str = Field(default="", max_length=120)
    snapshot_id: str = Field(default="", max_length=120)
    made_at: datetime
    ideal_rows: int = Field(ge=0, description="Customers it was learned from.")
    others_rows: int = Field(ge=0, description="Those whom they were told apart from.")
    auc: Estimate | None = Field(default=None, description="Of held-out rows.")


class ProfileDocument(_Part):
    """An ideal customer profile: what is written by hand, and what was learned from data."""

    name: str = Field(min_length=1, max_length=120)
    description: str = Field(default="", max_length=4_000)
    industries: Phrases = Field(default_factory=list, description="Names of industries; synonyms count.")
    company_size: CompanySize | None = Field(
        default=None, description="A range of employees, also in words: `50-200 employees`, `mid-market`."
    )
    geography: Phrases = Field(
        default_factory=list, description="Countries by name or code, regions (`DACH`), states or cities."
    )
    roles: Phrases = Field(
        default_factory=list, description="Titles or levels: `VP Sales`, `RevOps`, `Director+`."
    )
    signals: Phrases = Field(
        default_factory=list, description="Buying signals: `recent funding`, `uses Salesforce`."
    )
    disqualifiers: Phrases = Field(
        default_factory=list, description="What caps a lead at tier D: `agencies`, `under 10 employees`."
    )
    weights: Weights = Field(default_factory=Weights)
    criteria: list[ProfileCriterion] = Field(default_factory=list, max_length=100)
    origin: Origin | None = Field(default=None, description="Of the criteria.")

    @field_validator("company_size", mode="before")
    @classmethod
    def _in_words(cls, told: Any) -> Any:
        return company_size(told)

    @field_validator("name", *LISTS)
    @classmethod
    def _each_once(cls, told: Any) -> Any:
        if isinstance(told, str):
            if not told.strip():
                raise ValueError("is blank")
            return told.strip()
        kept = dict.fromkeys(phrase.strip() for phrase in told)
        if "" in kept:
            raise ValueError("holds a blank")
        return list(kept)

    @model_validator(mode="after")
    def _criteria_have_an_origin(self) -> "ProfileDocument":
        if self.criteria and self.origin is None:
            raise ValueError("`criteria` need the `origin` that they were learned from")
        keys = [each.key for each in self.criteria]
        if len(set(keys)) < len(keys):
            raise ValueError("`criteria` name a dimension twice")
        return self

    def wanted(self, dimension: Dimension) -> list[str]:
        """What is looked for in a dimension, in words."""
        if dimension == "company_size":
            return [self.company_size.told] if self.company_size else []
        return getattr(self, dimension)

    @property
    def written(self) -> list[Dimension]:
        """The dimensions that are written and weigh something."""
        return [each for each in DIMENSIONS if self.wanted(each) and getattr(self.weights, each) > 0]

    @property
    def is_empty(self) -> bool:
        return not (self.written or self.disqualifiers or self.criteria)
