"""What may be asked of changes of outcomes, with the unit, the bounds and the default of each figure?"""

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field, model_validator

# A year of weekly briefings without a change tells one with a chance of 5 %: each spends its 52nd part.
WEEKLY_LEVEL = 0.05 / 52


class OutcomeChangesQuery(BaseModel):
    """Which outcomes are compared with which, and when a difference is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    until: dt.date | None = Field(
        default=None, description="The last day that counts; the last on which anything was decided if none."
    )
    since: dt.date | None = Field(
        default=None,
        description="Day of the last briefing: the first window then begins the day after it, whatever "
        "its days.",
    )
    windows_days: tuple[int, ...] = Field(
        default=(7, 28, 91),
        min_length=1,
        max_length=4,
        description="Days of each window, rising. The long one finds what grows too slowly for a month.",
    )
    before_days: int = Field(
        default=182, ge=28, le=1_460, description="Days before each window that it is compared with."
    )
    level: float = Field(
        default=WEEKLY_LEVEL,
        gt=0,
        lt=0.5,
        description="False discovery rate over everything that is tested in one briefing.",
    )
    least_before: int = Field(
        default=50, ge=10, description="Records decided before a window, under which it is not tested."
    )
    least_now: int = Field(
        default=10, ge=5, description="Records decided in a window, under which it is not tested."
    )
    least_inside: int = Field(
        default=20, ge=5, description="Records, in a window and before it, of a level and of all others."
    )
    least_rate: int = Field(
        default=8, ge=1, description="Records of a level in a window, under which its win rate is not tested."
    )
    least_valued: int = Field(
        default=10, ge=10, description="Known values on either side, under which figures are not compared."
    )
    max_levels: int = Field(
        default=40, ge=1, le=500, description="Levels and ranges tested at most: the profile's, then others."
    )
    ranges: int = Field(
        default=4, ge=2, le=10, description="Ranges, of as many records each, that a number is cut into."
    )
    carried_p: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="P-value above which nothing is left of a change without the group that carries it.",
    )
    set_aside_p: float = Field(
        default=1e-5,
        gt=0,
        lt=0.05,
        description="P-value up to which a column is recorded otherwise than before, and takes no part.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> "OutcomeChangesQuery":
        if list(self.windows_days) != sorted(set(self.windows_days)):
            raise ValueError("The days of the windows have to rise.")
        if not 1 <= self.windows_days[0] <= self.windows_days[-1] <= self.before_days:
            raise ValueError("A window has a day or more, and no more than the days before it.")
        if self.since and self.until and self.since >= self.until:
            raise ValueError("The last briefing was before the last day that counts.")
        return self
