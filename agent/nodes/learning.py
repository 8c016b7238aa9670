"""The steps of analyze_outcomes. Each calls tools and returns what changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import numpy as np
from pydantic import BaseModel

from agent.learning import models
from agent.learning.recorded import Recorded, recorded
from agent.learning.telling import outcome_analysis_of
from agent.nodes.step import Step, begin, end
from agent.requests import AnalyzeOutcomes
from agent.state import OutcomeState
from store.errors import ToolRefused
from store.features import FeatureTable
from store.outcomes.outcome_table import OutcomeTable
from store.records.learned import LearnedModel, ModelKind, keep_model
from store.workspace import Workspace
from tools.outcomes.measures.outcome_measures import outcome_measures
from tools.outcomes.measures.overview import overview
from tools.outcomes.measures.queries import MeasuresQuery, OverviewQuery
from tools.outcomes.patterns.anti_patterns import anti_patterns
from tools.outcomes.patterns.customers.signatures import churn_signatures, expansion_signals
from tools.outcomes.patterns.emerging import emerging_segments
from tools.outcomes.patterns.losses.loss_patterns import loss_patterns
from tools.outcomes.patterns.queries import (
    CustomerQuery,
    EmergingQuery,
    LossQuery,
    OutcomeAntiPatternQuery,
)
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.gate.drift import DriftQuery, drift_report
from tools.scoring.gate.newest import newest_parts
from tools.scoring.learned import save_fit, save_probability, save_value
from tools.scoring.population_features import population_features
from tools.scoring.value.learn import learn_value
from tools.scoring.value.queries import ValueQuery

FEWEST = 10  # won, and lost, records to learn from at all
HELD_OUT = 0.3  # share of the decided records, the newest, that tiers are measured on
AGING = "days_since_"  # how the names of such columns begin
VALUE_TREES = 60  # amounts of deals are few and noisy: more trees find nothing more
MARKET = 20_000  # people whose scores stand for the market, evenly spaced
CHANCES: tuple[ModelKind, ...] = ("conversion", "churn", "expansion")


def read(state: OutcomeState, runtime: Step) -> dict[str, Any]:
    """Read the records, without what could only be known after the decision; say what there is."""
    workspace = begin(state, runtime, "read")
    found = recorded(state, runtime.context)
    told = overview(found.outcomes, OverviewQuery(now=workspace.now().date(), seed=_query(state).seed))
    kept = {
        "overview": told.model_dump(mode="json"),
        "leaks": [leak.model_dump(mode="json") for leak in found.leaks],
        "notes": found.notes,
    }
    workspace.artifacts.save_document("outcome_overview", state["run_id"], kept)
    won = int(found.outcomes.are("won")[found.decided].sum())
    lacking = _lacking(found, won)
    end(runtime, "read", found.outcomes.rows)
    return {"overview_key": state["run_id"], "enough": not lacking, "not_told": lacking}


def _lacking(found: Recorded, won: int) -> dict[str, str]:
    """Why no criteria can be told, if none can."""
    lost = len(found.decided) - won
    if min(won, lost) < FEWEST:
        why = f"{won:,} won and {lost:,} lost with a day of decision; {FEWEST} of either are the fewest."
    elif not found.outcomes.features.names:
        why = "The records have no attributes: load them with columns of what was known, or with `--history`."
    else:
        return {}
    return dict.fromkeys(("criteria", "conversion", "measures"), why)


def weigh(state: OutcomeState, runtime: Step) -> dict[str, Any]:
    """Weigh the criteria that tell the won from the lost."""
    workspace = begin(state, runtime, "weigh")
    lesson = models.won_or_lost(recorded(state, runtime.context))
    fit = models.fitted_profile(lesson, _query(state).seed)
    save_fit(workspace, _model_id(state, "fit"), fit)
    end(runtime, "weigh", len(fit.criteria))
    return {"criteria_key": _model_id(state, "fit")}


def model(state: OutcomeState, runtime: Step) -> dict[str, Any]:
    """Learn the calibrated chances to win, to churn and to expand, and what a deal is worth."""
    workspace = begin(state, runtime, "model")
    found, seed = recorded(state, runtime.context), _query(state).seed
    lacking: dict[str, str] = {}
    reports: dict[str, Any] = {}
    for kind in CHANCES:
        try:
            market = _open_deals(found) if kind == "conversion" else None
            learned = models.fitted_chance(models.lesson_of(found, kind), seed, market)
        except ToolRefused as refusal:
            lacking[kind] = str(refusal)
            continue
        save_probability(workspace, _model_id(state, kind), learned)
        reports[kind] = learned.report.model_dump(mode="json")
    try:
        reports["value"] = _learned_value(workspace, state, found, seed)
    except ToolRefused as refusal:
        lacking["value"] = str(refusal)
    workspace.artifacts.save_document("outcome_models", state["run_id"], reports)
    end(runtime, "model", len(reports))
    return {"models_key": state["run_id"], "not_told": lacking}


def _open_deals(found: Recorded) -> FeatureTable | None:
    rows = found.outcomes.are("open")
    return found.outcomes.features.take(rows) if rows.any() else None


def _learned_value(workspace: Workspace, state: OutcomeState, found: Recorded, seed: int) -> dict[str, Any]:
    """What a won deal brings, by its attributes."""
    outcomes = found.outcomes
    rows = np.flatnonzero(outcomes.are("won") & (outcomes.amounts >= 0))
    # Of the mean: what is added up over a pipeline must be right in sum.
    asked = ValueQuery(purpose="groups", trees=VALUE_TREES, seed=seed)
    learned = learn_value((outcomes.features.take(rows), outcomes.amounts[rows]), asked)
    save_value(workspace, _model_id(state, "fit"), learned)
    return learned.report.model_dump(mode="json")


def backtest(state: OutcomeState, runtime: Step) -> dict[str, Any]:
    """Try the models on outcomes that neither they nor those in use have seen; tell drift apart."""
    workspace = begin(state, runtime, "backtest")
    found, query = recorded(state, runtime.context), _query(state)
    kinds: list[ModelKind] = ["fit", *(kind for kind in CHANCES if kind not in state["not_told"])]
    trials = {
        kind: models.tried(workspace, kind, models.lesson_of(found, kind), query, state["data_hash"])
        for kind in kinds
    }
    before = trials["fit"].before
    since = before.learned_until if before else None
    drift, lacking = _drift(models.won_or_lost(found), since, query.seed)
    gates = {
        kind: {
            "gate": trial.gate.model_dump(mode="json"),
            "replaces": trial.before.model_id if trial.before else None,
        }
        for kind, trial in trials.items()
    }
    kept = {"gates": gates, "drift": drift}
    workspace.artifacts.save_document("outcome_gates", state["run_id"], kept)
    end(runtime, "backtest", len(gates))
    return {"gates_key": state["run_id"], "not_told": lacking}


def _drift(
    lesson: models.Lesson, since: datetime | None, seed: int
) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """What changed since the model in use was learned; without one, in the newest quarter of the records."""
    parts = newest_parts(
        lesson.days, lesson.happened, since.date() if since else None, least=len(lesson.days)
    )
    if not parts.newest.any() or not parts.earlier.any():
        return None, {"drift": "No outcome is newer than what the model in use was learned from."}
    before, after = lesson.take(parts.earlier), lesson.take(parts.newest)
    found = drift_report(before.table, after.table, before.happened, after.happened, DriftQuery(seed=seed))
    return found.model_dump(mode="json"), {}


def measure(state: OutcomeState, runtime: Step) -> dict[str, Any]:
    """Measure the tiers on the newest outcomes, by a profile that was learned from the older ones."""
    workspace = begin(state, runtime, "measure")
    found, query = recorded(state, runtime.context), _query(state)
    lesson = models.won_or_lost(found)
    parts = newest_parts(lesson.days, lesson.happened, None, share=HELD_OUT)
    try:
        fit = models.fitted_profile(lesson.take(parts.earlier), query.seed)
    except ToolRefused as refusal:
        end(runtime, "measure", 0)
        return {"not_told": {"measures": str(refusal)}}
    scores = fit_scores(fit, found.outcomes.features).score.astype(np.float64)
    scores[found.decided[parts.earlier]] = np.nan
    asked = MeasuresQuery(now=workspace.now().date(), seed=query.seed, target_amount=query.target)
    market = _market(workspace, found)
    told = outcome_measures(
        found.outcomes, scores, asked, None if market is None else fit_scores(fit, market).score
    )
    workspace.artifacts.save_document("outcome_measures", state["run_id"], told.model_dump(mode="json"))
    end(runtime, "measure", int(parts.newest.sum()))
    return {"measures_key": state["run_id"]}


def _market(workspace: Workspace, found: Recorded) -> FeatureTable | None:
    """People or accounts of the population, evenly spaced, where the records have its attributes."""
    if not workspace.warehouse.exists:
        return None
    population = workspace.population
    ids = np.concatenate([np.asarray(shard.person_ids) for shard in population.shards])
    table = population_features(population, ids[:: max(1, len(ids) // MARKET)])
    known = set(table.names) & set(found.outcomes.features.names)
    return table if known else None


def find_patterns(state: OutcomeState, runtime: Step) -> dict[str, Any]:
    """Find who is not worth pursuing, why deals are lost, who leaves, who grows, and who newly buys."""
    workspace = begin(state, runtime, "find_patterns")
    outcomes = recorded(state, runtime.context).outcomes
    shared: dict[str, Any] = {"now": workspace.now().date(), "seed": _query(state).seed}
    asked: dict[str, Callable[[], BaseModel]] = {
        "anti_patterns": lambda: anti_patterns(outcomes, OutcomeAntiPatternQuery(**shared)),
        "losses": lambda: loss_patterns(outcomes, LossQuery(**shared)),
        "churn": lambda: churn_signatures(outcomes, CustomerQuery(**shared)),
        "expansion": lambda: expansion_signals(outcomes, CustomerQuery(**shared)),
        "emerging": lambda: emerging_segments(_ageless(outcomes), EmergingQuery(**shared)),
    }
    told: dict[str, Any] = {}
    lacking: dict[str, str] = {}
    for name, find in asked.items():
        try:
            told[name] = find().model_dump(mode="json")
        except ToolRefused as refusal:
            lacking[f"{name} patterns" if name in ("churn", "expansion") else name] = str(refusal)
    workspace.artifacts.save_document("outcome_patterns", state["run_id"], told)
    end(runtime, "find_patterns", len(told))
    return {"patterns_key": state["run_id"], "not_told": lacking}


def _ageless(outcomes: OutcomeTable) -> OutcomeTable:
    """Without the days since something: they grow with the calendar, whoever buys."""
    aging = [each.name for each in outcomes.features.features if each.name.startswith(AGING)]
    return replace(outcomes, features=outcomes.features.without(aging))


def publish(state: OutcomeState, runtime: Step) -> dict[str, Any]:
    """Put the models in use that passed, keep the others aside, and put the answer together."""
    workspace = begin(state, runtime, "publish")
    found = recorded(state, runtime.context)
    whole = outcome_analysis_of(workspace, state, found)
    until = _learned_until(found)
    learned = {} if _query(state).last_days else _gates(workspace, state)  # of a part, none is kept
    for kind, trial in learned.items():
        gate = trial["gate"]
        keep_model(
            workspace.database,
            LearnedModel(
                model_id=_model_id(state, kind),
                run_id=state["run_id"],
                warehouse=state["warehouse"],
                kind=kind,
                status="published" if gate["decision"] == "publish" else "aside",
                why=[gate["why"]],
                data_hash=state["data_hash"],
                learned_until=until,
                created_at=workspace.now(),
            ),
        )
    workspace.artifacts.save_document("outcome_analysis", state["run_id"], whole.model_dump(mode="json"))
    end(runtime, "publish", len(whole.models))
    return {"result_key": state["run_id"]}


def _gates(workspace: Workspace, state: OutcomeState) -> dict[str, Any]:
    if "gates_key" not in state:
        return {}
    return workspace.artifacts.document("outcome_gates", state["gates_key"])["gates"]


def _learned_until(found: Recorded) -> datetime | None:
    days = found.outcomes.decided_at[found.decided]
    return datetime.combine(days.max().astype(object), time(), UTC) if len(days) else None


def _query(state: OutcomeState) -> AnalyzeOutcomes:
    return AnalyzeOutcomes.model_validate(state["query"])


def _model_id(state: OutcomeState, kind: str) -> str:
    """One of a run: done again it is the same."""
    return f"{kind}_{state['run_id'].partition('_')[2]}"
