"""What does one standing audience become: who came and went, its files, and the record of it, once?"""

from dataclasses import dataclass, replace

import numpy as np
from pyroaring import BitMap

from store.errors import ToolRefused
from store.locks import Lock
from store.records.outbox import tell
from store.records.standing import StandingAudience, StandingChange, keep_change, last_change
from store.workspace import Workspace
from tools.standing.files.form import Form
from tools.standing.files.writing import Parts, Synced, counted, synced
from tools.standing.findings import AudienceRefreshed
from tools.standing.kept.forgetting import forget_change
from tools.standing.kept.noting import note_standing
from tools.standing.kept.shown import asked_of, definition_now
from tools.standing.people.definition import Definition
from tools.standing.people.made_from import key_of, made_from
from tools.standing.people.members import ids_of, left_out, members
from tools.standing.people.now import Now
from tools.standing.people.then import EVERYONE, LEFT_OUT, PEOPLE, Then, population_key
from tools.standing.people.why import Movement, movement
from tools.standing.queries import RefreshStanding

BUSY = "It is being made anew by somebody else at this moment."


@dataclass(frozen=True)
class Made:
    """Who is in it now, who moved, and what it was made from."""

    definition: Definition
    made: str
    people: list[BitMap]
    ids: np.ndarray
    moved: Movement
    key: str


def refreshed(now: Now, record: StandingAudience, query: RefreshStanding) -> AudienceRefreshed:
    """The audience before and now; with the mode `yes` it is kept, written and told once."""
    is_dry = query.mode == "dry_run"
    if record.is_paused:
        return _told(record, "paused", is_dry)
    if is_dry:
        return _tried(now, record, query)
    lock = Lock(now.workspace.home / "locks" / f"{record.standing_id}.lock")
    if not lock.taken():
        return _told(record, "busy", is_dry, refused=BUSY)
    try:
        return _tried(now, record, query)
    finally:
        lock.let_go()


def _tried(now: Now, record: StandingAudience, query: RefreshStanding) -> AudienceRefreshed:
    try:
        return _refreshed(now, record, query)
    except ToolRefused as refusal:
        return _told(record, "refused", query.mode == "dry_run", refused=str(refusal))


def _refreshed(now: Now, record: StandingAudience, query: RefreshStanding) -> AudienceRefreshed:
    is_dry = query.mode == "dry_run"
    # A private profile is seen by whoever kept the audience.
    workspace = replace(now.workspace, actor=record.created_by or now.workspace.actor)
    asked, definition = asked_of(record), definition_now(workspace, record)
    last = last_change(workspace.database, record.standing_id)
    made = made_from(now, definition, asked)
    if last is not None and last.made_from == made:
        return _told(
            record,
            "unchanged",
            is_dry,
            people=last.people,
            people_before=last.people,
            in_words=definition.in_words,
            change_id=last.change_id,
        )
    found = _made(now, record, last, definition, made)
    form = Form(now.population, definition, asked, record.standing_id)
    if is_dry:
        rows, warnings = counted(form, found.people) if asked.destination else (0, [])
        return _shown(record, last, found, is_dry, Synced(rows, warnings, []))
    done = _kept(now, record, last, found, form, query)
    return _shown(record, last, found, is_dry, done)


def _made(
    now: Now, record: StandingAudience, last: StandingChange | None, definition: Definition, made: str
) -> Made:
    people = members(now, definition)
    ids = ids_of(now.population, people)
    moved = movement(now, Then(now.workspace, last), definition, ids) if last else Movement()
    return Made(definition, made, people, ids, moved, key_of(made, last.key if last else record.standing_id))


def _kept(
    now: Now,
    record: StandingAudience,
    last: StandingChange | None,
    found: Made,
    form: Form,
    query: RefreshStanding,
) -> Synced:
    """The files first, then the change with what is told of it: killed in between, the files are written
    again under the same names, and the change is kept and told once.
    """
    workspace, change_id = now.workspace, change_id_of(found.key)
    workspace.artifacts.save_people(PEOPLE, change_id, found.ids)
    workspace.artifacts.save_people(LEFT_OUT, change_id, left_out(now, found.definition))
    everyone = population_key(workspace.warehouse.name, now.population.snapshot_id)
    if now.has_own_ids:
        workspace.artifacts.save_people(EVERYONE, everyone, now.everyone)
    done = Synced(0, [], [])
    if form.query.destination:
        parts = Parts(found.people, found.moved.entered_ids, found.moved.left_ids)
        done = synced(workspace, form, record.name, found.key, parts)
    change = StandingChange(
        change_id=change_id,
        standing_id=record.standing_id,
        warehouse=record.warehouse,
        number=last.number + 1 if last else 1,
        key=found.key,
        made_from=found.made,
        snapshot_id=now.population.snapshot_id,
        people=len(found.ids),
        entered=len(found.moved.entered_ids),
        left=sum(each.people for each in found.moved.left),
        why={
            "entered": [each.model_dump() for each in found.moved.entered],
            "left": [each.model_dump() for each in found.moved.left],
            "note": found.moved.note,
        },
        definition=found.definition.model_dump(mode="json"),
        delivered_to=form.query.destination if done.files else "",
        run_id=query.run_id,
        created_at=workspace.now(),
    )
    _recorded(workspace, change, done)
    if last is not None:
        forget_change(workspace, last.change_id)
    return done


def _recorded(workspace: Workspace, change: StandingChange, done: Synced) -> None:
    figures = {"people": change.people, "entered": change.entered, "left": change.left, "rows": done.rows}
    said = {
        "warehouse": change.warehouse,
        "standing_id": change.standing_id,
        "change_id": change.change_id,
        "snapshot_id": change.snapshot_id,
        "counts": figures | {"files": len(done.files)},
    }
    key = f"audience.synced:{change.change_id}"
    keep_change(
        workspace.database, change, lambda session: tell(workspace, key, "audience.synced", said, session)
    )
    note_standing(workspace, "standing.synced", change.standing_id, once=change.change_id, **figures)


def change_id_of(key: str) -> str:
    """The id of the change of this key."""
    return f"change_{key[:40]}"


def _shown(
    record: StandingAudience, last: StandingChange | None, found: Made, is_dry: bool, done: Synced
) -> AudienceRefreshed:
    return _told(
        record,
        "would_change" if is_dry else "synced",
        is_dry,
        people=len(found.ids),
        people_before=last.people if last else None,
        entered=found.moved.entered,
        left=found.moved.left,
        note=found.moved.note,
        in_words=found.definition.in_words,
        rows=done.rows,
        synced=done.files[0].destination if done.files else None,
        files=done.files,
        warnings=done.warnings,
        change_id=change_id_of(found.key),
    )


def _told(record: StandingAudience, status: str, is_dry: bool, **more: object) -> AudienceRefreshed:
    given = {"standing_id": record.standing_id, "name": record.name, "status": status, "is_dry_run": is_dry}
    return AudienceRefreshed.model_validate(given | more)
