"""Which figures say whether the score holds, what changed, and what was known too late?"""

from collections.abc import Iterator

from agent.explain.explanation import ExplainedFigure
from agent.explain.making import estimated, exact
from agent.explain.of_outcomes.amounts import money
from tools.outcomes.leaks import Leak
from tools.outcomes.measures.findings import Accuracy, Cell, OutcomeMeasures, PipelineCoverage
from tools.scoring.gate.drift_findings import DriftReport

TIERS, DRIFT = "tiers", "drift"


def measure_figures(found: OutcomeMeasures) -> Iterator[ExplainedFigure]:
    """Win rate, contract value and cycle by tier, errors, shares of the market, the pipeline."""
    for cell in found.by_tier:
        yield from _cell(cell, found.currency)
    yield from _accuracy(found.accuracy)
    yield exact("decided records with a score", "count", found.scored, TIERS)
    if found.market:
        counts = {"scored": found.market.scored}
        for tier, share in found.market.tiers.items():
            yield estimated(f"share of the market in tier {tier}", "share", share, TIERS, counts)
    if found.pipeline:
        yield from _pipeline(found.pipeline, found.currency)


def period_figures(found: OutcomeMeasures) -> Iterator[ExplainedFigure]:
    """The same by period, and by tier and period."""
    for cell in (*found.by_period, *found.by_tier_and_period):
        yield from _cell(cell, found.currency)
    for accuracy in found.accuracy_by_period:
        yield from _accuracy(accuracy)


def _cell(cell: Cell, currency: str) -> Iterator[ExplainedFigure]:
    where = f"tier {cell.tier}" if cell.tier else "all tiers"
    where += f" in {cell.period}" if cell.period else ""
    counts = {"won": cell.won, "lost": cell.lost}
    if cell.win_rate:
        yield estimated(f"win rate of {where}", "share", cell.win_rate, TIERS, counts)
    if cell.contract_value:
        yield money(f"mean contract value of {where}", cell.contract_value, currency, TIERS, counts)
    if cell.cycle_days:
        what = f"median days from opening to decision of {where}"
        yield estimated(what, "number", cell.cycle_days, TIERS, counts)


def _accuracy(found: Accuracy) -> Iterator[ExplainedFigure]:
    counts = {
        "picked and won": found.true_positives,
        "picked and lost": found.false_positives,
        "not picked, and won": found.false_negatives,
        "not picked, and lost": found.true_negatives,
    }
    when = f" in {found.period}" if found.period else ""
    for what, share in (
        ("precision: share of the picked that were won", found.precision),
        ("recall: share of the won that were picked", found.recall),
        ("false positives: share of the lost that were picked", found.false_positive_rate),
        ("false negatives: share of the won that were not picked", found.false_negative_rate),
    ):
        if share:
            yield estimated(f"{what}{when}", "share", share, TIERS, counts)
    for what, count in counts.items():
        yield exact(f"{what}{when}", "count", count, TIERS)


def _pipeline(found: PipelineCoverage, currency: str) -> Iterator[ExplainedFigure]:
    deals = {f"open deals of tier {one.tier}": one.open_deals for one in found.tiers}
    yield money("amount of the open deals", found.open_amount, currency, TIERS, deals)
    if found.expected_amount:
        what = "what the open deals will bring at the win rates of their tiers"
        yield money(what, found.expected_amount, currency, TIERS, deals)
    if found.coverage:
        yield estimated("share of the target that the open deals will bring", "share", found.coverage, TIERS)
    for one in found.tiers:
        counts = {"open deals": one.open_deals, "without an amount": one.without_amount}
        name = f"the open deals of tier {one.tier}"
        yield exact(f"number of {name}", "count", one.open_deals, TIERS, counts)
        yield money(f"amount of {name}", one.open_amount, currency, TIERS, counts)
        if one.expected_amount:
            yield money(f"what {name} will bring", one.expected_amount, currency, TIERS, counts)


def drift_figures(found: DriftReport) -> Iterator[ExplainedFigure]:
    """What is recorded otherwise, whose values are spread otherwise, and what happens more often or less."""
    counts = {"earlier records": found.before_rows, "newest records": found.after_rows}
    for change in found.data:
        for when, share in (("before", change.before), ("now", change.after)):
            if share is not None and change.kind != "unit":
                what = f"share of the records, {when}: {change.column} ({change.kind.replace('_', ' ')})"
                yield exact(what, "share", share, DRIFT, counts)
    among_won = found.customers.winners if found.customers else []
    for whose, columns in (("", found.population), (", among those won", among_won)):
        for column in columns:
            what = f"how far the values of {column.label} moved{whose} (population stability index)"
            yield exact(what, "number", column.psi, DRIFT, counts)
    if found.customers:
        rate = found.customers.rate
        yield estimated("win rate of the earlier records", "share", rate.before, DRIFT, counts)
        yield estimated("win rate of the newest records", "share", rate.after, DRIFT, counts)
        what = "win rate that the newest records would have had before"
        yield exact(what, "share", rate.expected_after, DRIFT, counts)
        beyond = "win rate of the newest records less the one to be expected"
        yield estimated(beyond, "share", rate.beyond_expected, DRIFT, counts)
    yield exact("tests of what changed", "count", found.tests, DRIFT)


def leak_figures(leaks: list[Leak]) -> Iterator[ExplainedFigure]:
    """What speaks for a column being known only afterwards."""
    for leak in leaks:
        if leak.figure is None:
            continue
        if leak.kind == "separation":
            what = f"how well {leak.column} alone tells won from lost (AUC)"
            yield estimated(what, "number", leak.figure, "leaks")
        else:
            what = f"share of {leak.column} that looks known only afterwards"
            yield estimated(what, "share", leak.figure, "leaks")
