"""Which clusters does this text mean? Embeddings of a catalogue are computed once and kept beside it."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

import numpy as np

from store.workspace import Workspace
from tools.clusters.embedding import Embedder
from tools.clusters.semantic import SemanticIndex, trait_text


@lru_cache(maxsize=1)
def embedder() -> Embedder:
    """The local embedding model, loaded once a process."""
    return Embedder()


def nearest(workspace: Workspace, text: str, most: int) -> list[int]:
    """Codes of the clusters nearest in meaning to the text, nearest first."""
    return semantic_index(workspace).nearest(text, most)


def semantic_index(workspace: Workspace) -> SemanticIndex:
    """The index of the current catalogue; its vectors are computed once and kept."""
    clusters = workspace.population.catalogue.clusters
    texts = tuple(trait_text(c.name, c.value, c.label, c.phrase, c.domain) for c in clusters)
    return _index(workspace.home / "cache" / "clusters", texts)


@lru_cache(maxsize=4)
def _index(folder: Path, texts: tuple[str, ...]) -> SemanticIndex:
    fingerprint = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    path = folder / f"{fingerprint}.npy"
    index = SemanticIndex(embedder().encode)
    if path.exists():
        index.load(texts, np.load(path))
        return index
    vectors = index.build(texts)
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.npy")
    np.save(beside, vectors)
    beside.replace(path)
    return index
