"""What the text columns of a source look like: numbers, dates, true or false."""

from collections.abc import Iterable, Sequence

import duckdb

from store.population.source.engine import name_sql
from store.population.source.part import BATCH

# Rows looked at; fewer where there are many columns.
_CELLS = 400_000
_MOST_ROWS = 10_000

# In the order in which they are tried: the first that all cells fit.
_TESTS = {
    "boolean": "lower({cell}) IN ('true', 'false')",
    # A leading zero is part of a code, such as a ZIP.
    "integer": "TRY_CAST({cell} AS HUGEINT) IS NOT NULL AND regexp_full_match({cell}, '[+-]?(0|[1-9]\\d*)')",
    "decimal": "TRY_CAST({cell} AS DOUBLE) IS NOT NULL AND NOT regexp_matches({cell}, '^[+-]?0\\d')",
    "date": "TRY_CAST({cell} AS DATE) IS NOT NULL AND length({cell}) <= 10",
    "timestamp": "TRY_CAST({cell} AS TIMESTAMPTZ) IS NOT NULL",
}


def looks(connection: duckdb.DuckDBPyConnection, sql: str, names: Sequence[str]) -> dict[str, str]:
    """For each text column its type by the first rows: text where any cell fits no other."""
    found: dict[str, str] = {}
    for start in range(0, len(names), BATCH):
        found.update(_looks(connection, sql, names[start : start + BATCH], len(names)))
    return found


def _looks(
    connection: duckdb.DuckDBPyConnection, sql: str, names: Sequence[str], width: int
) -> Iterable[tuple[str, str]]:
    cells = ", ".join(f"nullif(trim({name_sql(name)}), '') AS c{at}" for at, name in enumerate(names))
    counts = ", ".join(
        f"count(c{at}), " + ", ".join(f"count_if({test.format(cell=f'c{at}')})" for test in _TESTS.values())
        for at in range(len(names))
    )
    rows = max(100, min(_MOST_ROWS, _CELLS // width))
    [found] = connection.execute(
        f"SELECT {counts} FROM (SELECT {cells} FROM {sql} LIMIT {rows})"  # noqa: S608
    ).fetchall()
    step = 1 + len(_TESTS)
    for at, name in enumerate(names):
        filled, *passed = found[at * step : (at + 1) * step]
        fits = (type for type, count in zip(_TESTS, passed, strict=True) if filled and count == filled)
        yield name, next(fits, "text")
