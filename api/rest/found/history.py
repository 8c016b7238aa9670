"""Runs that have ended: what each was made from, made again, and two side by side."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as InPath

from agent.history.comparing.compared import ComparedRuns
from agent.history.recipe import KeptRecipe, recipe_of
from agent.history.replaying.replayed import Replayed
from api.access.visit import Reader, Runner, Visit
from store.records.recipes import recipe_named
from store.workspace import House, Workspace

RunId = Annotated[str, InPath(max_length=80, description="As the result names it: `icp_…`, `outcomes_…`.")]
OneRun = Annotated[str, Query(max_length=80)]
Warehouse = Annotated[
    str | None, Query(max_length=63, description="Of runs older than recipes; the only one when left out.")
]


def history_routes() -> APIRouter:
    """`/v1/runs`."""
    router = APIRouter(prefix="/v1/runs", tags=["runs"])

    @router.get("/compare")
    def compare_two_runs(
        visit: Reader, before: OneRun, after: OneRun, warehouse: Warehouse = None
    ) -> ComparedRuns:
        """What differs between two runs of one kind: what they were made from, and what they found."""
        from agent.history.comparing.compare import compare_runs  # the workflows take a moment to import

        return compare_runs(_of_either(visit, (before, after), warehouse), before, after)

    @router.get("/{run_id}/recipe")
    def show_recipe(visit: Reader, run_id: RunId) -> KeptRecipe:
        """What a run was made from, and the digest of what it found."""
        return recipe_of(visit.house.database, run_id)

    @router.post("/{run_id}/replay")
    def replay_run(visit: Runner, run_id: RunId) -> Replayed:
        """Whether a run finds the same when it is made again; nothing is published, sent, written or kept."""
        from agent.history.replaying.replay import replay  # as above

        return replay(workspace_of_run(visit.house, run_id, visit.principal.actor), run_id)

    return router


def workspace_of_run(house: House, run_id: str, actor: str) -> Workspace:
    """The workspace in which a run was made. Raises NotFound for a run without a recipe."""
    return house.workspace(recipe_of(house.database, run_id).made_from.warehouse, actor)


def _of_either(visit: Visit, run_ids: tuple[str, str], warehouse: str | None) -> Workspace:
    for run_id in run_ids:
        recipe = recipe_named(visit.house.database, run_id)
        if recipe is not None:
            return visit.workspace(recipe.warehouse)
    return visit.workspace(warehouse)
