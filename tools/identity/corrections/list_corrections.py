"""Which corrections are there?"""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from store.errors import BadInput
from store.records.corrections import Correction, CorrectionKind
from store.records.feedback import RECORD_ID
from store.records.newest import Place, newest
from store.workspace import Workspace
from tools.declaration import PersonId, ToolQuery, ToolResult


class ListCorrections(ToolQuery):
    """Which part of the list."""

    kind: CorrectionKind | None = None
    holding: bool = Field(default=False, description="Only those that were not taken back.")
    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")
    cursor: str | None = Field(
        default=None, pattern=RECORD_ID, description="`next_cursor` of the page before."
    )


class CorrectionLine(BaseModel):
    """One correction: who, why, and whether it holds. Identifiers are not shown: only digests are kept."""

    correction_id: str
    kind: CorrectionKind
    person_id: PersonId
    other_person_id: PersonId | None = None
    snapshot_id: str = Field(
        description="Of ids that are row numbers; empty where they come with the source."
    )
    evidence: dict[str, Any] = Field(description="Counts, as they were when it was made.")
    feedback_id: str
    actor: str
    created_at: datetime
    undone_at: datetime | None = None
    undone_by: str = ""


class CorrectionList(ToolResult):
    """Corrections, newest first."""

    corrections: list[CorrectionLine]
    next_cursor: str | None = None


def list_corrections(workspace: Workspace, query: ListCorrections) -> CorrectionList:
    """Splits and merges of this warehouse, newest first, those that were taken back too."""
    after = _after(workspace, query.cursor)
    rows: list[Correction] = []
    while len(rows) <= query.limit:  # `newest` compares columns with values: what was undone is left out here
        more = newest(
            workspace.database,
            Correction,
            Correction.created_at,
            Correction.correction_id,
            query.limit,
            after,
            warehouse=workspace.warehouse.name,
            kind=query.kind,
        )
        rows += [row for row in more[: query.limit] if row.undone_at is None or not query.holding]
        if len(more) <= query.limit:
            break
        after = Place(more[query.limit - 1].created_at, more[query.limit - 1].correction_id)
    shown = rows[: query.limit]
    return CorrectionList(
        corrections=[line_of(row) for row in shown],
        next_cursor=shown[-1].correction_id if len(rows) > query.limit else None,
    )


def line_of(row: Correction) -> CorrectionLine:
    """A correction as a list shows it."""
    return CorrectionLine.model_validate(row.model_dump(include=set(CorrectionLine.model_fields)))


def _after(workspace: Workspace, cursor: str | None) -> Place | None:
    if cursor is None:
        return None
    row = workspace.database.get(Correction, cursor)
    if row is None or row.warehouse != workspace.warehouse.name:
        raise BadInput(
            "The cursor is none of ours", where="cursor", instead="Send `next_cursor` as it came, or none."
        )
    return Place(row.created_at, row.correction_id)
