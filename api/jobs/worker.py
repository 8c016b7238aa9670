"""Who does the jobs: a process that hands the queued ones to DBOS and does as many at a time as it may.

The records say what is asked for, LangGraph's checkpoints how far each is, DBOS who does it and that it is
done again after a kill. DBOS is told a run's id and turn, never a request.
"""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from api.jobs.attempt import Attempt
from api.jobs.scheduling import Scheduler
from api.jobs.slots import Slot
from api.jobs.sweeping import Sweeper
from api.sending.delivering import BriefingDeliverer
from api.settings import Settings
from api.webhooks.delivering import Deliverer
from store.postgres import postgres
from store.queue_file import queue_engine
from store.records.runs import begin_run, queue_those_of, runs_of
from store.workspace import House

if TYPE_CHECKING:
    from dbos import DBOSConfig

QUEUE = "fieldmark_jobs"
VERSION = "1"  # of what DBOS does: as long as it stays, a newer Fieldmark goes on with the older one's jobs
POLL_S = 0.25
SETTLED_S = 10.0  # DBOS writes down within milliseconds that a job has ended
LOOK_S = 5.0  # how often the jobs of killed workers, and what is due, are looked for
SWEEP_S = 600.0  # how often it is looked for what may stay no longer


class Worker:
    """One worker process, for the jobs of all organisations of a house."""

    def __init__(self, house: House, settings: Settings, poll_seconds: float = POLL_S) -> None:
        self._house, self._settings, self._poll = house, settings, poll_seconds
        self._stopping = threading.Event()
        self._close: Callable[[], None] = lambda: None  # the queue's file, where there is no Postgres
        self._handed: set[tuple[str, int]] = set()

    def run(self, *, until_idle: bool = False) -> None:
        """Do jobs until `stop` is called, or until none is queued or running."""
        slot, idle = Slot(self._house.root / "workers"), False
        deliverers = Deliverer(self._house, self._settings), BriefingDeliverer(self._house, self._settings)
        delivering = [threading.Thread(target=each.run, args=(self._stopping,)) for each in deliverers]
        for thread in delivering:
            thread.start()
        try:
            self._launch(slot.name)
            idle = self._watch(slot, until_idle=until_idle)
        finally:
            self._stopping.set()
            self._end(idle)
            for thread in delivering:
                thread.join()
            slot.leave()
        if idle:
            for deliverer in deliverers:
                deliverer.deliver_due()  # what the last job had to tell

    def stop(self) -> None:
        """Begin nothing more, and let the jobs that run stop at their next step; another worker has them."""
        self._stopping.set()

    def _watch(self, slot: Slot, *, until_idle: bool) -> bool:
        """Whether it ended because no job is left."""
        looked = swept = -SWEEP_S
        scheduler = Scheduler(self._house, self._settings)
        while not self._stopping.is_set():
            if time.monotonic() - looked > LOOK_S:
                self._adopt(slot)
                scheduler.tick()
                looked = time.monotonic()
            if time.monotonic() - swept > SWEEP_S:
                Sweeper(self._house).sweep()
                swept = time.monotonic()
            if not self._hand_over() and until_idle:
                return True
            self._stopping.wait(self._poll)
        return False

    def _end(self, idle: bool) -> None:
        """Let DBOS write down what it does: what it cannot write before its end it tries to for ever."""
        from dbos import DBOS

        ends_by = time.monotonic() + SETTLED_S
        while idle and time.monotonic() < ends_by and self._has_some():
            time.sleep(SETTLED_S / 1000)
        patience = 0 if idle else max(1, int(self._settings.job_seconds))
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)
        self._close()

    def _has_some(self) -> bool:
        from dbos import DBOS

        held = DBOS.list_workflows(
            status="PENDING", executor_id=self._name, load_input=False, load_output=False, limit=1
        )
        return bool(held)

    def _hand_over(self) -> int:
        """Give DBOS the jobs that it has not been given; how many jobs there are to do."""
        from dbos import DBOS, SetWorkflowID

        todo = runs_of(self._house.everywhere, statuses=("queued", "running"), most=None)
        for run in reversed(todo):  # the oldest first
            if (run.run_id, run.turn) not in self._handed:
                with SetWorkflowID(f"{run.run_id}.{run.turn}"):  # given twice it is done once
                    DBOS.enqueue_workflow(QUEUE, self._job, run.run_id, run.turn)
        self._handed = {(run.run_id, run.turn) for run in todo}
        return len(todo)

    def _adopt(self, slot: Slot) -> None:
        with slot.left_behind() as gone:
            for name in gone:
                queue_those_of(self._house.everywhere, name)

    def _launch(self, name: str) -> None:
        from dbos import DBOS

        DBOS(config=self._config(name))
        self._name = name

        @DBOS.workflow(name="job", max_recovery_attempts=None)
        def job(run_id: str, turn: int) -> None:
            DBOS.run_step({"name": "attempt"}, self._attempt, run_id, turn)

        self._job = job
        DBOS.listen_queues([QUEUE])
        DBOS.launch()
        per_minute = self._settings.jobs_per_minute
        DBOS.register_queue(
            QUEUE,
            worker_concurrency=self._settings.jobs_concurrency,
            limiter={"limit": per_minute, "period": 60.0} if per_minute else None,
            polling_interval_sec=self._poll,
            on_conflict="always_update",
        )

    def _config(self, name: str) -> "DBOSConfig":
        url = self._house.database_url
        config: DBOSConfig = {
            "name": "fieldmark",
            "executor_id": name,
            "application_version": VERSION,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": self._poll,  # or the end waits a second for it
        }
        if url:
            with postgres(url):  # refuses at once, where DBOS would go on trying
                config["system_database_url"] = url
        else:
            engine = queue_engine(self._house.root / "jobs.db")
            config["system_database_engine"], self._close = engine, engine.dispose
        return config

    def _attempt(self, run_id: str, turn: int) -> None:
        run = begin_run(self._house.everywhere, run_id, turn, self._name, self._house.now())
        if run:
            own = self._house.of(run.organisation_id)
            Attempt(own, run, self._settings.job_seconds, self._stopping.is_set).go()
