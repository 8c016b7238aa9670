"""What becomes of jobs whose worker is killed at any moment: the same result, and nothing twice?

`python -m benchmarks.kills --trials 100` kills a worker once a trial, at a seeded random moment of the two
jobs' duration (an analysis, then an audience with its CSV), lets another worker go on, and compares.
"""

import argparse
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from api.jobs.worker import Worker
from api.settings import Settings
from benchmarks.kill_trials import PREPARED, Outcome, Trials, forked
from benchmarks.own_postgres import own_database, own_postgres
from store.customer_file import read_customers
from store.population.mapping import read_mapping
from store.synthetic import generate

FILE = "golf_homeowners.csv"
# Imported before a worker is forked, so that it has nothing left to import.
USED = (
    "dbos",
    "psycopg",
    "agent.analyze",
    "agent.audience",
    "agent.runs.running",
    "langgraph.checkpoint.postgres",
)


def prepared(home: Path, population: Path | None, people: int) -> dict[str, Any]:
    """Make the home of the trials, with a warehouse of generated people; the analysis's arguments.

    `population` is a folder that has one already: `people` as `fieldmark synth` writes it, and its `home`.
    """
    folder = home.parent / "people" if population is None else population / "people"
    if population is not None:
        # Symbolic links, which the copies of the trials keep: the snapshot is never written.
        (home / "warehouses").mkdir(parents=True)
        (home / "warehouses" / "us").symlink_to(population / "home" / "warehouses" / "us")
    pid = forked(lambda: _make(home, None if population else folder, people))
    if os.waitpid(pid, 0)[1] != 0:  # a child: whoever forks keeps no threads
        raise RuntimeError("the home of the trials could not be made")
    customers = read_customers(folder / "customers" / FILE)
    return {"multi_identifiers": [group._asdict() for group in customers.groups]}


def _make(home: Path, folder: Path | None, people: int) -> None:
    settings = Settings(home=home)
    with closing(settings.house()) as house:
        if folder:
            generate(people, 7, folder)
            files = sorted((folder / "population").glob("*.parquet"))
            mapping = read_mapping(folder / "mapping.toml")
            house.workspace("us").warehouse.load(
                files, mapping, house.now(), progress=lambda *_: None, processes=1
            )
        # Makes the files of records and jobs, which every trial copies.
        Worker(house, settings, poll_seconds=0.05).run(until_idle=True)


@contextmanager
def _prepared_postgres(home: Path) -> Iterator[str]:
    """A Postgres with a database that has the tables of the jobs, which every trial copies."""
    with own_postgres() as url, own_database(url, PREPARED) as made:
        settings = Settings(home=home, database_url=made)

        def make() -> None:
            with closing(settings.house()) as house:
                Worker(house, settings, poll_seconds=0.05).run(until_idle=True)

        os.waitpid(forked(make), 0)
        yield url


def main() -> None:
    """Run the trials and print the report as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--people", type=int, default=20_000, help="how many are generated")
    parser.add_argument("--population", type=Path, help="instead: a folder with `people` and a `home`")
    parser.add_argument("--postgres", action="store_true", help="checkpoints and jobs in a Postgres")
    given = parser.parse_args()
    for name in USED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory(prefix="fieldmark-kills-") as folder:
        home = Path(folder) / "home"
        request = prepared(home, given.population, given.people)
        with _prepared_postgres(home) if given.postgres else nullcontext("") as url:
            report = Trials(home, request, url).run(given.trials, given.seed, _tell)
    print(report.model_dump_json(indent=2))


def _tell(number: int, outcome: Outcome) -> None:
    print(f"{number + 1:4} {outcome.seconds:6.2f} s  killed in {outcome.killed_in}", file=sys.stderr)


if __name__ == "__main__":
    main()
