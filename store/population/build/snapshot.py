"""A snapshot, built beside the others and swapped in whole or not at all."""

import multiprocessing
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
from pydantic import BaseModel

from store.artifacts import FULL
from store.errors import NoRoom
from store.population.build.clusters import Attribute, find_clusters
from store.population.build.shard import ShardCounts, build_shard
from store.population.build.staging import SHARD_PERSONS, stage
from store.population.catalogue import Cluster, write_catalogue
from store.population.mapping.model import Mapping
from store.population.population import Manifest, ShardRange, write_manifest
from store.population.source import Source
from store.population.source.validation import check_cells

Progress = Callable[[str, int, int], None]  # step, done, of how many


class BuildReport(BaseModel):
    """What a build made."""

    snapshot_id: str
    persons: int
    clusters: int
    attributes: int
    shards: int
    with_place: int
    identifiers: dict[str, int]
    malformed_identifiers: dict[str, int]
    size_bytes: int
    seconds: float


def build_snapshot(
    source: Source,
    mapping: Mapping,
    folder: Path,
    snapshot_id: str,
    created_at: datetime,
    *,
    is_erased: Callable[[str, str], bool] | None = None,
    processes: int | None = None,
    shard_persons: int = SHARD_PERSONS,
    code_version: str = "",
    progress: Progress = lambda step, done, of: None,
) -> BuildReport:
    """Build the snapshot in `folder`, which must not exist yet; on any error nothing of it is left.

    Raises BadFile for rows that do not fit the mapping, NoRoom when the disk is full.
    """
    began = time.perf_counter()
    with told_when_full(), ExitStack() as undo:
        folder.mkdir(parents=True)
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        manifest = _build(source, mapping, folder, is_erased, processes, shard_persons, progress)
        manifest.snapshot_id, manifest.created_at = snapshot_id, created_at.isoformat(timespec="seconds")
        manifest.build_seconds, manifest.code_version = round(time.perf_counter() - began, 2), code_version
        write_manifest(manifest, folder)
        undo.pop_all()
    return BuildReport(
        **manifest.model_dump(include=set(BuildReport.model_fields) - {"shards", "size_bytes", "seconds"}),
        shards=len(manifest.shards),
        size_bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        seconds=manifest.build_seconds,
    )


@contextmanager
def told_when_full() -> Iterator[None]:
    """Turn what a full disk, or too little memory, raises into NoRoom; all else passes as it is."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if getattr(error, "errno", None) in FULL or "No space left" in str(error):
            raise NoRoom(
                "The disk is full",
                where="FIELDMARK_HOME",
                instead="The last snapshot stays in use. Free some space, or remove old snapshots.",
            ) from None
        if isinstance(error, duckdb.OutOfMemoryException):
            raise NoRoom(
                "The build needs more memory or temporary space than it was given",
                where="memory limit",
                instead="The last snapshot stays in use. Raise the memory limit, or free disk space.",
            ) from None
        raise


def _build(
    source: Source,
    mapping: Mapping,
    folder: Path,
    is_erased: Callable[[str, str], bool] | None,
    processes: int | None,
    shard_persons: int,
    progress: Progress,
) -> Manifest:
    progress("check", 0, 1)
    check_cells(source, mapping)
    progress("check", 1, 1)
    progress("stage", 0, 1)
    staged = stage(source, mapping, folder / "staged", is_erased, shard_persons)
    progress("stage", 1, 1)
    clusters, attributes = find_clusters(source.connection, staged, mapping)
    built = _build_shards(staged.parts, folder, attributes, len(clusters), processes, progress)
    shutil.rmtree(staged.folder)
    _check_sizes(clusters, built)
    write_catalogue(clusters, folder / "catalogue.parquet")
    firsts = np.concatenate(([0], np.cumsum([counts.persons for counts in built])))
    return Manifest(
        snapshot_id="",
        created_at="",
        persons=int(firsts[-1]),
        clusters=len(clusters),
        attributes=len(attributes),
        with_place=sum(counts.with_place for counts in built),
        identifiers=_added(counts.identifiers for counts in built),
        malformed_identifiers=_added(counts.malformed for counts in built),
        sources=source.describe(),
        mapping=mapping.model_dump(exclude_defaults=True),
        shards=[
            ShardRange(folder=_shard_name(number), first=int(firsts[number]), persons=counts.persons)
            for number, counts in enumerate(built)
        ],
    )


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)


def _shard_name(number: int) -> str:
    return f"shard-{number:05d}"


def _build_shards(
    parts: list[Path],
    folder: Path,
    attributes: list[Attribute],
    clusters: int,
    processes: int | None,
    progress: Progress,
) -> list[ShardCounts]:
    targets = [folder / _shard_name(number) for number in range(len(parts))]
    workers = min(processes or os.cpu_count() or 1, len(parts))
    progress("shards", 0, len(parts))
    if workers <= 1:
        built = []
        for part, target in zip(parts, targets, strict=True):
            built.append(build_shard(part, target, attributes, clusters))
            progress("shards", len(built), len(parts))
        return built
    # Spawned, not forked: DuckDB's threads do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: dict[Future[ShardCounts], int] = {
            pool.submit(build_shard, part, target, attributes, clusters): number
            for number, (part, target) in enumerate(zip(parts, targets, strict=True))
        }
        results: dict[int, ShardCounts] = {}
        try:
            for future in as_completed(waiting):
                results[waiting[future]] = future.result()
                progress("shards", len(results), len(parts))
        except BaseException:  # also on an interrupt the shards that wait are not begun
            pool.shutdown(cancel_futures=True)
            raise
    return [results[number] for number in range(len(parts))]


def _check_sizes(clusters: list[Cluster], built: list[ShardCounts]) -> None:
    """Two ways of counting, SQL over the staged rows and the bitmaps as written, must agree."""
    sizes = sum((counts.sizes for counts in built), np.zeros(len(clusters), dtype=np.int64))
    wrong = np.flatnonzero(sizes != np.array([cluster.size for cluster in clusters], dtype=np.int64))
    if len(wrong):
        names = ", ".join(clusters[code].name for code in wrong[:5])
        raise RuntimeError(f"bitmaps and source disagree on the size of {len(wrong)} clusters ({names})")
