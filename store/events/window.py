"""Which days tell what a user did, and which what came of it? Two windows that never overlap."""

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from store.errors import BadInput


class WindowQuery(BaseModel):
    """The windows as they are asked for."""

    model_config = ConfigDict(extra="forbid")

    days: int = Field(
        default=90, ge=1, le=3650, description="Days of behaviour up to the cut-off, that day included."
    )
    cut_off: date | None = Field(
        default=None,
        description="The last day of behaviour; what came after it is the target. The last day there is, and "
        "no target, when left out.",
    )
    target_days: int = Field(
        default=30, ge=1, le=3650, description="Days after the cut-off in which the target is counted."
    )


class Windows(BaseModel):
    """The days of behaviour, first to cut-off, and those of the target after it, both ends included."""

    model_config = ConfigDict(frozen=True)

    first_day: date
    cut_off: date
    target_last_day: date | None = Field(
        default=None, description="The last day of the target; none where no target is counted."
    )

    @property
    def last_day(self) -> date:
        """The last day that is read at all."""
        return self.target_last_day or self.cut_off


def windows_of(query: WindowQuery, loaded_first: date, loaded_last: date) -> Windows:
    """The windows of a query among the days that are loaded.

    Raises BadInput where the cut-off lies outside of them, or leaves too few days for the target: a
    target counted over half its days would teach that users spend half.
    """
    if query.cut_off is None:
        return Windows(first_day=loaded_last - timedelta(query.days - 1), cut_off=loaded_last)
    target_last = query.cut_off + timedelta(query.target_days)
    if not loaded_first <= query.cut_off or target_last > loaded_last:
        raise BadInput(
            f"The cut-off {query.cut_off} and {query.target_days} days after it are not all loaded",
            where=f"events from {loaded_first} to {loaded_last}",
            instead=f"Take a day from {loaded_first} to {loaded_last - timedelta(query.target_days)}, fewer "
            "target days, or load the days that follow.",
        )
    first = query.cut_off - timedelta(query.days - 1)
    return Windows(first_day=first, cut_off=query.cut_off, target_last_day=target_last)
