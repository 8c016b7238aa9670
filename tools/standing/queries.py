"""What is asked of standing audiences and of scoring everybody anew?"""

from typing import Literal

from pydantic import Field, model_validator

from tools.activation.platforms import PlatformName
from tools.activation.queries import Code, LeftOut
from tools.audience.preview import AudienceIdentifier
from tools.audience.selection import Location
from tools.declaration import ToolQuery

LINE = r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$"  # one line, no blank at its ends
Mode = Literal["dry_run", "yes"]
SOURCES = ("audience_id", "expression", "analysis_id", "icp_profile_id", "ranked_by")


class KeepAudience(ToolQuery):
    """An audience that is made anew whenever its data or its model changes."""

    name: str = Field(
        min_length=1, max_length=80, pattern=LINE, description="What it is called in this warehouse."
    )
    audience_id: str | None = Field(
        default=None, max_length=80, description="An audience of `generate_audience`: by the same criteria."
    )
    expression: str | None = Field(default=None, description="Cluster hashes or ids with AND, OR, NOT.")
    analysis_id: str | None = Field(
        default=None,
        max_length=80,
        description="An analysis, or `newest` for whichever is the newest of the warehouse by then.",
    )
    icp_profile_id: str | None = Field(
        default=None,
        max_length=120,
        description="A profile, by id or name; its newest revision each time.",
    )
    ranked_by: str | None = Field(
        default=None,
        max_length=120,
        description="The best `target_size` by the fit that was learned from outcomes (`outcomes`), by an "
        "analysis or by a profile; of everybody, or of those an `expression` holds for.",
    )
    strategy: Literal["precision", "hybrid", "reach"] = Field(
        default="precision", description="How wide, of an analysis or a profile."
    )
    segment: str | None = Field(default=None, description="A segment of the analysis, by name or number.")
    location: Location | None = Field(default=None, description="A circle on the map, with an `expression`.")
    target_size: int | None = Field(
        default=None,
        ge=1,
        description="People at most: the best where something ranks, else the same ones each time.",
    )
    leave_out_won: bool = Field(
        default=True, description="People whose last recorded outcome is won or expanded are not in it."
    )
    platform: PlatformName | Literal[""] = Field(
        default="", description="In whose form its files are; empty: CSV of ids and one kind of identifier."
    )
    destination: str = Field(
        default="", max_length=40, description="The destination its files go to; empty: none is written."
    )
    identifier_type: AudienceIdentifier = Field(
        default="email", description="The identifier in the file of ids, where no platform is named."
    )
    accept: list[Code] = Field(
        default_factory=list, description="Warnings that would stop a file, and were looked at."
    )
    countries: Literal["all", "consent", "others"] = Field(
        default="all", description="`consent`: only people of the EEA, the United Kingdom and Switzerland."
    )
    special_ad_category: Literal["housing", "employment", "credit"] | None = Field(
        default=None, description="What the ads are for, where it is one of these."
    )
    company: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        pattern=LINE,
        description="Stands for a company that is not known.",
    )
    leave_out: list[LeftOut] = Field(
        default_factory=list, description="Kinds of values that are not in the files."
    )

    @model_validator(mode="after")
    def _one_source(self) -> "KeepAudience":
        given = [name for name in SOURCES if getattr(self, name) is not None]
        if len(given) != 1 and set(given) != {"expression", "ranked_by"}:
            raise ValueError(
                "make it from one of audience_id, expression (with ranked_by or not), analysis_id, "
                f"icp_profile_id and ranked_by (given: {', '.join(given) or 'none'})"
            )
        if self.ranked_by is not None and self.target_size is None:
            raise ValueError("`ranked_by` needs a `target_size`")
        if self.segment is not None and self.analysis_id is None:
            raise ValueError("a `segment` belongs to an `analysis_id`")
        if self.location is not None and self.expression is None:
            raise ValueError("a `location` belongs to an `expression`")
        return self


class ListStanding(ToolQuery):
    """The standing audiences of a warehouse."""


class RefreshStanding(ToolQuery):
    """Make standing audiences anew, and score everybody anew, where the data or the model changed."""

    mode: Mode = Field(
        default="dry_run", description="`dry_run` tells what would change and writes nothing; `yes` does it."
    )
    names: list[str] = Field(
        default_factory=list, max_length=200, description="Only these, by name or id; all when left out."
    )
    rescore: bool = Field(default=True, description="Score the population anew where it has to be.")
    run_id: str = Field(
        default="",
        max_length=80,
        pattern=r"^[A-Za-z0-9_-]*$",
        description="The briefing that it is made for.",
    )
    seed: int = Field(default=0, ge=0, description="Kept with the run; nothing here is drawn at random.")


class RescoreAccounts(ToolQuery):
    """Score everybody anew by the published fit, where it or the population changed."""

    mode: Mode = Field(
        default="dry_run", description="`dry_run` tells what would change and writes nothing; `yes` keeps it."
    )
