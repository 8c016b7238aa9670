"""Who is in which tier, now that the fit or the population is another one?"""

import hashlib
from typing import Literal

import numpy as np

from store.locks import Lock
from store.records.learned import published_model
from store.workspace import Workspace
from tools.scoring.learned import saved_fit
from tools.standing.findings import RescoredAccounts, TiersRescored
from tools.standing.kept.noting import note_standing
from tools.standing.people.now import NO_IDS, NOBODY, Now, numbers_of
from tools.standing.queries import Mode, RescoreAccounts
from tools.standing.tiers.kept import KeptTiers, keep_tiers, kept_tiers, tiers_key
from tools.standing.tiers.routing import flows, routing
from tools.standing.tiers.scored import Tiers, reads_population, tiers_of_everybody

NO_FIT = "No profile was learned from outcomes, so nobody has a tier: `fieldmark outcomes learn`."
NO_COLUMNS = "The population has none of the columns that the fit learned from outcomes reads."
NO_POPULATION = "No population was loaded, so there is nobody to score."
UNCHANGED = "The fit and the population are those of the last scoring."
BUSY = "Everybody is being scored by somebody else at this moment."
RENUMBERED = "The people have no ids of their own, so who moved since another load cannot be told."


def rescore_accounts(workspace: Workspace, query: RescoreAccounts) -> RescoredAccounts:
    """Everybody of the population by the published fit: tiers before and now, flows, and whom to route where.

    Nothing is scored where the fit and the population are those of the last time. With the mode `yes` the
    tiers are kept, and the next flows are told from them.
    """
    found, note = rescored(Now(workspace), query.mode)
    return RescoredAccounts(rescored=found, note=note)


def rescored(now: Now, mode: Mode) -> tuple[TiersRescored | None, str]:
    """The tiers anew, or None and why they stay."""
    if mode == "dry_run":
        return _rescored(now, mode)
    lock = Lock(now.workspace.home / "locks" / f"tiers_{tiers_key(now.workspace.warehouse.name)}.lock")
    if not lock.taken():
        return None, BUSY
    try:
        return _rescored(now, mode)
    finally:
        lock.let_go()


def _rescored(now: Now, mode: Mode) -> tuple[TiersRescored | None, str]:
    workspace = now.workspace
    model = published_model(workspace.database, workspace.warehouse.name, "fit")
    if model is None:
        return None, NO_FIT
    if not workspace.warehouse.exists:
        return None, NO_POPULATION
    before, made = kept_tiers(workspace), tiers_made_from(now, model.model_id)
    if before is not None and before.made_from == made:
        return None, UNCHANGED
    fit = saved_fit(workspace, model.model_id)
    if not reads_population(now.population, fit):
        return None, NO_COLUMNS
    tiers = tiers_of_everybody(now.population, fit)
    kept = KeptTiers(tiers, model.model_id, now.population.snapshot_id, made)
    told, note = _told(now, kept, before, mode)
    if mode == "yes":
        keep_tiers(workspace, kept)
        note_standing(
            workspace, "tiers.rescored", model.model_id, once=made[:32], scored=told.scored, moved=told.moved
        )
    return told, note


def tiers_made_from(now: Now, model_id: str) -> str:
    """A hash of all that decides everybody's tier, sha256 in hex."""
    told = f"{model_id}:{now.population.snapshot_id}:{now.erasures_hash}"
    return hashlib.sha256(told.encode()).hexdigest()


def _told(now: Now, kept: KeptTiers, before: KeptTiers | None, mode: Mode) -> tuple[TiersRescored, str]:
    comparable = before is not None and (now.has_own_ids or before.snapshot_id == kept.snapshot_id)
    old = before.tiers if before is not None and comparable else None
    moved = flows(kept.tiers, old) if old else {}
    stayed = len(np.intersect1d(kept.tiers.ids, old.ids, assume_unique=True)) if old else 0
    told = TiersRescored(
        model_id=kept.model_id,
        model_before=before.model_id if before else None,
        because=_because(kept, before),
        unit=now.unit,
        is_dry_run=mode == "dry_run",
        scored=len(kept.tiers.ids),
        new=len(kept.tiers.ids) - stayed if old else 0,
        gone=len(old.ids) - stayed if old else 0,
        moved=sum(moved.values()),
        flows=moved,
        tiers=kept.tiers.counts(),
        tiers_before=before.tiers.counts() if before else None,
        routing=routing(kept.tiers, old, open_units(now), now.won, now.unit),
    )
    return told, RENUMBERED if before is not None and not comparable else ""


def _because(kept: KeptTiers, before: KeptTiers | None) -> Literal["first", "model", "population", "both"]:
    if before is None:
        return "first"
    if before.model_id == kept.model_id:
        return "population"
    return "model" if before.snapshot_id == kept.snapshot_id else "both"


def open_units(now: Now) -> np.ndarray:
    """Ids of those with an open deal, sorted int64."""
    if now.outcomes is None:
        return NO_IDS
    found = np.unique(numbers_of(now.outcomes)[now.outcomes.are("open")])
    return found[found != NOBODY]


def tiers_now(now: Now, model_id: str) -> Tiers:
    """Everybody's tier by a fit: as it was kept, where that is still so, else scored now."""
    kept = kept_tiers(now.workspace)
    if kept is not None and kept.made_from == tiers_made_from(now, model_id):
        return kept.tiers
    return tiers_of_everybody(now.population, saved_fit(now.workspace, model_id))
