"""How sure is an analysis, and what left the house?"""

from statistics import median

from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.explain.explanation import Explanation
from agent.markdown import bullets, headed, paragraphs, told
from agent.narration.facts import FEWEST_PEOPLE
from agent.narration.wording import interval, number, percent, times
from store.records.conversations import exports_from
from store.workspace import Workspace
from tools.mining.findings import TraitLift

TOLD_EXPORTS = 5


def confidence(analysis: Analysis, audience: AudienceResult | None) -> Explanation:
    """The match, the widths of the intervals, the weakest finding, what was held out, the warnings."""
    lines = [
        _matched(analysis),
        *_widths(analysis.lift.top_attributes),
        _tested(analysis),
        *_held_out(analysis),
    ]
    if audience:
        lines.append(
            told("explain_sure_audience", total=number(audience.total), reachable=number(audience.reachable))
        )
    warnings = [told("answer_sentences", sentences=warning) for warning in analysis.warnings]
    parts = [
        told("explain_sure"),
        bullets([line for line in lines if line]),
        headed(told("answer_careful"), warnings),
        told("explain_sure_not", seed=analysis.seed),
    ]
    return Explanation(about="confidence", found=True, text=paragraphs(*parts))


def _matched(analysis: Analysis) -> str:
    match = analysis.match
    return told(
        "explain_sure_match",
        matched=number(match.matched),
        requested=number(match.requested),
        share=percent(match.matched / max(1, match.requested)),
        unsure=number(match.below_quality),
        analysed=number(match.analysed),
    )


def _widths(traits: list[TraitLift]) -> list[str]:
    if not traits:
        return []
    half = median((one.lift.high - one.lift.low) / 2 / one.lift.value for one in traits)
    widest = max(traits, key=lambda one: (one.lift.high - one.lift.low) / one.lift.value)
    return [
        told(
            "explain_sure_widths",
            traits=number(len(traits)),
            half=percent(half),
            phrase=widest.trait.phrase,
            times=times(widest.lift.value),
            interval=interval(widest.lift),
        )
    ]


def _tested(analysis: Analysis) -> str:
    traits = analysis.lift.top_attributes
    tested = number(sum(analysis.lift.tested.values()))
    if not traits:
        return told("explain_sure_nothing", tested=tested)
    weakest = max(one.q_value for one in traits)
    return told(
        "explain_sure_tested",
        tested=tested,
        traits=number(len(traits)),
        q=f"{weakest:.1g}",
        share=percent(weakest),
    )


def _held_out(analysis: Analysis) -> list[str]:
    return [
        told(
            "explain_sure_held_out" if way.held_out else "explain_sure_seen",
            strategy=way.strategy,
            measured=number(way.customers_measured),
            times=times(way.lift.value),
            interval=interval(way.lift),
        )
        for way in analysis.strategies
    ]


def privacy(workspace: Workspace, analysis: Analysis | None) -> Explanation:
    """Which files left, what a model was told, what became of the identifiers."""
    exports = exports_from(workspace.database, workspace.warehouse.name, TOLD_EXPORTS)
    files = [
        told(
            "explain_export",
            when=f"{one.created_at:%Y-%m-%d %H:%M}",
            rows=number(one.rows),
            format=one.format.upper(),
        )
        for one in exports
    ]
    parts = [
        headed(told("explain_left"), files) or told("explain_nothing_left"),
        _model(workspace, analysis),
        told("explain_geocoder" if workspace.geocode else "explain_no_geocoder"),
        told("explain_identifiers"),
    ]
    return Explanation(about="privacy", found=True, text=paragraphs(*parts))


def _model(workspace: Workspace, analysis: Analysis | None) -> str:
    calls = workspace.database.model_calls(analysis.analysis_id if analysis else None)
    if not calls:
        return told("explain_no_model")
    return told("explain_model", calls=number(len(calls)), fewest=number(FEWEST_PEOPLE))
