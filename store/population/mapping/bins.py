"""Ranges of a number column: sensible edges, their labels, and the range that a value falls in.

Edges e1 < e2 < ... make the half-open ranges (.., e1), [e1, e2), ..., [en, ..), numbered from 0.
"""

import math
import re
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

LEAST, MOST = 4, 6
LEAST_SHARE = 0.05  # of all values, in a range
OWN_SHARE = 0.2  # a zero, lowest negative or far highest value more frequent has a range of its own
_EXACT = 1e15  # whole floats above this have no exact neighbour that a label could name

_AGES = [18.0, 25.0, 35.0, 45.0, 55.0, 65.0]
_AGE = re.compile(r"(^|_)age(_years)?$")
# "age" of something else than a person.
_NOT_AGE = re.compile(r"account|car|child|company|home|house|member|property|tenure|vehicle")
_LOG_LIKE = re.compile(
    r"amount|earning|employees|funding|headcount|income|ltv|revenue|salary|sales|spend|turnover|wealth|worth"
)


def sensible_bins(values: np.ndarray, name: str = "", unit: str = "") -> list[float]:
    """Rising inner edges for 4 to 6 ranges: known conventions first, else rounded quantiles.

    Each range holds at least 5 % where the values allow it. A zero that holds over a fifth of the
    values, and a lowest negative value that does (such as -1 for "never"), get a range of their own, as
    does a highest one that lies far from all others (such as 999 for "unknown").
    Empty when there are fewer than two different values.
    """
    finite = values[np.isfinite(values)].astype(np.float64)
    if not len(finite) or finite.min() == finite.max():
        return []
    if _is_age(finite, name, unit):
        return list(_AGES)
    whole = bool(np.all(finite == np.floor(finite)))
    own = _own_ranges(finite, whole)
    rest = finite[~np.isin(finite, [value for value, _ in own])]
    kept = _kept_edges(own, rest)
    ways = [_quantile_edges(rest, whole, MOST - 1), _quantile_edges(rest, whole, 2 * MOST)]
    if _LOG_LIKE.search(name.lower()):
        ways.insert(0, _log_edges(rest))
    found = [_pruned(_outside(edges, own), finite, kept) for edges in ways]
    # The first that is fine enough: where many values are equal, quintiles fall together.
    return next((edges for edges in found if _filled(edges, finite) >= LEAST), max(found, key=len))


def candidate_edges(values: np.ndarray, parts: Sequence[int]) -> list[float]:
    """Rising edges that are sane numbers: quantiles of so many parts, rounded, and those of `sensible_bins`
    around a frequent zero or lowest value.
    """
    finite = values[np.isfinite(values)].astype(np.float64)
    if not len(finite) or finite.min() == finite.max():
        return []
    whole = bool(np.all(finite == np.floor(finite)))
    own = _own_ranges(finite, whole)
    rest = finite[~np.isin(finite, [value for value, _ in own])]
    found = _kept_edges(own, rest)
    for each in parts:
        found |= set(_outside(_quantile_edges(rest, whole, each), own))
    return sorted(found)


def bin_labels(bins: Sequence[float], *, integer: bool, unit: str = "") -> list[str]:
    """A label for each range: "under 18", "18-24", "65 and over"; of decimals "1.5 to 2.5".

    Thousands are parted by commas, but not in calendar years (unit "year").
    """
    if not bins:
        return ["any"]
    after = f" {unit}" if unit and unit != "year" else ""
    middle = [f"{_between(low, high, integer, unit)}{after}" for low, high in pairwise(bins)]
    first, last = _told(bins[0], unit), _told(bins[-1], unit)
    return [f"under {first}{after}", *middle, f"{last}{after} and over"]


def bin_sql(column_sql: str, bins: Sequence[float]) -> str:
    """The number of the range that the value falls in; NULL for NULL, NaN and infinity."""
    value = f"CAST({column_sql} AS DOUBLE)"
    # Quoted: a bare 0.1 would be a DECIMAL, and not the double nearest to it.
    whens = " ".join(f"WHEN {value} < CAST('{edge!r}' AS DOUBLE) THEN {at}" for at, edge in enumerate(bins))
    return f"CASE WHEN NOT coalesce(isfinite({value}), false) THEN NULL {whens} ELSE {len(bins)} END"


def bin_of(values: np.ndarray, bins: Sequence[float]) -> np.ndarray:
    """The number of the range that each value falls in; -1 for NaN and infinity."""
    at = np.searchsorted(np.asarray(bins, dtype=np.float64), values, side="right")
    return np.where(np.isfinite(values), at, -1)


def _is_age(values: np.ndarray, name: str, unit: str) -> bool:
    named = _AGE.search(name.lower()) and not _NOT_AGE.search(name.lower())
    if not named or unit not in ("", "years"):
        return False
    return _quantiles(values, [0.5])[0] >= 15 and values.max() <= 125


