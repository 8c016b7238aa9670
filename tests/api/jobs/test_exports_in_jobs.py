"""An audience is exported, delivered and told of by a job as it is by a call."""

from collections.abc import Callable
from pathlib import Path

from sqlmodel import select

from api.jobs import queue
from api.settings import Settings
from store.destinations import Destination, Destinations, Keys
from store.records import Export
from store.records.outbox import OutboxMessage
from store.records.runs import run_named
from store.records.webhooks import WebhookEndpoint, add_endpoint
from store.workspace import House, Workspace


def test_a_job_delivers_its_files_and_tells_of_each(
    farm: House,
    limits: Settings,
    work: Callable[[], None],
    load: Callable[..., Workspace],
    tmp_path: Path,
) -> None:
    """Two people in files of one row: two files at the destination, two messages, and one of the job."""
    folder = tmp_path / "out"
    destination = Destination(name="box", url=folder.as_uri(), created_at=farm.now())
    Destinations(farm.home).add(destination, Keys(), [tmp_path])
    listening = WebhookEndpoint(
        endpoint_id="hook_1", url="https://example.com/", secret="sealed", created_at=farm.now()
    )
    add_endpoint(farm.database, listening)
    load("id,age\n1,30\n2,31\n", {"id": {"kind": "person_id"}, "age": {"kind": "category"}})
    population = farm.workspace("small").population
    ids = [int(each) for each in population.shards[0].person_ids[:2]]
    wanted = {"destination": "plain", "person_ids": ids, "split": 1, "delivery": "box"}
    run = queue.submit(farm, limits, "export_audience", wanted, "small", actor="key_1")
    work()
    ended = run_named(farm.database, run.run_id)
    assert ended.status == "done", ended.message
    with farm.database.session() as session:
        exports = list(session.exec(select(Export)))
        events = sorted(message.event for message in session.exec(select(OutboxMessage)))
    assert [(each.actor, each.people, each.delivered_to) for each in exports] == [("key_1", 1, "box")] * 2
    assert sorted(path.stem for path in folder.iterdir()) == sorted(each.export_id for each in exports)
    assert events == ["export.ready", "export.ready", "job.done"]
