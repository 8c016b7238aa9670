"""Which audience is to be kept up to date from now on?"""

from store.destinations import Destinations
from store.errors import BadInput
from store.records.standing import (
    StandingAudience,
    add_standing,
    last_change,
    remove_standing,
    set_paused,
    standing_named,
)
from store.workspace import Workspace
from tools.standing.files.form import Form
from tools.standing.findings import KeptAudience, Standing
from tools.standing.kept.forgetting import forget_change, forget_populations
from tools.standing.kept.noting import note_standing
from tools.standing.kept.shown import standing_shown
from tools.standing.people.definition import definition_of
from tools.standing.people.members import members
from tools.standing.people.now import Now
from tools.standing.queries import KeepAudience


def keep_audience(workspace: Workspace, query: KeepAudience) -> KeptAudience:
    """Keep an audience as standing: made anew, and written to its destination, when data or model change.

    From an audience that was generated, an expression, an analysis or a segment of it, a profile, or whoever
    fits best. It is counted at once; its files are first written by `refresh_standing` with the mode `yes`.
    Raises Conflict where the name is taken, or where consent or an ad category stops its files.
    """
    definition = definition_of(workspace, query)
    if query.destination:
        Destinations(workspace.home).named(query.destination)
    elif query.platform:
        raise BadInput(
            "A platform's form is of use only at a destination",
            where="platform",
            instead="Name a `destination`, or leave `platform` out.",
        )
    now = Now(workspace)
    people = members(now, definition)
    standing_id = f"standing_{workspace.new_id()}"
    if query.destination:
        Form(now.population, definition, query, standing_id).require_allowed()
    record = StandingAudience(
        standing_id=standing_id,
        warehouse=workspace.warehouse.name,
        name=query.name,
        query={
            "asked": query.model_dump(mode="json", exclude={"workflow_id"}),
            "definition": definition.model_dump(mode="json"),
        },
        platform=query.platform,
        destination=query.destination,
        created_by=workspace.actor,
        created_at=workspace.now(),
    )
    add_standing(workspace.database, record)
    total = sum(map(len, people))
    note_standing(workspace, "standing.kept", standing_id, people=total, destination=query.destination)
    return KeptAudience(
        standing=standing_shown(workspace, record), people=total, in_words=definition.in_words
    )


def pause_audience(workspace: Workspace, named: str, *, is_paused: bool) -> Standing:
    """The standing audience, resting or awake again. Raises NotFound."""
    record = standing_named(workspace.database, workspace.warehouse.name, named)
    set_paused(workspace.database, record.standing_id, is_paused)
    note_standing(workspace, "standing.paused" if is_paused else "standing.resumed", record.standing_id)
    return standing_shown(
        workspace, standing_named(workspace.database, workspace.warehouse.name, record.standing_id)
    )


def remove_audience(workspace: Workspace, named: str) -> str:
    """Forget a standing audience; its id. What lies at its destination stays there. Raises NotFound."""
    record = standing_named(workspace.database, workspace.warehouse.name, named)
    last = last_change(workspace.database, record.standing_id)
    remove_standing(workspace.database, record.standing_id)
    if last is not None:
        forget_change(workspace, last.change_id)
        forget_populations(workspace, {last.snapshot_id})
    note_standing(workspace, "standing.removed", record.standing_id)
    return record.standing_id