def _own_ranges(values: np.ndarray, whole: bool) -> list[tuple[float, float]]:
    """The ranges, from the value up to the next edge, of values that have one of their own."""
    ranges: list[tuple[float, float]] = []
    for value in {min(0.0, float(values.min())), 0.0}:
        above = values[values > value]
        if np.mean(values == value) > OWN_SHARE and len(above):
            gap = float(above.min()) - value
            end = min(value + (1.0 if whole else _nice_step(gap)), float(above.min()))
            ranges += [(value, end)] if value < end else []
    highest = float(values.max())
    below = values[(values < highest) & ~np.isin(values, [value for value, _ in ranges])]
    # Such as 999 for "unknown": further off than all the others spread.
    if np.mean(values == highest) > OWN_SHARE and len(below) and highest / 2 > below.max() - below.min() / 2:
        ranges.append((highest, math.inf))
    return ranges


def _kept_edges(own: Sequence[tuple[float, float]], rest: np.ndarray) -> set[float]:
    edges = {edge for each in own for edge in each if edge < math.inf}
    return edges | ({0.0} if _changes_sign(rest) else set())


def _outside(edges: Sequence[float], own: Sequence[tuple[float, float]]) -> list[float]:
    return [edge for edge in edges if not any(low < edge < high for low, high in own)]


def _changes_sign(values: np.ndarray) -> bool:
    return bool(len(values) and LEAST_SHARE < np.mean(values < 0) < 1 - LEAST_SHARE)


def _log_edges(values: np.ndarray) -> list[float]:
    """1, 2 and 5 times powers of ten, over nearly all of the positive values."""
    positive = values[values > 0]
    if not len(positive):
        return []
    low, high = _quantiles(positive, [0.02, 0.98])
    if low * 1e12 < high:
        return []  # no money and no head count spreads so wide
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = [float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5)]
    return [step for step in steps if low < step <= high]


def _quantile_edges(values: np.ndarray, whole: bool, parts: int) -> list[float]:
    """Quantiles, rounded to a nice step that is small against their distance."""
    if not len(values):
        return []
    quantiles = sorted(set(_quantiles(values, np.linspace(0, 1, parts + 1).tolist())))
    if len(quantiles) < 2:
        return []
    gaps = [high - low for low, high in pairwise(quantiles)]
    inner = zip(quantiles[1:], gaps, [*gaps[1:], gaps[-1]], strict=True)
    edges = {_rounded(value, min(before, after) / 2, whole) for value, before, after in inner}
    return sorted(edges)


def _quantiles(values: np.ndarray, shares: Sequence[float]) -> list[float]:
    return [float(value) for value in np.quantile(values, shares, method="inverted_cdf")]


def _rounded(value: float, room: float, whole: bool) -> float:
    step = max(1.0, _nice_step(room, (1, 2, 5))) if whole else _nice_step(room)
    if not 0 < step < math.inf or abs(value / step) > _EXACT:
        return value + 0.0
    return float(f"{round(value / step) * step:.12g}") + 0.0


def _nice_step(most: float, digits: Sequence[float] = (1, 2, 2.5, 5)) -> float:
    """The largest of 1, 2, 2.5 and 5 times a power of ten that is not above `most`."""
    if not 1e-300 < most < math.inf:
        return most
    power = 10.0 ** math.floor(math.log10(most))
    return max((digit * power for digit in digits if digit * power <= most), default=most)


def _pruned(edges: Sequence[float], values: np.ndarray, kept: Collection[float]) -> list[float]:
    """The edges without those between ranges that are too small or too many; `kept` ones stay."""
    pruned = sorted({*kept, *edges})
    while removable := [edge for edge in pruned if edge not in kept]:
        counts = np.bincount(bin_of(values, pruned), minlength=len(pruned) + 1)
        merged = {edge: _beside(counts, pruned.index(edge)) for edge in removable}
        small = [edge for edge in removable if min(merged[edge]) < LEAST_SHARE * len(values)]
        if not small and np.count_nonzero(counts) <= MOST:
            break
        pruned.remove(min(small or removable, key=lambda edge: sum(merged[edge])))
    return pruned


def _filled(edges: Sequence[float], values: np.ndarray) -> int:
    return len(np.unique(bin_of(values, edges)))


def _beside(counts: np.ndarray, at: int) -> tuple[int, int]:
    return int(counts[at]), int(counts[at + 1])


def _between(low: float, high: float, integer: bool, unit: str) -> str:
    whole = integer and low.is_integer() and high.is_integer() and max(abs(low), abs(high)) < _EXACT
    if not whole:
        return f"{_told(low, unit)} to {_told(high, unit)}"
    if high - low == 1:
        return _told(low, unit)
    joint = "-" if low >= 0 else " to "
    return f"{_told(low, unit)}{joint}{_told(high - 1, unit)}"


def _told(edge: float, unit: str) -> str:
    plain = unit == "year"
    if edge.is_integer() and abs(edge) < _EXACT:
        return f"{int(edge)}" if plain else f"{int(edge):,}"
    return f"{edge}" if plain else f"{edge:,}"
