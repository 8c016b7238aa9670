"""A mapping: for each column of a source file, what it means and how it is kept."""

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import tomli_w
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from store.errors import BadMapping
from store.population.domains import Domain, IdentifierType, Sensitive

Kind = Literal[
    "category",  # few distinct values, each a cluster
    "flag",  # yes or no; kept as Yes / No, a blank is unknown
    "number",  # kept raw for models; a cluster for each bin
    "date",  # kept raw as days since 1970-01-01; a cluster for each bin of the calendar
    "list",  # several values a person, each a cluster (a list column, or text split at `separator`)
    "identifier",  # e-mail, phone, address, maid or id: resolves to a person, never mined
    "field",  # text that get_person returns (a name, a title), never a cluster
    "outcome",  # what happened afterwards (won, subscribed): a cluster that is never mined as a trait
    "person_id",  # the person's number, an integer that no other row has
    "latitude",
    "longitude",
    "quality",  # 0..1, how good the record is
    "last_modified",  # when the record was last touched
    "ignore",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
CLUSTERED: frozenset[Kind] = frozenset({"category", "flag", "number", "date", "list", "outcome"})

FIRST_DAY = date(1970, 1, 1)
# What a date's `format` may be made of, as strptime writes it.
_FORMAT = re.compile(r"([^%]|%-?[dmyYjbBHIMSfpaAzZ%])+")

MISSING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None"]


class Column(BaseModel):
    """What one column means."""

    # Dumps carry the names that the file has: `as`, which Python keeps for itself.
    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)

    kind: Kind
    attribute: str = ""  # its name in the population; the column's own name when blank
    domain: Domain = "demographic"
    label: str = ""  # how a reader calls the attribute: "Household income"
    phrase: str = ""  # completes "people who ...": "earn {value}"; for a flag "have a loan / have no loan"
    phrases: dict[str, str] = Field(default_factory=dict)  # the same for single values
    values: dict[str, str] = Field(default_factory=dict)  # raw value -> value in the population
    order: list[str] = Field(default_factory=list)  # of a category: values from the lowest to the highest
    bins: list[float] = Field(default_factory=list)  # inner edges of ranges, rising; first days of a date's
    format: str = ""  # of a date that could be read in two ways: "%d/%m/%Y"
    read_as: Literal["date", "age"] = Field(
        default="date", alias="as"
    )  # of a date: itself, or years since it
    as_of: str = ""  # the day on which an age is reached: "2024-12-31"
    unit: str = ""  # of a number: "EUR", "days"
    identifier: IdentifierType | None = None
    part: Literal["street", "unit", "city", "state", "zip"] | None = None  # of an address in several columns
    quality: float | None = Field(default=None, gt=0, le=1)  # how far a match on this identifier is trusted
    separator: str = "|"
    sensitive: Sensitive | None = None
    mine: bool = True  # false: never a trait, though it can be searched

    @model_validator(mode="after")
    def _whole(self) -> "Column":
        if self.kind == "identifier" and self.identifier is None:
            raise ValueError("an identifier column needs `identifier`: email, phone, address, maid or id")
        if self.part and self.identifier != "address":
            raise ValueError("`part` belongs to columns of an address")
        if self.bins and (self.kind not in ("number", "date") or sorted(set(self.bins)) != self.bins):
            raise ValueError("`bins` are rising edges of a number or date column")
        if self.order and (
            self.kind not in ("category", "outcome") or len(set(self.order)) < len(self.order)
        ):
            raise ValueError("`order` lists values of a category, each once, from the lowest to the highest")
        self._dated()
        return self

    def _dated(self) -> None:
        """Refuse what does not go with a date, or what an age lacks."""
        if self.kind != "date" and (self.format or self.as_of or self.read_as != "date"):
            raise ValueError("`format`, `as` and `as_of` belong to a date column")
        if self.format and not (_FORMAT.fullmatch(self.format) and re.search("%[yY]", self.format)):
            raise ValueError("`format` is written as %d/%m/%Y: %d day, %m month, %Y year, %H:%M:%S time")
        if (self.read_as == "age") != bool(self.as_of):
            raise ValueError('an age needs both `as` = "age" and `as_of`, the day on which it is reached')
        if self.kind == "date" and self.read_as == "date" and not all(map(_is_day, self.bins)):
            raise ValueError("`bins` of a date are days, such as 2024-01-31")

    @field_validator("bins", mode="before")
    @classmethod
    def _from_days(cls, bins: Any, info: ValidationInfo) -> Any:
        if info.data.get("kind") != "date" or not isinstance(bins, list):
            return bins
        return [day_number(edge) if isinstance(edge, str | date) else edge for edge in bins]

    @field_validator("as_of", mode="before")
    @classmethod
    def _iso(cls, day: Any) -> Any:
        return date_told(day_number(day)) if day and isinstance(day, str | date) else day

    @model_serializer(mode="wrap")
    def _dumped(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Edges of a date as days: a person edits them, and a manifest is JSON."""
        return {**dump(self), **({"bins": self.edges} if self.bins else {})}

    @property
    def edges(self) -> list[float] | list[str]:
        """The bins as a mapping file has them: 2024-01-31 for a date."""
        is_day = self.kind == "date" and self.read_as == "date"
        return [date_told(edge) for edge in self.bins] if is_day else self.bins


class Mapping(BaseModel):
    """What every column of a source means. Columns that it does not name are left out."""

    model_config = ConfigDict(extra="forbid")

    missing: list[str] = Field(default_factory=lambda: list(MISSING))
    columns: dict[str, Column]

    def of_kind(self, *kinds: Kind) -> dict[str, Column]:
        """Columns of these kinds, by their names in the source."""
        return {name: column for name, column in self.columns.items() if column.kind in kinds}

    @model_validator(mode="after")
    def _named(self) -> "Mapping":
        for name, column in self.columns.items():
            column.attribute = column.attribute or attribute_name(name)
        for kind in ("person_id", "latitude", "longitude", "quality", "last_modified"):
            if len(self.of_kind(kind)) > 1:
                raise ValueError(f"only one column can be the {kind}: {', '.join(self.of_kind(kind))}")
        if bool(self.of_kind("latitude")) != bool(self.of_kind("longitude")):
            raise ValueError("latitude and longitude go together")
        clustered: dict[str, str] = {}
        for name, column in self.columns.items():
            if column.kind in CLUSTERED and clustered.setdefault(column.attribute, name) != name:
                raise ValueError(f"{clustered[column.attribute]} and {name} are both `{column.attribute}`")
        return self


def day_number(day: str | date) -> float:
    """Days since 1970-01-01 of a day such as 2024-01-31. Raises ValueError for any other text."""
    return float((date.fromisoformat(str(day)) - FIRST_DAY).days)


def date_told(day: float) -> str:
    """The day of this number, such as 2024-01-31."""
    return (FIRST_DAY + timedelta(days=day)).isoformat()


def _is_day(edge: float) -> bool:
    return float(edge).is_integer() and day_number(date.min) <= edge <= day_number(date.max)


def attribute_name(column: str) -> str:
    """The column's name as an attribute: lower case, words joined by underscores."""
    return "_".join("".join(c if c.isalnum() else " " for c in column).lower().split())


def read_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file. Raises BadMapping with the place of what is wrong."""
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise BadMapping("There is no mapping file", where=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadMapping(f"The mapping is not TOML: {error}", where=str(path)) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise BadMapping(
            f"The mapping is wrong: {first['msg']}",
            where=f"{path} at {place or 'top'}",
            instead="`fieldmark mapping FILE` proposes one to start from.",
        ) from None


def write_mapping(mapping: Mapping, path: Path) -> None:
    """Write the mapping as TOML that a person can edit."""
    path.write_text(
        tomli_w.dumps(mapping.model_dump(exclude_defaults=True, exclude_none=True)), encoding="utf-8"
    )
