"""The steps of generate_audience. Each calls one tool and returns what changed."""

from typing import Any

import numpy as np
from langgraph.runtime import Runtime

from agent.analyses import saved_analysis
from agent.audience_result import AudienceResult, Overlap, Relaxation
from agent.chosen import Choice, chosen
from agent.customers import expression_of
from agent.requests import AudienceQuery
from agent.state import AudienceState, RunContext
from store.errors import NotFound
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.audience.emptiness import diagnose_empty
from tools.audience.expression import And, Expression, Not, Or, all_of, any_of, canonical
from tools.audience.preview import Audience, export_audience, sample_of
from tools.audience.selection import Location, Selection, as_hashes, in_words, selected, size
from tools.scoring.lookalike import FitModel, fit_score, saved_model
from tools.scoring.ranking import best_of

WIDEST_KM = 500.0
Step = Runtime[RunContext]


def choose(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """The expression that the audience is made from, and why it is this one."""
    workspace = _begin(runtime, "choose")
    query = AudienceQuery.model_validate(state["query"])
    choice = chosen(workspace, query)
    whole = _narrowed(workspace.population, choice, query)
    _end(runtime, "choose", 1)
    return {
        "source": choice.why,
        "expression": as_hashes(whole, workspace.population.catalogue) if whole else "",
        "model_key": query.profile_id or "",
        "location": query.location.model_dump() if query.location else None,
    }


def _narrowed(population: Population, choice: Choice, query: AudienceQuery) -> Expression | None:
    """The choice, with what everyone must satisfy and the clusters that are left out."""
    parts = [choice.expression] if choice.expression else []
    if query.among:
        parts.append(expression_of(population, query.among))
    parts += [Not(expression_of(population, key)) for key in query.exclude if key != "customers"]
    return canonical(all_of(parts)) if parts else None


def size_audience(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """How many people it has."""
    workspace = _begin(runtime, "size")
    total = size(workspace.population, _selection(workspace, state))
    _end(runtime, "size", total)
    steps = state["steps"]
    if steps:
        steps = [*steps[:-1], steps[-1] | {"total": total}]
    return {"total": total, "steps": steps}


def can_relax(state: AudienceState) -> bool:
    """Whether there is a clause left to drop, or a radius to widen."""
    location = state.get("location")
    return " AND " in state["expression"] or bool(location and Location.model_validate(location).radius_km < WIDEST_KM)


def relax(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """Drop the clause that costs most, or double the radius; what the user required stays."""
    workspace = _begin(runtime, "relax")
    population = workspace.population
    query = AudienceQuery.model_validate(state["query"])
    expression = expression_of(population, state["expression"]) if state["expression"] else None
    location = Location.model_validate(state["location"]) if state["location"] else None
    if location and (expression is None or size(population, Selection(expression)) > 0):
        wider = location.model_copy(update={"radius": location.radius * 2})
        told = f"widened the radius from {location.radius:g} to {wider.radius:g} {location.unit}"
        return {"location": wider.model_dump(), "steps": [*state["steps"], {"step": told, "total": 0}]}
    if expression is None:
        raise NotFound("Nobody is in this audience", where="audience", instead="Leave out fewer people.")
    looser, told = _without_worst(population, expression, query)
    return {
        "expression": as_hashes(looser, population.catalogue),
        "steps": [*state["steps"], {"step": told, "total": 0}],
    }


def _without_worst(population: Population, expression: Expression, query: AudienceQuery) -> tuple[Expression, str]:
    """The expression without the clause whose loss leaves the most people, and that step in words."""
    if isinstance(expression, Or):
        parts = [_without_worst(population, child, query)[0] if isinstance(child, And) else child
                 for child in expression.children]  # fmt: skip
        return canonical(any_of(parts)), "dropped the rarest trait of each alternative"
    required = set(_required(population, query))
    clauses, _ = diagnose_empty(population, Selection(expression))
    free = [clause for clause in clauses if expression_of(population, clause.clause) not in required]
    if not isinstance(expression, And) or not free:
        raise NotFound(
            "Nobody satisfies what the audience requires", where="audience",
            instead=f"Change `among` or `exclude`: {in_words(expression, population.catalogue)}.",
        )  # fmt: skip
    worst = max(free, key=lambda clause: (clause.without_it, -clause.size))
    dropped = expression_of(population, worst.clause)
    rest = [child for child in expression.children if child != dropped]
    return canonical(all_of(rest)), f"dropped `{worst.in_words}`"


def _required(population: Population, query: AudienceQuery) -> list[Expression]:
    """Clauses that the user asked for themselves, which are never dropped."""
    asked = [expression_of(population, query.among)] if query.among else []
    asked += [Not(expression_of(population, key)) for key in query.exclude if key != "customers"]
    return [part for each in asked for part in (each.children if isinstance(each, And) else (each,))]


def weigh(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """The size and quality curve of the analysis, as the audience's frontier."""
    workspace = _begin(runtime, "weigh")
    points = [point.model_dump() for point in saved_analysis(workspace.artifacts, state["model_key"]).frontier]
    workspace.artifacts.save_document("audience_frontier", state["run_id"], points)
    _end(runtime, "weigh", len(points))
    return {"frontier_key": state["run_id"]}


def deliver(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """Take the people, the best of them where a size was asked for; sample them and write the file."""
    workspace = _begin(runtime, "deliver")
    query = AudienceQuery.model_validate(state["query"])
    population, catalogue = workspace.population, workspace.population.catalogue
    selection = _selection(workspace, state)
    model = saved_model(workspace, state["model_key"]) if state["model_key"] else None
    people, least = _people(population, selection, model, query)
    expression = selection.expression
    result = AudienceResult.model_construct(
        workflow_id=state["workflow_id"], tool_trace_id="", audience_id=state["run_id"],
        expression=as_hashes(expression, catalogue) if expression else None,
        in_words=in_words(expression, catalogue) if expression else "anyone, ranked by fit",
        why=state["source"], total=people.total, reachable=people.reachable,
        sample=sample_of(population, people, query.identifier_type, model),
        frontier=workspace.artifacts.document("audience_frontier", state["run_id"]) if "frontier_key" in state else [],
        overlap=_overlap(workspace, state, people), relaxed=[Relaxation.model_validate(s) for s in state["steps"]],
        least_fit=least,
        export=export_audience(
            workspace, population, people, query.identifier_type, query.format, state["workflow_id"], model
        ),
    )  # fmt: skip
    workspace.artifacts.save_document("audience", state["run_id"], result.model_dump(mode="json", warnings=False))
    _end(runtime, "deliver", people.total)
    return {"result_key": state["run_id"]}


def _people(
    population: Population, selection: Selection, model: FitModel | None, query: AudienceQuery
) -> tuple[Audience, float | None]:
    if query.strategy == "ranked" and query.target_size is None:
        query.target_size = max(1, population.persons // 100)
    least = None
    if query.target_size is None or (model is None and size(population, selection) <= query.target_size):
        people = population.ask(selected, selection)
    elif model is None:
        people = _spaced(population, selection, query.target_size)
    else:
        best = best_of(population, selection, model, query.target_size)
        people, least = best.people, None if np.isnan(best.threshold) else round(float(fit_score(np.array(best.threshold))), 1)
    reachable = [p.intersection_cardinality(s.having(query.identifier_type))
                 for s, p in zip(population.shards, people, strict=True)]  # fmt: skip
    return Audience(people, sum(map(len, people)), sum(reachable)), least


def _spaced(population: Population, selection: Selection, most: int) -> list[Any]:
    """So many people evenly spaced over those selected: without a model there is no better and worse."""
    everyone = population.ask(selected, selection)
    ranks = np.unique(np.linspace(0, sum(map(len, everyone)) - 1, most).astype(np.int64))
    before, people = 0, []
    for found in everyone:
        mine = ranks[(ranks >= before) & (ranks < before + len(found))] - before
        people.append(type(found)(np.asarray(found.to_array(), dtype=np.uint32)[mine]))
        before += len(found)
    return people


def _overlap(workspace: Workspace, state: AudienceState, people: Audience) -> Overlap | None:
    if not state["model_key"]:
        return None
    customers = workspace.artifacts.people("customers", state["model_key"])
    shared = sum(
        people.people[at].intersection_cardinality(type(people.people[at])(numbers.astype(np.uint32)))
        for at, numbers in enumerate(workspace.population.ask(_numbers, customers))
    )
    return Overlap(customers=len(customers), in_audience=shared, share_of_customers=round(shared / max(1, len(customers)), 4))


def _numbers(shard: Shard, person_ids: np.ndarray) -> np.ndarray:
    return shard.numbers_of(person_ids)[1]


def _selection(workspace: Workspace, state: AudienceState) -> Selection:
    query = AudienceQuery.model_validate(state["query"])
    expression = expression_of(workspace.population, state["expression"]) if state["expression"] else None
    location = Location.model_validate(state["location"]) if state["location"] else None
    without = workspace.artifacts.people("customers", state["model_key"]) if "customers" in query.exclude else None
    return Selection(expression, location, without)


def _begin(runtime: Step, step: str) -> Workspace:
    runtime.context.stop_if_cancelled()
    runtime.stream_writer({"step": step, "done": 0, "of": 1})
    return runtime.context.workspace


def _end(runtime: Step, step: str, count: int) -> None:
    runtime.stream_writer({"step": step, "done": 1, "of": 1, "count": count})


