"""What profile do an analysis, the outcomes, or a list of best customers suggest?"""

from typing import Any

import numpy as np
from pydantic import Field, model_validator

from store.errors import NotFound, TooFewCustomers
from store.features import FeatureTable
from store.workspace import Workspace
from tools.declaration import PersonId, ToolQuery, ToolResult
from tools.identity.resolve_identities import Identifiers, ResolveQuery
from tools.profiles.content.document import Origin, ProfileDocument
from tools.profiles.kept import keep_fit
from tools.profiles.making.described import Described, Evidence, described
from tools.profiles.making.queries import ProposalQuery
from tools.profiles.scoring.learned import criteria_of
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.queries import FitQuery
from tools.scoring.leads.against import fit_of_analysis, people_beside
from tools.scoring.leads.given import leads_of_any_rows, leads_of_identifiers, leads_of_persons
from tools.scoring.learned import published_scorer

MOST_ROWS = 10_000
MADE_OF = {
    "analysis": "Customers analysed",
    "outcomes": "What outcomes taught",
    "customers": "Best customers",
}
WORDS = FitQuery(ideal_word="customers", others_word="other people")


class ProposeIcpProfile(ToolQuery):
    """What the profile is made from."""

    analysis_id: str | None = Field(default=None, max_length=80, description="An analysis of customers.")
    outcomes: bool | None = Field(default=None, description="What the outcomes of this warehouse taught.")
    multi_identifiers: list[Identifiers] | None = Field(default=None, description="Of the best customers.")
    person_ids: list[PersonId] | None = Field(default=None, description="The best customers.")
    rows: list[dict[str, Any]] | None = Field(
        default=None, max_length=MOST_ROWS, description="The best customers as objects: columns by name."
    )
    others: list[dict[str, Any]] | None = Field(
        default=None,
        max_length=MOST_ROWS,
        description="With `rows`: leads who did not buy, in the same columns; without, nothing is weighed.",
    )
    name: str | None = Field(default=None, min_length=1, max_length=120)
    settings: ProposalQuery = Field(default_factory=ProposalQuery)

    @model_validator(mode="after")
    def _one_source(self) -> "ProposeIcpProfile":
        given = self.sources()
        if len(given) != 1:
            raise ValueError(
                "give one of `analysis_id`, `outcomes`, `multi_identifiers`, `person_ids` and `rows` "
                f"(given: {', '.join(given) or 'none'})"
            )
        if self.others is not None and self.rows is None:
            raise ValueError("`others` belong to `rows`")
        return self

    def sources(self) -> list[str]:
        """The ways in which the customers were given."""
        named = ("analysis_id", "multi_identifiers", "person_ids", "rows")
        return [name for name in named if getattr(self, name) is not None] + ["outcomes"] * bool(
            self.outcomes
        )


class ProposedProfile(ToolResult):
    """A profile to review: it is not saved."""

    document: ProfileDocument = Field(description="What `create_icp_profile` takes, to be edited first.")
    evidence: list[Evidence] = Field(description="Why each written line is proposed.")
    notes: list[str] = Field(default_factory=list)


def propose_icp_profile(workspace: Workspace, query: ProposeIcpProfile) -> ProposedProfile:
    """An ideal customer profile suggested by data, with the evidence for each line; it is not saved.

    From an analysis or the outcomes: their weighted criteria. From a list of best customers: what many of
    them have in common, and what tells them from other people of the warehouse, or from `others`.
    Review it, edit it, then give `document` to `create_icp_profile`.
    """
    if query.analysis_id is not None:
        fit = fit_of_analysis(workspace, query.analysis_id)
        return _of_fit(workspace, query, fit, "analysis", query.analysis_id)
    if query.outcomes:
        scorer = published_scorer(workspace)
        return _of_fit(workspace, query, scorer.fit, "outcomes", scorer.model_id)
    return _of_customers(workspace, query)


def _of_fit(
    workspace: Workspace, query: ProposeIcpProfile, fit: FitProfile, kind: str, about: str
) -> ProposedProfile:
    if not fit.criteria:
        raise NotFound(
            "Nothing was found that sets these customers apart, so there is no profile in it",
            where=kind,
            instead="Analyse more customers, record more outcomes, or write the profile by hand.",
        )
    document = _document(workspace, query, fit, kind, about, Described())
    return ProposedProfile(document=document, evidence=[], notes=list(fit.warnings))


def _of_customers(workspace: Workspace, query: ProposeIcpProfile) -> ProposedProfile:
    ideal, others, notes = _tables(workspace, query)
    if not ideal.rows:
        raise TooFewCustomers("There are no customers to describe", instead="Give at least one.")
    fit = learn_fit(ideal, others, WORDS) if others is not None and others.rows else None
    if fit is not None:
        notes += fit.warnings
    taken = [each.scale.name for each in fit.criteria] if fit else []
    found = described(ideal, others, query.settings, taken)
    if ideal.rows < query.settings.few:
        notes.append(f"Only {ideal.rows:,} customers: read the shares by their intervals.")
    if others is None:
        notes.append("Nobody was compared with: the lines are frequent, not proven to set customers apart.")
    document = _document(workspace, query, fit if fit and fit.criteria else None, "customers", "", found)
    if document.is_empty:
        raise NotFound(
            "The customers have nothing in common that a profile could be made from",
            where="customers",
            instead="Give more of them, columns such as industry, employees, country, title, or `others`.",
        )
    return ProposedProfile(document=document, evidence=found.evidence, notes=notes)


def _tables(
    workspace: Workspace, query: ProposeIcpProfile
) -> tuple[FeatureTable, FeatureTable | None, list[str]]:
    """The customers, whom they are compared with, and notes."""
    if query.rows is not None:
        others = leads_of_any_rows(query.others).table if query.others else None
        return leads_of_any_rows(query.rows).table, others, []
    if query.person_ids is not None:
        leads = leads_of_persons(workspace, query.person_ids)
    else:
        groups = ResolveQuery(multi_identifiers=query.multi_identifiers).groups()
        leads = leads_of_identifiers(workspace, groups)
    ids = np.array([int(each) for each in leads.ids], dtype=np.int64)
    return leads.table, people_beside(workspace.population, ids), leads.notes


def _document(
    workspace: Workspace,
    query: ProposeIcpProfile,
    fit: FitProfile | None,
    kind: Any,
    about: str,
    found: Described,
) -> ProfileDocument:
    origin = None
    if fit is not None:
        origin = Origin(
            kind=kind,
            about=about,
            fit_id=keep_fit(workspace, fit),
            warehouse=workspace.warehouse.name,
            snapshot_id=workspace.warehouse.current_id if workspace.warehouse.exists else "",
            made_at=workspace.now(),
            ideal_rows=fit.ideal_rows,
            others_rows=fit.others_rows,
            auc=fit.auc,
        )
    return ProfileDocument.model_validate(
        {
            **found.lines,
            "name": query.name or _name(kind, workspace),
            "company_size": found.company_size,
            "criteria": criteria_of(fit) if fit else [],
            "origin": origin,
        }
    )


def _name(kind: str, workspace: Workspace) -> str:
    return f"{MADE_OF[kind]}, {workspace.now():%Y-%m-%d}"
