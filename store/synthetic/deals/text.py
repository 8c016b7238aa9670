"""How are numbers, days and names written, a column at a time?"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def numbered(form: str, *numbers: np.ndarray, width: int = 0) -> pa.Array:
    """Texts with numbers in them, filled up with zeros to `width`: `numbered("contact-{}-{}", a, b)`."""
    pieces = form.split("{}")
    parts: list[pa.Array | pa.Scalar] = [pa.scalar(pieces[0])]
    for values, piece in zip(numbers, pieces[1:], strict=True):
        text = pc.cast(pa.array(values.astype(np.int64)), pa.string())
        parts += [
            pc.call_function("utf8_lpad", [text], pc.PadOptions(width, "0")) if width else text,
            pa.scalar(piece),
        ]
    return pc.call_function("binary_join_element_wise", [*parts, pa.scalar("")])


def named(codes: np.ndarray, names: Sequence[str]) -> pa.Array:
    """The name of each code; null for a code below 0, and for a blank name."""
    values = pa.array([name or None for name in names], pa.string())
    return values.take(pa.array(np.maximum(codes, 0).astype(np.int64), mask=codes < 0))


def whole(values: np.ndarray) -> pa.Array:
    """Whole numbers; null for NaN."""
    known = ~np.isnan(values)
    return pa.array(np.where(known, values, 0).astype(np.int64), mask=~known)


def days(values: np.ndarray) -> pa.Array:
    """Days, from their number since 1970-01-01; null for what is not finite."""
    known = np.isfinite(values)
    return pa.array(np.where(known, values, 0).astype(np.int32), pa.int32(), mask=~known).cast(pa.date32())


def listed(having: np.ndarray, names: Sequence[str]) -> pa.ListArray:
    """The names that each row has, (rows, names) bool; null for a row without any."""
    rows, codes = np.nonzero(having)
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(having)))))
    values = pa.array(list(names), pa.string()).take(pa.array(codes))
    empty = starts[1:] == starts[:-1]
    return pa.ListArray.from_arrays(pa.array(starts.astype(np.int32)), values, mask=pa.array(empty))


def joined(lists: pa.ListArray, separator: str = ";") -> pa.Array:
    """Each list as one text."""
    return pc.call_function("binary_join", [lists, pa.scalar(separator)])
