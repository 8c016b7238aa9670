"""The steps of generate_audience. Each calls one tool and returns what changed."""

from typing import Any

import numpy as np

from agent.analyses import saved_analysis
from agent.audience_result import AudienceResult, Overlap, Relaxation
from agent.chosen import RANKED_SHARE, chosen, customers_of, left_out, required
from agent.customers import expression_of
from agent.nodes.approval import approved
from agent.nodes.step import Step, begin, end
from agent.relaxing import without_worst
from agent.requests import AudienceQuery
from agent.state import AudienceState
from store.errors import NotFound
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.activation.plan import AudiencePlan, evenly, keep_plan
from tools.audience.expression import all_of, canonical
from tools.audience.preview import Audience, export_audience, export_columns, sample_of
from tools.audience.selection import Location, Selection, as_hashes, in_words, selected, size
from tools.profiles.scoring.persons import PersonScores, ranker_named
from tools.scoring.lookalike import FitModel, Ranker, fit_score
from tools.scoring.ranking import best_of

WIDEST_KM = 500.0


def choose(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """The expression that the audience is made from, and why it is this one."""
    workspace = begin(state, runtime, "choose")
    query = AudienceQuery.model_validate(state["query"])
    choice = chosen(workspace, query)
    end(runtime, "choose", 1)
    return {
        "source": choice.why,
        "expression": as_hashes(choice.expression, workspace.population.catalogue)
        if choice.expression
        else "",
        "model_key": query.profile_id or "",
        "location": query.location.model_dump() if query.location else None,
        "asks": query.format != "none" and runtime.context.approval == "ask",
    }


def size_audience(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """How many people it has."""
    workspace = begin(state, runtime, "size")
    total = size(workspace.population, _selection(workspace, state))
    end(runtime, "size", total)
    steps = state["steps"]
    if steps:
        steps = [*steps[:-1], steps[-1] | {"total": total}]
    return {"total": total, "steps": steps}


def relax(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """Widen the radius while it is what leaves nobody, else drop the clause that costs most."""
    workspace = begin(state, runtime, "relax")
    selection = _selection(workspace, state)
    changed, told = _wider(workspace.population, selection) or _looser(workspace, state, selection)
    end(runtime, "relax", len(state["steps"]) + 1)
    return changed | {"steps": [*state["steps"], {"step": told, "total": 0}]}


def _wider(population: Population, selection: Selection) -> tuple[dict[str, Any], str] | None:
    """Twice the radius and that step in words; None where a wider circle would not help."""
    location = selection.location
    if location is None or location.radius_km >= WIDEST_KM:
        return None
    if size(population, Selection(selection.expression, None, selection.without)) == 0:
        return None
    wider = location.model_copy(update={"radius": location.radius * 2})
    told = f"widened the radius from {location.radius:g} to {wider.radius:g} {location.unit}"
    return {"location": wider.model_dump()}, told


def _looser(workspace: Workspace, state: AudienceState, selection: Selection) -> tuple[dict[str, Any], str]:
    """The expression without its costliest clause, and that step in words; what was required stays."""
    population = workspace.population
    expression = expression_of(population, state["expression"]) if state["expression"] else None
    kept = required(population, AudienceQuery.model_validate(state["query"]))
    around = Selection(None, selection.location, selection.without)
    found = without_worst(population, expression, kept, around) if expression else None
    if found is None:
        raise NotFound(
            "Nobody satisfies what the audience requires",
            where="audience",
            instead="Ask for other traits, or change `among`, `exclude` or `location`.",
        )
    return {"expression": as_hashes(found[0], population.catalogue)}, found[1]


def weigh(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """The size and quality curve of the analysis, as the audience's frontier."""
    workspace = begin(state, runtime, "weigh")
    points = [
        point.model_dump() for point in saved_analysis(workspace.artifacts, state["model_key"]).frontier
    ]
    workspace.artifacts.save_document("audience_frontier", state["run_id"], points)
    end(runtime, "weigh", len(points))
    return {"frontier_key": state["run_id"]}


def approve(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """Ask whether the file may be written; the run waits until somebody answers."""
    begin(state, runtime, "approve")
    query, total = AudienceQuery.model_validate(state["query"]), state["total"]
    answer = approved(
        {
            "action": "export",
            "rows": min(_size_wanted(query, total) or total, total),
            "format": query.format,
            "identifier_type": query.identifier_type,
            "columns": export_columns(query.identifier_type, _told(query)),
            "expires": "one hour",
        }
    )
    end(runtime, "approve", int(answer))
    return {"approved": answer}


def deliver(state: AudienceState, runtime: Step) -> dict[str, Any]:
    """Take the people, the best of them where a size was asked for; sample them and write the file."""
    workspace = begin(state, runtime, "deliver")
    query = AudienceQuery.model_validate(state["query"])
    refused = not state.get("approved", True)
    population, catalogue = workspace.population, workspace.population.catalogue
    selection = _selection(workspace, state)
    model = _ranker(workspace, query)
    people, least = _people(population, selection, model, query, state["total"])
    expression = selection.expression
    # A point that had to be relaxed is no longer the one that was measured.
    picked = None if state["steps"] else chosen(workspace, query).picked
    artifacts = workspace.artifacts
    result = AudienceResult.model_construct(
        workflow_id=state["workflow_id"],
        tool_trace_id="",
        audience_id=state["run_id"],
        expression=as_hashes(expression, catalogue) if expression else None,
        in_words=in_words(expression, catalogue) if expression else "anyone, ranked by fit",
        why=state["source"],
        total=people.total,
        reachable=people.reachable,
        sample=sample_of(population, people, query.identifier_type, model),
        frontier=artifacts.document("audience_frontier", state["run_id"]) if "frontier_key" in state else [],
        point=picked.point if picked else None,
        surer=picked.surer if picked else None,
        wider=picked.wider if picked else None,
        overlap=_overlap(workspace, state, people),
        relaxed=[Relaxation.model_validate(s) for s in state["steps"]],
        least_fit=least,
        export_refused=refused,
        export=export_audience(
            workspace,
            population,
            people,
            query.identifier_type,
            "none" if refused else query.format,
            state["workflow_id"],
            model,
            export_id=state["run_id"],
        ),
    )
    workspace.artifacts.save_document(
        "audience", state["run_id"], result.model_dump(mode="json", warnings=False)
    )
    keep_plan(workspace, state["run_id"], _plan(workspace, state, query, result))
    end(runtime, "deliver", people.total)
    return {"result_key": state["run_id"]}


def _plan(
    workspace: Workspace, state: AudienceState, query: AudienceQuery, result: AudienceResult
) -> AudiencePlan:
    """What finds the same people again, to export them."""
    return AudiencePlan(
        warehouse=workspace.warehouse.name,
        snapshot_id=workspace.population.snapshot_id,
        made_at=workspace.now(),
        in_words=result.in_words,
        expression=result.expression,
        location=Location.model_validate(state["location"]) if state["location"] else None,
        customers_left_out_of=customers_of(workspace, query),
        model=query.profile_id or query.written_profile,
        most=_size_wanted(query, state["total"]),
    )


def _people(
    population: Population, selection: Selection, model: Ranker | None, query: AudienceQuery, total: int
) -> tuple[Audience, float | None]:
    most, least = _size_wanted(query, total), None
    if most is None or (model is None and total <= most):
        people = population.ask(selected, selection)
    elif model is None:
        people = evenly(population.ask(selected, selection), most)
    else:
        best = best_of(population, selection, model, most)
        people, least = (
            best.people,
            None if np.isnan(best.threshold) else round(float(fit_score(np.array(best.threshold))), 1),
        )
    reachable = [
        p.intersection_cardinality(s.having(query.identifier_type))
        for s, p in zip(population.shards, people, strict=True)
    ]
    return Audience(people, sum(map(len, people)), sum(reachable)), least


def _ranker(workspace: Workspace, query: AudienceQuery) -> Ranker | None:
    """What ranks the people: the model of an analysis, or a profile; None where they are all alike."""
    named = query.profile_id or query.written_profile
    return ranker_named(workspace, named) if named else None


def _told(query: AudienceQuery) -> tuple[str, ...]:
    """What a file says of each person beside how they are reached."""
    if query.written_profile:
        return PersonScores.columns
    return FitModel.columns if query.profile_id else ()


def _size_wanted(query: AudienceQuery, total: int) -> int | None:
    """How many people are kept at most; None for all of them."""
    if query.strategy == "ranked" and query.target_size is None:
        return max(1, round(RANKED_SHARE * total))
    return query.target_size


def _overlap(workspace: Workspace, state: AudienceState, people: Audience) -> Overlap | None:
    if not state["model_key"]:
        return None
    customers = workspace.artifacts.people("customers", state["model_key"])
    shared = sum(
        people.people[at].intersection_cardinality(type(people.people[at])(numbers.astype(np.uint32)))
        for at, numbers in enumerate(workspace.population.ask(_numbers, customers))
    )
    return Overlap(
        customers=len(customers),
        in_audience=shared,
        share_of_customers=round(shared / max(1, len(customers)), 4),
    )


def _numbers(shard: Shard, person_ids: np.ndarray) -> np.ndarray:
    return shard.numbers_of(person_ids)[1]


def _selection(workspace: Workspace, state: AudienceState) -> Selection:
    query = AudienceQuery.model_validate(state["query"])
    parts = [expression_of(workspace.population, state["expression"])] if state["expression"] else []
    parts += required(workspace.population, query)
    location = Location.model_validate(state["location"]) if state["location"] else None
    return Selection(canonical(all_of(parts)) if parts else None, location, left_out(workspace, query))
