"""How do the rows of a list leave as a file?"""

from api.access.visit import Visit
from api.pages.profiles.lists.seen import SeenList, erased_from, lists_of
from store.exports import ExportLink
from store.scored_lists.asking import RowsQuery, batches_of, people_in
from tools.usage.metering import note_use

OF_PROFILE = ("score", "tier", "confidence", "reasoning", "disqualifier")


def columns_of(seen: SeenList) -> dict[str, str]:
    """Stored columns by what the file calls them; of several profiles each with its place."""
    columns = {"lead": "lead", "place": "place"}
    for at in range(len(seen.kept.against)):
        columns |= {f"{name}_{at + 1}" if at else name: f"{name}_{at}" for name in OF_PROFILE}
    for name in seen.kept.figures:
        columns |= {each: each for each in (name, f"{name}_low", f"{name}_high")}
    return columns


def list_file(visit: Visit, seen: SeenList, query: RowsQuery) -> ExportLink:
    """The rows that pass, as a CSV that a spreadsheet does not run, for an hour."""
    kept, columns = seen.kept, columns_of(seen)
    workspace = visit.house.workspace(kept.warehouse, visit.principal.actor)
    path, without = lists_of(visit).rows(kept), erased_from(visit, kept)
    export_id, workflow_id = f"leads_{visit.house.new_id()}", visit.house.new_id()
    link = workspace.exports.write(
        export_id,
        "csv",
        list(columns),
        batches_of(path, query, without, columns),
        warehouse=kept.warehouse,
        workflow_id=workflow_id,
        actor=visit.principal.actor,
        now=visit.house.now(),
        people=people_in(path, query, without),
        snapshot_id=kept.snapshot_id,
    )
    note_use(workspace, f"{export_id}_rows_exported", workflow_id, "rows_exported", link.rows)
    return link
