"""Which clusters does this text mean? Embeddings of all clusters, kept on disk for each snapshot's catalogue."""

import hashlib
from functools import lru_cache

import numpy as np

from store.population.catalogue import Catalogue
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
    texts = _texts(workspace.population.catalogue)
    fingerprint = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    return _index(workspace.home / "cache" / "clusters" / f"{fingerprint}.npy", tuple(texts))


def _texts(catalogue: Catalogue) -> list[str]:
    return [trait_text(c.name, c.value, c.label, c.phrase, c.domain) for c in catalogue.clusters]
