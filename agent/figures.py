"""Where each figure of an analysis comes from, and the numbers in the middle of each segment."""

from typing import Any

import numpy as np

from agent.analysis import Figure, SegmentFigure
from store.population.fields import RAW
from store.population.population import Population
from store.population.shard import Shard
from tools.mining.queries import LiftQuery

MOST_FIGURES = 6
FEWEST_PEOPLE = 20  # of a segment with the number, below which its middle is not told
READ = 100_000  # people whose numbers stand for the population, evenly spaced


def provenance(query: LiftQuery) -> list[Figure]:
    """How each kind of figure was made."""
    return [
        Figure(
            figure="customers",
            tool="resolve_identities",
            inputs="identifiers, person ids or an outcome",
            formula="distinct persons with a match quality, 1 - prod(1 - score), of at least min_quality",
        ),
        Figure(
            figure="frequency",
            tool="mining.lift_report",
            inputs="customers' profiles",
            formula="customers with the trait / customers; Wilson 95 % interval",
        ),
        Figure(
            figure="baseline share",
            tool="mining.lift_report",
            inputs="bitmaps of the snapshot",
            formula="people with the trait / people compared with; counted exactly",
        ),
        Figure(
            figure="lift",
            tool="mining.lift_report",
            inputs="frequency, baseline share",
            formula="frequency / baseline share; of sets also frequency / product of its members'",
        ),
        Figure(
            figure="q-value",
            tool="mining.lift_report",
            inputs="all traits and sets tested",
            formula="hypergeometric test; Benjamini-Hochberg over all traits, its focused form over all sets "
            f"that could have been told; shown at q <= {query.q:g}",
        ),
        Figure(
            figure="found again",
            tool="mining.with_stability",
            inputs="shares among the customers",
            formula="share of bootstrap samples of as many customers that give the finding again; of a trait "
            f"the exact binomial tail, of a set {query.draws} draws over its cells",
        ),
        Figure(
            figure="other half",
            tool="mining.confirmed",
            inputs="two random halves of the customers",
            formula="lift in the half that had no part in finding it; confirmed by a one-sided test at 0.05",
        ),
        Figure(
            figure="against the lost",
            tool="mining.contrasted",
            inputs="customers, and those who were lost",
            formula="frequency / share of the lost (Katz interval); Fisher's exact test",
        ),
        Figure(
            figure="field marks",
            tool="mining.field_marks",
            inputs="significant traits and sets",
            formula="greedy by what each adds to the share of the customers described, less that of people",
        ),
        Figure(
            figure="segments",
            tool="mining.segment_report",
            inputs="enriched traits of the customers",
            formula="mixture by EM with a background and a score of what all people share; the smallest "
            "number within 1 % of the lowest BIC; stability: mean Jaccard overlap over bootstrap samples",
        ),
        Figure(
            figure="size of an audience",
            tool="find_persons",
            inputs="expression, bitmaps of the snapshot",
            formula="exact count",
        ),
        Figure(
            figure="recall and lift of an audience",
            tool="audience.expression_curve",
            inputs="the half of the customers that the expression was not made from",
            formula="recall = those it matches / that half (Wilson); lift = recall / share of the population",
        ),
        Figure(
            figure="size and quality curve",
            tool="scoring.frontier",
            inputs="ridge logistic model of one half, the other half, all people who are not customers",
            formula="share of the held-out half that scores among the best so many people",
        ),
        Figure(
            figure="fit score",
            tool="scoring.lookalike",
            inputs="ridge logistic model of all customers",
            formula="100 / (1 + exp(-log odds)), customers and population weighing the same: 50 is even odds",
        ),
    ]


def segment_figures(
    population: Population, person_ids: np.ndarray, labels: np.ndarray, segments: list[int]
) -> dict[str, list[dict[str, Any]]]:
    """For each segment the medians of its numbers, beside those of all customers and of everybody."""
    columns = [
        (column.get("attribute", name), column)
        for name, column in population.manifest.mapping["columns"].items()
        if (column["kind"] == "number" or column.get("as") == "age") and column.get("mine", True)
    ][:MOST_FIGURES]
    figures: dict[str, list[dict[str, Any]]] = {str(segment): [] for segment in segments}
    for attribute, column in columns:
        everybody = np.concatenate(
            population.ask(_spaced_numbers, attribute, max(1, population.persons // READ))
        )
        numbers = np.concatenate(population.ask(_numbers_of, attribute, person_ids))
        for segment in segments:
            mine = numbers[labels == segment]
            mine = mine[~np.isnan(mine)]
            if len(mine) >= FEWEST_PEOPLE:
                figure = SegmentFigure(
                    label=column.get("label") or attribute.replace("_", " ").capitalize(),
                    unit=column.get("unit", ""),
                    median=float(np.median(mine)),
                    customers_median=float(np.nanmedian(numbers)),
                    population_median=float(np.nanmedian(everybody)),
                    people=len(mine),
                )
                figures[str(segment)].append(figure.model_dump())
    return figures


def _numbers_of(shard: Shard, attribute: str, person_ids: np.ndarray) -> np.ndarray:
    """In the order of rows of the membership: shard by shard, by local number."""
    numbers = np.sort(shard.numbers_of(person_ids)[1])
    values = shard.fields.take(numbers, [RAW + attribute])[RAW + attribute]
    return np.array(values, dtype=np.float64)


def _spaced_numbers(shard: Shard, attribute: str, step: int) -> np.ndarray:
    return shard.fields.raw(attribute)[::step]
