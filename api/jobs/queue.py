"""What can be asked of a job: to be done, how far it is, to stop, to go on.

All of it is a change of the job's record, so it needs no worker; a worker reads the records.
"""

import re
from typing import Any

import orjson

from agent import CATALOGUE
from api.jobs.kinds import kind_named
from api.settings import Settings
from store.access import LOCAL
from store.errors import BadInput, Conflict
from store.records import Database
from store.records.runs import Run, add_run, change_run, queue_again, run_named
from store.workspace import House
from tools.calls import checked, tool_named
from tools.declaration import ToolQuery

KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")  # no e-mail address is a key


def submit(
    house: House,
    settings: Settings,
    tool: str,
    arguments: dict[str, Any],
    warehouse: str,
    idempotency_key: str | None = None,
    *,
    asks: bool = False,
    actor: str = LOCAL,
) -> Run:
    """The queued job, or the earlier one of the same request under the same key.

    A job that `asks` waits for a decision before anything leaves the house.
    Raises BadInput where the arguments do not fit, Conflict where the key belongs to another request,
    NotFound for another tool or warehouse, and Busy when too many are queued.
    """
    workflow = kind_named(tool)
    query = checked(tool_named(CATALOGUE, tool), arguments)
    workspace = house.workspace(warehouse, actor)
    _require_key(idempotency_key)
    workspace.warehouse.require_loaded()  # such a job could not be done
    asked_as = query.workflow_id
    query.workflow_id = asked_as or house.new_id()
    run = Run(
        run_id=f"{workflow.prefix}{house.new_id()}",
        kind=tool,
        warehouse=warehouse,
        workflow_id=query.workflow_id,
        idempotency_key=idempotency_key,
        actor=actor,
        request_hash=house.signer.digest(_content(query, asked_as, asks)),
        approval="ask" if asks else "given",
        created_at=house.now(),
    )
    # Before the record, or a worker could find the job without its request.
    workflow.keep_request(workspace, run.run_id, query)
    try:
        return add_run(house.database, run, settings.jobs_queued)
    finally:
        if house.database.get(Run, run.run_id) is None:
            house.artifacts.remove("request", run.run_id, "json")


def _require_key(key: str | None) -> None:
    if key is not None and not KEY.fullmatch(key):
        raise BadInput(
            "An idempotency key is 1 to 128 letters, digits and `._:-`", where="key", instead="Give a UUID."
        )


def _content(query: ToolQuery, asked_as: str | None, asks: bool) -> bytes:
    said = query.model_dump(mode="json") | {"workflow_id": asked_as, "asks": asks}
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def cancel(house: House, run_id: str) -> Run:
    """The job, which is cancelled now or, if a worker has it, after the step it is in.

    Raises NotFound, and Conflict for one that has ended.
    """
    run = run_named(house.database, run_id)
    cancelled = change_run(
        house.database, run_id, ("queued", "waiting"), status="cancelled", ended_at=house.now()
    )
    if not cancelled and not change_run(house.database, run_id, ("running",), cancel_asked=True):
        raise _not_so(run, "so there is nothing to cancel")
    return run_named(house.database, run_id)


def answer(database: Database, run_id: str, approved: bool) -> Run:
    """The job, queued again with the decision that it waited for. Raises NotFound, and Conflict."""
    decided = {"answer": {"approved": approved}, "waiting_for": None}
    if not queue_again(database, run_id, ("waiting",), **decided):
        raise _not_so(run_named(database, run_id), "so it waits for no decision")
    return run_named(database, run_id)


def go_on(database: Database, run_id: str) -> Run:
    """The job, queued again after it was cancelled or failed. Raises NotFound, and Conflict."""
    if not queue_again(database, run_id, ("cancelled", "failed")):
        raise _not_so(run_named(database, run_id), "so there is nothing to go on with")
    return run_named(database, run_id)


def _not_so(run: Run, so: str) -> Conflict:
    return Conflict(
        f"The job is {run.status}, {so}", where="run_id", instead="`fieldmark job RUN_ID` tells how it is."
    )
