"""Who is in an audience that was generated: kept beside it, so that the same people can be found again."""

from datetime import datetime

import numpy as np
from pydantic import BaseModel, Field
from pyroaring import BitMap

from store.errors import NotFound
from store.population.population import Population
from store.workspace import Workspace
from tools.audience.expression import canonical, parse
from tools.audience.selection import Location, Selection, bound, selected, size
from tools.profiles.scoring.persons import ranker_named
from tools.scoring.ranking import best_of

KIND = "audience_plan"


class AudiencePlan(BaseModel):
    """All that decides who is in an audience."""

    warehouse: str
    snapshot_id: str | None = None
    made_at: datetime | None = None
    in_words: str
    expression: str | None = Field(description="In cluster hashes; none for anyone.")
    location: Location | None = None
    customers_left_out_of: str | None = Field(
        default=None, description="The analysis whose customers are not in it."
    )
    model: str | None = Field(default=None, description="The analysis or the profile that ranks.")
    most: int | None = Field(default=None, ge=1, description="People kept at most.")


def keep_plan(workspace: Workspace, audience_id: str, plan: AudiencePlan) -> None:
    """Keep the plan of an audience."""
    workspace.artifacts.save_document(KIND, audience_id, plan.model_dump(mode="json"))


def kept_plan(workspace: Workspace, audience_id: str) -> AudiencePlan:
    """The plan of an audience of this warehouse. Raises NotFound.

    One that was made before plans were kept is its expression, where that still finds as many people.
    """
    try:
        plan = AudiencePlan.model_validate(workspace.artifacts.document(KIND, audience_id))
    except NotFound:
        plan = _plan_of_result(workspace, audience_id)
    if plan.warehouse != workspace.warehouse.name:
        raise _no_audience()
    return plan


def _plan_of_result(workspace: Workspace, audience_id: str) -> AudiencePlan:
    try:
        found = workspace.artifacts.document("audience", audience_id)
    except NotFound:
        raise _no_audience() from None
    expression = found.get("expression")
    population = workspace.population
    if expression is None or size(population, selection_of(population, expression)) != found["total"]:
        raise NotFound(
            "Of this audience only its expression was kept, which finds other people now",
            where="audience_id",
            instead="Generate it again, and export the new one.",
        )
    return AudiencePlan(
        warehouse=workspace.warehouse.name,
        in_words=found["in_words"],
        expression=expression,
    )


def selection_of(
    population: Population, expression: str | None, location: Location | None = None
) -> Selection:
    """The selection of an expression's text. Raises BadExpression or NotFound."""
    found = canonical(bound(parse(expression), population.catalogue)) if expression else None
    return Selection(found, location)


def people_of(workspace: Workspace, plan: AudiencePlan) -> list[BitMap]:
    """Local numbers of the plan's people, shard by shard."""
    population = workspace.population
    selection = selection_of(population, plan.expression, plan.location)
    if plan.customers_left_out_of:
        customers = np.sort(workspace.artifacts.people("customers", plan.customers_left_out_of))
        selection = Selection(selection.expression, selection.location, customers)
    if plan.model and plan.most is not None:
        return best_of(population, selection, ranker_named(workspace, plan.model), plan.most).people
    people = population.ask(selected, selection)
    return people if plan.most is None else evenly(people, plan.most)


def evenly(people: list[BitMap], most: int) -> list[BitMap]:
    """So many of them evenly spaced over all: without a model there is no better and worse."""
    total = sum(map(len, people))
    if total <= most:
        return people
    ranks = np.unique(np.linspace(0, total - 1, most).astype(np.int64))
    before, kept = 0, []
    for found in people:
        mine = ranks[(ranks >= before) & (ranks < before + len(found))] - before
        kept.append(BitMap(np.asarray(found.to_array(), dtype=np.uint32)[mine]))
        before += len(found)
    return kept


def _no_audience() -> NotFound:
    return NotFound(
        "There is no such audience",
        where="audience_id",
        instead="`generate_audience` makes one and says its `audience_id`.",
    )
