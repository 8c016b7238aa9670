"""What the workflows and the comparison are asked."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from store.outcomes.outcome_table import UnitKind
from store.population.domains import Domain, HashType, IdentifierType
from tools.audience.preview import AudienceIdentifier
from tools.audience.selection import Location
from tools.declaration import ExportingQuery, PersonId, ToolQuery
from tools.identity.matching import Group
from tools.identity.resolve_identities import Identifiers, ResolveQuery
from tools.mining.queries import LiftQuery, SegmentQuery

Strategy = Literal["precision", "hybrid", "reach", "ranked", "curve"]
Outcome = Literal["won", "lost", "churned", "expanded"]
OutcomeTopic = Literal["criteria", "anti_patterns", "losses", "churn", "expansion", "emerging", "overview"]
ProfileName = Annotated[str, Field(min_length=1, max_length=120, description="A profile, by name or id.")]


class OutcomeSet(BaseModel):
    """The customers are those with this outcome: `subscribed` = `Yes`."""

    model_config = ConfigDict(extra="forbid")

    attribute: str
    value: str = "Yes"


class LostSet(BaseModel):
    """Those who were lost or left: by an outcome, by identifiers, or by their ids."""

    model_config = ConfigDict(extra="forbid")

    outcome: OutcomeSet | None = None
    multi_identifiers: list[Identifiers] | None = None
    person_ids: list[PersonId] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "LostSet":
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                "give the lost in one way: `outcome`, `multi_identifiers` or `person_ids` "
                f"(given: {', '.join(given) or 'none'})"
            )
        return self


class AnalyzeQuery(ToolQuery):
    """Whose profile is wanted, and how it is judged."""

    multi_identifiers: list[Identifiers] | None = Field(default=None, description="Groups of identifiers.")
    id_type: IdentifierType | None = Field(default=None, description="The type of `identifiers`.")
    id_hash: HashType = Field(default="plaintext", description="How `identifiers` are hashed.")
    identifiers: list[str] | None = None
    person_ids: list[PersonId] | None = None
    outcome: OutcomeSet | None = None
    recorded: Outcome | None = Field(
        default=None,
        description="The people whose last recorded outcome this is: `won`. Those recorded as lost (of "
        "`expanded`: as churned) are then the lost, when they are left out.",
    )
    lost: LostSet | None = Field(
        default=None,
        description="Those who were lost or left, a third baseline beside chance and the population; with an "
        "`outcome` the people who have another value of it, when left out.",
    )
    among: str | None = Field(
        default=None, description="An expression: only people for whom it holds are compared, and analysed."
    )
    min_quality: float = Field(default=0.5, ge=0, le=1, description="Matches below this are left out.")
    domains: list[Domain] | None = Field(default=None, description="Domains whose traits are looked at; all.")
    include_sensitive: bool = Field(
        default=False, description="Look at health, religion, ethnicity, politics and sexuality too."
    )
    max_memory_mb: int = Field(
        default=1_024,
        ge=16,
        le=1_048_576,
        description="Megabytes that the customers' traits may take; beyond it the rarest are left out.",
    )
    lift: LiftQuery = Field(default_factory=LiftQuery)
    segmentation: SegmentQuery = Field(default_factory=SegmentQuery)
    seed: int = Field(default=0, ge=0, description="Seed of the split into halves and of the segments.")

    @model_validator(mode="after")
    def _one_source(self) -> "AnalyzeQuery":
        given = self.sources()
        if len(given) != 1:
            raise ValueError(
                "give the customers in one way: `multi_identifiers`, `id_type` with `identifiers`, "
                f"`person_ids`, `outcome` or `recorded` (given: {', '.join(given) or 'none'})"
            )
        if self.identifiers is not None and self.id_type is None:
            raise ValueError("`identifiers` need an `id_type`")
        return self

    def sources(self) -> list[str]:
        """The ways in which the customers were given."""
        ways = ("multi_identifiers", "identifiers", "person_ids", "outcome", "recorded")
        return [name for name in ways if getattr(self, name) is not None]

    def groups(self) -> list[Group]:
        """The identifiers as groups."""
        return ResolveQuery(
            multi_identifiers=self.multi_identifiers,
            id_type=self.id_type,
            id_hash=self.id_hash,
            identifiers=self.identifiers,
        ).groups()


class AudienceQuery(ExportingQuery):
    """What the audience is made from, how, and who is left out."""

    analysis_id: str | None = Field(default=None, max_length=80)
    icp_profile_id: str | None = Field(
        default=None, max_length=120, description="A profile, by id or name, or the id of an analysis."
    )
    segment: str | None = Field(default=None, description="A segment of `analysis_id`, by name or number.")
    expression: str | None = Field(default=None, description="Cluster hashes or ids with AND, OR, NOT.")
    traits: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="Cluster hashes or ids, `name=value`, or words looked up by meaning.",
    )
    strategy: Strategy = Field(
        default="precision",
        description="How wide; `curve`: the widest point of the analysis's curve within `target_size`.",
    )
    point: int | None = Field(
        default=None, ge=1, description="A point of the curve of the analysis: 1 is the surest audience."
    )
    target_size: int | None = Field(
        default=None, ge=1, description="Keep so many people at most, the likest first."
    )
    location: Location | None = None
    among: str | None = Field(
        default=None, description="An expression that everyone in the audience satisfies."
    )
    exclude: list[str] = Field(
        default_factory=list,
        description="`customers`: those of the analysis, or of the one that the profile comes from, are left "
        "out; a cluster hash or id: its people are.",
    )
    identifier_type: AudienceIdentifier = "email"

    @model_validator(mode="after")
    def _one_source(self) -> "AudienceQuery":
        if self.segment is not None and self.analysis_id is None:
            raise ValueError("a `segment` belongs to an `analysis_id`")
        given = [
            name
            for name in ("analysis_id", "icp_profile_id", "expression", "traits")
            if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise ValueError(
                "make the audience from one of `analysis_id` (with a `segment` or not), `icp_profile_id`, "
                f"`expression` and `traits` (given: {', '.join(given) or 'none'})"
            )
        if self.strategy == "ranked" and not (self.profile_id or self.written_profile):
            raise ValueError(
                "the strategy `ranked` needs an `analysis_id` or `icp_profile_id`, whose model ranks"
            )
        if "customers" in self.exclude and not (self.profile_id or self.written_profile):
            raise ValueError(
                "`customers` can be excluded from an audience made from an analysis or a profile"
            )
        self._require_curve()
        return self

    def _require_curve(self) -> None:
        """Refuse a point of no curve, and a curve without a point."""
        if not self.is_on_curve:
            return
        if not self.profile_id or self.segment is not None:
            raise ValueError(
                "a curve is of a whole analysis: give `analysis_id` or `icp_profile_id`, and no `segment`"
            )
        if self.point is None and self.target_size is None:
            raise ValueError("the strategy `curve` needs a `point`, or a `target_size` to keep within")
        if self.strategy in ("hybrid", "reach", "ranked"):
            raise ValueError(f"a `point` takes the place of the strategy `{self.strategy}`: leave one out")

    @property
    def is_on_curve(self) -> bool:
        """Whether a point of the curve is asked for, by its number or by its size."""
        return self.point is not None or self.strategy == "curve"

    @property
    def profile_id(self) -> str | None:
        """The analysis whose model ranks."""
        return self.analysis_id or (None if self.written_profile else self.icp_profile_id)

    @property
    def written_profile(self) -> str | None:
        """The ideal customer profile, where the audience is made from one and not from an analysis."""
        named = self.icp_profile_id
        return None if named is None or named.startswith("icp_") else named


class CompareAnalyses(ToolQuery):
    """What changed from one analysis to another."""

    before: str | None = Field(
        default=None, max_length=80, description="An analysis id; the one before `after` when left out."
    )
    after: str | None = Field(
        default=None, max_length=80, description="An analysis id; the last when left out."
    )
    q: float = Field(
        default=0.05, gt=0, le=0.5, description="False discovery rate, 0..1, over everything compared."
    )
    max_shown: int = Field(default=20, ge=1, le=1000, description="Traits that moved, at most.")


class RunBriefing(ToolQuery):
    """This week's briefing now."""

    send: bool = Field(default=False, description="Send it to its recipients; else it is only shown.")
    recipients: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="Mail addresses, channel URLs (`slack://…`) or ids of recipients.",
    )
    icp_profile: ProfileName | None = None
    purpose: Literal["briefing", "alert"] = Field(
        default="briefing", description="`alert`: sent only where something significant is new."
    )
    schedule_id: str | None = Field(
        default=None, max_length=80, description="The schedule it is for: its recipients, its standing sync."
    )
    slot: str | None = Field(default=None, max_length=40, description="The local time for which it was due.")
    missed: int = Field(default=0, ge=0, description="Slots before it that nobody was there for.")
    yearly_false_alarm: float = Field(
        default=0.05,
        gt=0,
        le=0.5,
        description="Chance, 0..1, that a year of weekly briefings tells a change when nothing changes.",
    )
    sync: Literal["no", "dry_run", "yes"] = Field(
        default="dry_run",
        description="Whether standing audiences are written to their destinations, or only what would change "
        "is told.",
    )
    seed: int = Field(default=0, ge=0, description="Seed of folds, samples and resamples.")


class AnalyzeOutcomes(ToolQuery):
    """What the outcomes say: criteria, anti-patterns, reasons of losses, signs of churn and expansion."""

    outcomes: list[Outcome] = Field(default_factory=list, description="Those asked about; all when empty.")
    about: OutcomeTopic = "overview"
    last_days: int | None = Field(default=None, ge=1, description="Only outcomes of so many days back.")
    unit: UnitKind | None = Field(
        default=None, description="Accounts or persons, where there are outcomes of both."
    )
    target: float | None = Field(
        default=None, gt=0, description="Amount to be won from the open deals, for the pipeline's coverage."
    )
    keep: list[str] = Field(
        default_factory=list,
        description="Columns that were known before the decision, though their names say otherwise.",
    )
    seed: int = Field(default=0, ge=0, description="Seed of folds, samples and resamples.")
