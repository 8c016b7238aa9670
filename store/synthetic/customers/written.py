"""Who are the customers that were drawn? Looks their contacts up in the population and writes their files."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from store.synthetic.customers.files import Contact, Winners, write_customers
from store.synthetic.customers.lottery import FileDraw
from store.synthetic.customers.truth import FileTruth

CONTACT_COLUMNS = [
    "person_id",
    "first_name",
    "last_name",
    "email1",
    "email2",
    "phone1",
    "address",
    "maid",
    "state",
]
# The first number of a spawn key: what a stream of random numbers is for.
_FILE = 3


def write_customer_files(
    draws: list[FileDraw], population: list[Path], folder: Path, seed: int
) -> list[FileTruth]:
    """Write a CSV for each draw and return the answers. Reads the population once, a row group at a time."""
    drawn = [draw.winners() for draw in draws]
    everybody = [
        persons
        for segments, background in drawn
        for persons in (background, *(each.person_ids for each in segments))
    ]
    contacts = _contacts(population, np.unique(np.concatenate(everybody)))
    folder.mkdir()
    return [
        write_customers(
            np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_FILE, number))),
            Winners(draw.file, segments, background, contacts),
            folder,
        )
        for number, (draw, (segments, background)) in enumerate(zip(draws, drawn, strict=True))
    ]


def _contacts(population: list[Path], person_ids: np.ndarray) -> dict[int, Contact]:
    """What is known of how these persons are called and reached."""
    return {
        row.pop("person_id"): row
        for group in _row_groups(population)
        for row in group.take(np.flatnonzero(np.isin(group["person_id"].to_numpy(), person_ids))).to_pylist()
    }


def _row_groups(population: list[Path]) -> Iterator[pa.Table]:
    for path in population:
        with pq.ParquetFile(path) as part:
            for number in range(part.num_row_groups):
                yield part.read_row_group(number, columns=CONTACT_COLUMNS)
