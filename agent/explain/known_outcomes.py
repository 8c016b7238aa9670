"""Which figures does an analysis of outcomes show, and what was counted for each?"""

from collections.abc import Iterator

from agent.analysis import Figure
from agent.explain.explanation import ExplainedFigure
from agent.explain.making import estimated, exact, with_source
from agent.explain.of_outcomes.amounts import money
from agent.explain.of_outcomes.chances import model_figures, trial_figures, value_figures
from agent.explain.of_outcomes.measures import (
    drift_figures,
    leak_figures,
    measure_figures,
    period_figures,
)
from agent.explain.of_outcomes.patterns import (
    anti_pattern_figures,
    customer_figures,
    emerging_figures,
    loss_figures,
    trend_figures,
)
from agent.narration.wording import number, percent
from agent.outcome_analysis import OutcomeAnalysis
from tools.mining.findings import Estimate
from tools.outcomes.measures.findings import OutcomeOverview
from tools.scoring.fit.profile import FitCriterion, FitProfile

# Kinds of figures that are made in one step of the kinds that an analysis names.
BESIDE = [
    Figure(
        figure="contract value",
        tool="outcomes.overview",
        inputs="won records with an amount",
        formula="mean, and median, of the amounts; bootstrap 95 % interval",
    ),
    Figure(
        figure="cycle",
        tool="outcomes.overview",
        inputs="records with a day of opening and of decision",
        formula="median of the days from opening to decision, with its 95 % interval",
    ),
    Figure(
        figure="amounts",
        tool="outcomes.overview",
        inputs="outcome records",
        formula="sum of the known amounts",
    ),
    Figure(
        figure="reasons",
        tool="outcomes.overview",
        inputs="records with a recorded reason",
        formula="records that name the reason / records of that outcome with a reason; Wilson 95 % interval",
    ),
    Figure(
        figure="AUC",
        tool="scoring.learn_fit",
        inputs="held-out rows, scored by models made without them",
        formula="share of pairs of a won and a lost record of which the won one scores higher; DeLong 95 % "
        "interval",
    ),
    Figure(
        figure="value",
        tool="scoring.learn_value",
        inputs="won records with an amount, held out from the learning",
        formula="the simplest of several models whose total is near enough and whose error is not larger",
    ),
    Figure(
        figure="drift",
        tool="scoring.drift_report",
        inputs="the newest records against the earlier ones",
        formula="permutation and likelihood tests of every column; Benjamini-Hochberg over all of them",
    ),
    Figure(
        figure="leaks",
        tool="outcomes.leaks",
        inputs="each column by itself",
        formula="how well it alone tells won from lost, and whether a value of it goes with one outcome only",
    ),
]


def figures_of_outcomes(found: OutcomeAnalysis) -> list[ExplainedFigure]:
    """Every figure that the answer and the report show: those of the headline first, then as they are met."""
    fit, measures, losses = found.criteria, found.measures, found.losses
    figures = [
        *overview_figures(found.overview),
        *(_criteria(fit) if fit else ()),
        *(measure_figures(measures) if measures else ()),
        *(figure for model in found.models for figure in model_figures(model)),
        *(anti_pattern_figures(found.anti_patterns) if found.anti_patterns else ()),
        *(loss_figures(losses) if losses else ()),
        *(customer_figures(found.churn) if found.churn else ()),
        *(customer_figures(found.expansion) if found.expansion else ()),
        *(emerging_figures(found.emerging) if found.emerging else ()),
        *(value_figures(found.value, found.overview.currency) if found.value else ()),
        *(drift_figures(found.drift) if found.drift else ()),
        *leak_figures(found.leaks),
        *_reasons(found.overview),
        # What only the report shows comes after what is said, so that it is not taken for it.
        *(_values(fit) if fit else ()),
        *(period_figures(measures) if measures else ()),
        *(trend_figures(losses) if losses else ()),
        *(figure for model in found.models for figure in trial_figures(model)),
    ]
    sources = {source.figure: source for source in (*BESIDE, *found.provenance)}
    return [with_source(figure, sources) for figure in figures]


def overview_figures(overview: OutcomeOverview) -> Iterator[ExplainedFigure]:
    """Win rate, records of each outcome, contract values and cycles."""
    counts, currency = overview.counts, overview.currency
    decided = {name: counts.get(name, 0) for name in ("won", "lost")}
    if overview.win_rate:
        rate = estimated("win rate: won / won and lost", "share", overview.win_rate, "win rate", decided)
        yield rate.model_copy(update={"worked": _divided(decided["won"], sum(decided.values()))})
    yield exact("records that were decided, won or lost", "count", sum(decided.values()), "win rate", decided)
    yield exact("outcome records", "count", overview.records, "win rate", counts)
    for name, count in counts.items():
        yield exact(f"records that are {name}", "count", count, "win rate")
    yield exact(f"different {overview.unit}s among the records", "count", overview.units, "win rate")
    yield exact("days that the records cover", "count", overview.days_covered, "win rate")
    yield from _days("median days from opening to decision of the won", overview.cycle_won_days)
    yield from _days("median days from opening to decision of the lost", overview.cycle_lost_days)
    for what, value in (("mean", overview.contract_value_mean), ("median", overview.contract_value_median)):
        if value:
            yield money(f"{what} contract value of the won", value, currency, "contract value", decided)
    for name in ("won", "lost", "open"):
        amount = getattr(overview, f"{name}_amount")
        if amount is not None:
            yield money(f"amount of the {name} records together", amount, currency, "amounts")
    known = overview.amounts_known_share
    yield exact("share of the records whose amount is known", "share", known, "amounts")


