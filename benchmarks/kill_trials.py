"""One trial after the other: two jobs, a worker that is killed at a moment, another one that goes on."""

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from api.jobs import queue
from api.jobs.worker import Worker
from api.settings import Settings
from benchmarks.own_postgres import own_database

TRIAL_S = 90  # a trial that takes longer has not ended
POLL_S = 0.02
PREPARED = "prepared"
TRIES, SOONER = 4, 0.7
BETWEEN, ENDED = "before or between the jobs", "they had ended"
COUNTED = ("export", "analysis", "trace", "run")


class Outcome(BaseModel):
    """What one trial left behind."""

    ended: bool
    killed_in: str = ENDED  # the job and the step, as the record told
    hashes: list[str] = []
    effects: dict[str, int] = {}
    seconds: float = 0.0


class Report(BaseModel):
    """All trials against the one that was not killed."""

    trials: int
    ended: int
    same_result: int
    killed: int
    killed_within_a_job: int
    doubled: dict[str, int]  # trials that left more of it than the unkilled one
    missing: dict[str, int]
    killed_in: dict[str, int]
    unkilled_seconds: float
    seconds: float


class Trials:
    """Trials over one prepared home."""

    def __init__(self, home: Path, request: dict[str, Any], postgres: str = "") -> None:
        self._home, self._request, self._postgres = home, request, postgres

    def run(self, trials: int, seed: int, told: Callable[[int, Outcome], None]) -> Report:
        """The report; the unkilled run is done first, twice, for its result and its duration."""
        began = time.monotonic()
        self._one(None)
        whole = self._one(None)
        if not whole.ended:
            raise RuntimeError("the jobs do not end even without a kill")
        chance, outcomes = random.Random(seed), []
        for number in range(trials):
            outcomes.append(self._killed(chance.uniform(0, whole.seconds)))
            told(number, outcomes[-1])
        return _report(whole, outcomes, time.monotonic() - began)

    def _killed(self, after: float) -> Outcome:
        """A trial whose worker was killed at this moment, or earlier where the jobs had ended by then."""
        outcome = self._one(after)
        for _ in range(TRIES):
            if outcome.killed_in != ENDED:
                break
            after *= SOONER
            outcome = self._one(after)
        return outcome

    def _one(self, kill_after: float | None) -> Outcome:
        with tempfile.TemporaryDirectory(prefix="fieldmark-kills-") as folder, self._database() as url:
            home = Path(folder) / "home"
            shutil.copytree(self._home, home, symlinks=True)
            return _Trial(Settings(home=home, database_url=url, jobs_concurrency=1), self._request).run(
                kill_after
            )

    @contextmanager
    def _database(self) -> Iterator[str]:
        with own_database(self._postgres, "trial", PREPARED) if self._postgres else nullcontext("") as url:
            yield url


class _Trial:
    """Two jobs, one after the other, and the worker that does them."""

    def __init__(self, settings: Settings, request: dict[str, Any]) -> None:
        self._settings, self._request = settings, request
        self._records = settings.home / "fieldmark.db"

    def run(self, kill_after: float | None) -> Outcome:
        analysis = self._submitted("analyze_customers", self._request)
        began = time.monotonic()
        worker, audience, killed_in = self._worker(), "", ENDED
        try:
            while time.monotonic() - began < TRIAL_S:
                if kill_after is not None and time.monotonic() - began >= kill_after:
                    killed_in, kill_after = self._where(), None
                    _kill(worker)
                    worker = self._worker()
                if not audience and self._status(analysis) == "done":
                    about = {"analysis_id": analysis, "strategy": "hybrid", "format": "csv"}
                    audience = self._submitted("generate_audience", about)
                elif audience and self._status(audience) == "done":
                    seconds = time.monotonic() - began
                    return self._outcome(analysis, audience, killed_in, seconds)
                time.sleep(POLL_S)
        finally:
            _kill(worker)
        return Outcome(ended=False, killed_in=killed_in)

    def _submitted(self, tool: str, arguments: dict[str, Any]) -> str:
        house = self._settings.house()
        with closing(house):
            return queue.submit(house, self._settings, tool, arguments, "us", f"the-{tool}").run_id

    def _worker(self) -> int:
        def work() -> None:
            house = self._settings.house()
            Worker(house, self._settings, poll_seconds=0.05).run()

        return forked(work)

    def _status(self, run_id: str) -> str:
        return self._ask("SELECT status FROM run WHERE run_id = ?", run_id)[0][0]

    def _where(self) -> str:
        running = self._ask("SELECT kind, step FROM run WHERE status = 'running'")
        return " ".join(running[0]).strip() if running else BETWEEN

    def _outcome(self, analysis: str, audience: str, killed_in: str, seconds: float) -> Outcome:
        hashes = [
            self._ask("SELECT result_hash FROM run WHERE run_id = ?", run_id)[0][0]
            for run_id in (analysis, audience)
        ]
        files = sorted((self._settings.home / "exports").glob("*.csv"))
        hashes += [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
        effects = {table: self._ask(f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED}
        requests = self._settings.home / "artifacts" / "request"
        effects |= {"file": len(files), "request left": len(list(requests.glob("*")))}
        return Outcome(ended=True, killed_in=killed_in, hashes=hashes, effects=effects, seconds=seconds)

    def _ask(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self._records, timeout=30)) as records:
            return records.execute(sql, values).fetchall()


def _report(whole: Outcome, outcomes: list[Outcome], seconds: float) -> Report:
    ended = [outcome for outcome in outcomes if outcome.ended]
    more = Counter(e for o in ended for e, n in o.effects.items() if n > whole.effects[e])
    fewer = Counter(e for o in ended for e, n in o.effects.items() if n < whole.effects[e])
    return Report(
        trials=len(outcomes),
        ended=len(ended),
        same_result=sum(outcome.hashes == whole.hashes for outcome in ended),
        killed=sum(outcome.killed_in != ENDED for outcome in outcomes),
        killed_within_a_job=sum(outcome.killed_in not in (BETWEEN, ENDED) for outcome in outcomes),
        doubled={effect: more[effect] for effect in whole.effects},
        missing=dict(fewer),
        killed_in=dict(sorted(Counter(outcome.killed_in for outcome in outcomes).items())),
        unkilled_seconds=round(whole.seconds, 2),
        seconds=round(seconds, 1),
    )


def forked(work: Callable[[], None]) -> int:
    """The pid of a child that does this and ends, whatever happens."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
        os._exit(0)
    finally:
        os._exit(1)


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
