"""Which clusters does a catalogue have for what is said?"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from store.population.catalogue import Catalogue, Cluster
from store.workspace import Workspace
from tools.clusters.semantic import SemanticIndex

LEAST_SCORE = 0.52  # of a cluster that words without a place in the lexicon are taken for
_WORD = re.compile(r"[a-z0-9]+")
# A trait of the profile is rather meant than a search that somebody once made.
_PRIORS = {
    "interest": 0.04,
    "lifestyle": 0.03,
    "financial": 0.02,
    "household": 0.02,
    "demographic": 0.0,
    "employment": 0.01,
    "political": 0.0,
    "purchase": 0.0,
    "intent_category": -0.02,
    "content": -0.02,
    "affinity": -0.08,
    "intent_topic": -0.10,
    "address": -0.15,
}
_NEAREST = 60
_EXACT = 0.2


class Book:
    """The catalogue of one population, asked by name or by meaning."""

    def __init__(self, catalogue: Catalogue, index: SemanticIndex) -> None:
        self.catalogue, self._index = catalogue, index

    def named(self, text: str) -> list[Cluster]:
        """Clusters of `attribute` with Yes, or of `attribute=value|value`; none where one lacks."""
        name, _, values = text.partition("=")
        wanted = values.split("|") if values else ["Yes"]
        found = [self.catalogue.valued(name, value) for value in wanted]
        return [cluster for cluster in found if cluster] if all(found) else []

    def attribute(self, pattern: str) -> list[Cluster]:
        """Clusters of the first attribute, by name, that the pattern matches whole."""
        for name in sorted(self.catalogue.names, key=lambda name: (-len(name), name)):
            if re.fullmatch(pattern, name):
                return self.catalogue.named(name)
        return []

    @cached_property
    def written_forms(self) -> list[tuple[str, Cluster]]:
        """Keys, phrases, and values with a joint in them, in small letters, the longest first."""
        forms = [(f"{c.name}={c.value}".lower(), c) for c in self.catalogue.clusters]
        forms += [(c.phrase.lower(), c) for c in self.catalogue.clusters if _is_telling(c)]
        forms += [(c.value.lower(), c) for c in self.catalogue.clusters if _JOINT.search(c.value)]
        return sorted(forms, key=lambda form: -len(form[0]))

    @cached_property
    def _words(self) -> list[frozenset[str]]:
        return [
            frozenset(_stems(f"{c.value if c.value != 'Yes' else _bare(c.name)}"))
            for c in self.catalogue.clusters
        ]

    @cached_property
    def _domains(self) -> np.ndarray:
        return np.array([cluster.domain for cluster in self.catalogue.clusters])

    @cached_property
    def _priors(self) -> np.ndarray:
        return np.array([_PRIORS.get(c.domain, -0.2) for c in self.catalogue.clusters], dtype=np.float32)

    def nearest(
        self, text: str, domains: tuple[str, ...] = (), value: str | None = None
    ) -> tuple[Cluster, float] | None:
        """The cluster that is meant most likely, of these domains or of all, and how near it is."""
        count = len(self.catalogue) if domains else _NEAREST
        rows, scores = self._index.rank(text, count)
        if not domains:
            scores = scores + self._priors[rows]
            kept = self._domains[rows] != "address"
            rows, scores = rows[kept], scores[kept]
        else:
            kept = np.isin(self._domains[rows], domains)
            if value is not None:
                kept &= np.array([self.catalogue[int(row)].value == value for row in rows])
            rows, scores = rows[kept][:_NEAREST], scores[kept][:_NEAREST]
        if not len(rows):
            return None
        asked = frozenset(_stems(text))
        bonus = np.array([_EXACT if self._words[row] and self._words[row] == asked else 0.0 for row in rows])
        best = int(np.argmax(scores + bonus))
        return self.catalogue[int(rows[best])], float(scores[best] + bonus[best])


_JOINT = re.compile(r" (?:and|or) (?!over\b|more\b|under\b|less\b)")


def _is_telling(cluster: Cluster) -> bool:
    """Whether nobody writes the cluster's phrase by chance: it is long enough, and more than a value."""
    return cluster.domain not in ("address", "intent_topic") and len(cluster.phrase.split()) > 2


def _bare(name: str) -> str:
    for prefix in ("interested_in_", "interested_", "purchased_", "owns_", "has_", "is_"):
        name = name.removeprefix(prefix)
    return name.replace("_", " ")


_NO_MEANING = frozenset(_WORD.findall("a an and at by for from in of on or the to with their some any"))


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _NO_MEANING]


def _stem(word: str) -> str:
    for ending in ("ing", "ers", "er", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > 3 else word


@dataclass(frozen=True)
class _Key:
    home: str
    warehouse: str
    snapshot_id: str


_BOOKS = 4


def book_of(workspace: Workspace) -> Book:
    """The book of a workspace's population, made once for each snapshot."""
    key = _Key(str(workspace.home), workspace.warehouse.name, workspace.population.snapshot_id)
    return _kept(key, _Opener(workspace))


class _Opener:
    """Opens a book; equal to every other, so that only the key decides what is kept."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Opener)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=_BOOKS)
def _kept(key: _Key, opener: _Opener) -> Book:
    from tools.clusters.meaning import semantic_index

    return Book(opener.workspace.population.catalogue, semantic_index(opener.workspace))
