"""`/briefings/schedules`: made, changed, paused, resumed, run now, removed; and a mail every Monday."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from agent import CATALOGUE
from api.access.visit import Runner, Visit
from api.jobs.scheduling import run_now
from api.pages.briefings.scheduled.asked import Wanted
from api.pages.briefings.scheduled.cards import cards_of
from api.pages.briefings.scheduled.people import (
    added_recipient,
    own_address,
    recipients_named,
    recipients_to_choose,
)
from api.pages.briefings.scheduled.times import EVERY, Times, times_of, zones
from api.pages.briefings.telling import TELLING
from api.pages.here import Chosen, workspace_here
from api.pages.outcomes.jobs.panel import panel_of
from api.pages.rendering import joined, page, rendered
from api.sending.recipients import RecipientShown
from store.records.profiles import profiles_seen_by
from store.records.schedules import Schedule, schedule_named, schedules_of
from store.workspace import Workspace
from tools.calls import call, tool_named
from tools.schedules.asked import ScheduleBriefing
from tools.schedules.remove_schedule import RemoveSchedule, remove_schedule
from tools.schedules.saying import USUAL_ZONE, WEEKDAYS
from tools.schedules.schedule_briefing import schedule_briefing
from tools.schedules.shown import ScheduleShown

FOLDER = "briefings/scheduled"
TOOL = "schedule_briefing"
MOST_PROFILES = 100
Text = Annotated[str, Form(max_length=400)]


def schedule_pages() -> APIRouter:
    """`/briefings/schedules` and `/briefings/subscribe`."""
    router = APIRouter(prefix="/briefings")
    _add_making(router)
    _add_changing(router)
    _add_acts(router)
    _add_subscribing(router)
    return router


def _add_making(router: APIRouter) -> None:
    @router.get("/schedules/new")
    def new(request: Request, visit: Runner, chosen: Chosen) -> HTMLResponse:
        """The form of a new schedule."""
        workspace = workspace_here(visit, chosen)
        zone = usual_zone(schedules_of(visit.house.database))
        return page(request, f"{FOLDER}/form.html.j2", **_form_words(visit, workspace, None, Times(), zone))

    @router.post("/schedules")
    def add(request: Request, visit: Runner, chosen: Chosen, wanted: Wanted) -> HTMLResponse:
        """A new schedule; it begins with its next slot."""
        workspace = workspace_here(visit, chosen)
        given = wanted.arguments(visit, is_alert=wanted.kind == "alert")
        arguments = {**given, "kind": wanted.kind, "another": True}
        made = call(tool_named(CATALOGUE, TOOL), workspace, arguments).schedule  # type: ignore[attr-defined]  # of its result
        return _all(request, visit, workspace, made.schedule_id, "briefings.said_begun", schedule=made)


def _add_changing(router: APIRouter) -> None:
    @router.get("/schedules/{schedule_id}")
    def edit(request: Request, visit: Runner, schedule_id: str) -> HTMLResponse:
        """The form of a schedule that there is."""
        found = schedule_named(visit.house.database, schedule_id)
        words = _form_words(visit, _of(visit, found), found, times_of(found.cron), found.timezone)
        return page(request, f"{FOLDER}/form.html.j2", **words)

    @router.post("/schedules/{schedule_id}")
    def change(request: Request, visit: Runner, schedule_id: str, wanted: Wanted) -> HTMLResponse:
        """The schedule, due at other times, sent to others."""
        found = schedule_named(visit.house.database, schedule_id)
        given = wanted.arguments(visit, is_alert=found.kind == "alert")
        query = ScheduleBriefing.model_validate({**given, "schedule_id": schedule_id})
        return _changed(request, visit, found, query, "briefings.said_changed")


def _add_acts(router: APIRouter) -> None:
    @router.post("/schedules/{schedule_id}/pause")
    def pause(request: Request, visit: Runner, schedule_id: str) -> HTMLResponse:
        """Nothing is due until it is resumed."""
        found = schedule_named(visit.house.database, schedule_id)
        query = ScheduleBriefing(schedule_id=schedule_id, paused=True)
        return _changed(request, visit, found, query, "briefings.said_paused")

    @router.post("/schedules/{schedule_id}/resume")
    def resume(request: Request, visit: Runner, schedule_id: str) -> HTMLResponse:
        """It begins with its next slot."""
        found = schedule_named(visit.house.database, schedule_id)
        query = ScheduleBriefing(schedule_id=schedule_id, paused=False)
        return _changed(request, visit, found, query, "briefings.said_resumed")

    @router.post("/schedules/{schedule_id}/run")
    def run(request: Request, visit: Runner, schedule_id: str) -> HTMLResponse:
        """A briefing now, to its recipients, beside its slots."""
        job = run_now(visit.house, visit.settings, schedule_id, visit.principal.actor)
        visit.note("schedule.run", schedule_id)
        words = {"panel": panel_of(TELLING, job), "result": TELLING.home, "kind": TELLING}
        return page(request, "outcomes/jobs/panel.html.j2", **words)

    @router.post("/schedules/{schedule_id}/remove")
    def remove(request: Request, visit: Runner, schedule_id: str) -> HTMLResponse:
        """Forget a schedule; its briefings stay."""
        workspace = _of(visit, schedule_named(visit.house.database, schedule_id))
        remove_schedule(workspace, RemoveSchedule(schedule_id=schedule_id))
        return _all(request, visit, workspace, "", "briefings.said_removed")


def _add_subscribing(router: APIRouter) -> None:
    @router.get("/subscribe")
    def ask(request: Request, visit: Runner, chosen: Chosen) -> HTMLResponse:
        """Who is to get it, and with which schedule."""
        workspace = workspace_here(visit, chosen)
        found = [each for each in cards_of(visit, workspace.warehouse.name) if not each.schedule.is_paused]
        words = {
            "cards": [each for each in found if each.schedule.kind == "briefing"],
            "own": own_address(visit),
            "zones": zones(),
            "zone": usual_zone(schedules_of(visit.house.database)),
            "here": workspace.warehouse.name,
            "has_mail": bool(visit.settings.mail_server),
        }
        return page(request, f"{FOLDER}/subscribe.html.j2", **words)

    @router.post("/subscribe")
    def subscribe(
        request: Request,
        visit: Runner,
        chosen: Chosen,
        address: Text = "",
        schedule_id: Text = "",
        timezone: Text = USUAL_ZONE,
    ) -> HTMLResponse:
        """One more recipient of a schedule, or of a new one on Mondays at 08:00."""
        workspace = workspace_here(visit, chosen)
        found = schedule_named(visit.house.database, schedule_id) if schedule_id else None
        workspace = _of(visit, found) if found else workspace
        who = added_recipient(visit, address.strip())
        if found is None:
            given: dict[str, Any] = {"timezone": timezone, "recipients": [who.recipient_id], "another": True}
        else:
            ids = [each.recipient_id for each in recipients_named(visit, found.recipient_ids)]
            given = {
                "schedule_id": schedule_id,
                "recipients": list(dict.fromkeys([*ids, who.recipient_id])),
            }
        made = call(tool_named(CATALOGUE, TOOL), workspace, given).schedule  # type: ignore[attr-defined]  # of its result
        return _all(request, visit, workspace, made.schedule_id, _said(who), schedule=made, to=who.shown)


def _said(who: RecipientShown) -> str:
    return {
        "unsubscribed": "briefings.said_unsubscribed",
        "bounced": "briefings.said_bounced",
    }.get(who.status, "briefings.said_subscribed")


def usual_zone(schedules: list[Schedule]) -> str:
    """The zone of the schedule that was made last; UTC where there is none."""
    return schedules[0].timezone if schedules else USUAL_ZONE


def _of(visit: Visit, schedule: Schedule) -> Workspace:
    return visit.house.workspace(schedule.warehouse, visit.principal.actor)


def _form_words(
    visit: Visit, workspace: Workspace, found: Schedule | None, times: Times, zone: str
) -> dict[str, Any]:
    profiles = profiles_seen_by(visit.house.database, visit.principal.actor, MOST_PROFILES)
    return {
        "found": found,
        "times": times,
        "zone": zone,
        "zones": zones(),
        "every": EVERY,
        "weekdays": WEEKDAYS,
        "here": workspace.warehouse.name,
        "recipients": recipients_to_choose(visit),
        "chosen": set(found.recipient_ids) if found else set(),
        "profiles": [each for each in profiles if each.shared],
        "has_mail": bool(visit.settings.mail_server),
    }


def _changed(
    request: Request, visit: Visit, found: Schedule, query: ScheduleBriefing, said: str
) -> HTMLResponse:
    # Not traced, as calls are: a schedule of a warehouse that is gone can be paused and changed too.
    workspace = _of(visit, found)
    now = schedule_briefing(workspace, query).schedule
    return _all(request, visit, workspace, now.schedule_id, said, schedule=now)


def _all(
    request: Request,
    visit: Visit,
    workspace: Workspace,
    focus: str,
    said: str,
    schedule: ScheduleShown | None = None,
    to: str = "",
) -> HTMLResponse:
    """All schedules of the warehouse anew, what was done, and no dialog any more."""
    name = workspace.warehouse.name
    cards = rendered(
        request, f"{FOLDER}/list.html.j2", **(schedule_words(visit, name) | {"focus": focus, "said": said})
    )
    words = {"said": said, "schedule": schedule, "to": to}
    # The dialog goes first: while it is open nothing behind it takes the focus.
    return HTMLResponse(joined([rendered(request, f"{FOLDER}/said.html.j2", **words), cards]))


def schedule_words(visit: Visit, warehouse: str) -> dict[str, Any]:
    """What the list of the schedules of a warehouse shows."""
    return {
        "cards": cards_of(visit, warehouse),
        "here": warehouse,
        "has_mail": bool(visit.settings.mail_server),
        "focus": "",
        "said": "",
    }
