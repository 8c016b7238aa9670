"""Each attempt is made once, whoever else delivers, is killed or hangs."""

import itertools
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlmodel import select

from api.settings import Settings
from api.webhooks.delivering import Deliverer
from api.webhooks.endpoints import Webhook, replay_one
from api.webhooks.sending import Sender
from store.errors import Busy
from store.records import deliveries
from store.records.deliveries import CLAIMED, claim_due, settle
from store.records.outbox import OutboxDelivery, OutboxMessage, tell
from store.workspace import House
from tests.api.webhooks.conftest import BOUND_S, LAPTOP, Receiver, answer, listening, of, told
from tests.conftest import Clock

KILLED = """
import sys, uuid
from datetime import UTC, datetime
from pathlib import Path
from api.settings import Settings
from api.webhooks.delivering import Deliverer
from store.workspace import House

at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
house = House(Path(sys.argv[1]), base_url="", now=lambda: at, new_id=lambda: str(uuid.uuid4()))
Deliverer(house, Settings(home=house.home, webhooks_private=True)).deliver_due()
"""


def test_a_killed_sender_loses_its_claim_and_cannot_settle_afterwards(
    house: House, hook: Webhook, clock: Clock
):
    told(house, "run_1")
    (killed,) = claim_due(house.everywhere, house.now(), "killed", 8, 4)
    assert claim_due(house.everywhere, house.now(), "other", 8, 4) == []
    with pytest.raises(Busy):
        replay_one(house, killed.delivery.delivery_id)
    clock.time += CLAIMED
    (taken_over,) = claim_due(house.everywhere, house.now(), "other", 8, 4)
    assert taken_over.delivery.attempts == 2
    assert not settle(house.everywhere, killed, house.now(), status=500, error="refused")
    assert settle(house.everywhere, taken_over, house.now(), status=204)
    assert of(house, hook)[0].status == "sent"


def test_no_more_than_half_of_the_places_go_to_one_receiver_and_one_to_what_fails(
    house: House, make_receiver: Callable[[], Receiver]
):
    first, second = listening(house, make_receiver()), listening(house, make_receiver())
    told(house, *(f"run_{number}" for number in range(9)))
    claimed = claim_due(house.everywhere, house.now(), "a", 8, 4)
    assert Counter(one.endpoint.endpoint_id for one in claimed) == {first.webhook_id: 4, second.webhook_id: 4}
    assert claim_due(house.everywhere, house.now(), "b", 8, 4) == []
    for one in claimed:
        fails = one.endpoint.endpoint_id == first.webhook_id
        error = {"error": "refused", "again_at": house.now()} if fails else {}
        settle(house.everywhere, one, house.now(), status=None, **error)
    claimed = claim_due(house.everywhere, house.now(), "c", 8, 4)
    assert Counter(one.endpoint.endpoint_id for one in claimed) == {first.webhook_id: 1, second.webhook_id: 4}


