"""The tool that explains: from what an analysis and an audience keep, without a model."""

from agent.analyses import saved_analysis
from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.compare_analyses import compare_analyses
from agent.explain.explanation import Explanation
from agent.explain.figure import figure_explained
from agent.explain.glossary import term_explained
from agent.explain.known import figures_of_analysis, figures_of_audience
from agent.markdown import bullets, told
from agent.planner.requests import Explain
from agent.requests import CompareAnalyses
from store.errors import BadInput, NotFound
from store.workspace import Workspace


def explain(workspace: Workspace, query: Explain) -> Explanation:
    """Where a figure comes from, what a term means, why something was chosen, and how sure that is.

    Figures are found by how they read (`3.1`, `33 %`, `48k`) in the audience and the analysis asked about;
    without one, in the newest analysis of the warehouse. A figure that is not there is told with the nearest.
    """
    if query.about == "term":
        return term_explained(query.subject)
    analysis = _analysis(workspace, query.analysis_id)
    audience = _audience(workspace, query.audience_id) if query.audience_id else None
    return _explained(workspace, query, analysis, audience)


def _explained(
    workspace: Workspace, query: Explain, analysis: Analysis | None, audience: AudienceResult | None
) -> Explanation:
    # The search by meaning takes a second to import: a term and a figure need not wait for it.
    from agent.explain import reasons, sureness

    if query.about == "privacy":
        return sureness.privacy(workspace, analysis)
    if query.about == "trait":
        return reasons.trait_explained(workspace, analysis, query.subject)
    if query.about == "audience":
        return reasons.audience_explained(analysis, audience, query.subject)
    if query.about == "figure":
        own = figures_of_audience(audience, analysis) if audience else []
        known = [*own, *(figures_of_analysis(analysis) if analysis else [])]
        return figure_explained(known, query.subject) if known else _nothing(query)
    if analysis is None:
        return _nothing(query)
    if query.about == "segment":
        return reasons.segment_explained(analysis, query.subject)
    if query.about == "confidence":
        return sureness.confidence(analysis, audience)
    return _difference(workspace, query)


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
