"""A population as its readers see it: one snapshot, opened, asked through an engine."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel

from store.errors import NotFound
from store.population.bitmaps import DEFAULT_CACHE_BYTES
from store.population.catalogue import Catalogue, read_catalogue
from store.population.engine import Engine, LocalEngine
from store.population.shard import Shard

Answer = TypeVar("Answer")
FORMAT = 1


class ShardRange(BaseModel):
    """Where one shard lies."""

    folder: str
    first: int
    persons: int


class Manifest(BaseModel):
    """What a snapshot says of itself."""

    format: int = FORMAT
    snapshot_id: str
    created_at: str
    persons: int
    clusters: int
    attributes: int
    with_place: int
    identifiers: dict[str, int]
    malformed_identifiers: dict[str, int]
    sources: list[dict[str, Any]]
    mapping: dict[str, Any]
    shards: list[ShardRange]
    build_seconds: float = 0.0
    code_version: str = ""


class Population:
    """One snapshot. A reader keeps it open as long as it likes: a newer one does not disturb it."""

    def __init__(
        self,
        folder: Path,
        erased_ids: np.ndarray | None = None,
        erased_digests: frozenset[str] = frozenset(),
        cache_bytes: int = DEFAULT_CACHE_BYTES,
    ) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        self.erased_ids = np.sort(erased_ids) if erased_ids is not None else np.empty(0, dtype=np.int64)
        share = cache_bytes // max(1, len(self.manifest.shards))
        self.shards = [
            Shard(folder / shard.folder, shard.first, shard.persons, self.erased_ids, erased_digests, share)
            for shard in self.manifest.shards
        ]
        self.engine: Engine = LocalEngine(self.shards)

    @property
    def snapshot_id(self) -> str:
        return self.manifest.snapshot_id

    @cached_property
    def persons(self) -> int:
        """People who may be answered."""
        return sum(self.ask(_persons))

    @cached_property
    def catalogue(self) -> Catalogue:
        """The clusters, with the sizes that they have without those who were erased."""
        catalogue = read_catalogue(self.folder / "catalogue.parquet")
        if not any(self.ask(_erased)):
            return catalogue
        gone = sum(
            self.ask(_erased_counts, len(catalogue)), np.zeros(len(catalogue), dtype=np.int64)
        ).tolist()
        return Catalogue([replace(each, size=each.size - gone[each.code]) for each in catalogue.clusters])

    def ask(self, question: Callable[..., Answer], *arguments: object) -> list[Answer]:
        """`question(shard, *arguments)` for each shard, in their order."""
        return self.engine.ask(question, *arguments)


def _persons(shard: Shard) -> int:
    return len(shard.everyone)


def _erased(shard: Shard) -> int:
    return len(shard.erased_numbers)


def _erased_counts(shard: Shard, clusters: int) -> np.ndarray:
    codes, _ = shard.profiles.of(shard.erased_numbers)
    return np.bincount(codes, minlength=clusters)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the snapshot in this folder. Raises NotFound where there is none that can be read."""
    try:
        kept = json.loads((folder / "manifest.json").read_bytes())
    except FileNotFoundError:
        raise NotFound("There is no snapshot", where=folder.name) from None
    if kept["format"] != FORMAT:
        raise NotFound(
            f"The snapshot is of format {kept['format']}, and this version reads format {FORMAT}",
            where=folder.name,
            instead="Load its files again.",
        )
    return Manifest.model_validate(kept)


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest, readable."""
    (folder / "manifest.json").write_text(json.dumps(manifest.model_dump(), indent=1, ensure_ascii=False))
