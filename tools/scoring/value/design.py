"""How does a table of features become the columns that trees learn from?"""

import numpy as np
from pydantic import BaseModel, Field

from store.features import UNKNOWN, Feature, FeatureTable

LEVELS = 20  # of a category or set that have a column of their own; the rest share the absence of all
FEWEST = 20  # rows that a level must have


class Design(BaseModel):
    """The columns, in order; a level that is not among them is none of them, an unknown cell is NaN."""

    columns: list[tuple[str, str | None]] = Field(description="Name and level; no level for a number.")

    @property
    def names(self) -> list[str]:
        """A name for each column."""
        return [name if level is None else f"{name}={level}" for name, level in self.columns]

    def matrix(self, table: FeatureTable) -> np.ndarray:
        """The table as float64, rows x columns; a column that it lacks is unknown."""
        matrix = np.full((table.rows, len(self.columns)), np.nan)
        for at, (name, level) in enumerate(self.columns):
            feature = table.find(name)
            if feature is not None and (feature.kind == "number") == (level is None):
                matrix[:, at] = feature.values if level is None else _has(feature, level)
        return matrix


def design_of(table: FeatureTable) -> Design:
    """The columns for a table: each number that varies, each level that enough rows have."""
    columns: list[tuple[str, str | None]] = []
    for feature in table.features:
        if feature.kind == "number":
            known = feature.values[feature.known()]
            columns += [(feature.name, None)] if len(known) and known.min() < known.max() else []
        else:
            counts = np.bincount(feature.values[feature.values != UNKNOWN], minlength=len(feature.levels))
            order = np.lexsort((np.arange(len(counts)), -counts))[:LEVELS]
            columns += [(feature.name, feature.levels[at]) for at in order if counts[at] >= FEWEST]
    return Design(columns=columns)


def _has(feature: Feature, level: str) -> np.ndarray:
    known = feature.known()
    code = feature.levels.index(level) if level in feature.levels else len(feature.levels)
    held = feature.values == code
    if feature.starts is not None:
        rows = np.repeat(np.arange(feature.rows), np.diff(feature.starts))
        held = np.bincount(rows[held], minlength=feature.rows) > 0
    return np.where(known, held.astype(np.float64), np.nan)
