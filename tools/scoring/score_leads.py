"""How well does each of these leads fit, and why?"""

from dataclasses import replace
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, Field, model_validator

from store.errors import BadInput
from store.exports import ExportLink
from store.features import FeatureKind, FeatureTable
from store.workspace import Workspace
from tools.declaration import ExportingQuery, ExportingResult, PersonId
from tools.identity.resolve_identities import Identifiers, ResolveQuery
from tools.scoring.fit.scoring import FitScores, fit_scores
from tools.scoring.leads.against import columns_of, scorer_named
from tools.scoring.leads.chosen import Chosen
from tools.scoring.leads.findings import LeadScore
from tools.scoring.leads.given import (
    Leads,
    leads_of_any_rows,
    leads_of_identifiers,
    leads_of_persons,
    leads_of_rows,
)
from tools.scoring.leads.prepared import prepared
from tools.scoring.learned import Scorer
from tools.usage.credits import require_credits

SAMPLE = 10
MOST_ROWS = 10_000
LETTERS = "ABCD"


class ScoreLeads(ExportingQuery):
    """Score a list of leads against one to three profiles."""

    multi_identifiers: list[Identifiers] | None = None
    person_ids: list[PersonId] | None = None
    rows: list[dict[str, Any]] | None = Field(
        default=None,
        max_length=MOST_ROWS,
        description="Leads as objects: columns by name, as in the outcomes; `id` names a lead.",
    )
    icp_profiles: list[str] = Field(
        default_factory=list,
        max_length=3,
        description="`outcomes` for what was learned from them, profiles by name or id, or ids of analyses; "
        "the first one sorts.",
    )
    analysis_id: str | None = Field(
        default=None, max_length=80, description="Score against this analysis; without profiles."
    )
    min_score: int | None = Field(default=None, ge=0, le=100)
    tier: Literal["A", "B", "C", "D"] | None = Field(default=None, description="Only this tier and better.")
    top: int | None = Field(default=None, ge=1, description="Only so many, the best first.")

    @model_validator(mode="after")
    def _one_source(self) -> "ScoreLeads":
        given = self.sources()
        if len(given) != 1:
            raise ValueError(
                "give the leads in one way: `multi_identifiers`, `person_ids` or `rows` "
                f"(given: {', '.join(given) or 'none'})"
            )
        return self

    def sources(self) -> list[str]:
        """The ways in which the leads were given."""
        return [
            name for name in ("multi_identifiers", "person_ids", "rows") if getattr(self, name) is not None
        ]

    def profiles(self) -> list[str]:
        """Names of the profiles to score against."""
        return self.icp_profiles or ([self.analysis_id] if self.analysis_id else ["outcomes"])


class ScoredAgainst(BaseModel):
    """One of the profiles that leads were scored against."""

    id: str
    name: str
    revision: int | None = Field(
        default=None, description="Of a profile: the newest one, which was scored against."
    )
    criteria: int = Field(description="Dimensions that enter the score.")


class ScoredLeads(ExportingResult):
    """How the leads divide into tiers, the best of them, and all of them as a file."""

    total: int = Field(description="Leads that pass min_score, tier and top.")
    scored: int
    tiers: dict[str, int] = Field(description="Of all that were scored.")
    profile: str
    criteria: int
    profiles: list[ScoredAgainst] = Field(
        default_factory=list, description="All that they were scored against; the first one sorts."
    )
    sample: list[LeadScore] = Field(description="The best of them.")
    notes: list[str] = Field(default_factory=list)


def score_leads(workspace: Workspace, query: ScoreLeads) -> ScoredLeads:
    """Fit scores of leads from 0 to 100, best first, with tiers, reasons, and chances where they are known.

    Against the profile learned from outcomes, that of an analysis, or one to three ideal customer profiles,
    each by its newest revision. Each score is the sum of its reasons; a disqualifier caps it in tier D;
    `to_next_tier` says what would raise it. Chances to win, to expand and
    to churn, and the amount if won, come from models of their own and never enter the fit.
    """
    scorers = [scorer_named(workspace, name) for name in query.profiles()]
    return scored_leads(workspace, query, _given(workspace, query, scorers), scorers)


def _given(workspace: Workspace, query: ScoreLeads, scorers: list[Scorer]) -> Leads:
    if query.rows is not None:
        kinds: dict[str, FeatureKind] = {
            name: kind for scorer in reversed(scorers) for name, kind in columns_of(scorer).items()
        }
        if any(scorer.profile for scorer in scorers):
            return leads_of_any_rows(query.rows, kinds)
        return leads_of_rows(query.rows, kinds)
    if query.person_ids is not None:
        return leads_of_persons(workspace, query.person_ids)
    groups = ResolveQuery(multi_identifiers=query.multi_identifiers).groups()
    return leads_of_identifiers(workspace, groups)


def scored_leads(workspace: Workspace, query: ScoreLeads, leads: Leads, scorers: list[Scorer]) -> ScoredLeads:
    """The leads against these profiles. Raises BadInput where they have no column that the first reads."""
    _require_common(leads.table, scorers[0])
    require_credits(workspace, leads.table.rows)
    ready = prepared(leads.table, scorers)
    leads, scorers = replace(leads, table=ready.table, notes=[*leads.notes, *ready.notes]), ready.scorers
    first = scorers[0]
    scores = fit_scores(first.fit, leads.table)
    kept = _kept(scores, query)
    chosen = Chosen(leads, kept, scores, scorers)
    return ScoredLeads.model_construct(
        total=len(kept),
        scored=leads.table.rows,
        tiers={letter: int((scores.tier == at).sum()) for at, letter in enumerate(LETTERS)},
        profile=first.model_id,
        criteria=len(first.fit.criteria),
        profiles=[_against(each) for each in scorers],
        sample=chosen.first(SAMPLE),
        export=_export(workspace, query, chosen) if query.format != "none" else None,
        notes=leads.notes,
    )


def _against(scorer: Scorer) -> ScoredAgainst:
    return ScoredAgainst(
        id=scorer.model_id,
        name=scorer.told,
        revision=scorer.profile.revision if scorer.profile else None,
        criteria=len(scorer.fit.criteria),
    )


def _require_common(table: FeatureTable, scorer: Scorer) -> None:
    wanted = columns_of(scorer)
    if scorer.profile is not None:
        return  # whatever is lacking is unknown, and told
    if wanted and table.rows and not set(wanted) & set(table.names):
        raise BadInput(
            "The leads have none of the columns that the profile reads",
            where="leads",
            instead=f"It reads {', '.join(sorted(wanted)[:12])}.",
        )


def _kept(scores: FitScores, query: ScoreLeads) -> np.ndarray:
    """Rows that pass, the best first; equal ones as they were given."""
    passes = np.ones(len(scores.score), dtype=bool)
    if query.min_score is not None:
        passes &= scores.score >= query.min_score
    if query.tier is not None:
        passes &= scores.tier <= LETTERS.index(query.tier)
    rows = np.flatnonzero(passes)
    return rows[np.argsort(-scores.score[rows], kind="stable")][: query.top]


def _export(workspace: Workspace, query: ScoreLeads, chosen: Chosen) -> ExportLink:
    assert query.format != "none"  # the caller asks for a file
    known = chosen.leads.persons is not None
    return workspace.exports.write(
        f"leads_{workspace.new_id()}",
        query.format,
        chosen.columns,
        chosen.batches(),
        warehouse=workspace.warehouse.name,
        workflow_id=query.workflow_id or "",
        actor=workspace.actor,
        now=workspace.now(),
        people=chosen.persons(),
        snapshot_id=workspace.population.snapshot_id if known else "",
    )
