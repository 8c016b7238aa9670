"""What is told of changes of outcomes?"""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from tools.mining.findings import Estimate
from tools.outcomes.measures.findings import Tier
from tools.scoring.gate.drift_findings import DataChange, DataKind

Measure = Literal["win_rate", "won_share", "pipeline_share", "contract_value", "cycle_days", "score"]
About = Literal["all", "level", "tier"]
Direction = Literal["up", "down", "appeared", "vanished"]
Mover = Literal["wins", "mix", "both"]


class Window(BaseModel):
    """A span of decisions, and the one before it."""

    days: int
    first: dt.date
    last: dt.date
    before_first: dt.date
    before_last: dt.date
    decided: int
    won: int
    before_decided: int
    before_won: int
    tested: bool
    why: str = Field(default="", description="What is missing, where it was not tested.")


class Compared(BaseModel):
    """A figure before and now, of one window. Its test counts in the q-values only where it is a change."""

    before: Estimate | None = None
    now: Estimate | None = None
    difference: Estimate | None = Field(default=None, description="now - before.")
    n: int = Field(description="Records that the figure of now is over.")
    n_before: int
    p_value: float | None = Field(default=None, description="Two-sided, of this window alone.")


class OutcomeChange(BaseModel):
    """A change beyond chance."""

    key: str = Field(
        description="What changed, and whether up or down; the same every week: "
        "`win_rate:industry=Logistics:up`."
    )
    about: About
    measure: Measure = Field(
        description="win_rate: won / decided; won_share, pipeline_share: of the won, of the decided, of "
        "which the attribute is known; contract_value, cycle_days: of the won; score: of the decided."
    )
    attribute: str = Field(default="", description="Column of a level; empty of all records.")
    label: str = Field(default="", description="The attribute in words.")
    value: str = Field(default="", description="The level or range in words; of a tier its letter.")
    tier: Tier | None = None
    direction: Direction = Field(
        description="appeared, vanished: a share that was, or is, 0. The key then says up, or down."
    )
    window_days: int = Field(description="Of the window that shows it most surely.")
    n: int = Field(description="Records of the window that the figure of now is over.")
    inside: int = Field(description="Of them, those won of a win rate, and those in the level of a share.")
    n_before: int
    before: Estimate = Field(description="Rate, share, mean (of a value, a score) or median (of a cycle).")
    now: Estimate
    difference: Estimate = Field(
        description="now - before: Newcombe of shares, Welch of means, Hodges and Lehmann of a cycle."
    )
    p_value: float = Field(description="Smallest of the windows, times how many tested it.")
    q_value: float = Field(description="Weighted Benjamini-Hochberg over everything tested.")
    moved: Mover | None = Field(
        default=None, description="Of a level: more of them are won, more of them are there, or both."
    )
    win_rate: Compared | None = Field(default=None, description="Of a level, whatever changed of it.")
    won_share: Compared | None = None
    pipeline_share: Compared | None = None
    carried_by: str | None = Field(
        default=None, description="Key of the change without whose records nothing is left of this one."
    )


class TierOutcomes(BaseModel):
    """How a tier did in one window, and before it."""

    tier: Tier
    window_days: int
    won: int
    lost: int
    win_rate: Compared
    contract_value: Compared = Field(description="Mean of the won.")
    cycle_days: Compared = Field(description="Median of the won.")
    pipeline_share: Compared
    moved: list[Measure] = Field(default_factory=list, description="What changed, in any window.")


class WindowFigures(BaseModel):
    """The figures of all records, in one window."""

    window_days: int
    win_rate: Compared
    contract_value: Compared = Field(description="Mean of the won.")
    cycle_days: Compared = Field(description="Median of the won.")
    score: Compared | None = Field(default=None, description="Mean of the decided; only with scores.")


class ColumnChange(BaseModel):
    """A column that is recorded otherwise than before, told as a matter of the data."""

    key: str = Field(description="Column, what happened to it and, of new levels, the day; to know it again.")
    column: str
    label: str
    kind: DataKind
    since: dt.date
    is_exact: bool = Field(description="False: it began on that day or a few weeks later.")
    level: str = Field(default="", description="Of new levels: the most frequent.")
    share: float | None = Field(default=None, description="Of new levels: their share since that day.")
    before: float | None = Field(default=None, description="Share that is unknown; of a unit the median.")
    after: float | None = None
    factor: float | None = Field(default=None, description="Of a unit: new / old.")
    set_aside: bool = Field(default=False, description="It takes no part, or only lately.")
    scored: bool = Field(default=False, description="Scores rest on it: they are set aside with it.")


class OutcomeChanges(BaseModel):
    """What changed in who buys beyond chance; nothing is an answer too."""

    until: dt.date | None = None
    since: dt.date | None = None
    currency: str = ""
    changes: list[OutcomeChange] = Field(
        default_factory=list,
        description="Of all records first, then the surest: one of each attribute for wins and for mix.",
    )
    carried: list[OutcomeChange] = Field(
        default_factory=list, description="Significant too, and no more than what another brings about."
    )
    figures: list[WindowFigures] = Field(default_factory=list, description="Of each window that was tested.")
    tiers: list[TierOutcomes] = Field(default_factory=list, description="Of each window tested; with scores.")
    data: list[DataChange] = Field(
        default_factory=list, description="Columns recorded otherwise, beyond chance: no change of customers."
    )
    set_aside: dict[str, str] = Field(
        default_factory=dict, description="Columns that took no part, or only lately, and why."
    )
    columns: list[ColumnChange] = Field(
        default_factory=list, description="Each column of `data` and `set_aside`, with the day it began."
    )
    windows: list[Window] = Field(default_factory=list)
    missing: list[str] = Field(
        default_factory=list, description="What is missing for a comparison, in words; no change is told."
    )
    tests: int = Field(default=0, description="How many figures the q-values are over.")
    compared: dict[str, int] = Field(
        default_factory=dict, description="columns, levels and figures that were tested, and data tests."
    )
    level: float = 0.0
    smallest_p: float | None = Field(default=None, description="The smallest p-value of all figures tested.")

    @property
    def tested(self) -> bool:
        """Whether anything was."""
        return any(each.tested for each in self.windows)

    @property
    def significant_keys(self) -> list[str]:
        """Of all that is significant, told on its own or carried."""
        return [each.key for each in (*self.changes, *self.carried)]
