"""Outcomes as models and patterns read them: one row a record, oldest decision first."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from store.features import Feature, FeatureTable

OutcomeKind = Literal["won", "lost", "churned", "expanded", "open"]
OUTCOMES: tuple[OutcomeKind, ...] = get_args(OutcomeKind)
UnitKind = Literal["person", "account"]


@dataclass(frozen=True)
class OutcomeTable:
    """Records of one warehouse. Arrays are as long as there are records; what is not known is NaN or NaT.

    `features` are the attributes of each record's person or account as they were when it was decided (of an
    open one: as they are now). They hold nothing that was known only afterwards.
    """

    unit: UnitKind
    record_ids: np.ndarray  # str
    unit_ids: np.ndarray  # str: the person or account, as the house numbers it
    outcomes: np.ndarray  # int8, places in OUTCOMES
    decided_at: np.ndarray  # datetime64[D]; NaT of an open one
    opened_at: np.ndarray  # datetime64[D]
    amounts: np.ndarray  # float64, in `currency`
    cycle_days: np.ndarray  # float64, from opening to decision
    went_dark: np.ndarray  # float64: 1 the buyer stopped answering, 0 not, NaN unknown
    reasons: Feature  # a set: why, as it was recorded
    products: Feature  # a set
    features: FeatureTable
    currency: str = ""

    @property
    def rows(self) -> int:
        return len(self.outcomes)

    def are(self, *kinds: OutcomeKind) -> np.ndarray:
        """Whether each record is of one of these outcomes, bool."""
        return np.isin(self.outcomes, [OUTCOMES.index(kind) for kind in kinds])

    def take(self, rows: np.ndarray) -> "OutcomeTable":
        """These records, given by number or as a mask."""
        arrays = ("record_ids", "unit_ids", "outcomes", "decided_at", "opened_at", "amounts", "cycle_days")
        columns = ("reasons", "products", "features")
        taken = {name: getattr(self, name)[rows] for name in (*arrays, "went_dark")}
        return replace(self, **taken, **{name: getattr(self, name).take(rows) for name in columns})
