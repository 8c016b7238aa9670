"""How long does a page of a scored list take, beside the same question asked of a CSV?"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from store.features import FeatureTable
from store.scored_lists.asking import RowsQuery, found_rows
from store.scored_lists.writing import write_rows

NOBODY = np.empty(0, dtype=np.int64)
QUERIES = {
    "first page": (RowsQuery(), "true", "score_0 DESC", 0),
    "sorted by name": (RowsQuery(sort="lead"), "true", "lead", 0),
    "sorted, page 1,000": (RowsQuery(sort="reasoning", page=1_000), "true", "reasoning_0", 999 * 50),
    "tier A with a word": (
        RowsQuery(tier="A", text="dach"),
        "tier_0='A' AND reasoning_0 ILIKE '%dach%'",
        "row",
        0,
    ),
}


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """The least processor seconds of several tries."""
    found = []
    for _ in range(times):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    """Print a table of seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    draw = np.random.default_rng(1)
    scores = np.sort(draw.uniform(0, 100, rows))[::-1].round(1)
    reasons = [
        f"Industry {at % 7}, Geography {'DACH' if at % 3 else 'France'}, Role {at % 11}" for at in range(rows)
    ]
    told = {
        "lead": [f"lead-{at}" for at in draw.permutation(rows)],
        "person_id": np.arange(rows),
        "score_0": scores,
        "tier_0": ["ABCD"[int(at)] for at in np.digitize(-scores, [-80, -60, -40])],
        "reasoning_0": reasons,
        "row": np.arange(rows, dtype=np.int32),
    }
    with tempfile.TemporaryDirectory() as folder:
        path, beside = Path(folder) / "rows.parquet", Path(folder) / "rows.csv"
        write_rows(path, told, FeatureTable(rows, ()), [])
        duckdb.sql(f"COPY (FROM '{path}') TO '{beside}' (HEADER)")
        for name, (query, where, order, skipped) in QUERIES.items():
            sql = f"SELECT * FROM '{beside}' WHERE {where} ORDER BY {order}, row LIMIT 50 OFFSET {skipped}"

            def asked(sql: str = sql) -> object:
                with duckdb.connect(config={"threads": 1}) as connection:
                    return connection.execute(sql).fetchall()

            ours = seconds(lambda query=query: found_rows(path, query, NOBODY))
            peer = seconds(asked)
            figures = f"ours {ours:.3f} s  DuckDB over CSV {peer:.3f} s  {peer / ours:.1f}"
            print(f"{name:20} {rows:>9,} rows  {figures}")


if __name__ == "__main__":
    main()
