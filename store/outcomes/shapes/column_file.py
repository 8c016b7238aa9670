"""What does a user say of the columns of an export, where its shape does not?"""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import BadMapping
from store.outcomes.outcome_table import OutcomeKind
from store.outcomes.shapes.shape import Role

ShapeName = Literal["hubspot", "salesforce", "plain"]


class ColumnFile(BaseModel):
    """Which column is what; all that is not said follows the shape."""

    model_config = ConfigDict(extra="forbid")

    shape: ShapeName | None = None
    columns: dict[Role, str] = Field(
        default_factory=dict, description='The header of each role: `outcome = "y"`; blank for none.'
    )
    stages: dict[OutcomeKind, list[str]] = Field(
        default_factory=dict, description='Stages of each outcome: `won = ["Signed"]`.'
    )
    leave_out: list[str] = Field(default_factory=list, description="Columns that are no attributes.")
    currency: str = Field(
        default="", pattern="^([A-Z]{3})?$", description="Of all amounts, where no column says it: EUR."
    )
    day_first: bool | None = Field(
        default=None, description="Whether 03/04/2024 is in April; found from the dates when left out."
    )


def read_column_file(path: Path) -> ColumnFile:
    """What the TOML file says. Raises BadMapping with the place of what is wrong."""
    try:
        return ColumnFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise BadMapping("There is no such file of columns", where=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(f"The file of columns is not TOML: {error}", where=str(path)) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise BadMapping(
            f"The file of columns is wrong: {first['msg']}",
            where=f"{path} at {place or 'top'}",
            instead="It may have shape, [columns], [stages], leave_out, currency and day_first.",
        ) from None
