"""Which rows have what a dimension asks for, which lack it, and of which is that not known?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from store.features import UNKNOWN, Feature, category

Cells = Mapping[str, tuple[str, ...]]  # the values of one row by column, those that are known
Judge = Callable[[Cells], bool | None]  # matched, missed, or not known


@dataclass(frozen=True)
class Verdict:
    """A column of what each row has, and which of its levels are matched; the others are missed.

    A row whose columns do not tell is unknown in it.
    """

    feature: Feature
    matched: tuple[str, ...]
    missed: tuple[str, ...]


def verdict(name: str, label: str, columns: Sequence[Feature], rows: int, judge: Judge) -> Verdict:
    """Each row judged by the values of these columns; equal rows are judged once."""
    if not columns:
        return Verdict(category(name, [None] * rows, label=label), (), ())
    coded = [_coded(each) for each in columns]
    distinct, place = _distinct([codes for codes, _ in coded])
    levels: dict[str, int] = {}
    matched: dict[str, bool] = {}
    codes = np.full(len(distinct), UNKNOWN, dtype=np.int32)
    for at, row in enumerate(distinct.tolist()):
        cells = {
            each.name: values[code]
            for each, (_, values), code in zip(columns, coded, row, strict=True)
            if code != UNKNOWN
        }
        fits = judge(cells)
        if fits is not None:
            told = _told(cells, fits, matched)
            matched[told] = fits
            codes[at] = levels.setdefault(told, len(levels))
    feature = Feature(name, "category", codes[place], tuple(levels), label=label)
    mine, others = ([told for told, fits in matched.items() if fits is side] for side in (True, False))
    return Verdict(feature, tuple(mine), tuple(others))


def _distinct(columns: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The rows of these columns that differ, and which of them each row is."""
    place = np.zeros(len(columns[0]), dtype=np.int64)
    first = place[:1]
    for codes in columns:  # a column at a time: sorting numbers is ten times as fast as sorting rows
        span = int(codes.max(initial=UNKNOWN)) + 2
        _, first, place = np.unique(place * span + (codes - UNKNOWN), return_index=True, return_inverse=True)
    return np.stack([codes[first] for codes in columns], axis=1), place


def _told(cells: Cells, fits: bool, matched: Mapping[str, bool]) -> str:
    """The values in a line; with their columns where the same line has been judged the other way."""
    told = ", ".join(value for values in cells.values() for value in values)
    if matched.get(told, fits) is fits:
        return told
    return ", ".join(f"{name} {value}" for name, values in cells.items() for value in values)


def _coded(feature: Feature) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """A code of each row, -1 where unknown, and the values that each code stands for."""
    if feature.kind == "category":
        return np.asarray(feature.values, dtype=np.int64), [(level,) for level in feature.levels]
    if feature.kind == "number":
        return _coded_numbers(feature.values)
    assert feature.starts is not None
    parts = feature.values.tolist()
    places: dict[tuple[int, ...], int] = {}
    codes = np.full(feature.rows, UNKNOWN, dtype=np.int64)
    ends = feature.starts.tolist()
    for row in range(feature.rows):
        held = tuple(parts[ends[row] : ends[row + 1]])
        if held:
            codes[row] = places.setdefault(held, len(places))
    return codes, [tuple(feature.levels[code] for code in held) for held in places]


def _coded_numbers(values: np.ndarray) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    known = ~np.isnan(values)
    codes = np.full(len(values), UNKNOWN, dtype=np.int64)
    distinct, codes[known] = np.unique(values[known], return_inverse=True)
    return codes, [(f"{value:.10g}",) for value in distinct.tolist()]
