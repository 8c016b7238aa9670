"""Whom should sales call first, why, and what speaks against it?"""

from dataclasses import dataclass

import numpy as np

from store.features import FeatureTable
from store.outcomes.outcome_table import OutcomeTable, UnitKind
from store.population.population import Population
from store.population.shard import Shard
from store.records.learned import published_model
from store.workspace import Workspace
from tools.feedback.applied import effects_on
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.fit.told.reasons import FitReasons, fit_reasons
from tools.scoring.learned import saved_fit
from tools.scoring.population_features import population_features
from tools.standing.findings import Call
from tools.standing.people.now import NOBODY, Now, numbers_of, read_outcomes
from tools.standing.rescore import tiers_now
from tools.standing.tiers.scored import LETTERS, reads_population

MOST_REASONS = 2
OWN_ID = "id1"  # how a population of accounts keeps their own ids


@dataclass(frozen=True)
class _Units:
    """Whom to choose among: what they are called, and what is known of each."""

    ids: list[str]
    table: FeatureTable


def call_first(workspace: Workspace, limit: int = 12) -> list[Call]:
    """Accounts of open deals that fit best by the published fit, each with two reasons and one doubt.

    Without open deals the best of the population whose last decision is not won. Equal scores in the order of
    their ids; nobody whom accepted feedback leaves out, and nobody at all without a published fit, with one
    that found no criterion (everybody has the same score), or where nothing that it reads is known.
    """
    model = published_model(workspace.database, workspace.warehouse.name, "fit")
    if model is None or limit < 1:
        return []
    now, fit = Now(workspace), saved_fit(workspace, model.model_id)
    if not fit.criteria:
        return []
    out = effects_on(workspace).rows_left_out
    units = _in_pipeline(now, fit) or _of_population(now, fit, model.model_id, limit + len(out))
    return _called(fit, units, limit, out) if units else []


def _called(fit: FitProfile, units: _Units, limit: int, out: frozenset[str]) -> list[Call]:
    scores = fit_scores(fit, units.table)
    order = np.lexsort((np.array(units.ids, dtype=np.str_), -np.round(scores.score, 1)))
    calls: dict[str, Call] = {}
    for row in order.tolist():
        if len(calls) == limit:
            break
        name = units.ids[row]
        if name not in calls and name not in out:  # of several deals the one that fits best
            calls[name] = _call(name, LETTERS[scores.tier[row]], fit_reasons(fit, units.table, row))
    return list(calls.values())


def _call(name: str, tier: str, told: FitReasons) -> Call:
    against = [each.text for each in told.reasons_against]
    unknown = [f"{each} is not known" for each in told.unknown]
    unsure = [f"The score is of {told.match_confidence} confidence"] * (told.match_confidence != "high")
    doubts = [*([told.disqualifier] if told.disqualifier else []), *against, *unknown, *unsure]
    return Call.model_validate(
        {
            "unit_id": name,
            "tier": tier,
            "score": round(told.score, 1),
            "reasons": [each.text for each in told.reasons_for[:MOST_REASONS]],
            "doubt": doubts[0] if doubts else None,
        }
    )


def _in_pipeline(now: Now, fit: FitProfile) -> _Units | None:
    """The units of open deals, by what their records say of them, else by what the population knows."""
    found = _deals(now)
    if found is None or not found.are("open").any():
        return None
    rows = found.take(found.are("open"))
    table = rows.features
    if not _reads(fit, table) and now.workspace.warehouse.exists and found.unit == now.unit:
        table = population_features(now.population, numbers_of(rows))
    known = any(each.known().any() for each in table.features)
    if not known or not _reads(fit, table):
        return None
    return _Units([str(each) for each in rows.unit_ids.tolist()], table)


def _deals(now: Now) -> OutcomeTable | None:
    """The deals of what the population is of; else of accounts, else of persons."""
    own: list[UnitKind] = [now.unit] if now.workspace.warehouse.exists else []
    kinds: list[UnitKind] = [*own, "account", "person"]
    found = (read_outcomes(now.workspace, unit) for unit in kinds)
    return next((each for each in found if each is not None), None)


def _reads(fit: FitProfile, table: FeatureTable) -> bool:
    wanted = {part.scale.name for part in (*fit.criteria, *fit.disqualifiers)}
    return not wanted or bool(wanted & set(table.names))


def _of_population(now: Now, fit: FitProfile, model_id: str, limit: int) -> _Units | None:
    if not now.workspace.warehouse.exists or not reads_population(now.population, fit):
        return None
    tiers = tiers_now(now, model_id)
    rows = np.flatnonzero(~np.isin(tiers.ids, now.won) & (tiers.ids != NOBODY))
    if not len(rows):
        return None
    best = rows[np.lexsort((tiers.ids[rows], -tiers.score[rows].astype(np.int64)))][:limit]
    ids = tiers.ids[best]
    is_account = now.unit == "account"
    names = _account_names(now.population, ids) if is_account else [str(each) for each in ids.tolist()]
    return _Units(names, population_features(now.population, ids))


def _account_names(population: Population, ids: np.ndarray) -> list[str]:
    """The ids that accounts came with; the number of one that came without."""
    names = [str(each) for each in ids.tolist()]
    for at, found in population.ask(_account_ids, ids):
        for place, name in zip(at.tolist(), found, strict=True):
            names[place] = name or names[place]
    return names


def _account_ids(shard: Shard, ids: np.ndarray) -> tuple[np.ndarray, list[str | None]]:
    asked, numbers = shard.numbers_of(ids)
    if OWN_ID not in shard.fields.names or not len(numbers):
        return asked[:0], []
    return asked, shard.fields.take(numbers, [OWN_ID])[OWN_ID]
