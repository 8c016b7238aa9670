"""How does a population come about? Chunk by chunk, then the customers, then the answers."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from pydantic import BaseModel

from store.errors import BadInput, NoRoom
from store.population.mapping.model import write_mapping
from store.synthetic.catalogue import population_mapping
from store.synthetic.customers.lottery import ChunkTraits, FileDraw, customer_draws
from store.synthetic.customers.truth import FileTruth, Truth
from store.synthetic.customers.written import write_customer_files
from store.synthetic.persons.blueprint import Blueprint, blueprint
from store.synthetic.persons.chunk import chunk_table
from store.synthetic.tally import ClusterTally

MOST_PEOPLE = 200_000_000
MOST_SEED = 2**63 - 1
CHUNKS_PER_PART = 4
# Measured: 103 bytes a person in Parquet; the customer files are small beside them.
BYTES_PER_PERSON = 125
# The first number of a spawn key: what a stream of random numbers is for.
_LOTTERY = 2


class SyntheticReport(BaseModel):
    """What was generated. Paths are within `folder`; `clusters` counts the attributes' values that occur."""

    folder: Path
    files: list[str]
    people: int
    attributes: int
    clusters: int
    customers: dict[str, int]  # customer file -> rows


def _silent(done: int, people: int) -> None:
    pass


def generate(
    people: int, seed: int, out: Path, progress: Callable[[int, int], None] = _silent
) -> SyntheticReport:
    """Write a population of this many US consumers, its mapping, customer files and planted truth.

    The same people and seed give the same values. Memory does not grow with the population.
    `progress` is told the persons done and all persons after every chunk.
    Raises BadInput for a size, seed or folder that cannot be used, NoRoom when the disk is full;
    after any failure nothing is left behind.
    """
    _check(people, seed, out)
    was_there = out.exists()
    try:
        return _generate(people, seed, out, progress)
    except BaseException as error:
        shutil.rmtree(out, ignore_errors=True)
        if was_there:
            out.mkdir()
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise _no_room(people, out) from error
        raise


def _generate(people: int, seed: int, out: Path, progress: Callable[[int, int], None]) -> SyntheticReport:
    out.mkdir(parents=True, exist_ok=True)
    mapping = population_mapping()
    write_mapping(mapping, out / "mapping.toml")
    draws, tally = customer_draws(people), ClusterTally(mapping)
    parts = _write_population(blueprint(people, seed), out / "population", draws, tally, progress)
    answers = write_customer_files(draws, parts, out / "customers", seed)
    truth = Truth(people=people, seed=seed, files=answers)
    (out / "truth.json").write_text(truth.model_dump_json(), encoding="utf-8")
    return _report(out, parts, answers, people, len(mapping.columns), tally.clusters)


def _write_population(
    plan: Blueprint,
    folder: Path,
    draws: list[FileDraw],
    tally: ClusterTally,
    progress: Callable[[int, int], None],
) -> list[Path]:
    """Write the parts, a row group a chunk, and let every chunk take part in the draws."""
    folder.mkdir()
    parts = []
    for first in range(0, plan.chunks, CHUNKS_PER_PART):
        parts.append(folder / f"part-{len(parts):05d}.parquet")
        writer = None
        try:
            for chunk in range(first, min(first + CHUNKS_PER_PART, plan.chunks)):
                table = chunk_table(plan, chunk)
                writer = writer or pq.ParquetWriter(parts[-1], table.schema, compression="zstd")
                writer.write_table(table, row_group_size=len(table))
                tally.add(table)
                _offer(draws, ChunkTraits(table), plan.seed, chunk)
                progress(sum(plan.chunk_bounds(chunk)) - 1, plan.people)
        finally:
            if writer:
                writer.close()
    return parts


def _offer(draws: list[FileDraw], traits: ChunkTraits, seed: int, chunk: int) -> None:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_LOTTERY, chunk)))
    for draw in draws:
        draw.offer(rng, traits)


def _report(
    out: Path, parts: list[Path], answers: list[FileTruth], people: int, attributes: int, clusters: int
) -> SyntheticReport:
    customers = {answer.file: answer.rows for answer in answers}
    files = ["mapping.toml", *(f"population/{part.name}" for part in parts), *customers, "truth.json"]
    return SyntheticReport(
        folder=out, files=files, people=people, attributes=attributes, clusters=clusters, customers=customers
    )


def _check(people: int, seed: int, out: Path) -> None:
    if not 1 <= people <= MOST_PEOPLE:
        raise BadInput(
            f"A population of {people:,} people cannot be generated",
            where="people",
            instead=f"Ask for 1 to {MOST_PEOPLE:,}.",
        )
    if not 0 <= seed <= MOST_SEED:
        raise BadInput(f"The seed {seed} cannot be used", where="seed", instead=f"Give 0 to {MOST_SEED}.")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise BadInput(
            "The folder for the population is not empty",
            where=str(out),
            instead="Name a new or an empty folder.",
        )
    if shutil.disk_usage(_nearest_folder(out)).free < people * BYTES_PER_PERSON:
        raise _no_room(people, out)


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in (path, *path.resolve().parents) if folder.exists())


def _no_room(people: int, out: Path) -> NoRoom:
    gigabytes = people * BYTES_PER_PERSON / 1e9
    return NoRoom(
        f"The disk has no room for {people:,} people, about {gigabytes:,.1f} GB",
        where=str(out),
        instead="Free some room, name a folder on another disk, or ask for fewer people.",
    )