def _reasons(overview: OutcomeOverview) -> Iterator[ExplainedFigure]:
    for outcome, reasons in overview.reasons.items():
        for reason, share in reasons.items():
            what = f"share of the {outcome} records with a reason that name {reason}"
            counts = {f"{outcome} records, with a reason or without": overview.counts.get(outcome, 0)}
            yield estimated(what, "share", share, "reasons", counts)


def _days(what: str, value: Estimate | None) -> Iterator[ExplainedFigure]:
    if value:
        yield estimated(what, "number", value, "cycle")


def _divided(part: int, whole: int) -> str:
    return f"{number(part)} / {number(whole)} = {percent(part / max(1, whole))}"


def _criteria(fit: FitProfile) -> Iterator[ExplainedFigure]:
    sides = {fit.ideal_word: fit.ideal_rows, fit.others_word: fit.others_rows}
    for one in fit.criteria:
        yield from criterion_figures(one, fit)
    for each in fit.disqualifiers:
        who = f"{each.scale.told}: {each.words}, a reason to walk away"
        yield estimated(f"share of the {fit.ideal_word}: {who}", "share", each.ideal_share, "criteria", sides)
        yield estimated(
            f"share of the {fit.others_word}: {who}", "share", each.others_share, "criteria", sides
        )
        yield exact(f"q-value of {who}", "q", each.q_value, "criteria")
    if fit.auc:
        what = "how well the criteria order held-out records (AUC)"
        yield estimated(what, "number", fit.auc, "AUC", sides)
        pairs = (
            f"share of pairs of held-out {fit.ideal_word} and {fit.others_word} put in the right order (AUC)"
        )
        yield estimated(pairs, "share", fit.auc, "AUC", sides)
    yield exact(f"{fit.ideal_word} that the criteria were learned from", "count", fit.ideal_rows, "criteria")
    yield exact(
        f"{fit.others_word} that the criteria were learned from", "count", fit.others_rows, "criteria"
    )
    yield exact("columns and values that were tested for the criteria", "count", fit.tested, "criteria")
    for knot in fit.knots:
        what = f"fit score of the {knot.meaning}"
        yield exact(what, "number", knot.score, "fit score")


def criterion_figures(one: FitCriterion, fit: FitProfile) -> Iterator[ExplainedFigure]:
    """Weight, shares of both sides, and how sure, of one criterion."""
    sides = {fit.ideal_word: fit.ideal_rows, fit.others_word: fit.others_rows}
    name = one.scale.told
    who = f"{name} {one.good}"
    yield exact(f"weight of {name} in the fit score", "share", one.weight, "criteria", sides)
    ideal, others = one.good_ideal_share, one.good_others_share
    yield estimated(f"share of the {fit.ideal_word}: {who}", "share", ideal, "criteria", sides, one.q_value)
    yield estimated(f"share of the {fit.others_word}: {who}", "share", others, "criteria", sides, one.q_value)
    yield exact(f"q-value of {name}", "q", one.q_value, "criteria")
    gain = f"what held-out records lose without {name}, nats a record"
    yield estimated(gain, "number", one.held_out_gain, "criteria", sides)
    yield exact(f"share of the folds that find {name} again", "share", one.stability, "criteria")


def _values(fit: FitProfile) -> Iterator[ExplainedFigure]:
    for one in fit.criteria:
        yield from _bins(one, fit)


def _bins(one: FitCriterion, fit: FitProfile) -> Iterator[ExplainedFigure]:
    """What each range or group of values of a criterion says."""
    name = one.scale.told
    for each in one.bins:
        counts = {
            f"{fit.ideal_word} in it": round(each.ideal),
            f"{fit.others_word} in it": round(each.others),
        }
        where = f"{name} {each.words}"
        times = f"times as frequent among the {fit.ideal_word} as among the {fit.others_word}: {where}"
        yield estimated(times, "ratio", each.ratio, "criteria", counts)
        yield estimated(
            f"share of the {fit.ideal_word}: {where}", "share", each.ideal_share, "criteria", counts
        )
        yield estimated(
            f"share of the {fit.others_word}: {where}", "share", each.others_share, "criteria", counts
        )
        yield exact(f"evidence of {where}, nats", "number", each.evidence, "criteria", counts)
