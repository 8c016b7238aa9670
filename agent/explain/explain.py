"""The tool that explains: from what an analysis and an audience keep, without a model."""

from typing import NamedTuple

from agent.analyses import saved_analysis
from agent.analysis import Analysis
from agent.analyze_outcomes import RUN
from agent.audience_result import AudienceResult
from agent.compare_analyses import compare_analyses
from agent.explain.explanation import ExplainedFigure, Explanation
from agent.explain.figure import figure_explained
from agent.explain.glossary import term_explained
from agent.explain.known import figures_of_analysis, figures_of_audience
from agent.explain.known_outcomes import figures_of_outcomes
from agent.explain.of_outcomes.reasons import criterion_explained, outcomes_confidence
from agent.markdown import bullets, told
from agent.outcome_analysis import OutcomeAnalysis
from agent.planner.requests import Explain
from agent.requests import CompareAnalyses
from store.errors import BadInput, NotFound
from store.records.learned import learned_models
from store.workspace import Workspace


class _About(NamedTuple):
    """What an explanation can draw on; `outcomes_first`: they were spoken of last, or alone."""

    analysis: Analysis | None
    audience: AudienceResult | None
    outcomes: OutcomeAnalysis | None
    outcomes_first: bool


def explain(workspace: Workspace, query: Explain) -> Explanation:
    """Where a figure comes from, what a term means, why something was chosen, and how sure that is.

    Figures are found by how they read (`3.1`, `33 %`, `48k`) in the audience and the analysis asked about;
    without one, in the newest of the warehouse, of customers and of outcomes. The id may be that of an
    analysis of outcomes. A figure that is not there is told with the nearest.
    """
    if query.analysis_id is not None and query.analysis_id.startswith(RUN):
        return explain_beside(
            workspace, query.model_copy(update={"analysis_id": None}), query.analysis_id, first=True
        )
    return explain_beside(workspace, query, None)


def explain_beside(
    workspace: Workspace, query: Explain, outcome_analysis_id: str | None, *, first: bool = False
) -> Explanation:
    """As `explain`, with this analysis of outcomes beside that of customers; first: it is meant before it.

    Raises NotFound where the warehouse has no such analysis.
    """
    if query.about == "term":
        return term_explained(query.subject)
    outcomes = _outcomes(workspace, outcome_analysis_id, newest=query.analysis_id is None)
    analysis = _analysis(workspace, query.analysis_id)
    audience = _audience(workspace, query.audience_id) if query.audience_id else None
    is_first = outcomes is not None and (first or analysis is None)
    return _explained(workspace, query, _About(analysis, audience, outcomes, is_first))


def _explained(workspace: Workspace, query: Explain, about: _About) -> Explanation:
    # The search by meaning takes a second to import: a term and a figure need not wait for it.
    from agent.explain import reasons, sureness

    analysis = about.analysis
    if query.about == "privacy":
        return sureness.privacy(workspace, analysis)
    if query.about == "figure":
        known = _figures(about)
        return figure_explained(known, query.subject) if known else _nothing(query)
    if about.outcomes and about.outcomes_first and (found := _of_outcomes(query, about.outcomes)):
        return found
    if query.about == "trait":
        return reasons.trait_explained(workspace, analysis, query.subject)
    if query.about == "audience":
        return reasons.audience_explained(analysis, about.audience, query.subject)
    if analysis is None:
        return _nothing(query)
    if query.about == "segment":
        return reasons.segment_explained(analysis, query.subject)
    if query.about == "confidence":
        return sureness.confidence(analysis, about.audience)
    return _difference(workspace, query)


def _figures(about: _About) -> list[ExplainedFigure]:
    """Those of what was spoken of last come first: where several read the same, they are meant."""
    of_customers = figures_of_audience(about.audience, about.analysis) if about.audience else []
    of_customers += figures_of_analysis(about.analysis) if about.analysis else []
    of_outcomes = figures_of_outcomes(about.outcomes) if about.outcomes else []
    return [*of_outcomes, *of_customers] if about.outcomes_first else [*of_customers, *of_outcomes]


def _of_outcomes(query: Explain, outcomes: OutcomeAnalysis) -> Explanation | None:
    if query.about == "confidence":
        return outcomes_confidence(outcomes)
    return criterion_explained(outcomes, query.subject) if query.about == "trait" else None


def _difference(workspace: Workspace, query: Explain) -> Explanation:
    """What changed since the analysis before, as compare_analyses says it."""
    request = CompareAnalyses(before=query.previous_analysis_id, after=query.analysis_id)
    try:
        found = compare_analyses(workspace, request)
    except BadInput:
        return Explanation(about="difference", found=False, text=told("explain_nothing_before"))
    lines = [told("answer_change", sentence=one.sentence, evidence=one.evidence) for one in found.told]
    headline = told("answer_analysis_headline", headline=found.headline)
    return Explanation(about="difference", found=True, text=f"{headline}\n\n{bullets(lines)}".strip())


def _nothing(query: Explain) -> Explanation:
    return Explanation(about=query.about, found=False, text=told("explain_nothing"))


def _analysis(workspace: Workspace, analysis_id: str | None) -> Analysis | None:
    """The analysis of this id, which must be of this warehouse; its newest one without an id."""
    if analysis_id is None:
        kept = workspace.database.analyses(workspace.warehouse.name)
        return saved_analysis(workspace.artifacts, kept[0].analysis_id) if kept else None
    analysis = saved_analysis(workspace.artifacts, analysis_id)
    if analysis.warehouse != workspace.warehouse.name:
        raise NotFound(
            f"There is no such analysis in `{workspace.warehouse.name}`",
            where="analysis_id",
            instead="`fieldmark analyses` lists those of a warehouse.",
        )
    return analysis


def _audience(workspace: Workspace, audience_id: str) -> AudienceResult:
    return AudienceResult.model_validate(workspace.artifacts.document("audience", audience_id))


def _outcomes(workspace: Workspace, run_id: str | None, *, newest: bool) -> OutcomeAnalysis | None:
    """The analysis of outcomes of this id; without one the newest of the warehouse that learned anything."""
    if run_id is None and newest:
        learned = learned_models(workspace.database, workspace.warehouse.name)
        run_id = learned[0].run_id if learned else None
    if run_id is None:
        return None
    found = OutcomeAnalysis.model_validate(workspace.artifacts.document("outcome_analysis", run_id))
    if found.warehouse != workspace.warehouse.name:
        raise NotFound(
            f"There is no such analysis of outcomes in `{workspace.warehouse.name}`",
            where="analysis_id",
            instead="Leave it out for the newest one.",
        )
    return found
