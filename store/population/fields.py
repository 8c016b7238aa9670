"""What is kept of a person besides clusters: contact values, names, raw numbers; columnar and mapped."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

CONTACTS = 3  # values kept of each kind of contact
RAW = "raw:"  # prefix of a number's raw column


@dataclass(frozen=True)
class Fields:
    """Columns of one shard's persons, in local number order."""

    path: Path

    @cached_property
    def table(self) -> pa.Table:
        return pa.ipc.open_file(pa.memory_map(str(self.path))).read_all()

    @cached_property
    def names(self) -> list[str]:
        return self.table.column_names

    def take(self, numbers: np.ndarray, columns: list[str]) -> dict[str, list]:
        """Values of these columns for these persons; columns that the population lacks are left out."""
        rows = pa.array(numbers)
        kept = [name for name in columns if name in self.names]
        return {name: self.table.column(name).take(rows).to_pylist() for name in kept}

    def rows(self, numbers: np.ndarray, columns: list[str], **more: np.ndarray) -> pa.Table:
        """These columns as an Arrow table for exports, with the arrays given; a column that lacks is null.

        A `person_id` among the arrays comes first, the others come last.
        """
        rows = pa.array(numbers)
        given = {name: pa.array(values) for name, values in more.items()}
        first = {"person_id": given.pop("person_id")} if "person_id" in given else {}
        return pa.table({**first, **{name: self._taken(name, rows) for name in columns}, **given})

    def _taken(self, name: str, rows: pa.Array) -> pa.ChunkedArray | pa.Array:
        return self.table.column(name).take(rows) if name in self.names else pa.nulls(len(rows), pa.string())

    def raw(self, attribute: str) -> np.ndarray:
        """The raw numbers of an attribute, float64, NaN where missing."""
        column = self.table.column(RAW + attribute).combine_chunks()
        return column.to_numpy(zero_copy_only=False)


def contact_columns(kinds: list[str]) -> list[str]:
    """`email1`, `email2`, … for each kind of contact."""
    return [f"{kind}{slot}" for kind in kinds for slot in range(1, CONTACTS + 1)]


def write_fields(table: pa.Table, folder: Path) -> None:
    """Write the columns uncompressed, so that they can be mapped."""
    with pa.OSFile(str(folder / "fields.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as file:
        file.write_table(table.combine_chunks(), max_chunksize=max(1, table.num_rows))


def read_fields(folder: Path) -> Fields:
    """The fields of one shard, mapped when first used."""
    return Fields(folder / "fields.arrow")
