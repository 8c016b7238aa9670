"""Did it hold? The audiences of an analysis, tried on people it has not seen and whose outcome is known."""

from pydantic import BaseModel
from pyroaring import BitMap

from agent.analysis import Analysis
from agent.customers import expression_of
from agent.narration.wording import number, percent
from agent.requests import OutcomeSet
from store.errors import NotFound
from store.population.shard import Shard
from store.workspace import Workspace
from tools.audience.expression import Term
from tools.audience.selection import Selection, sizes
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate
from tools.scoring.lookalike import saved_model
from tools.scoring.ranking import best_of

RANKED_SHARES = (0.01, 0.05, 0.1, 0.2)


class BacktestRow(BaseModel):
    """One audience among people the analysis has not seen."""

    name: str
    people: int
    customers: int
    rate: Estimate
    lift: float
    promised: float | None = None


class Backtest(BaseModel):
    """What became of the audiences."""

    sentences: list[str]
    rows: list[BacktestRow]


def backtest(workspace: Workspace, analysis: Analysis, outcome: OutcomeSet, among: str) -> Backtest:
    """The share with the outcome in each audience of the analysis, among the people of an expression.

    These people must not be those the analysis was made from. promised is the lift that the analysis gave.
    """
    population = workspace.population
    cluster = population.catalogue.valued(outcome.attribute, outcome.value)
    if cluster is None:
        raise NotFound(
            "There is no such outcome", where="outcome", instead="`list_clusters` gives those there are."
        )
    unseen, won = Selection(expression_of(population, among)), Term(str(cluster.code))
    everyone, customers = sizes(population, [unseen, unseen.also(won)])
    if not everyone:
        raise NotFound(
            "Nobody is there to try the audiences on", where="among", instead="Take a wider expression."
        )
    rows = [_row("Everybody", everyone, customers, customers / everyone, None)]
    for way in analysis.strategies:
        mine = unseen.also(expression_of(population, way.expression))
        people, reached = sizes(population, [mine, mine.also(won)])
        rows.append(_row(way.strategy.capitalize(), people, reached, customers / everyone, way.lift.value))
    rows += _ranked(workspace, analysis, unseen, cluster.code, everyone, customers)
    told = (
        f"The analysis saw none of these {number(everyone)} people. {percent(customers / everyone)} of them "
        "became customers; of those whom its audiences would have chosen:"
    )
    return Backtest(sentences=[told], rows=rows)


def _ranked(
    workspace: Workspace, analysis: Analysis, unseen: Selection, code: int, everyone: int, customers: int
) -> list[BacktestRow]:
    """The best by the fit model, at several sizes."""
    population = workspace.population
    model = saved_model(workspace, analysis.analysis_id)
    rows = []
    for share in RANKED_SHARES:
        best = best_of(population, unseen, model, max(1, round(share * everyone)))
        people = sum(map(len, best.people))
        reached = sum(map(_reached, population.shards, best.people, [code] * len(best.people)))
        promised = [p.lift.value for p in analysis.frontier if p.share_of_population <= share]
        rows.append(
            _row(
                f"Best {percent(share)} by fit",
                people,
                reached,
                customers / everyone,
                promised[-1] if promised else None,
            )
        )
    return rows


def _reached(shard: Shard, people: BitMap, code: int) -> int:
    return people.intersection_cardinality(shard.bitmaps[code])


def _row(name: str, people: int, customers: int, base: float, promised: float | None) -> BacktestRow:
    low, high = (float(edge) for edge in wilson_interval(customers, max(1, people)))
    rate = customers / max(1, people)
    return BacktestRow(
        name=name,
        people=people,
        customers=customers,
        rate=Estimate(value=rate, low=low, high=high),
        lift=rate / base if base else 0.0,
        promised=promised,
    )