def test_what_hangs_keeps_nobody_else_waiting(
    house: House, settings: Settings, make_receiver: Callable[[], Receiver]
):
    hanging, healthy, all_taken = make_receiver(), make_receiver(), threading.Event()

    def hang(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        hanging.released.wait(BOUND_S)

    def take(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, 200)
        if len(healthy.got) == 40:
            all_taken.set()
            hanging.released.set()

    hanging.answering, healthy.answering = hang, take
    listening(house, hanging, "job.done")
    listening(house, healthy, "job.done")
    told(house, *(f"run_{number}" for number in range(40)))
    Deliverer(house, settings, poll_seconds=0.01).deliver_due()
    assert all_taken.is_set()  # set by the healthy one alone, before any that hangs was let go


def _two_at_once(house: House, settings: Settings, receiver: Receiver, messages: int) -> None:
    """Two deliverers send what was told; the receiver refuses every third message the first time."""
    seen: Counter[str] = Counter()
    lock = threading.Lock()

    def take(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        message_id = handler.headers["webhook-id"]
        with lock:
            seen[message_id] += 1
            first = seen[message_id] == 1
        answer(handler, 500 if first and int(message_id[-4:], 16) % 3 == 0 else 200)

    receiver.answering = take
    hook = listening(house, receiver)
    told(house, *(f"run_{number}" for number in range(messages)))
    made: list[int] = []
    for _ in range(2):  # the second time, five seconds later, for what was refused
        pair = [
            threading.Thread(target=lambda: made.append(Deliverer(house, settings).deliver_due()))
            for _ in range(2)
        ]
        for one in pair:
            one.start()
        for one in pair:
            one.join(BOUND_S * 3)
        house._now.advance(seconds=6)
    with house.database.session() as session:
        kept = list(session.exec(select(OutboxMessage.message_id)))
    refused = sum(int(message_id[-4:], 16) % 3 == 0 for message_id in kept)
    assert refused > 0
    assert sum(made) == len(receiver.got) == messages + refused  # no attempt was made twice
    assert {message_id: 2 if int(message_id[-4:], 16) % 3 == 0 else 1 for message_id in kept} == seen
    with house.database.session() as session:
        statuses = Counter(session.exec(select(OutboxDelivery.status)))
    assert statuses == {"sent": messages}
    assert hook.enabled


def test_of_two_deliverers_on_one_file_each_attempt_is_made_once(
    house: House, settings: Settings, receiver: Receiver
):
    _two_at_once(house, settings, receiver, 120)


@pytest.fixture
def house_in_postgres(postgres_database: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    ids = itertools.count(1)
    opened = House(
        tmp_path / "home",
        base_url="",
        now=clock,
        new_id=lambda: f"00000000-0000-4000-8000-{next(ids):012d}",
        database_url=postgres_database,
    )
    yield opened
    opened.close()


def test_of_two_deliverers_on_one_postgres_each_attempt_is_made_once(
    house_in_postgres: House, settings: Settings, receiver: Receiver
):
    _two_at_once(house_in_postgres, settings, receiver, 120)


def test_what_a_killed_process_was_sending_is_sent_again_under_its_id_and_nothing_else_is(
    house: House, settings: Settings, receiver: Receiver, clock: Clock
):
    """Of ten messages four are being sent when their process is killed: 14 requests, 10 ids."""
    four = threading.Event()

    def hang(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        if len(receiver.got) == 4:
            four.set()
        receiver.released.wait(BOUND_S)

    receiver.answering = hang
    listening(house, receiver)
    told(house, *(f"run_{number}" for number in range(10)))
    killed = subprocess.Popen([sys.executable, "-c", KILLED, str(house.home)])
    try:
        assert four.wait(BOUND_S)
    finally:
        killed.kill()
        killed.wait(BOUND_S)
    receiver.answering = lambda handler, _: answer(handler, 200)
    assert Deliverer(house, settings).deliver_due() == 0  # the receiver's four places are still claimed
    clock.time += CLAIMED
    assert Deliverer(house, settings).deliver_due() == 10
    times = Counter(headers["webhook-id"] for headers, _ in receiver.got)
    assert Counter(times.values()) == {1: 6, 2: 4}


def test_of_two_who_found_the_same_attempts_due_one_gets_them(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
):
    """Both look before either claims, as two workers may: what is claimed is looked at once more."""
    listening(house, receiver)
    told(house, "run_1", "run_2")
    found = deliveries._candidates(house.everywhere, house.now(), 8, 4)
    assert len(found) == 2
    monkeypatch.setattr(deliveries, "_candidates", lambda *_: found)
    assert len(claim_due(house.everywhere, house.now(), "first", 8, 4)) == 2
    assert claim_due(house.everywhere, house.now(), "second", 8, 4) == []


def test_what_is_told_while_something_hangs_is_sent_meanwhile(
    house: House, settings: Settings, make_receiver: Callable[[], Receiver]
):
    hanging, healthy = make_receiver(), make_receiver()

    def hang(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        tell(house, "meanwhile", "export.ready", {"export_id": "export_1"})
        hanging.released.wait(BOUND_S)

    def take(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, 200)
        hanging.released.set()

    hanging.answering, healthy.answering = hang, take
    slow = listening(house, hanging, "job.done")
    listening(house, healthy, "export.ready")
    told(house, "run_1")
    sender = Sender(LAPTOP, seconds=BOUND_S)
    assert Deliverer(house, settings, sender, poll_seconds=0.01).deliver_due() == 2
    assert len(healthy.got) == 1
    assert of(house, slow)[0].last_error == "no_answer"  # it was let go by the other, and hung up
