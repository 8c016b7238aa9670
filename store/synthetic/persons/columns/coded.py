"""How do codes become columns? Dictionary arrays with the smallest index that fits."""

import numpy as np
import pyarrow as pa

YES = pa.array(["Yes"])


def category(codes: np.ndarray, values: list[str] | pa.Array, known: np.ndarray) -> pa.DictionaryArray:
    """A column of these values, null where unknown or where the code is below 0."""
    kind = np.int8 if len(values) < 2**7 else np.int16 if len(values) < 2**15 else np.int32
    indices = pa.array(codes.astype(kind), mask=~known | (codes < 0))
    return pa.DictionaryArray.from_arrays(
        indices, values if isinstance(values, pa.Array) else pa.array(values)
    )


def flag(holds: np.ndarray) -> pa.DictionaryArray:
    """Yes for those who have it, null for everybody else: no is not known from unknown."""
    return category(np.zeros(len(holds), dtype=np.int8), YES, holds)


def number(amounts: np.ndarray, known: np.ndarray) -> pa.Array:
    """A column of numbers, null where unknown."""
    return pa.array(amounts, mask=~known)
