"""The generated population that the benchmarks ask, made once for each size, and a peer's copy of it."""

import os
import tempfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from store.population.mapping import read_mapping
from store.synthetic import generate
from store.workspace import House, Workspace

SEED = 1
Progress = Callable[[str, int, int], None]


def folder() -> Path:
    """Where populations are kept between runs: FIELDMARK_BENCH, or a folder in the temporary one."""
    return Path(os.environ.get("FIELDMARK_BENCH", Path(tempfile.gettempdir()) / "fieldmark-bench"))


def generated(people: int, progress: Progress) -> Path:
    """The folder of generated files."""
    out = folder() / f"people-{people}"
    if not (out / "mapping.toml").exists():
        generate(people, SEED, out, lambda done, of: progress("generate", done, of))
    return out


def loaded(people: int, progress: Progress) -> Workspace:
    """A workspace over the generated population."""
    house = House(
        folder() / f"home-{people}",
        base_url="http://127.0.0.1:8321",
        now=lambda: datetime.now(UTC),
        new_id=lambda: str(uuid.uuid4()),
    )
    workspace = house.workspace("us")
    if not workspace.warehouse.exists:
        out = generated(people, progress)
        files = sorted((out / "population").glob("*.parquet"))
        workspace.warehouse.load(files, read_mapping(out / "mapping.toml"), house.now(), progress=progress)
    return workspace


def duckdb_table(people: int, progress: Progress) -> duckdb.DuckDBPyConnection:
    """The same people as one wide DuckDB table, the peer of most benchmarks."""
    path = folder() / f"peer-{people}.duckdb"
    fresh = not path.exists()
    connection = duckdb.connect(str(path))
    if fresh:
        progress("peer's table", 0, 1)
        files = str(generated(people, progress) / "population" / "*.parquet")
        connection.execute(f"CREATE TABLE people AS SELECT * FROM read_parquet('{files}')")
        progress("peer's table", 1, 1)
    return connection
