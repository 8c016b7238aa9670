"""What a query over opened files answers, with errors told as refusals that hold no cell."""

from typing import Any

import pyarrow as pa

from store.population.source import Source
from store.population.source.engine import told


def one_row(source: Source, sql: str) -> tuple[Any, ...]:
    """The only row of the answer."""
    with told(str(source.parts[0].path)):
        return source.connection.execute(sql).fetchall()[0]


def table_of(source: Source, sql: str) -> pa.Table:
    """The rows of the answer."""
    with told(str(source.parts[0].path)):
        return source.connection.sql(sql).to_arrow_table()


def done(source: Source, sql: str) -> None:
    """Run a statement to its end."""
    with told(str(source.parts[0].path)):
        source.connection.execute(sql).fetchall()
