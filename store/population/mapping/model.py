"""A mapping: for each column of a source file, what it means and how it is kept."""

import tomllib
from pathlib import Path
from typing import Literal, get_args

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from store.errors import BadMapping
from store.population.domains import Domain, IdentifierType, Sensitive

Kind = Literal[
    "category",  # few distinct values, each a cluster
    "flag",  # yes or no; kept as Yes / No, a blank is unknown
    "number",  # kept raw for models; a cluster for each bin
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
CLUSTERED: frozenset[Kind] = frozenset({"category", "flag", "number", "list", "outcome"})

MISSING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None"]


class Column(BaseModel):
    """What one column means."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    attribute: str = ""  # its name in the population; the column's own name when blank
    domain: Domain = "demographic"
    label: str = ""  # how a reader calls the attribute: "Household income"
    phrase: str = ""  # completes "people who ...": "earn {value}"; for a flag "have a loan / have no loan"
    phrases: dict[str, str] = Field(default_factory=dict)  # the same for single values
    values: dict[str, str] = Field(default_factory=dict)  # raw value -> value in the population
    bins: list[float] = Field(default_factory=list)  # inner edges of number ranges, rising
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
        if self.bins and (self.kind != "number" or sorted(set(self.bins)) != self.bins):
            raise ValueError("`bins` are rising edges of a number column")
        return self


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
