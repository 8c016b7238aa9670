"""What does the address of the builder ask for?"""

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from store.errors import BadInput
from tools.audience.preview import AudienceIdentifier
from tools.audience.selection import HALF_ROUND_THE_EARTH, Location

LONGEST_TEXT, LONGEST_STATE = 6_000, 16_000
MOST_COMPARED = 5
Way = Literal["traits", "curve", "ranked"]


class Asked(BaseModel):
    """All that the builder knows: the tree in its coding, the place, the analysis, what to compare."""

    model_config = ConfigDict(frozen=True)

    warehouse: str = Field(default="", max_length=63)
    traits: str = Field(default="", max_length=LONGEST_STATE, description="Hashes that the shapes number.")
    tree: str = Field(default="", max_length=LONGEST_STATE, description="The shape of the tree.")
    undo: str = Field(default="", max_length=LONGEST_STATE, description="Shapes before it, the latest last.")
    at: str = Field(
        default="", pattern=r"^(\d{1,3}(\.\d{1,3})*)?$", description="The group that is added to."
    )
    do: str = Field(default="", max_length=200, description="What was pressed.")
    expression: str = Field(default="", max_length=LONGEST_TEXT, description="Where a link begins.")
    text: str = Field(
        default="", max_length=LONGEST_TEXT, description="The expression as an expert wrote it."
    )
    place: str = Field(default="", max_length=120, description="A town, a ZIP code or a pair of degrees.")
    placed: str = Field(default="", max_length=120, description="The place that the degrees came from.")
    latitude: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    longitude: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)
    radius: float = Field(default=25.0, gt=0, le=HALF_ROUND_THE_EARTH, allow_inf_nan=False)
    unit: Literal["miles", "km"] = "miles"
    zoom: Literal["whole", "near"] = "whole"
    channel: AudienceIdentifier = "email"
    analysis: str = Field(default="", max_length=80)
    shown: str = Field(default="", max_length=80, description="The analysis whose controls are on the page.")
    segment: str = Field(default="", max_length=200)
    way: Way = "traits"
    point: int = Field(default=1, ge=1, le=100, description="Of the curve of the analysis.")
    size: int | None = Field(default=None, ge=1, le=10_000_000_000, description="People at most.")
    without_customers: bool = False
    compare: tuple[str, ...] = Field(default=(), max_length=MOST_COMPARED)

    @field_validator("compare", mode="before")
    @classmethod
    def _several(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else tuple(given)

    @property
    def location(self) -> Location | None:
        """The circle; None for everywhere."""
        if self.latitude is None or self.longitude is None:
            return None
        return Location(latitude=self.latitude, longitude=self.longitude, radius=self.radius, unit=self.unit)

    def also(self, **changes: Any) -> "Asked":
        """The same with these changes."""
        return self.model_copy(update=changes)

    def pairs(self) -> list[tuple[str, str]]:
        """What is not as by default, as pairs of an address; never what was only pressed."""
        told: list[tuple[str, str]] = []
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if name in ("do", "text", "place", "expression", "shown", "segment") or value == field.default:
                continue
            values = value if isinstance(value, tuple) else (value,)
            told += [(name, _written(each)) for each in values]
        return told

    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.pairs())


def _written(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and abs(value) >= 1000 else str(value)


def asked_of(pairs: Iterable[tuple[str, str]]) -> Asked:
    """What these pairs of an address ask for; empty ones and unknown ones count as left out.

    Raises BadInput that names fields, never their values.
    """
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name not in Asked.model_fields or value.strip() == "":
            continue
        if name == "compare":
            given.setdefault(name, []).append(value)
        else:
            given[name] = value
    try:
        return Asked.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)
        told = "; ".join(f"{wrong_one['loc'][0]}: {wrong_one['msg']}" for wrong_one in wrong[:3])
        raise BadInput(
            f"This does not fit: {told}", where="builder", instead="Change it, or begin again."
        ) from None


def asked_again(query: str) -> Asked:
    """What `Asked.query` wrote. Raises BadInput."""
    return asked_of(parse_qsl(query[:LONGEST_STATE], keep_blank_values=True, max_num_fields=200))
