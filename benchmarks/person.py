"""Profiles of 1,000 persons with all domains, against rows of a wide DuckDB table."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from benchmarks.measuring import Row, side_by_side
from benchmarks.populations import Progress, duckdb_table, loaded
from tools.identity.get_person import PersonQuery, get_person


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Persons drawn at random, so that no two are neighbours on disk."""
    workspace, peer = loaded(people, progress), duckdb_table(people, progress)
    ids = (np.random.default_rng(0).choice(people, size=min(1_000, people), replace=False) + 1).tolist()
    query = PersonQuery(person_ids=ids)
    peer.register("wanted", pa.table({"id": ids}))
    yield side_by_side(
        "get_person, all domains",
        f"{len(ids):,} of {people:,} people",
        lambda: get_person(workspace, query),
        "DuckDB wide table, as dicts",
        lambda: (
            peer.sql("SELECT people.* FROM people JOIN wanted ON person_id = id").to_arrow_table().to_pylist()
        ),
    )
    peer.close()
