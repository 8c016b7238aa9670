"""Who are the best of those selected, and how does quality fall as the audience grows?"""

from typing import NamedTuple

import numpy as np
from pydantic import BaseModel, Field
from pyroaring import BitMap

from store.population.population import Population
from store.population.shard import Shard
from tools.audience.selection import Selection, selected
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate
from tools.scoring.lookalike import Ranker

EDGES = np.linspace(-12, 12, 2_401)  # of the histogram of log odds: a hundredth of a unit a step
POINTS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)


class FrontierPoint(BaseModel):
    """An audience of the best so many people, and what it would have caught."""

    size: int
    share_of_population: float
    held_out_customers: int = Field(description="Held-out customers it reaches.")
    recall: Estimate = Field(description="Share of the held-out customers it reaches; Wilson interval.")
    lift: Estimate = Field(description="recall / share_of_population.")


class Best(NamedTuple):
    """The best people of each shard, by local number, and the lowest log odds among them."""

    people: list[BitMap]
    threshold: float


def best_of(population: Population, selection: Selection, model: Ranker, most: int) -> Best:
    """The `most` people selected who are likest the customers; ties go to lower numbers."""
    found = population.ask(_best, selection, model, most)
    margins = np.concatenate([margins for _, margins in found])
    shard = np.repeat(np.arange(len(found)), [len(numbers) for numbers, _ in found])
    numbers = np.concatenate([numbers for numbers, _ in found])
    chosen = np.lexsort((numbers, shard, -margins))[:most]
    people = [
        BitMap(np.sort(numbers[chosen[shard[chosen] == at]]).astype(np.uint32)) for at in range(len(found))
    ]
    return Best(people, float(margins[chosen].min()) if len(chosen) else float("nan"))


def _best(shard: Shard, selection: Selection, model: Ranker, most: int) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.asarray(selected(shard, selection).to_array(), dtype=np.int64)
    margins = _margins(shard, numbers, model)
    if len(numbers) > most:
        kept = _highest(margins, most)
        numbers, margins = numbers[kept], margins[kept]
    return numbers, margins


def _highest(values: np.ndarray, most: int) -> np.ndarray:
    """Places of the `most` highest values, rising; of equal ones the first."""
    lowest = np.partition(values, len(values) - most)[len(values) - most]
    above = np.flatnonzero(values > lowest)
    equal = np.flatnonzero(values == lowest)[: most - len(above)]
    return np.sort(np.concatenate((above, equal)))


def _margins(shard: Shard, numbers: np.ndarray, model: Ranker) -> np.ndarray:
    if len(numbers) > shard.persons // 2:
        return np.concatenate([*model.all_margins(shard), np.empty(0, dtype=np.float32)])[numbers]
    return model.margins(shard, numbers)


def frontier(
    population: Population, among: Selection, model: Ranker, held_out: np.ndarray
) -> list[FrontierPoint]:
    """Size against quality, measured on customers the model has not seen.

    among: whom the audience is drawn from, without the customers. For each size the best people by the
    model are taken, and the share of held-out customers who score as high is its recall.
    """
    counts = np.sum(population.ask(_histogram, among, model), axis=0)
    mine = np.sum(population.ask(_customer_histogram, model, held_out), axis=0)
    above, mine_above = np.cumsum(counts[::-1])[::-1], np.cumsum(mine[::-1])[::-1]
    total, customers = int(counts.sum()), int(mine.sum())
    points = []
    for share in POINTS:
        at = int(np.searchsorted(-above, -share * total, side="left"))
        size = int(above[min(at, len(above) - 1)])
        if size and customers and (not points or size > points[-1].size):
            points.append(_point(size, total, int(mine_above[min(at, len(above) - 1)]), customers))
    return points


def _point(size: int, total: int, reached: int, customers: int) -> FrontierPoint:
    low, high = (float(edge) for edge in wilson_interval(reached, customers))
    share = size / total
    recall = reached / customers
    return FrontierPoint(
        size=size,
        share_of_population=share,
        held_out_customers=reached,
        recall=Estimate(value=recall, low=low, high=high),
        lift=Estimate(value=recall / share, low=low / share, high=high / share),
    )


def _histogram(shard: Shard, among: Selection, model: Ranker) -> np.ndarray:
    return _binned(_margins(shard, np.asarray(selected(shard, among).to_array(), dtype=np.int64), model))


def _customer_histogram(shard: Shard, model: Ranker, person_ids: np.ndarray) -> np.ndarray:
    return _binned(model.margins(shard, shard.numbers_of(person_ids)[1]))


def _binned(margins: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(EDGES, margins), minlength=len(EDGES) + 1)
