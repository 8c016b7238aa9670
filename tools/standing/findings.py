"""What is told of standing audiences, of new tiers, and of whom to call?"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from store.destinations import Delivered
from tools.activation.queries import ExportWarning
from tools.declaration import ToolResult
from tools.outcomes.measures.findings import Tier
from tools.standing.queries import KeepAudience

Reason = Literal[
    "new_in_population",
    "left_population",
    "erased",
    "trait",
    "customer",
    "no_longer_customer",
    "definition",
    "model",
    "rank",
    "unknown",
]
Status = Literal["unchanged", "would_change", "synced", "paused", "busy", "refused"]


class MovedPeople(BaseModel):
    """So many people entered or left for one reason; each person has one."""

    people: int
    reason: Reason
    why: str = Field(description="The reason in words.")
    clauses: dict[str, int] = Field(
        default_factory=dict,
        description="Of a changed trait: which clause changed for how many; one person may count in several.",
    )


class AudienceRefreshed(BaseModel):
    """One standing audience, before and now."""

    standing_id: str
    name: str
    status: Status
    is_dry_run: bool
    people: int = Field(default=0, description="In it now.")
    people_before: int | None = Field(default=None, description="At the last change; none for a first time.")
    entered: list[MovedPeople] = Field(default_factory=list, description="Most first.")
    left: list[MovedPeople] = Field(default_factory=list, description="Most first.")
    in_words: str = ""
    note: str = Field(default="", description="What cannot be told of it, and why.")
    rows: int = Field(default=0, description="Rows of its file, where one is or would be written.")
    synced: str | None = Field(default=None, description="The destination it was written to.")
    files: list[Delivered] = Field(default_factory=list)
    warnings: list[ExportWarning] = Field(default_factory=list)
    refused: str = Field(default="", description="Why it could not be made, where it could not.")
    change_id: str = Field(default="", description="Of the change; the same data and model have one.")


class TiersRescored(BaseModel):
    """Everybody of the population by the published fit, before and now."""

    model_id: str
    model_before: str | None = None
    because: Literal["first", "model", "population", "both"]
    unit: Literal["account", "person"]
    is_dry_run: bool
    scored: int
    new: int = Field(description="Scored now, and not there before.")
    gone: int = Field(description="Scored before, and not there now.")
    moved: int = Field(description="In another tier than before.")
    flows: dict[str, int] = Field(default_factory=dict, description="`B>A`: how many.")
    tiers: dict[Tier, int]
    tiers_before: dict[Tier, int] | None = None
    routing: list[str] = Field(default_factory=list, description="Whom to give them to, in words.")


class RescoredAccounts(ToolResult):
    """The tiers anew, or why they stay."""

    rescored: TiersRescored | None = None
    note: str = ""


class StandingRefreshed(ToolResult):
    """What changed, or would, in every standing audience and in the tiers."""

    audiences: list[AudienceRefreshed]
    rescored: TiersRescored | None = None
    notes: list[str] = Field(default_factory=list)


class Standing(BaseModel):
    """A standing audience as it is now."""

    standing_id: str
    name: str
    definition: KeepAudience
    platform: str
    destination: str
    is_paused: bool
    created_by: str
    created_at: datetime
    people: int | None = Field(default=None, description="At its last change; none before the first.")
    changed_at: datetime | None = None
    delivered_to: str = ""


class KeptAudience(ToolResult):
    """The audience that was kept as standing."""

    standing: Standing
    people: int = Field(description="Who would be in it now; nothing is written before the first refresh.")
    in_words: str


class StandingAudiences(ToolResult):
    """The standing audiences of a warehouse, by name."""

    audiences: list[Standing]


class Call(BaseModel):
    """An account to call, why, and what speaks against it."""

    unit_id: str
    tier: Tier
    score: float = Field(description="Fit, 0-100.")
    reasons: list[str] = Field(max_length=2, description="The strongest ones for it.")
    doubt: str | None = Field(default=None, description="The strongest one against it.")
