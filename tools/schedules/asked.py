"""What can be said of a schedule, and which columns of it are that?"""

from typing import Annotated, Any

from pydantic import Field

from store.errors import BadInput
from store.records.recipients import recipients_for
from store.records.schedules import ScheduleKind
from store.records.tables import Analysis
from store.workspace import Workspace
from tools.declaration import ToolQuery
from tools.schedules.cron import checked_cron, checked_zone
from tools.schedules.saying import Every, Weekday, cron_of

MOST_RECIPIENTS = 100
Name = Annotated[str, Field(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")]


class ScheduleBriefing(ToolQuery):
    """Send a briefing again and again, or stop it."""

    every: Every | None = Field(
        default=None, description="`week` when nothing is said; `month` is its first day or first `weekday`."
    )
    weekday: Weekday | None = Field(default=None, description="Of a week or a month; Monday by default.")
    at: str | None = Field(
        default=None, pattern=r"^\d{2}:\d{2}$", description="On a 24-hour clock; `08:00` by default."
    )
    timezone: str | None = Field(
        default=None, max_length=64, description="An IANA name, `Europe/Berlin`; UTC by default."
    )
    recipients: list[str] | None = Field(
        default=None,
        max_length=MOST_RECIPIENTS,
        description="Mail addresses, channel URLs or ids of recipients: all of them from now on. None said: "
        "those there are.",
    )
    icp_profile: Name | None = Field(
        default=None,
        description="Whose customers it is about: a shared profile by name or id, or the id of an analysis. "
        "Empty: the last that were analysed.",
    )
    paused: bool | None = Field(
        default=None,
        description="True: nothing is due until it is resumed. False: it begins with its next slot. When "
        "nothing is said it runs, and one that is named by its id stays as it is.",
    )
    cron: str | None = Field(
        default=None,
        max_length=120,
        description="In the place of `every`, `weekday` and `at`: `0 8 * * mon`; at most hourly.",
    )
    name: Name | None = Field(
        default=None, description="What it is called; one that is called otherwise is another."
    )
    kind: ScheduleKind | None = Field(
        default=None,
        description="`briefing` when nothing is said. `alert`: looked at when it is due, every hour by "
        "default, and sent only where something significant is new.",
    )
    cooldown_hours: int | None = Field(
        default=None,
        ge=0,
        le=8_784,
        description="Of an alert: hours within which the same is not told again; 24 by default.",
    )
    sync: bool | None = Field(
        default=None,
        description="Whether standing audiences are written to their destinations too; not by default.",
    )
    schedule_id: Name | None = Field(default=None, description="The schedule to change, by id or name.")
    another: bool = Field(default=False, description="Make one more, whatever there is already.")


def columns_of(workspace: Workspace, query: ScheduleBriefing, before: str) -> dict[str, Any]:
    """The columns that a request says.

    before: the cron expression there was, of which stays what is left out. Raises BadInput and, for what
    whoever asks may not add or see, NotAllowed and NotFound.
    """
    values: dict[str, Any] = {}
    if (cron := _cron(query, before)) is not None:
        values["cron"] = cron
    if query.timezone is not None:
        values["timezone"] = checked_zone(query.timezone)
    if query.icp_profile is not None:
        values["icp_profile"] = profile_id(workspace, query.icp_profile)
    if query.name is not None:
        values["name"] = query.name.strip()
    for said in ("sync", "cooldown_hours"):
        if (value := getattr(query, said)) is not None:
            values[said] = value
    if query.recipients is not None:  # the last: it keeps new addresses
        values["recipient_ids"] = recipients_for(workspace, query.recipients)
    return values


def _cron(query: ScheduleBriefing, before: str) -> str | None:
    said = any(each is not None for each in (query.every, query.weekday, query.at))
    if query.cron is None:
        return cron_of(query.every, query.weekday, query.at, before) if said else None
    if said:
        raise BadInput(
            "`cron` takes the place of `every`, `weekday` and `at`",
            where="cron",
            instead="Give the one or the others.",
        )
    return checked_cron(query.cron)


def profile_id(workspace: Workspace, said: str) -> str:
    """The id of what a briefing is about; empty for nothing said.

    Raises NotFound, and BadInput for a private profile: what nobody else sees is sent to nobody else.
    """
    from tools.profiles.kept import profile_meant

    if not said.strip():
        return ""
    if said.startswith("icp_"):
        analysis = workspace.database.get(Analysis, said)
        if analysis is not None and analysis.warehouse == workspace.warehouse.name:
            return said
        raise BadInput(
            "There is no such analysis in this warehouse",
            where="icp_profile",
            instead="Give the id of one, the name of a profile, or leave it out.",
        )
    profile = profile_meant(workspace, said)
    if not profile.shared:
        raise BadInput(
            "The profile is private, and a briefing about it would be sent",
            where="icp_profile",
            instead="Share it first: `share_icp_profile`.",
        )
    return profile.profile_id
