"""Scoring everybody and taking the best, against scikit-learn on a sparse matrix."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, vstack

from benchmarks.measuring import Row, side_by_side
from benchmarks.populations import Progress, loaded
from store.population.population import Population
from tools.audience.selection import Selection
from tools.scoring.lookalike import FitModel
from tools.scoring.ranking import best_of


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """The peer multiplies a CSR matrix that it already holds in memory; ours reads the mapped profiles."""
    population = loaded(people, progress).population
    clusters = len(population.catalogue)
    weights = np.random.default_rng(0).normal(size=clusters).astype(np.float32)
    model, most = FitModel(weights, 0.0), max(1, people // 100)
    matrix = _matrix(population, clusters)
    yield side_by_side(
        f"score everybody, best {most:,}",
        f"{people:,} people",
        lambda: best_of(population, Selection(), model, most),
        "scipy CSR product and argpartition",
        lambda: np.argpartition(-(matrix @ weights), most)[:most],
        runs=3,
        note=f"the peer's matrix takes {(matrix.data.nbytes + matrix.indices.nbytes) / 1e6:,.0f} MB",
    )


def _matrix(population: Population, clusters: int) -> Any:
    parts = []
    for shard in population.shards:
        codes, starts = shard.profiles.everyone(0, shard.persons)
        parts.append(
            csr_matrix(
                (np.ones(len(codes), dtype=np.float32), codes.astype(np.int32), starts),
                shape=(shard.persons, clusters),
            )
        )
    return vstack(parts, format="csr")
