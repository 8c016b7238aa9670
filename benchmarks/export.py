"""Writing an audience as CSV, against DuckDB's COPY of the same rows."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Row, side_by_side
from benchmarks.populations import Progress, duckdb_table, folder, loaded
from tools.audience.find_persons import PersonsQuery, find_persons


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Everybody whose gender is known: nearly all, about a million rows of 1 M people."""
    workspace, peer = loaded(people, progress), duckdb_table(people, progress)
    catalogue = workspace.population.catalogue
    expression = " OR ".join(cluster.cluster_hash for cluster in catalogue.named("gender"))
    query = PersonsQuery(expression=expression, format="csv")
    rows = find_persons(workspace, query).total
    with tempfile.TemporaryDirectory(dir=folder()) as temp:
        target = Path(temp) / "peer.csv"
        yield side_by_side(
            "export CSV with e-mails",
            f"{rows:,} rows",
            lambda: find_persons(workspace, query),
            "DuckDB COPY",
            lambda: peer.execute(
                "COPY (SELECT person_id, email1, email2, email3 FROM people WHERE gender IS NOT NULL) "
                f"TO '{target}' (HEADER)"
            ),
            runs=3,
            note="ours also counts, samples, and makes cells safe for spreadsheets",
        )
    peer.close()
