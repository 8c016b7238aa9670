"""How is a list that was sent scored, and kept with its scores?"""

import numpy as np
from pydantic import Field

from store.errors import BadInput, Conflict, NotFound
from store.features import FeatureTable
from store.scored_lists.kept import HeldAgainst, KeptList, KeptLists, State
from store.scored_lists.writing import columns_of, write_rows
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult
from tools.profiles.lists.told_rows import LETTERS, Columns, ordered, told_by, told_figures, told_names
from tools.scoring.leads.against import columns_of as columns_read
from tools.scoring.leads.against import scorer_named
from tools.scoring.leads.files import read_leads
from tools.scoring.leads.given import Leads
from tools.scoring.leads.prepared import prepared
from tools.scoring.learned import Scorer
from tools.usage.credits import require_credits
from tools.usage.metering import note_use


class ScoreList(ToolQuery):
    """Score a list that is kept, for the first time or again."""

    list_id: str = Field(max_length=80, description="A list that was sent: `list_…`.")
    icp_profiles: list[str] = Field(
        default_factory=list,
        max_length=3,
        description="`outcomes` for what was learned from them, profiles by name or id, or ids of analyses; "
        "those of the last time when left out.",
    )


class ScoredList(ToolResult):
    """How the rows of a list divide into tiers."""

    list_id: str
    scored: int
    tiers: dict[str, int] = Field(description="Of the first profile.")
    profiles: list[str] = Field(description="What it was scored against, by name.")
    notes: list[str] = Field(default_factory=list)


def score_list(workspace: Workspace, query: ScoreList) -> ScoredList:
    """A kept list with the score of every row by one to three profiles; scored again after an edit of one.

    Its rows are kept with tier, reasons and what each score reads, so that they can be filtered, sorted and
    explained without reading the file again. Only whoever sent a list may score it.
    """
    lists = KeptLists(workspace.home)
    kept = own_list(workspace, lists, query.list_id)
    names = query.icp_profiles or kept.profiles or ["outcomes"]
    scorers = [scorer_named(workspace, name) for name in names]
    kept = _step(lists, kept, "reading")
    leads = read_leads(workspace, lists.given(kept), scorers[0])
    _require_common(leads, scorers[0])
    require_credits(workspace, leads.table.rows)
    kept = _step(lists, kept, "scoring")
    scored = _scored(workspace, lists, kept, leads, scorers)
    entry = f"{kept.list_id}_{workspace.new_id()}_rows_scored"
    note_use(workspace, entry, query.workflow_id or "", "rows_scored", scored.rows)
    return ScoredList(
        list_id=kept.list_id,
        scored=scored.rows,
        tiers=scored.against[0].tiers,
        profiles=[each.name for each in scored.against],
        notes=scored.notes,
    )


def own_list(workspace: Workspace, lists: KeptLists, list_id: str) -> KeptList:
    """The list, where whoever asks sent it to this warehouse. Raises NotFound."""
    kept = lists.named(list_id, workspace.now())
    if kept.creator != workspace.actor or kept.warehouse != workspace.warehouse.name:
        raise NotFound(
            "There is no such list", where="list", instead="Only whoever sent a list may score it."
        )
    return kept


def _require_common(leads: Leads, scorer: Scorer) -> None:
    wanted = columns_read(scorer)
    if scorer.profile is None and wanted and not set(wanted) & set(leads.table.names):
        raise BadInput(
            "The list has none of the columns that the profile reads",
            where="list",
            instead=f"It reads {', '.join(sorted(wanted)[:12])}.",
        )


def _scored(
    workspace: Workspace, lists: KeptLists, kept: KeptList, leads: Leads, scorers: list[Scorer]
) -> KeptList:
    ready = prepared(leads.table, scorers)
    told: Columns = dict(told_names(leads))
    tiers = []
    for at, scorer in enumerate(ready.scorers):
        _stop_if_asked(lists, kept)
        columns, scores = told_by(scorer, ready.table, at)
        told |= columns
        tiers.append({letter: int((scores.tier == place).sum()) for place, letter in enumerate(LETTERS)})
    figures = told_figures(ready.scorers[0], ready.table)
    told |= figures
    kept = _step(lists, kept, "writing")
    return _written(
        workspace, lists, kept, ready.scorers, ready.table, told, tiers, [*leads.notes, *ready.notes]
    )


def _written(
    workspace: Workspace,
    lists: KeptLists,
    kept: KeptList,
    scorers: list[Scorer],
    table: FeatureTable,
    told: Columns,
    tiers: list[dict[str, int]],
    notes: list[str],
) -> KeptList:
    best_first = np.argsort(-np.asarray(told["score_0"]), kind="stable")
    rows = ordered(told, best_first)
    rows["row"] = np.arange(table.rows, dtype=np.int32)
    read = [name for scorer in scorers for name in columns_read(scorer)]
    columns = columns_of(table, read)
    for at, scorer in enumerate(scorers):
        lists.keep_document(kept.list_id, f"fit_{at}", scorer.fit.model_dump(mode="json"))
    names = {f"{name}_{end}" for name in told for end in ("low", "high")}
    scored = kept.model_copy(
        update={
            "state": "scored",
            "rows": table.rows,
            "against": [
                HeldAgainst(
                    id=scorer.model_id,
                    name=scorer.told,
                    revision=scorer.profile.revision if scorer.profile else None,
                    criteria=len(scorer.fit.criteria),
                    tiers=counts,
                )
                for scorer, counts in zip(scorers, tiers, strict=True)
            ],
            "columns": columns,
            "figures": [name for name in told if f"{name}_low" in told and name not in names],
            "notes": notes,
            "snapshot_id": workspace.warehouse.current_id if workspace.warehouse.exists else "",
            "scored_at": workspace.now(),
        }
    )
    write_rows(lists.folder(kept.list_id) / "rows.parquet", rows, table.take(best_first), columns)
    lists.keep(scored)
    return scored


def _step(lists: KeptLists, kept: KeptList, state: State) -> KeptList:
    _stop_if_asked(lists, kept)
    kept = kept.model_copy(update={"state": state})
    lists.keep(kept)
    return kept


def _stop_if_asked(lists: KeptLists, kept: KeptList) -> None:
    """Raise Conflict where somebody stopped the scoring, or removed the list."""
    if lists.is_stopped(kept.list_id):
        raise Conflict("The scoring was stopped", where="list", instead="Score the list again.")
