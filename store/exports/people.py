"""Who was in an export? Sorted person ids, kept when the file itself is gone."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from store.artifacts import written_whole
from store.exports.writing import KEY, Batch

GROUP = 1 << 15  # ids of one row group, the least that is read to find one


class People:
    """Gathers whose rows go by; eight bytes each until the file is written."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray] = []

    def noted(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """The same batches."""
        for batch in batches:
            ids = _ids_of(batch)
            if len(ids):
                self._parts.append(ids)
            yield batch

    def ids(self) -> np.ndarray:
        """Everybody once, sorted int64."""
        return distinct(np.concatenate(self._parts)) if self._parts else np.empty(0, dtype=np.int64)


def distinct(ids: np.ndarray) -> np.ndarray:
    """The ids, each once, sorted."""
    found = np.sort(ids)
    return found[np.concatenate(([True], found[1:] != found[:-1]))] if len(found) else found


def _ids_of(batch: Batch) -> np.ndarray:
    found: Any = ()
    if isinstance(batch, dict):
        found = batch.get(KEY, ())
    elif isinstance(batch, list):
        found = [row[KEY] for row in batch if row.get(KEY) is not None]
    elif KEY in batch.column_names:
        found = batch.column(KEY).drop_null().to_numpy()
    return np.asarray(found, dtype=np.int64)  # texts of digits too


def write_people(ids: np.ndarray, path: Path) -> None:
    """Write sorted ids as differences, in groups that know their least and greatest."""
    import pyarrow.parquet as pq  # a tenth of a second to import

    with written_whole(path) as beside:
        pq.write_table(
            pa.table({KEY: pa.array(ids, pa.int64())}),
            beside,
            row_group_size=GROUP,
            use_dictionary=False,
            column_encoding="DELTA_BINARY_PACKED",
            compression="zstd",
        )


def holds(path: Path, ids: Iterable[int]) -> list[int]:
    """Which of these ids are in the file; only groups that could have them are read."""
    import pyarrow.parquet as pq  # as above

    wanted = np.array(sorted(set(ids)), dtype=np.int64)
    found: list[int] = []
    with pq.ParquetFile(path) as file:
        for group in range(file.metadata.num_row_groups):
            bounds: Any = file.metadata.row_group(group).column(0).statistics
            asked = wanted[(wanted >= bounds.min) & (wanted <= bounds.max)]
            if len(asked):
                kept = file.read_row_group(group, use_threads=False).column(0).to_numpy()
                found += asked[
                    kept[np.searchsorted(kept, asked)] == asked
                ].tolist()  # none is beyond its greatest
    return found
