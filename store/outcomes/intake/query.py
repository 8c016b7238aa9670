"""What may be chosen when outcomes are loaded, and what is told afterwards."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from store.outcomes.outcome_table import UnitKind
from store.outcomes.shapes.column_file import ShapeName


class IntakeQuery(BaseModel):
    """How an export is read."""

    model_config = ConfigDict(extra="forbid")

    unit: UnitKind | None = Field(
        default=None,
        description="What the outcomes are of; when left out, accounts where the file has any, else persons.",
    )
    shape: ShapeName | None = Field(
        default=None, description="The form of the export; recognised if left out."
    )
    as_of: Literal["opened", "decided"] = Field(
        default="opened",
        description="The moment whose attributes count, from a history file. What was known when a deal was "
        "opened is what a score of open deals can use.",
    )
    dark_after_days: int = Field(
        default=30,
        ge=1,
        le=3_650,
        description="Days without activity before a deal was lost, above which the buyer went dark.",
    )


class Refused(BaseModel):
    """Rows that were not recorded, and why."""

    reason: str
    rows: int
    places: list[str] = Field(description="The first of them; row 1 is the one under the column names.")


class IntakeReport(BaseModel):
    """What was read of an export."""

    shape: str
    unit: UnitKind
    rows: int
    recorded: int = Field(description="Records kept, each id once.")
    repeated: int = Field(description="Rows of which a later row of the file has the same record id.")
    outcomes: dict[str, int]
    columns: dict[str, str] = Field(description="What was read from which column.")
    attributes: list[str]
    left_out: dict[str, str] = Field(description="Columns that were not kept, and why.")
    refused: list[Refused]
    unknown_stages: dict[str, int] = Field(description="Stages that are not understood, with their rows.")
    with_history: int | None = Field(
        default=None, description="Records of which the history knows something at the moment that counts."
    )
    notes: list[str]
