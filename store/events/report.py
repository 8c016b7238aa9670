"""What was read of the events, and what came of it? The account that is kept beside the users."""

from datetime import date

from pydantic import BaseModel, Field

from store.events.files.days import SourceDay
from store.events.reading import EventReading
from store.events.window import Windows


class KeptDay(SourceDay):
    """A day whose events were read, and where what is kept of them lies."""

    folder: str = Field(description="Of its partials, within `days`.")
    form: str = Field(description="Tells the queries that made the partials; others would make others.")
    events: int
    events_without_device: int = Field(
        description="Events without user_pseudo_id and user_id, as consent mode sends them; left out."
    )


class BehaviourReport(BaseModel):
    """One load of events: what was read, the windows, and how many users came of it."""

    load_id: str
    created_at: str
    reading: EventReading
    windows: Windows
    days_loaded: int = Field(description="Days whose events are kept, of all loads.")
    first_loaded_day: date
    last_loaded_day: date
    missing_days: list[date] = Field(
        description="Days within the windows of which nothing is loaded: nobody did anything on them."
    )
    intraday_days: list[date] = Field(
        description="Days within the windows that were still running when they were exported."
    )
    days_read: int = Field(description="Days read for the first time.")
    days_reread: int = Field(description="Days read again, because a file of theirs changed.")
    days_unchanged: int = Field(description="Days that were named and not read, since nothing changed.")
    files_read: int
    files_skipped: int
    events: int = Field(description="Events of the loaded days within the windows.")
    events_without_device: int
    users: int = Field(description="Users with an event in the days of behaviour, buyers or not.")
    buyers: int = Field(description="Users who bought in the days of behaviour.")
    target_buyers: int | None = Field(
        default=None, description="Users who bought in the target's days; none without a target."
    )
    seconds: float


class Load(BaseModel):
    """What is kept of one load beside its users: the account and the days it stands on."""

    report: BehaviourReport
    days: list[KeptDay]
