"""Segments recovered from planted data, against k-means on principal components and on enriched traits."""

from collections.abc import Callable, Iterator
from time import process_time
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import StandardScaler

from benchmarks.measuring import Row
from benchmarks.planted_segments import SETTINGS, SHARES, Sample, World
from benchmarks.populations import Progress
from tools.mining.queries import SegmentQuery
from tools.mining.segments.features import telling_traits
from tools.mining.segments.segments import segment_report

T = TypeVar("T")
SEED = 11
SMALL, LARGE, TIMED = (20_000, 300), (100_000, 500), (1_000_000, 500)
# The true parameters are asked about so many customers.
JUDGED = 20_000


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Five planted segments and a background, in four settings; the peers are told how many there are."""
    cases = [(SMALL, setting) for setting in SETTINGS] + [(LARGE, "easy"), (LARGE, "hard"), (TIMED, "hard")]
    for done, (size, setting) in enumerate(cases):
        progress("segments", done, len(cases))
        yield _row(setting, *size, seed=SEED, peers=size == SMALL)
    progress("segments", len(cases), len(cases))


def _row(setting: str, rows: int, columns: int, *, seed: int, peers: bool) -> Row:
    world = World(seed, columns, SETTINGS[setting])
    sample = Sample.of(world, rows, min(2 * rows, 1_000_000))
    first = sample.customers.rows(None, 0, min(rows, JUDGED)).astype(np.bool_)
    likeliest = world.likeliest(first)
    (report, labels), ours_s = _timed(
        lambda: segment_report(sample.customers, sample.population, sample.traits, SegmentQuery())
    )
    note = [
        f"adjusted Rand index {adjusted_rand_score(sample.truth, labels):.2f}",
        f"the true parameters {adjusted_rand_score(sample.truth[: len(first)], likeliest):.2f}",
    ]
    peer_s = None
    if peers:
        reduced, peer_s = _timed(lambda: _reduced(sample))
        enriched, _ = _timed(lambda: _enriched(sample))
        note.append(f"the peer {adjusted_rand_score(sample.truth, reduced):.2f}")
        note.append(f"k-means on enriched traits {adjusted_rand_score(sample.truth, enriched):.2f}")
    note.append(f"{len(report.segments)} segments found of {len(SHARES)}")
    return Row(
        work=f"segments, {setting} (CPU seconds)",
        size=f"{rows:,} x {columns}",
        ours_s=ours_s,
        peer_name="PCA and k-means" if peers else "–",
        peer_s=peer_s,
        ratio=peer_s / ours_s if peer_s else None,
        note="; ".join(note),
    )


def _reduced(sample: Sample) -> NDArray:
    """Standardised, principal components of 95 % of the variance, k-means++."""
    held = StandardScaler().fit_transform(sample.customers.rows().astype(np.float64))
    return _k_means().fit_predict(PCA(0.95, random_state=0).fit_transform(held))


def _enriched(sample: Sample) -> NDArray:
    features = telling_traits(sample.customers, sample.population, sample.traits, SegmentQuery())
    return _k_means().fit_predict(sample.customers.rows(features.candidates).astype(np.float64))


def _k_means() -> KMeans:
    return KMeans(len(SHARES) + 1, n_init=10, random_state=0)  # type: ignore[arg-type]  # the stubs know only "auto"


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """The result and the CPU seconds it took."""
    began = process_time()
    result = work()
    return result, process_time() - began
