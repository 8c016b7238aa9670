"""How are the scored rows of a list written, whole or not at all?"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from store.artifacts import written_whole
from store.features import UNKNOWN, Feature, FeatureTable
from store.scored_lists.kept import ListColumn

GROUP = 1 << 14  # rows of one group: what is read at least to show one row


def columns_of(table: FeatureTable, names: Sequence[str]) -> list[ListColumn]:
    """What the columns of these names that the table has are called among the rows."""
    kept = table.only(list(dict.fromkeys(names))).features
    return [ListColumn(name=each.name, stored=f"value_{at}", kind=each.kind) for at, each in enumerate(kept)]


def write_rows(
    path: Path,
    told: Mapping[str, np.ndarray | Sequence[object]],
    table: FeatureTable,
    columns: Sequence[ListColumn],
) -> None:
    """Write the rows: what is told of each by column, then the values that its scores read.

    All of them in the order given; texts that repeat are written once a group. A later one of the same list
    takes the earlier one's place.
    """
    import pyarrow.parquet as pq  # a tenth of a second to import

    parts = {name: _array(values) for name, values in told.items()}
    for each in columns:
        feature = table.find(each.name)
        assert feature is not None  # columns_of names those of this table
        parts[each.stored] = _of_feature(feature)
    with written_whole(path) as beside:
        pq.write_table(pa.table(parts), beside, row_group_size=GROUP, compression="zstd")


def _array(values: np.ndarray | Sequence[object]) -> pa.Array:
    if isinstance(values, np.ndarray):
        return pa.array(values, from_pandas=values.dtype.kind == "f")  # NaN is unknown
    return pa.array(values)


def _of_feature(feature: Feature) -> pa.Array:
    if feature.kind == "number":
        return pa.array(feature.values, from_pandas=True)
    levels = pa.array(feature.levels, pa.string())
    if feature.kind == "category":
        codes = pa.array(feature.values, mask=feature.values == UNKNOWN)
        return pa.DictionaryArray.from_arrays(codes, levels)
    assert feature.starts is not None
    values = pa.DictionaryArray.from_arrays(pa.array(feature.values), levels).cast(pa.string())
    return pa.ListArray.from_arrays(pa.array(feature.starts.astype(np.int32)), values)
