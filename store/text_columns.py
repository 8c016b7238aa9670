"""What stands in some columns of a file, word for word?"""

from collections.abc import Sequence
from pathlib import Path

from store.population.mapping import propose
from store.population.source import open_source
from store.population.source.cells import missing_sql
from store.population.source.engine import name_sql, told

BATCH_ROWS = 100_000


def read_texts(path: Path, names: Sequence[str], *, memory_limit: str = "1GB") -> dict[str, list[str | None]]:
    """The cells of these columns as text, in the file's order; None where one is missing.

    Columns that the file lacks are passed over. Raises BadFile for a file that cannot be read.
    """
    with open_source([path], memory_limit=memory_limit) as source:
        wanted = [name for name in names if name in source.columns]
        if not wanted:
            return {}
        mapping = propose(source).mapping
        cells = ", ".join(f"{missing_sql(name, mapping)} AS {name_sql(name)}" for name in wanted)
        found: dict[str, list[str | None]] = {name: [] for name in wanted}
        with told(str(source.parts[0].path)):
            reader = source.connection.sql(f"SELECT {cells} FROM {source.sql}").to_arrow_reader(BATCH_ROWS)  # noqa: S608  # names are quoted
            for batch in reader:
                for name, cells_read in found.items():
                    cells_read += [
                        None if value is None or not str(value).strip() else str(value)
                        for value in batch.column(name).to_pylist()
                    ]
        return found
