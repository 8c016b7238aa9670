"""What was a run made from, and what came of it? Kept as it begins and as it ends."""

from contextlib import suppress

from pydantic import BaseModel, Field

from agent.history.inputs import KINDS, Inputs, inputs_of, snapshot_hash
from agent.history.kept_ledgers import keep_ledger
from agent.history.result_hash import result_hash
from agent.history.state import people_digest
from store.errors import NotFound
from store.records import Database
from store.records.recipes import Recipe, add_recipe, recipe_named
from store.workspace import Workspace
from tools.declaration import ToolQuery, ToolResult

MOST_WORDS = 2_000  # requests to a model, of one run
KIND = "recipe"  # the artifact that holds the inputs until the run has ended


class KeptRecipe(BaseModel):
    """What a run was made from, and a digest of what came of it."""

    run_id: str
    made_from: Inputs
    result_hash: str = Field(description="Of the result without its ids and times.")

    @classmethod
    def of(cls, kept: Recipe) -> "KeptRecipe":
        """As it was kept."""
        inputs = Inputs.model_validate(kept.made_from)
        return cls(run_id=kept.run_id, made_from=inputs, result_hash=kept.result_hash)


def keep_inputs(workspace: Workspace, run_id: str, kind: str, query: ToolQuery) -> None:
    """Keep what a run that begins now is made from, before it changes any of it."""
    if kind not in KINDS:
        return
    inputs = inputs_of(workspace, kind, query)
    if kind in ("analyze_outcomes", "run_briefing") or inputs.settings.get("recorded"):
        keep_ledger(workspace, inputs.ledger_version)
    workspace.artifacts.save_document(KIND, run_id, inputs.model_dump(mode="json"))


def keep_recipe(workspace: Workspace, run_id: str, kind: str, result: ToolResult) -> None:
    """Keep the recipe of a run that has ended; one older than recipes has none. Again it changes nothing."""
    if kind not in KINDS:
        return
    try:
        inputs = Inputs.model_validate(workspace.artifacts.document(KIND, run_id))
    except NotFound:
        return
    inputs = _with_what_was_found(workspace, run_id, inputs, result)
    recipe = Recipe(
        run_id=run_id,
        kind=kind,
        warehouse=inputs.warehouse,
        made_from=inputs.model_dump(mode="json"),
        result_hash=result_hash(result),
        created_at=workspace.now(),
    )
    add_recipe(workspace.database, recipe)
    workspace.artifacts.remove(KIND, run_id, "json")


def _with_what_was_found(workspace: Workspace, run_id: str, inputs: Inputs, result: ToolResult) -> Inputs:
    found: dict[str, object] = {}
    if inputs.model:
        found["words"] = len(workspace.database.model_calls(run_id, MOST_WORDS))
    # A snapshot may come into use between a run's begin and its first step.
    taken = getattr(result, "snapshot_id", inputs.snapshot_id)
    if taken != inputs.snapshot_id:
        found |= {"snapshot_id": taken, "snapshot_hash": snapshot_hash(workspace, taken)}
    if inputs.kind == "analyze_customers":
        with suppress(NotFound):
            customers = workspace.artifacts.people("customers", run_id)
            found |= {"customers": len(customers), "customers_hash": people_digest(customers)}
    return inputs.model_copy(update=found)


def forget_inputs(workspace: Workspace, run_id: str) -> None:
    """Drop what was kept of a run that came to no end."""
    workspace.artifacts.remove(KIND, run_id, "json")


def recipe_of(database: Database, run_id: str) -> KeptRecipe:
    """The recipe of a run. Raises NotFound."""
    found = recipe_named(database, run_id)
    if found is None:
        raise NotFound(
            "There is no recipe of this run: there is no such run, or it has not ended, or it was made "
            "before recipes were kept",
            where="run_id",
            instead="`fieldmark analyses` and `fieldmark jobs` list runs.",
        )
    return KeptRecipe.of(found)
