"""Schedules as resources: briefings and alerts that come again and again, and the times they were due."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse

from api.access.visit import Reader, Runner, Visit
from api.jobs.scheduling import run_now
from api.rest.form.paging import Page, Pages, page_of
from api.rest.found.profile_calls import given_of
from api.rest.work.jobs import AGAIN, Job, job_of
from store.errors import BadInput
from store.records.newest import Place
from store.records.schedules import Schedule, schedule_named, schedules_of, slots_of
from store.workspace import Workspace
from tools.calls import call
from tools.schedules import catalogue
from tools.schedules.asked import ScheduleBriefing
from tools.schedules.remove_schedule import RemoveSchedule, remove_schedule
from tools.schedules.schedule_briefing import schedule_briefing
from tools.schedules.shown import ScheduleShown, SlotShown, schedules_shown, slot_shown

ScheduleId = Annotated[str, Path(max_length=120, description="Of the schedule: `sched_…`.")]
Warehouse = Annotated[
    str | None, Query(max_length=63, description="The warehouse; the only one when left out.")
]


def schedule_routes() -> APIRouter:
    """`/v1/schedules`: made, read, changed, paused, removed, run now; and their slots."""
    router = APIRouter(prefix="/v1/schedules", tags=["schedules"])
    _add_collection(router)
    _add_one(router)
    _add_work(router)
    return router


def _add_collection(router: APIRouter) -> None:
    @router.get("")
    def list_schedules(
        visit: Reader,
        pages: Pages,
        warehouse: Annotated[str | None, Query(max_length=63, description="Only of this one.")] = None,
    ) -> Page[ScheduleShown]:
        """Schedules, newest first: when each is due next, and what became of the last time."""
        rows = schedules_of(visit.house.database, warehouse, pages.limit, pages.after)
        page = page_of(rows, pages.limit, lambda row: Place(row.created_at, row.schedule_id))
        return Page(items=_shown(visit, page.items), next_cursor=page.next_cursor)

    @router.post("", status_code=201)
    def add_schedule(
        visit: Runner, wanted: ScheduleBriefing, response: Response, warehouse: Warehouse = None
    ) -> ScheduleShown:
        """The new schedule: Mondays at 08:00 UTC when nothing else is said; it begins with its next slot."""
        if wanted.schedule_id is not None:
            raise BadInput(
                "A new schedule has no id yet", where="schedule_id", instead="PATCH the one that there is."
            )
        arguments = given_of(wanted) | {"another": True}
        made = call(catalogue.SCHEDULE, visit.workspace(warehouse), arguments).schedule  # type: ignore[attr-defined]  # of its result
        response.headers["Location"] = f"/v1/schedules/{made.schedule_id}"
        return made


def _add_one(router: APIRouter) -> None:
    @router.get("/{schedule_id}")
    def get_schedule(visit: Reader, schedule_id: ScheduleId) -> ScheduleShown:
        """One schedule, with its next three times."""
        return _shown(visit, [schedule_named(visit.house.database, schedule_id)])[0]

    # Not traced, as calls are: a schedule of a warehouse that is gone can be paused and removed too.
    @router.patch("/{schedule_id}")
    def change_schedule(visit: Runner, schedule_id: ScheduleId, change: ScheduleBriefing) -> ScheduleShown:
        """The schedule as it is now; what is left out stays. `paused` pauses and resumes it."""
        workspace = _workspace(visit, schedule_id)
        query = change.model_copy(update={"schedule_id": schedule_id, "another": False})
        return schedule_briefing(workspace, query).schedule

    @router.delete("/{schedule_id}", status_code=204)
    def delete_schedule(visit: Runner, schedule_id: ScheduleId) -> None:
        """Forget a schedule and the list of its slots; its briefings stay."""
        remove_schedule(_workspace(visit, schedule_id), RemoveSchedule(schedule_id=schedule_id))


def _add_work(router: APIRouter) -> None:
    @router.post("/{schedule_id}/run", status_code=202, response_model=Job)
    def run_schedule(visit: Runner, schedule_id: ScheduleId) -> JSONResponse:
        """The job of a briefing now, beside the schedule's slots; also while it is paused."""
        run = run_now(visit.house, visit.settings, schedule_id, visit.principal.actor)
        visit.note("schedule.run", schedule_id)
        headers = {"Location": f"/v1/jobs/{run.run_id}", **AGAIN}
        return JSONResponse(job_of(run).model_dump(mode="json"), 202, headers=headers)

    @router.get("/{schedule_id}/slots")
    def list_slots(visit: Reader, schedule_id: ScheduleId, pages: Pages) -> Page[SlotShown]:
        """The times at which it was due, newest first, with the job of each or why there was none."""
        schedule_named(visit.house.database, schedule_id)
        rows = slots_of(visit.house.database, schedule_id, pages.limit, pages.after)
        return page_of(rows, pages.limit, lambda row: Place(row.due_at, row.slot_id), slot_shown)


def _workspace(visit: Visit, schedule_id: str) -> Workspace:
    schedule = schedule_named(visit.house.database, schedule_id)
    return visit.house.workspace(schedule.warehouse, visit.principal.actor)


def _shown(visit: Visit, schedules: list[Schedule]) -> list[ScheduleShown]:
    return schedules_shown(visit.house.database, schedules, visit.house.now())
