"""Which clusters do a few words mean?"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tools.clusters.embedding import DIMENSIONS, Vectors

# How the names of flags read. Affinities and the rest have their own rules in _told.
_FLAGS = {
    "interested_in_": "interested in {}",
    "interested_": "interested in {}",
    "purchased_": "has bought {}",
    "owns_": "owns {}",
    "has_": "has {}",
    "donated_": "has donated to {}",
    "is_": "{}",
}
_AFFINITIES = {"high": "loves {}", "medium": "some interest in {}", "low": "not much interest in {}"}
# What a reader sees in such a text and the model does not.
_GLOSSES = {
    r"\bauto\b": "cars",
    r"\bnet worth\b.*(\dM|\d00K)\+": "wealthy",
    r"\$[\d.,]+[KM]?\+": "high",
    r"\bunder \$": "low",
    r"\bage 0-3\b": "babies and toddlers",
    r"\bage 13-17\b": "teenagers",
    r"^age (18|2[0-4])\b": "young adults",
    r"^age (6[5-9]|[789]\d)\b": "senior citizens",
}
# Words of many questions and many clusters, which tell none of them apart.
_PLAIN_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and at by do does fans for from has have high household households in interested is likes love "
        "lovers loves of on or people person persons some someone that the their them they to user users who "
        "whose with",
    )
)
_NEGATIONS = frozenset({"no", "non", "not", "never", "without", "don", "doesn", "isn", "aren"})
_WORD_BONUS = 0.1
_NEGATION_PENALTY = 0.15


class SemanticIndex:
    """Clusters in the order of how near they are to a question, by meaning and by words.

    The score is the cosine of the two embeddings, plus at most 0.1 for shared words, so that
    the cluster that has the very word comes before its neighbours in meaning; less 0.15 where one
    of the two is a negation and the other is not, which the embedding hardly tells apart.
    """

    def __init__(self, embed: Callable[[Sequence[str]], Vectors]) -> None:
        self._embed = embed
        from faiss import IndexFlatIP  # takes a while to import, and most commands search by no meaning

        self._index = IndexFlatIP(DIMENSIONS)
        self._words = _WordIndex([])

    def build(self, texts: Sequence[str]) -> Vectors:
        """The vectors of these texts, which are now the clusters that are looked up; see trait_text."""
        vectors = self._embed(texts)
        self.load(texts, vectors)
        return vectors

    def load(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Takes vectors that an earlier build gave for the same texts."""
        if vectors.shape != (len(texts), DIMENSIONS):
            raise ValueError(
                f"{len(texts)} texts need vectors of ({len(texts)}, {DIMENSIONS}), not {vectors.shape}"
            )
        self._index.reset()
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        self._words = _WordIndex(texts)

    def search(self, query_vector: Vectors, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """The k texts nearest in meaning alone: their places in `texts` and their cosines."""
        scores, rows = self._index.search(np.atleast_2d(query_vector), max(1, min(k, self._index.ntotal)))
        return rows[0][rows[0] >= 0][:k], scores[0][rows[0] >= 0][:k]

    def rank(self, query: str, k: int) -> tuple[NDArray[np.int64], Vectors]:
        """The k texts nearest in meaning and words: their places in `texts` and their scores."""
        scores = self._words.lifts(query)
        rows, cosines = self.search(self._embed([query])[0], len(scores))
        scores[rows] += cosines
        best = np.argsort(-scores, kind="stable")[:k]
        return best, scores[best]

    def nearest(self, query: str, k: int) -> list[int]:
        """The places in `texts` of the k nearest to the query in meaning and words, nearest first."""
        return self.rank(query, k)[0].tolist()


class _WordIndex:
    """What shared words, and negations that are not shared, add to the score of each text."""

    def __init__(self, texts: Sequence[str]) -> None:
        stems = [_stems(text) for text in texts]
        rows: dict[str, list[int]] = defaultdict(list)
        for row, found in enumerate(stems):
            for stem in found:
                rows[stem].append(row)
        self._rows = {stem: np.array(places) for stem, places in rows.items()}
        self._most_rare = math.log1p(len(texts))
        self._rarity = {stem: math.log1p(len(texts) / len(places)) for stem, places in rows.items()}
        self._weights = np.array(
            [sum(map(self._rarity.__getitem__, found)) for found in stems], dtype=np.float32
        )
        self._are_negated = np.array([_is_negated(text) for text in texts], dtype=bool)

    def lifts(self, query: str) -> Vectors:
        """One number a text; most where it has the query's words and no others. Rare words count more."""
        asked = _stems(query)
        shared = np.zeros_like(self._weights)
        for stem in asked & self._rows.keys():
            shared[self._rows[stem]] += self._rarity[stem]
        whole = sum(self._rarity.get(stem, self._most_rare) for stem in asked)
        overlaps = shared / np.sqrt(np.maximum(whole * self._weights, 1e-9))
        return _WORD_BONUS * overlaps - _NEGATION_PENALTY * (self._are_negated != _is_negated(query))


def trait_text(name: str, value: str, label: str = "", phrase: str = "", domain: str = "") -> str:
    """What a cluster says, in words to be embedded: `interested in golf`, `household income $75K-$100K`.

    A label or phrase counts where it has words that the name and the value have not, as
    those written by hand have, and those made from the name have not.
    """
    is_named_by_label = bool(_stems(label) - _stems(_spaced(name)))
    attribute = "_".join(label.lower().split()) if is_named_by_label else name
    text = _told(attribute, _spaced(value), domain)
    if _stems(phrase) - _stems(f"{text} {_spaced(name)} {value} affinity bought donated"):
        text = f"{text}, {phrase}"
    glosses = [gloss for pattern, gloss in _GLOSSES.items() if re.search(pattern, text, re.IGNORECASE)]
    return ", ".join([text, *glosses])


def _told(attribute: str, value: str, domain: str) -> str:
    if value in ("Yes", "No"):
        start = next((start for start in _FLAGS if attribute.startswith(start)), "")
        told = _FLAGS.get(start, "{}").format(_spaced(attribute.removeprefix(start)))
        return told if value == "Yes" else f"not {told}"
    if attribute.endswith("_affinity"):
        form = _AFFINITIES.get(value.lower(), f"{value} affinity to {{}}")
        return form.format(_spaced(attribute.removesuffix("_affinity")))
    if domain in ("intent_category", "intent_topic"):
        return f"shopping for {value}"
    if counted := re.fullmatch(r"number_(?:of_)?(.+)", attribute):
        return f"{'no' if value == '0' else value} {_spaced(counted[1])}"
    return f"{_spaced(re.sub(r'_(range|category|type|name)$', '', attribute))} {value}"


def _spaced(name: str) -> str:
    """The name with its words apart; two numbers in a row are the ends of a range."""
    return re.sub(r"\b(\d+) (\d+)\b", r"\1-\2", name.replace("_", " ")).strip()


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.lower()))


def _is_negated(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(_words(text))


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in _words(text) - _PLAIN_WORDS - _NEGATIONS}


def _stem(word: str) -> str:
    """The word without its English ending, crudely: hikers, hiking and hikes are one."""
    for ending in ("ing", "ers", "er", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word
