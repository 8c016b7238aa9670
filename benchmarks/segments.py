"""Segments recovered from planted data, against k-means on principal components and on enriched traits."""

from collections.abc import Callable, Iterator
from pathlib import Path
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
from benchmarks.populations import Progress, generated, loaded
from store.population.population import Population
from store.synthetic.customers.truth import FileTruth, Truth
from tools.audience.measured import code_of
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery, SegmentQuery
from tools.mining.rows.counting import BitmapCounts, membership, traits_of
from tools.mining.segments.features import telling_traits
from tools.mining.segments.segments import segment_report

T = TypeVar("T")
SEED = 11
SMALL, LARGE, TIMED = (20_000, 300), (100_000, 500), (1_000_000, 500)
# The true parameters are asked about so many customers.
JUDGED = 20_000
# Customers of a generated file; fewer say nothing of segments.
FEWEST = 500


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Five planted segments and a background, in four settings; the peers are told how many there are."""
    cases = [(SMALL, setting) for setting in SETTINGS] + [(LARGE, "easy"), (LARGE, "hard"), (TIMED, "hard")]
    for done, (size, setting) in enumerate(cases):
        progress("segments", done, len(cases))
        yield _row(setting, *size, seed=SEED, peers=size == SMALL)
    progress("segments", len(cases), len(cases))
    population = loaded(people, progress).population
    truth = Truth.model_validate_json((generated(people, progress) / "truth.json").read_bytes())
    yield from (
        _generated(population, each) for each in truth.files if each.segments and each.customers > 500
    )


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


def _generated(population: Population, truth: FileTruth) -> Row:
    """Customers of the generator: segments of three or four marks among all that people have."""
    kinds = {person: at for at, segment in enumerate(truth.segments) for person in segment.person_ids}
    ids = np.array([*kinds, *truth.background_person_ids], dtype=np.int64)
    codes = population.catalogue.minable()
    customers, traits = membership(population, ids, codes), traits_of(population.catalogue, codes)
    counts = BitmapCounts(population)
    numbered = [shard.person_ids[np.sort(shard.numbers_of(ids)[1])] for shard in population.shards]
    labelled = np.array([kinds.get(person, -1) for person in np.concatenate(numbered).tolist()])
    report = lift_report(customers, counts, traits, LiftQuery())
    told = [*report.multi_attribute_clusters, *report.top_intersections]
    sets = [[code_of(trait) for trait in (*each.traits, *each.companions)] for each in told]
    (found, labels), ours_s = _timed(lambda: segment_report(customers, counts, traits, SegmentQuery(), sets))
    marks = [population.catalogue.valued(*mark) for each in truth.segments for mark in each.traits.items()]
    rows = membership(population, ids, np.unique([mark.code for mark in marks if mark])).rows()
    return Row(
        work=f"segments, {Path(truth.file).stem} (CPU seconds)",
        size=f"{customers.total:,} of {population.persons:,} people",
        ours_s=ours_s,
        note=f"adjusted Rand index {adjusted_rand_score(labelled, labels):.2f}; likeliest kind of each "
        f"combination of the planted marks {adjusted_rand_score(labelled, _by_cells(rows, labelled)):.2f}; "
        f"{len(found.segments)} segments found of {len(truth.segments)}",
    )


def _by_cells(held: NDArray, labelled: NDArray) -> NDArray[np.int64]:
    """What the true labels say of rows that have the same marks: the most frequent of them."""
    cell = np.unique(held, axis=0, return_inverse=True)[1].ravel()
    counts = np.zeros((cell.max() + 1, labelled.max() + 2), dtype=np.int64)
    np.add.at(counts, (cell, labelled + 1), 1)
    return counts.argmax(axis=1)[cell] - 1


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
