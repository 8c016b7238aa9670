"""Counting expressions of 3, 10 and 30 terms, against a wide DuckDB table."""

from collections.abc import Iterator

import numpy as np

from benchmarks.measuring import Row, side_by_side
from benchmarks.populations import Progress, duckdb_table, loaded
from store.population.catalogue import Cluster
from store.population.population import Population
from tools.audience.expression import And, Expression, Not, Or, Term
from tools.audience.selection import Selection, size

TERMS = (3, 10, 30)


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Both are asked for the same expression, and must count the same."""
    workspace, peer = loaded(people, progress), duckdb_table(people, progress)
    population = workspace.population
    for terms in TERMS:
        expression, sql = boolean_expression(random_flags(population, terms))
        ours, theirs = size(population, Selection(expression)), peer.execute(sql).fetchone()
        if theirs != (ours,):
            raise RuntimeError(f"ours counts {ours}, the peer {theirs}")
        yield side_by_side(
            f"count an expression of {terms} terms, warm",
            f"{people:,} people",
            lambda e=expression: size(population, Selection(e)),
            "DuckDB wide table",
            lambda sql=sql: peer.execute(sql).fetchone(),
            runs=15,
            note=f"{ours:,} people found",
        )
    peer.close()


def random_flags(population: Population, count: int) -> list[Cluster]:
    """Flags, drawn at random: columns of the peer's table that are 'Yes' or null."""
    flags = [cluster for cluster in population.catalogue.clusters if cluster.value == "Yes"]
    chosen = np.random.default_rng(count).choice(len(flags), size=count, replace=False)
    return [flags[at] for at in chosen]


def boolean_expression(clusters: list[Cluster]) -> tuple[Expression, str]:
    """(a OR b) AND (c OR d) … AND NOT z, in both languages."""
    *pairs, last = clusters if len(clusters) % 2 else [*clusters, clusters[0]]
    groups = [(pairs[at], pairs[at + 1]) for at in range(0, len(pairs), 2)]
    ours = And((*(Or((Term(str(a.code)), Term(str(b.code)))) for a, b in groups), Not(Term(str(last.code)))))
    theirs = " AND ".join(f"({a.name} IS NOT NULL OR {b.name} IS NOT NULL)" for a, b in groups)
    return ours, f"SELECT count(*) FROM people WHERE {theirs} AND {last.name} IS NULL"
