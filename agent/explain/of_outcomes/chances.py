"""Which figures are there of models of chances and of value: how good they are, and why one is used?"""

from collections.abc import Iterator

from agent.explain.explanation import ExplainedFigure
from agent.explain.making import estimated, exact
from agent.outcome_analysis import LearnedChance
from tools.scoring.conversion.report import CandidateScore, ConversionReport
from tools.scoring.gate.compare import GateDecision
from tools.scoring.value.report import ValueReport

NAMED = {"conversion": "winning", "churn": "churning", "expansion": "expanding", "fit": "fit"}
CHANCE, ERROR, BACKTEST, VALUE = "chance", "calibration error", "backtest", "value"


def model_figures(model: LearnedChance) -> Iterator[ExplainedFigure]:
    """Of the chosen model of one kind of chance, and of its backtest."""
    name, counts = _named(model)
    for one in model.report.candidates:
        if one.kind == model.report.chosen:
            yield from _candidate(one, f"the {one.kind.replace('_', ' ')} model of {name}", counts)
    yield exact(f"records that {name} was learned from", "count", model.report.rows, CHANCE, counts)
    yield from _backtest(model.gate, name)


def trial_figures(model: LearnedChance) -> Iterator[ExplainedFigure]:
    """Of the candidates that were not chosen, and point by point how the chosen one held."""
    name, counts = _named(model)
    for one in model.report.candidates:
        if one.kind != model.report.chosen:
            yield from _candidate(one, f"the {one.kind.replace('_', ' ')} model of {name}", counts)
    yield from _reliability(model.report, name)


def _named(model: LearnedChance) -> tuple[str, dict[str, int]]:
    counts = {"that happened": model.report.happened, "that did not": model.report.not_happened}
    return f"the chance of {NAMED[model.kind]}", counts


def _candidate(one: CandidateScore, name: str, counts: dict[str, int]) -> Iterator[ExplainedFigure]:
    yield estimated(f"AUC of {name} on held-out records", "number", one.auc, CHANCE, counts)
    error = one.calibration_error
    yield estimated(f"calibration error of {name}", "share", error, ERROR, counts)
    yield estimated(f"calibration error of {name}, as a number", "number", error, ERROR, counts)
    chance = one.calibration_error_by_chance
    yield exact(f"calibration error that chance alone could give {name}", "share", chance, ERROR, counts)
    yield estimated(f"log loss of {name}, nats a record", "number", one.log_loss, CHANCE, counts)
    yield estimated(f"Brier score of {name}", "number", one.brier, CHANCE, counts)
    better = f"how much lower the log loss of {name} is than that of the base rate"
    yield estimated(better, "number", one.better_than_base, CHANCE, counts)


def _reliability(report: ConversionReport, name: str) -> Iterator[ExplainedFigure]:
    """Points of the curve, rates of the held-out windows, and what each column is worth."""
    for point in report.reliability:
        counts = {"held-out records": point.rows}
        where = f"where {name} was put at {point.predicted_rate:.0%}"
        yield estimated(f"share that happened {where}", "share", point.observed_rate, ERROR, counts)
        mean = f"mean prediction of a tenth of the held-out records, {where}"
        yield exact(mean, "share", point.predicted_rate, ERROR, counts)
    for window in report.windows:
        counts = {"held-out records": window.rows, "that happened": window.happened}
        what = f"rate of one held-out part ({window.begins or 'drawn'}), {name}"
        yield estimated(what, "share", window.rate, CHANCE, counts)
    for one in report.importances:
        what = f"rise of the log loss of {name} when {one.label} is dealt out anew"
        yield estimated(what, "number", one.log_loss_rise, CHANCE)
    if report.representation:
        apart = report.representation
        counts = {"records to be scored": apart.rows}
        what = f"how well records to be scored are told from those learned from, {name} (AUC)"
        yield estimated(what, "number", apart.separability, CHANCE, counts)
        outside = f"share of the records to be scored with a value never learned, {name}"
        yield exact(outside, "share", apart.outside_share, CHANCE, counts)


def _backtest(gate: GateDecision, name: str) -> Iterator[ExplainedFigure]:
    counts = {"newest records": gate.rows, "that happened": gate.happened}
    yield exact(f"newest records that {name} was tried on", "count", gate.rows, BACKTEST, counts)
    if gate.calibration_error:
        what = f"calibration error of {name} on the newest records"
        yield estimated(what, "share", gate.calibration_error, BACKTEST, counts)
        yield estimated(f"{what}, as a number", "number", gate.calibration_error, BACKTEST, counts)
    for what, difference in (
        ("log loss", gate.log_loss_difference),
        ("AUC", gate.auc_difference),
        ("calibration error", gate.calibration_difference),
    ):
        if difference:
            less = f"{what} of the new model less that of the one in use: {name}"
            yield estimated(less, "number", difference, BACKTEST, counts)


def value_figures(report: ValueReport, currency: str) -> Iterator[ExplainedFigure]:
    """How near forecasts of amounts come to what was spent."""
    counts = {"customers": report.customers}
    for one in report.candidates:
        name = f"the forecast of amounts, {one.name}"
        yield exact(f"error as a share of the mean amount: {name}", "number", one.error, VALUE, counts)
        top = f"share of the true top tenth found: {name}"
        yield exact(top, "share", one.top_tenth_share, VALUE, counts)
        yield exact(f"forecast total / true total - 1: {name}", "share", one.total_bias, VALUE, counts)
        if one.rank_correlation is not None:
            yield exact(f"rank correlation: {name}", "number", one.rank_correlation, VALUE, counts)
    what = "share of held-out customers whose amount lies in its interval"
    yield estimated(what, "share", report.coverage, VALUE, counts)
    for place, tenth in enumerate(report.deciles, start=1):
        where = f"tenth {place} of the customers by forecast{f' ({currency})' if currency else ''}"
        yield estimated(
            f"mean amount of {where}", "number", tenth.spent, VALUE, {"customers": tenth.customers}
        )
        yield exact(f"mean forecast of {where}", "number", tenth.foretold, VALUE)
