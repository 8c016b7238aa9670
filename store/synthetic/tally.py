"""How many clusters does a population have? Counted while it is generated."""

import numpy as np
import pyarrow as pa

from store.population.mapping.model import CLUSTERED, Mapping


class ClusterTally:
    """The values of each clustered attribute that somebody has; of a number, its bins."""

    def __init__(self, mapping: Mapping) -> None:
        self._columns = mapping.of_kind(*CLUSTERED)
        self._seen: dict[str, set[int]] = {name: set() for name in self._columns}

    def add(self, table: pa.Table) -> None:
        """Count the values of one chunk. Codes must mean the same in every chunk."""
        for name, column in self._columns.items():
            self._seen[name].update(np.unique(_codes(table[name].chunk(0), column.bins)).tolist())

    @property
    def clusters(self) -> int:
        """Distinct pairs of attribute and value so far."""
        return sum(len(values) for values in self._seen.values())


def _codes(values: pa.Array, bins: list[float]) -> np.ndarray:
    if isinstance(values, pa.ListArray):
        values = values.flatten()
    if isinstance(values, pa.DictionaryArray):
        return values.indices.drop_null().to_numpy()
    return np.digitize(values.drop_null().to_numpy(), bins)
