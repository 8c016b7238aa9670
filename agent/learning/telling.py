"""What do the findings of an analysis of outcomes say, put together and into words?"""

from typing import Any

from agent.learning.provenance import provenance
from agent.learning.recorded import Recorded
from agent.markdown import plain
from agent.narration.wording import joined, number, percent
from agent.outcome_analysis import LearnedChance, OutcomeAnalysis
from agent.requests import AnalyzeOutcomes
from agent.state import OutcomeState
from agent.version import CODE_VERSION
from prompts import piece
from store.workspace import Workspace
from tools.outcomes.leaks import Leak
from tools.outcomes.measures.findings import OutcomeMeasures, OutcomeOverview
from tools.scoring.conversion.report import ConversionReport
from tools.scoring.fit.told.sales_text import sales_text
from tools.scoring.gate.compare import GateDecision
from tools.scoring.learned import saved_fit

NAMED_CRITERIA = 3
KINDS = {
    "base_rate": "base rate",
    "linear": "sparse linear",
    "additive": "additive boosted",
    "boosting": "boosted",
}


def outcome_analysis_of(workspace: Workspace, state: OutcomeState, found: Recorded) -> OutcomeAnalysis:
    """The answer, from the findings that the steps before it kept."""
    query = AnalyzeOutcomes.model_validate(state["query"])
    read = _kept(workspace, "outcome_overview", state.get("overview_key"))
    gates = _kept(workspace, "outcome_gates", state.get("gates_key"))
    reports = _kept(workspace, "outcome_models", state.get("models_key"))
    measured = _kept(workspace, "outcome_measures", state.get("measures_key"))
    fit = saved_fit(workspace, state["criteria_key"]) if "criteria_key" in state else None
    whole = OutcomeAnalysis(
        workflow_id=state["workflow_id"],
        outcome_analysis_id=state["run_id"],
        warehouse=state["warehouse"],
        about=query.about,
        created_at=workspace.now(),
        data_hash=state["data_hash"],
        unit=found.outcomes.unit,
        headline="",
        summary=[],
        overview=OutcomeOverview.model_validate(read["overview"]),
        leaks=[Leak.model_validate(leak) for leak in read["leaks"]],
        criteria=fit,
        criteria_in_words=sales_text(fit) if fit else "",
        models=_models(state["run_id"], gates.get("gates", {}), reports),
        value=reports.get("value"),
        drift=gates.get("drift"),
        measures=OutcomeMeasures.model_validate(measured) if measured else None,
        not_told=state["not_told"],
        warnings=[*read["notes"], *(fit.warnings if fit else [])],
        provenance=provenance(),
        seed=query.seed,
        code_version=CODE_VERSION,
        **_kept(workspace, "outcome_patterns", state.get("patterns_key")),
    )
    gate = gates.get("gates", {}).get("fit")
    words = {"headline": headline(whole), "summary": summary(whole, gate and gate["gate"])}
    return whole.model_copy(update=words)


def _kept(workspace: Workspace, kind: str, key: str | None) -> dict[str, Any]:
    """What a step kept; nothing where it did not run, or had nothing to say."""
    return workspace.artifacts.document(kind, key) if key else {}


def _models(run_id: str, gates: dict[str, Any], reports: dict[str, Any]) -> list[LearnedChance]:
    return [
        LearnedChance(
            kind=kind,  # type: ignore[arg-type]  # the names of the gates
            model_id=f"{kind}_{run_id.partition('_')[2]}",
            report=ConversionReport.model_validate(reports[kind]),
            gate=GateDecision.model_validate(trial["gate"]),
            replaces=trial["replaces"],
        )
        for kind, trial in gates.items()
        if kind != "fit"
    ]


def headline(found: OutcomeAnalysis) -> str:
    """How many were won, and what tells who."""
    counts, rate = found.overview.counts, found.overview.win_rate
    if found.criteria is None or rate is None:
        return piece("outcomes_headline_counted").fill(records=number(found.overview.records))
    told = {
        "won": number(counts["won"]),
        "decided": number(counts["won"] + counts["lost"]),
        "rate": percent(rate.value),
    }
    names = [plain(each.scale.told) for each in found.criteria.criteria[:NAMED_CRITERIA]]
    if not names:
        return piece("outcomes_headline_alike").fill(**told)
    return piece("outcomes_headline").fill(**told, criteria=joined(names))


def summary(found: OutcomeAnalysis, gate: dict[str, Any] | None) -> list[str]:
    """What a reader should know first, in a few sentences."""
    return [
        found.overview.sentence,
        *_chance(found),
        *_aside(found, gate),
        *(_tiers(found.measures) if found.measures else []),
        *_leaks(found.leaks),
        *_patterns(found),
    ]


def _chance(found: OutcomeAnalysis) -> list[str]:
    report = next((each.report for each in found.models if each.kind == "conversion"), None)
    if report is None:
        return []
    if not report.is_model:
        return [piece("outcomes_summary_chance_none").fill()]
    score = next(each for each in report.candidates if each.kind == report.chosen)
    return [
        piece("outcomes_summary_chance").fill(
            auc=f"{score.auc.value:.2f}",
            low=f"{score.auc.low:.2f}",
            high=f"{score.auc.high:.2f}",
            error=f"{100 * score.calibration_error.value:.1f}",
            kind=KINDS[report.chosen],
        )
    ]


def _aside(found: OutcomeAnalysis, gate: dict[str, Any] | None) -> list[str]:
    what = {
        "fit": "outcomes_what_fit",
        "conversion": "outcomes_what_conversion",
        "churn": "outcomes_what_churn",
        "expansion": "outcomes_what_expansion",
    }
    kept = [("fit", gate["why"])] if gate and gate["decision"] != "publish" else []
    kept += [(each.kind, each.gate.why) for each in found.models if not each.in_use]
    reasons: dict[str, list[str]] = {}
    for kind, why in kept:
        reasons.setdefault(why, []).append(piece(what[kind]).fill())
    return [
        piece("outcomes_summary_aside").fill(what=joined(names), why=why) for why, names in reasons.items()
    ]


def _tiers(measures: OutcomeMeasures) -> list[str]:
    rates = {cell.tier: cell.win_rate for cell in measures.by_tier}
    top, bottom = rates.get("A"), rates.get("D")
    if top is None or bottom is None:
        return []
    return [piece("outcomes_summary_tiers").fill(top=percent(top.value), bottom=percent(bottom.value))]


def _leaks(leaks: list[Leak]) -> list[str]:
    refused = [plain(leak.column) for leak in leaks if leak.verdict == "refused"]
    warned = [plain(leak.column) for leak in leaks if leak.verdict == "warned"]
    told = []
    if refused:
        columns = "column" if len(refused) == 1 else "columns"
        told.append(
            piece("outcomes_summary_leaks").fill(count=len(refused), columns=columns, names=joined(refused))
        )
    if warned:
        told.append(piece("outcomes_summary_leaks_warned").fill(names=joined(warned)))
    return told


def _patterns(found: OutcomeAnalysis) -> list[str]:
    told = []
    if found.anti_patterns and found.anti_patterns.patterns:
        sentence = found.anti_patterns.patterns[0].sentence
        told.append(piece("outcomes_summary_avoid").fill(sentence=sentence))
    if found.emerging and found.emerging.segments:
        sentence = found.emerging.segments[0].sentence
        told.append(piece("outcomes_summary_emerging").fill(sentence=sentence))
    return told
