"""What is asked of an export to a platform, and what it answers."""

from typing import Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from store.destinations import Delivered
from store.exports import ExportLink
from tools.activation.countries import country_code
from tools.activation.platforms import Kind, PlatformName
from tools.audience.selection import Location
from tools.declaration import PersonId, ToolQuery, ToolResult

Severity = Literal["note", "warning", "stop"]
Code = Literal[
    "nobody_usable",
    "below_minimum",
    "few_usable",
    "sensitive",
    "special_ad_category",
    "special_ad_criteria",
    "consent_countries",
    "country_unknown",
    "company_missing",
    "stale",
    "other_snapshot",
    "ranked_by_model",
    "not_found",
    "suppressed",
]
LeftOut = Literal["email", "phone", "name", "address", "maid", "work"]


class ExportAudience(ToolQuery):
    """Who is exported, for which platform, and what may be in the file."""

    destination: PlatformName = Field(description="The form of the file.")
    audience_id: str | None = Field(
        default=None, max_length=80, description="An audience of `generate_audience`: the same people."
    )
    expression: str | None = Field(default=None, description="Cluster hashes or ids with AND, OR, NOT.")
    location: Location | None = Field(default=None, description="A circle; with an `expression`.")
    person_ids: list[PersonId] | None = Field(default=None, min_length=1)
    analysis_id: str | None = Field(
        default=None, max_length=80, description="An analysis; with a `strategy` or a `segment`."
    )
    strategy: Literal["precision", "hybrid", "reach", "ranked"] = Field(
        default="precision", description="How wide, of an analysis; `ranked` needs a `target_size`."
    )
    segment: str | None = Field(default=None, description="A segment of the analysis, by name or number.")
    target_size: int | None = Field(
        default=None, ge=1, description="People at most: the likest of a ranked audience, else evenly spaced."
    )
    suppress: str | None = Field(
        default=None, description="An expression: whoever it holds for is left out, such as opted out."
    )
    suppress_customers_of: str | None = Field(
        default=None, max_length=80, description="An analysis whose customers are left out."
    )
    preflight: bool = Field(default=False, description="Only tell; nothing is written.")
    accept: list[Code] = Field(
        default_factory=list, description="Warnings that would stop the export, and were looked at."
    )
    countries: Literal["all", "consent", "others"] = Field(
        default="all",
        description="`consent`: only people of the EEA, the United Kingdom and Switzerland; "
        "`others`: only the others, and those whose country is unknown.",
    )
    default_country: str | None = Field(
        default="US",
        min_length=2,
        max_length=2,
        description="ISO 3166-1: of people whose record and contacts tell no country; null is unknown.",
    )
    leave_out: list[LeftOut] = Field(
        default_factory=list, description="Kinds of values that are not in the file."
    )
    columns: list[str] = Field(
        default_factory=list,
        max_length=50,
        description="Attributes that stand in the file besides; of hubspot, salesforce and plain.",
    )
    company: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="What stands for the company of people who have none; Salesforce takes no lead without.",
    )
    special_ad_category: Literal["housing", "employment", "credit"] | None = Field(
        default=None, description="What the ads are for, where it is one of these."
    )
    match_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Share of usable rows that the platform is expected to match, 0..1: a guess of yours, "
        "since a platform tells it only after the upload. The minimum is held against it.",
    )
    stale_hours: float = Field(
        default=24 * 7, gt=0, description="Hours after which the population or the audience is called old."
    )
    split: int | None = Field(
        default=None, ge=1, description="Rows of one file at most; the platform's own limit when left out."
    )
    delivery: str | None = Field(
        default=None, max_length=40, description="A destination to which the files are written besides."
    )

    @field_validator("default_country")
    @classmethod
    def _known_country(cls, code: str | None) -> str | None:
        if code is None:
            return None
        if (known := country_code(code)) is None:
            raise ValueError("a country is two letters of ISO 3166-1, such as US")
        return known

    @model_validator(mode="after")
    def _one_source(self) -> "ExportAudience":
        ways = ("audience_id", "expression", "person_ids", "analysis_id")
        given = [name for name in ways if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give one of {', '.join(ways)} (given: {', '.join(given) or 'none'})")
        if self.location is not None and self.expression is None:
            raise ValueError("a `location` belongs to an `expression`")
        if self.analysis_id is None and (self.segment is not None or self.strategy != "precision"):
            raise ValueError("a `strategy` or `segment` belongs to an `analysis_id`")
        if self.strategy == "ranked" and (self.target_size is None or self.segment is not None):
            raise ValueError("the strategy `ranked` needs a `target_size`, and takes no `segment`")
        return self


class ExportWarning(BaseModel):
    """Something to know before the file is used."""

    code: Code
    severity: Severity = Field(description="A `stop` is not written unless `accept` names its code.")
    what: str
    why: str
    instead: str = Field(description="What would be right.")


class ExportedFile(BaseModel):
    """One file that was written."""

    export_id: str
    export: ExportLink
    delivered: Delivered | None = None


class ExportedAudience(ToolResult):
    """What was written, or would be, and what to know of it."""

    destination: PlatformName
    preflight: bool
    in_words: str
    people: int = Field(description="Selected, after what was suppressed.")
    suppressed: int = Field(description="Left out by `suppress` and `suppress_customers_of`.")
    erased: int = Field(description="People erased from this population, who are in no file.")
    rows: int = Field(description="Rows of the files: people whom the platform can match or import.")
    with_email: int
    with_phone: int
    with_address: int = Field(description="With a name, a country and a postal code.")
    with_maid: int = Field(description="With an advertising id, of a file that has a column for it.")
    consent_rows: int = Field(description="Rows of people of the EEA, the United Kingdom and Switzerland.")
    countries: dict[str, int] = Field(description="Rows of each country; `unknown` where none is told.")
    expected_matched: int | None = Field(
        default=None, description="rows * match_share; none for a file that is imported."
    )
    minimum: int = Field(description="Of the platform; 0 where it names none.")
    snapshot_id: str
    snapshot_hours: float = Field(description="Age of the population in hours.")
    audience_hours: float | None = Field(
        default=None, description="Age of the audience or analysis, in hours."
    )
    header: list[str]
    left_out: list[Kind] = Field(default_factory=list)
    warnings: list[ExportWarning]
    files: list[ExportedFile] = Field(default_factory=list)
