"""How are columns of text put together? Arrow's string functions, called by name."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def joined(*parts: pa.Array | str) -> pa.Array:
    """The parts of each row one after the other; null where a part is."""
    pieces = [pa.scalar(part) if isinstance(part, str) else part for part in parts]
    return pc.call_function("binary_join_element_wise", [*pieces, pa.scalar("")])


def chosen(values: list[str] | pa.Array, codes: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """The value of each code, null where missing."""
    texts = pa.array(values, pa.string()) if isinstance(values, list) else values
    return texts.take(pa.array(codes, mask=missing))


def lowered(texts: pa.Array) -> pa.Array:
    """The same in lower case."""
    return pc.call_function("utf8_lower", [texts])


def digits(numbers: np.ndarray) -> pa.Array:
    """Whole numbers as text."""
    return pa.array(numbers).cast(pa.string())
