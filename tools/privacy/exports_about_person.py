"""What left the house about this person?"""

from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel, Field

from store.exports import Format
from store.records import Export
from store.records.newest import Place, newest
from store.workspace import Workspace
from tools.declaration import ToolResult
from tools.privacy.person import AboutPerson, Known, known

STEP = 200  # records read at a time


class ExportsAboutPerson(AboutPerson):
    """Whose exports, and how many of them."""

    most: int = Field(default=200, ge=1, le=1_000, description="So many exports at most, the newest.")


class ExportAbout(BaseModel):
    """One file in which somebody was."""

    export_id: str
    created_at: datetime
    actor: str = Field(description="Who had it written.")
    workflow_id: str = Field(description="Its trace tells what was asked.")
    format: Format
    platform: str = Field(description="In whose form it was, such as `meta`; empty for none.")
    rows: int
    delivered_to: str = Field(description="The destination to which it was written besides; empty for none.")
    delivered_url: str = Field(description="Where it was written there.")
    downloads: int = Field(description="How often its link was fetched.")
    expires_at: datetime
    revoked_at: datetime | None = None


class ExportsAbout(ToolResult):
    """Every file in which they were, the newest first."""

    exports: list[ExportAbout]
    persons: int = Field(description="People who were meant: identifiers can belong to several.")
    looked_at: int = Field(description="Exports of the warehouse that were looked at.")
    unknown: int = Field(
        description="Of these, how many cannot be told: written before it was kept who was in them, or from "
        "a snapshot that numbered its rows in its own way and is gone."
    )
    has_more: bool = Field(description="Whether there are older ones than `most`.")


def exports_about_person(workspace: Workspace, query: ExportsAboutPerson) -> ExportsAbout:
    """Exports in which a person was: when, by whom, in which form, and to which destination.

    Of every file that was written from this warehouse, those whose hour is over too. Answers that came
    inline are in no file. Somebody who was erased is asked for by their id.
    """
    person = known(workspace, query)
    found: list[ExportAbout] = []
    looked_at = unknown = 0
    for record, holds in looked_through(workspace, person):
        if len(found) == query.most and holds:
            break
        looked_at += 1
        unknown += holds is None
        if holds:
            found.append(shown(record))
    else:
        record = None
    return ExportsAbout(
        exports=found,
        persons=person.persons,
        looked_at=looked_at,
        unknown=unknown,
        has_more=record is not None,
    )


def shown(record: Export) -> ExportAbout:
    """An export as it is told."""
    return ExportAbout.model_validate(record.model_dump(include=set(ExportAbout.model_fields)))


def looked_through(
    workspace: Workspace, person: Known, after: Place | None = None
) -> Iterator[tuple[Export, bool | None]]:
    """The exports of the warehouse, newest first, and whether the person is in each; None: nothing tells."""
    while True:
        rows = newest(
            workspace.database,
            Export,
            Export.created_at,
            Export.export_id,
            STEP,
            after,
            warehouse=workspace.warehouse.name,
        )
        for record in rows[:STEP]:
            yield record, _is_in(workspace, person, record)
        if len(rows) <= STEP:
            return
        after = Place(rows[STEP - 1].created_at, rows[STEP - 1].export_id)


def _is_in(workspace: Workspace, person: Known, record: Export) -> bool | None:
    if record.people == 0:
        return False
    ids = person.ids_in(record.snapshot_id)
    held = None if ids is None else workspace.exports.held(record, ids)
    return None if held is None else bool(held)
