"""What does a form ask for of a schedule?"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Form

from api.access.visit import Visit
from api.pages.briefings.scheduled.people import meant
from api.pages.briefings.scheduled.times import Times

LONGEST = 4_000  # characters of addresses in one form
MOST = 200
Field = Annotated[str, Form(max_length=200)]


class Asked:
    """The fields of the form, as they came."""

    def __init__(
        self,
        name: Annotated[str, Form(max_length=120)] = "",
        kind: Annotated[str, Form(max_length=20)] = "briefing",
        every: Field = "week",
        weekday: Field = "",
        at: Field = "08:00",
        cron: Field = "",
        timezone: Field = "UTC",
        icp_profile: Field = "",
        cooldown_hours: Annotated[int, Form(ge=0, le=8_784)] = 24,
        sync: Field = "",
        recipient: Annotated[list[str] | None, Form(max_length=MOST)] = None,
        others: Annotated[str, Form(max_length=LONGEST)] = "",
    ) -> None:
        self._given = {"name": name, "timezone": timezone, "icp_profile": icp_profile}
        self.kind = "alert" if kind == "alert" else "briefing"
        self._times = Times(every, weekday, at, cron)
        self._cooldown, self._sync = cooldown_hours, sync == "yes"
        self._recipients, self._others = recipient or [], others

    def arguments(self, visit: Visit, *, is_alert: bool) -> Mapping[str, Any]:
        """What `schedule_briefing` is given; addresses that are new become recipients.

        Raises BadInput and, for a channel that only an administrator adds, NotAllowed.
        """
        cooldown = {"cooldown_hours": self._cooldown} if is_alert else {}
        cron = self._times.expression()
        return {
            **self._given,
            **cooldown,
            "cron": cron,
            "sync": self._sync,
            "recipients": meant(visit, self._recipients, self._others),
        }


Wanted = Annotated[Asked, Depends(Asked)]
