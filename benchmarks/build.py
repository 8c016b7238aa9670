"""Building a snapshot from Parquet, against DuckDB's own import of the same files."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.measuring import Row, seconds
from benchmarks.populations import Progress, folder, generated
from store.population.mapping import read_mapping
from store.warehouse import Warehouse


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """One build and one import; each is long enough to be measured once."""
    out = generated(people, progress)
    files = sorted((out / "population").glob("*.parquet"))
    with tempfile.TemporaryDirectory(dir=folder()) as temp:
        warehouse = Warehouse(Path(temp), "us")
        mapping = read_mapping(out / "mapping.toml")
        ours = seconds(lambda: warehouse.load(files, mapping, datetime.now(UTC), progress=progress))
        size = sum(f.stat().st_size for f in warehouse.folder.rglob("*") if f.is_file())
        shutil.rmtree(warehouse.folder)
        peer = duckdb.connect(str(Path(temp) / "peer.duckdb"))
        names = ", ".join(f"'{file}'" for file in files)
        theirs = seconds(
            lambda: peer.execute(f"CREATE TABLE people AS SELECT * FROM read_parquet([{names}])")
        )
        peer.close()
    yield Row(
        work="build a snapshot from Parquet",
        size=f"{people:,} people",
        ours_s=ours,
        peer_name="DuckDB import",
        peer_s=theirs,
        ratio=theirs / ours,
        note=f"{size / 1e6:,.0f} MB; the peer has no keys, bitmaps or places",
    )
