"""Which tool does a sentence ask for? The nearest labelled examples say, and words that decide."""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import faiss
import numpy as np

from agent.planner.cues import cues, harmful
from agent.planner.reading.identifiers import Found
from tools.clusters.embedding import Vectors

EXAMPLES = Path(__file__).parent / "examples" / "intents.jsonl"
NEAREST = 40
BEST_SHARE, OTHERS = 0.7, 3  # of the best example, and how many more of an intent count

_SHOWN = {
    "email": "this email address",
    "phone": "this phone number",
    "address": "this street address",
    "maid": "this device id",
    "hash": "this hash",
    "analysis": "the analysis",
    "cluster": "cluster 1000000145",
    "file": "the file",
    "channel": "#channel",
}


@dataclass(frozen=True)
class Guess:
    """Scores of the intents, the best first, and how like its nearest example the sentence is."""

    scores: tuple[tuple[str, float], ...]
    likeness: float
    cues: dict[str, float]  # what decisive words gave to each intent
    is_harmful: bool = False  # words that no other words make good

    @property
    def best(self) -> str:
        return self.scores[0][0]

    @property
    def score(self) -> float:
        return self.scores[0][1]

    def of(self, intent: str) -> float:
        """The score of one intent."""
        return dict(self.scores).get(intent, 0.0)


def guess(text: str, found: list[Found], cache: Path | None = None) -> Guess:
    """What a sentence asks for; its marks are read as what they stand for."""
    shown = cued = text
    for each in found:
        shown = shown.replace(each.mark, f" {_SHOWN[each.kind]} ")
        cued = cued.replace(each.mark, f" {each.kind}mark ")
    likeness = _likeness(re.sub(r"\s+", " ", shown).strip().lower(), cache)
    decisive = {name: _cued(name, cued) for name in cues()}
    scores = {name: likeness.get(name, 0.0) + cue for name, cue in decisive.items()}
    ordered = sorted(scores.items(), key=lambda each: (-each[1], each[0]))
    refused = any(pattern.search(cued) for pattern in harmful())
    return Guess(tuple(ordered), max(likeness.values(), default=0.0), decisive, refused)


def _cued(intent: str, text: str) -> float:
    return sum(weight for weight, pattern in cues()[intent] if pattern.search(text))


def _likeness(text: str, cache: Path | None) -> dict[str, float]:
    """For each intent, how like its examples the text is: mostly the best of them."""
    from tools.clusters.meaning import embedder

    index, intents = _examples(cache)
    cosines, rows = index.search(embedder().encode([text]), NEAREST)
    near: dict[str, list[float]] = {}
    for cosine, row in zip(cosines[0].tolist(), rows[0].tolist(), strict=True):
        near.setdefault(intents[row], []).append(max(0.0, cosine))
    return {
        intent: BEST_SHARE * found[0] + (1 - BEST_SHARE) * sum(found[:OTHERS]) / OTHERS
        for intent, found in near.items()
    }


@lru_cache(maxsize=2)
def _examples(cache: Path | None) -> tuple[faiss.IndexFlatIP, tuple[str, ...]]:
    """The index of the labelled examples, and the intent of each."""
    content = EXAMPLES.read_text()
    examples = [json.loads(line) for line in content.splitlines()]
    vectors = _vectors([example["text"].lower() for example in examples], content, cache)
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index, tuple(example["intent"] for example in examples)


def _vectors(texts: list[str], content: str, cache: Path | None) -> Vectors:
    """Vectors of the examples; made once, and kept where there is a place to keep them."""
    from tools.clusters.meaning import embedder

    path = cache / f"{hashlib.sha256(content.encode()).hexdigest()[:16]}.npy" if cache else None
    if path and path.exists():
        return np.load(path)
    vectors = embedder().encode(texts)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.npy")
        np.save(beside, vectors)
        beside.replace(path)
    return vectors
