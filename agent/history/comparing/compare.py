"""What differs between two runs of a kind: in what they were made from, and in what they found?"""

from datetime import datetime
from typing import Any

from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.compare_analyses import compared
from agent.history.comparing.compared import ComparedRun, ComparedRuns
from agent.history.comparing.figures import compared_figures
from agent.history.comparing.inputs_apart import inputs_apart
from agent.history.recipe import KeptRecipe
from agent.history.replaying.replay import WORKFLOWS
from agent.history.result_hash import result_hash
from agent.requests import CompareAnalyses
from agent.runs.workflow import Workflow
from prompts import piece
from store.errors import BadInput, NotFound
from store.records.kept_results import KeptResult
from store.records.recipes import recipe_named
from store.workspace import Workspace
from tools.declaration import ToolResult


def compare_runs(workspace: Workspace, before: str, after: str) -> ComparedRuns:
    """What differs between two runs of one kind: inputs, figures, and of customers what moved beyond chance.

    Raises NotFound for a run that is not kept, and BadInput for runs of two kinds or of two warehouses, or
    for one and the same.
    """
    old, new = _Kept(workspace, before, "before"), _Kept(workspace, after, "after")
    _require_alike(old, new)
    changes = None
    if isinstance(old.result, Analysis) and isinstance(new.result, Analysis):
        changes = compared(workspace, old.result, new.result, CompareAnalyses(before=before, after=after))
    same = old.found == new.found
    return ComparedRuns(
        kind=old.workflow.tool,
        warehouse=old.warehouse,
        before=old.line(),
        after=new.line(),
        same_result=same,
        inputs=_inputs(old, new),
        figures=compared_figures(old.result, new.result),
        changes=changes,
        notes=_notes(old, new, same),
    )


class _Kept:
    """A run as it is kept: its recipe, where it has one, and what it found."""

    def __init__(self, workspace: Workspace, run_id: str, where: str) -> None:
        self.run_id, self.where, self._workspace = run_id, where, workspace
        self.workflow = _workflow(run_id, where)
        row = recipe_named(workspace.database, run_id)
        self.recipe = KeptRecipe.of(row) if row else None
        self.result = self._saved(workspace)
        self.warehouse = self._warehouse()
        self.found = self.recipe.result_hash if self.recipe else result_hash(self.result)

    def _saved(self, workspace: Workspace) -> Any:
        try:
            return self.workflow.saved(workspace, self.run_id)
        except NotFound:  # whose words name the id
            raise NotFound(
                f"There is no such {self.workflow.noun}",
                where=self.where,
                instead="`fieldmark analyses` and `fieldmark jobs` list runs.",
            ) from None

    def _warehouse(self) -> str:
        """Where it was made; an audience does not say, so its record does."""
        if self.recipe:
            return self.recipe.made_from.warehouse
        if not isinstance(self.result, AudienceResult):
            return self.result.warehouse
        kept = self._workspace.database.get(KeptResult, self.run_id)
        return kept.warehouse if kept else self._workspace.warehouse.name

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        if not isinstance(self.result, AudienceResult):
            return self.result.created_at
        kept = self._workspace.database.get(KeptResult, self.run_id)
        if kept is not None:
            return kept.created_at
        return self.recipe.made_from.now if self.recipe else self._workspace.now()

    def line(self) -> ComparedRun:
        """The run as one of two."""
        headline = getattr(self.result, "headline", None) or self.result.in_words
        return ComparedRun(
            run_id=self.run_id,
            made_at=self.made_at,
            headline=headline,
            result_hash=self.recipe.result_hash if self.recipe else "",
        )


def _workflow(run_id: str, where: str) -> Workflow[Any, ToolResult]:
    for each in WORKFLOWS.values():
        if run_id.startswith(each.prefix):
            return each
    begins = ", ".join(f"`{each.prefix}`" for each in WORKFLOWS.values())
    raise NotFound("There is no such run", where=where, instead=f"The id of a run begins with {begins}.")


def _require_alike(old: _Kept, new: _Kept) -> None:
    if old.run_id == new.run_id:
        raise BadInput(
            "A run is the same as itself",
            where="before, after",
            instead="Name two runs; `fieldmark replay` makes one again.",
        )
    if old.workflow is not new.workflow:
        raise BadInput(
            f"The first is an {old.workflow.noun} and the second an {new.workflow.noun}".replace(
                "an briefing", "a briefing"
            ),
            where="before, after",
            instead="Compare two runs of one kind.",
        )
    if old.warehouse != new.warehouse:
        raise BadInput(
            f"The first was made in the warehouse `{old.warehouse}` and the second in `{new.warehouse}`, so "
            "what differs would be the warehouses",
            where="before, after",
            instead="Compare two runs of one warehouse.",
        )


def _inputs(old: _Kept, new: _Kept) -> list[str]:
    if old.recipe is None or new.recipe is None:
        return []
    return inputs_apart(old.recipe.made_from, new.recipe.made_from)


def _notes(old: _Kept, new: _Kept, same: bool) -> list[str]:
    notes = [
        piece("history_no_recipe").fill(run_id=each.run_id) for each in (old, new) if each.recipe is None
    ]
    if notes:
        return notes
    days = [each.made_at.date() for each in (old, new)]
    if days[0] != days[1]:
        notes.append(piece("history_apart_day").fill(before=days[0], after=days[1]))
    elif not same and not _inputs(old, new):
        notes.append(piece("history_apart_result").fill())
    return notes
