"""Ready means: records, home, disk, embedding and worker are there; each says why where it is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.jobs.slots import Slot
from api.observing.readiness import Looker, has_worker
from store.records import Database, Run

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALL = {"records", "home", "disk", "embedding", "worker"}


class Watch:
    """A clock of seconds that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def database(tmp_path: Path):
    opened = Database(tmp_path / "home" / "fieldmark.db", "", None)
    yield opened
    opened.close()


def looker(database: Database, tmp_path: Path, floor: int = 0, watch: Watch | None = None) -> Looker:
    return Looker(tmp_path / "home", database, lambda: NOON, floor, watch or Watch())


def queued(minutes: float) -> Run:
    return Run(
        run_id="r",
        kind="analyze_customers",
        warehouse="us",
        workflow_id="w",
        request_hash="h",
        created_at=NOON - timedelta(minutes=minutes),
    )


def test_a_new_house_is_ready(database: Database, tmp_path: Path) -> None:
    found = looker(database, tmp_path).look()
    assert found.ready
    assert set(found.checks) == ALL
    assert all(check.ok and not check.why for check in found.checks.values())


def test_too_little_of_the_disk_is_named(database: Database, tmp_path: Path) -> None:
    found = looker(database, tmp_path, floor=1 << 60).look()
    assert not found.ready
    assert {name for name, check in found.checks.items() if not check.ok} == {"disk"}
    assert found.checks["disk"].why == "too little of the disk is free"


@pytest.mark.parametrize(("minutes", "ok"), [(0.5, True), (1, True), (2, False)])
def test_a_job_that_waits_long_wants_a_worker(
    database: Database, tmp_path: Path, minutes: float, ok: bool
) -> None:
    database.add(queued(minutes))
    assert looker(database, tmp_path).look().checks["worker"].ok is ok


def test_a_worker_that_is_alive_is_seen_and_one_that_left_is_not(database: Database, tmp_path: Path) -> None:
    database.add(queued(30))
    assert not has_worker(tmp_path / "home")
    slot = Slot(tmp_path / "home" / "workers")
    assert looker(database, tmp_path).look().ready
    slot.leave()
    assert not has_worker(tmp_path / "home")
    again = Slot(tmp_path / "home" / "workers")
    assert again.name == "worker-1"  # to look took nobody's name
    again.leave()


def test_records_that_do_not_answer_are_named_without_where_they_are(tmp_path: Path) -> None:
    away = Database(tmp_path / "x.db", "postgresql://somebody:secret-word@127.0.0.1:1/nowhere", None)
    found = looker(away, tmp_path).look()
    assert {name for name, check in found.checks.items() if not check.ok} == {"records", "worker"}
    said = found.model_dump_json()
    assert not any(word in said for word in ("secret-word", "somebody", "127.0.0.1", str(tmp_path)))


def test_a_home_that_is_no_folder_is_named(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = Looker(tmp_path / "file", database, lambda: NOON, 0, Watch()).look()
    assert not found.checks["home"].ok
    assert str(tmp_path) not in found.model_dump_json()


def test_an_answer_is_good_for_a_second(database: Database, tmp_path: Path) -> None:
    watch = Watch()
    looking = looker(database, tmp_path, watch=watch)
    assert looking.look().ready
    database.add(queued(30))
    watch.seconds = 0.9
    assert looking.look().ready
    watch.seconds = 1.0
    assert not looking.look().ready
