"""What is one condition on a column, how is it told, and which rows meet it?"""

from collections.abc import Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from store.errors import BadInput
from store.features import Feature, FeatureKind, FeatureTable

YES, NO = "yes", "no"


class Condition(BaseModel):
    """One thing that may be true of a person or an account: a range, a level, a value of a set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attribute: str = Field(description="Name of the column.")
    kind: FeatureKind
    value: str | None = Field(default=None, description="The level, or the value of the set.")
    at_least: float | None = Field(default=None, description="Of a number: from here on.")
    below: float | None = Field(default=None, description="Of a number: under this.")
    words: str = Field(description="`Employees 5,000 and over`, `Industry is Retail`.")
    domain: str = ""

    def met(self, table: FeatureTable) -> np.ndarray:
        """Whether each row meets it, bool; where the column is not known it is not met.

        Raises BadInput when there is no such column, or it is of another kind.
        """
        feature = table.find(self.attribute)
        if feature is None or feature.kind != self.kind:
            raise BadInput("No column of this name and kind", where=f"{self.attribute}, {self.kind}")
        if self.kind == "number":
            low = -np.inf if self.at_least is None else self.at_least
            high = np.inf if self.below is None else self.below
            return (feature.values >= low) & (feature.values < high)
        return holding(feature, feature.levels.index(self.value) if self.value in feature.levels else -2)


def all_met(conditions: Sequence[Condition], table: FeatureTable) -> np.ndarray:
    """Whether each row meets all of these conditions, bool."""
    met = np.ones(table.rows, dtype=np.bool_)
    for condition in conditions:
        met &= condition.met(table)
    return met


def met_and_unmet(conditions: Sequence[Condition], table: FeatureTable) -> tuple[np.ndarray, np.ndarray]:
    """Whether each row meets all conditions, and whether it is known not to, two of bool.

    A row is left out of both where one of the columns is not known.
    """
    met, known = all_met(conditions, table), np.ones(table.rows, dtype=np.bool_)
    for condition in conditions:
        feature = table.find(condition.attribute)
        known &= False if feature is None else feature.known()
    return met & known, known & ~met


def holding(feature: Feature, code: int) -> np.ndarray:
    """Whether each row has this code of a category or a set, bool."""
    if feature.starts is None:
        return feature.values == code
    met = np.zeros(feature.rows, dtype=np.bool_)
    # The set of row i ends before starts[i + 1], so the row of a place is the number of starts up to it.
    met[np.searchsorted(feature.starts, np.flatnonzero(feature.values == code), side="right") - 1] = True
    return met


def level_condition(feature: Feature, level: str) -> Condition:
    """The condition that a category is, or a set includes, this level."""
    return Condition(
        attribute=feature.name, kind=feature.kind, value=level, words=_level_words(feature, level),
        domain=feature.domain,
    )  # fmt: skip


def range_condition(feature: Feature, at_least: float | None, below: float | None, whole: bool) -> Condition:
    """The condition that a number lies in at_least..below; whole: the column holds whole numbers only."""
    words = f"{feature.told} {range_words(at_least, below, feature.unit, whole)}"
    return Condition(
        attribute=feature.name, kind="number", at_least=at_least, below=below, words=words,
        domain=feature.domain,
    )  # fmt: skip


def range_words(at_least: float | None, below: float | None, unit: str = "", whole: bool = False) -> str:
    """`under 50`, `50-499`, `0.2 to under 0.5 EUR`, `5,000 and over`."""
    after = f" {unit}" if unit else ""
    if at_least is None:
        return f"under {figure(below)}{after}"
    if below is None:
        return f"{figure(at_least)}{after} and over"
    if whole and below == at_least + 1:
        return f"{figure(at_least)}{after}"
    if whole and at_least >= 0:
        return f"{figure(at_least)}-{figure(below - 1)}{after}"
    return f"{figure(at_least)} to under {figure(below)}{after}"


def figure(value: float | None) -> str:
    """A number as a reader meets it: `5,000`, `0.25`."""
    if value is None:
        return "unknown"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.6g}"


def told(conditions: Sequence[Condition]) -> str:
    """The conditions as one phrase: `Employees 5,000 and over and Industry is Retail`."""
    return " and ".join(condition.words for condition in conditions)


def _level_words(feature: Feature, level: str) -> str:
    if feature.kind == "set":
        return f"{feature.told} include {level}"
    if level.lower() in (YES, NO):
        return f"{feature.told}: {level.lower()}"
    return f"{feature.told} is {level}"
