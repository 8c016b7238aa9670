"""How do columns of Arrow become columns of features?"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from store.features import UNKNOWN, Feature
from store.outcomes.columns import Attribute

FLAG = ("No", "Yes")


def encoded(
    batches: Iterable[pa.RecordBatch | pa.Table], attributes: Sequence[Attribute], prefix: str = ""
) -> list[Feature]:
    """The attributes' columns as features, from the columns of these names with the prefix.

    Numbers come as float64, categories as text or dictionaries of it, sets as lists of text. No loop over
    rows: text is encoded batch by batch, so that memory holds codes and not cells.
    """
    columns = [_Column(each) for each in attributes]
    for batch in batches:
        for column in columns:
            found = batch.column(prefix + column.attribute.name)
            for chunk in found.chunks if isinstance(found, pa.ChunkedArray) else [found]:
                column.add(chunk)
    return [column.feature() for column in columns]


class _Column:
    """A column as its chunks come in, text as codes."""

    def __init__(self, attribute: Attribute) -> None:
        self.attribute = attribute
        self._chunks: list[pa.Array] = []
        self._lengths: list[np.ndarray] = []

    def add(self, chunk: Any) -> None:
        """Take the next cells: an array of Arrow."""
        if self.attribute.kind == "set":
            lengths = pc.fill_null(chunk.value_lengths(), 0)
            self._lengths.append(lengths.to_numpy(zero_copy_only=False))
            chunk = chunk.flatten()
        is_text = self.attribute.kind != "number" and not pa.types.is_dictionary(chunk.type)
        self._chunks.append(chunk.dictionary_encode() if is_text else chunk)

    def feature(self) -> Feature:
        """All cells so far."""
        kind, name = self.attribute.kind, self.attribute.name
        label, unit, domain = self.attribute.label, self.attribute.unit, self.attribute.domain
        if kind == "number":
            return Feature(name, kind, numbers(self._chunks), label=label, unit=unit, domain=domain)
        codes, levels = _codes(self._chunks, FLAG if kind == "flag" else ())
        if kind != "set":
            return Feature(name, "category", codes, levels, label=label, domain=domain)
        lengths = np.concatenate([np.empty(0, dtype=np.int64), *self._lengths])
        starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        return Feature(name, kind, codes, levels, starts, label=label, domain=domain)


def numbers(chunks: Sequence[pa.Array]) -> np.ndarray:
    """Numbers as float64, NaN where there is none."""
    parts = [pc.cast(chunk, pa.float64()).to_numpy(zero_copy_only=False) for chunk in chunks]
    return np.concatenate([np.empty(0), *parts]).astype(np.float64, copy=False)


def _codes(chunks: list[pa.Array], levels: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Codes into sorted levels, int32; these levels where they are given, else those that occur."""
    if not chunks:
        return np.empty(0, dtype=np.int32), levels
    known: dict[str, int] = {}
    parts = []
    for chunk in chunks:
        words = chunk.dictionary.to_pylist()
        place = np.array([known.setdefault(word, len(known)) for word in words] + [UNKNOWN], dtype=np.int32)
        codes = pc.fill_null(chunk.indices, len(words)).to_numpy(zero_copy_only=False)
        parts.append(place[codes])
    raw = np.concatenate(parts)
    used = np.bincount(raw[raw >= 0], minlength=len(known)) > 0
    found = levels or tuple(sorted(word for word, at in known.items() if used[at]))
    code = {word: at for at, word in enumerate(found)}
    order = np.array([code.get(word, UNKNOWN) for word in known] + [UNKNOWN], dtype=np.int32)
    return order[raw], found
