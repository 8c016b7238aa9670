"""Every message is taken once, whatever fails, hangs or is killed on the way."""

import base64
import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import orjson
import pytest
from sqlmodel import select
from standardwebhooks.webhooks import Webhook as Reference

from api.settings import Settings
from api.webhooks.addresses import Reach
from api.webhooks.delivering import Deliverer
from api.webhooks.endpoints import (
    NewWebhook,
    Webhook,
    WebhookChange,
    add_webhook,
    change_webhook,
    remove_webhook,
    replay_all_dead,
    replay_one,
    rotate_webhook,
    try_webhook,
)
from api.webhooks.retrying import LADDER
from api.webhooks.sending import Answer, Sender
from api.webhooks.signing import signature
from store.errors import Busy, Conflict, NotFound
from store.records.deliveries import CLAIMED, claim_due, deliveries_of, forget_old, settle
from store.records.outbox import OutboxDelivery, OutboxMessage, tell
from store.records.webhooks import endpoint_named
from store.workspace import House
from tests.api.webhooks.conftest import BOUND_S, Receiver, answer
from tests.conftest import Clock

LAPTOP = Reach(private=True)


class Scripted(Sender):
    """A sender that answers as it is told, and keeps the times of what it was given."""

    def __init__(self, clock: Clock, *answers: Answer) -> None:
        self.clock, self.sent = clock, []
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1]))

    def post(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        self.sent.append((self.clock(), url, headers, body))
        return next(self._answers)


@pytest.fixture
def settings(house: House) -> Settings:
    return Settings(home=house.home, webhooks_private=True)


@pytest.fixture
def hook(house: House, receiver: Receiver) -> Webhook:
    return listening(house, receiver)


def listening(house: House, receiver: Receiver, *events: str) -> Webhook:
    wanted = NewWebhook.model_validate({"url": receiver.url, "events": events})
    return add_webhook(house, LAPTOP, wanted, "local")


def told(house: House, *keys: str) -> None:
    for key in keys:
        tell(house, key, "job.done", {"run_id": key, "counts": {"people": 7}})


def of(house: House, hook: Webhook) -> list[OutboxDelivery]:
    return deliveries_of(house.database, hook.webhook_id, 200)


def test_a_message_is_sent_signed_and_named(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    told(house, "run_1")
    assert Deliverer(house, settings).deliver_due() == 1
    ((headers, body),) = receiver.got
    assert orjson.loads(body) == {
        "type": "job.done",
        "timestamp": "2026-03-02T08:00:00+00:00",
        "data": {"run_id": "run_1", "counts": {"people": 7}},
    }
    (delivery,) = of(house, hook)
    assert (delivery.status, delivery.attempts, delivery.last_status) == ("sent", 1, 204)
    assert headers["webhook-id"] == delivery.message_id
    at = house.now()
    assert hook.secret is not None
    assert headers["webhook-signature"] == Reference(hook.secret).sign(delivery.message_id, at, body.decode())
    assert Deliverer(house, settings).deliver_due() == 0


def test_only_those_who_want_an_event_are_told(
    house: House, settings: Settings, make_receiver: Callable[[], Receiver]
):
    all_of_it, exports, off = make_receiver(), make_receiver(), make_receiver()
    listening(house, all_of_it)
    listening(house, exports, "export.ready", "export.ready")
    disabled = listening(house, off)
    change_webhook(house, LAPTOP, disabled.webhook_id, WebhookChange(enabled=False))
    told(house, "run_1")
    tell(
        house,
        "export_1",
        "export.ready",
        {"export_id": "export_1", "links": {"export": "/v1/exports/export_1"}},
    )
    assert Deliverer(house, settings).deliver_due() == 3
    assert [len(one.got) for one in (all_of_it, exports, off)] == [2, 1, 0]


def test_the_ladder_is_climbed_to_its_end_and_then_the_delivery_is_dead(
    house: House, settings: Settings, hook: Webhook, clock: Clock
):
    """Ten attempts: at 0, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, each ± 10 %."""
    sender = Scripted(clock, Answer(500))
    told(house, "run_1")
    deliverer = Deliverer(house, settings, sender)
    while deliverer.deliver_due():
        (delivery,) = of(house, hook)
        if delivery.next_attempt_at is None:
            break
        clock.time = delivery.next_attempt_at - timedelta(microseconds=1)
        assert deliverer.deliver_due() == 0  # not a moment before
        clock.advance(microseconds=1)
    waits = [(b[0] - a[0]).total_seconds() for a, b in itertools.pairwise(sender.sent)]
    assert len(waits) == 9
    assert all(0.9 * ladder <= wait <= 1.1 * ladder for wait, ladder in zip(waits, LADDER[1:], strict=True))
    (delivery,) = of(house, hook)
    assert (delivery.status, delivery.attempts, delivery.last_error) == ("dead", 10, "refused")
    assert len({headers["webhook-id"] for _, _, headers, _ in sender.sent}) == 1
    assert len({body for *_, body in sender.sent}) == 1
    stamps = [int(headers["webhook-timestamp"]) for _, _, headers, _ in sender.sent]
    assert stamps == [int(at.timestamp()) for at, *_ in sender.sent]
    clock.advance(days=30)
    assert deliverer.deliver_due() == 0


def test_a_receiver_that_fails_twice_gets_the_message_at_the_third(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver, clock: Clock
):
    statuses = iter([500, 503, 200])
    receiver.answering = lambda handler, _: answer(handler, next(statuses))
    told(house, "run_1")
    for seconds, status in [(0, "failed"), (6, "failed"), (331, "sent")]:
        clock.advance(seconds=seconds)
        assert Deliverer(house, settings).deliver_due() == 1
        assert of(house, hook)[0].status == status
    assert len(receiver.got) == 3
    assert endpoint_named(house.database, hook.webhook_id).failing_since is None


def test_retry_after_puts_the_next_attempt_off(house: House, settings: Settings, hook: Webhook, clock: Clock):
    sender = Scripted(clock, Answer(429, "3600"), Answer(200))
    told(house, "run_1")
    deliverer = Deliverer(house, settings, sender)
    deliverer.deliver_due()
    clock.advance(seconds=3599)
    assert deliverer.deliver_due() == 0
    clock.advance(seconds=1)
    assert deliverer.deliver_due() == 1


def test_a_receiver_that_is_gone_is_disabled_at_once_and_what_waits_is_dead(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    receiver.answering = lambda handler, _: answer(handler, 410)
    told(house, *(f"run_{number}" for number in range(20)))
    made = Deliverer(house, settings).deliver_due()
    assert 1 <= made == len(receiver.got) < 20
    endpoint = endpoint_named(house.database, hook.webhook_id)
    assert (endpoint.enabled, endpoint.disabled_why) == (False, "gone")
    assert Counter(one.status for one in of(house, hook)) == {"dead": 20}
    told(house, "run_later")
    assert len(of(house, hook)) == 20


def test_five_days_of_failures_only_disable_a_receiver_and_enabling_begins_anew(
    house: House, settings: Settings, hook: Webhook, clock: Clock
):
    deliverer = Deliverer(house, settings, Scripted(clock, Answer()))
    for day in range(6):
        assert endpoint_named(house.database, hook.webhook_id).enabled, day
        told(house, f"run_{day}")
        deliverer.deliver_due()
        clock.advance(days=1)
    endpoint = endpoint_named(house.database, hook.webhook_id)
    assert (endpoint.enabled, endpoint.disabled_why) == (False, "failing")
    with pytest.raises(Conflict):
        try_webhook(house, hook.webhook_id)
    change_webhook(house, LAPTOP, hook.webhook_id, WebhookChange(enabled=True))
    endpoint = endpoint_named(house.database, hook.webhook_id)
    assert (endpoint.enabled, endpoint.disabled_why, endpoint.failing_since) == (True, "", None)
    assert replay_all_dead(house, hook.webhook_id, None) == 6


def test_a_success_between_failures_keeps_a_receiver_enabled(
    house: House, settings: Settings, hook: Webhook, clock: Clock
):
    for day in range(12):
        told(house, f"run_{day}")
        sender = Scripted(clock, Answer(200) if day % 4 == 3 else Answer(500))
        Deliverer(house, settings, sender).deliver_due()
        clock.advance(days=1)
    assert endpoint_named(house.database, hook.webhook_id).enabled


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_an_inner_address_is_not_followed_and_counts_as_a_failure(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver, status: int
):
    receiver.answering = lambda handler, _: answer(handler, status, location="http://169.254.169.254/latest/")
    told(house, "run_1")
    Deliverer(house, settings).deliver_due()
    (delivery,) = of(house, hook)
    assert (delivery.status, delivery.last_error, len(receiver.got)) == ("failed", "redirected", 1)


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


def test_after_a_rotation_both_secrets_sign_for_a_day(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver, clock: Clock
):
    new = rotate_webhook(house, hook.webhook_id)
    assert hook.secret is not None
    assert new.secret is not None
    assert new.secret != hook.secret
    for hours, secrets in [
        (0, [new.secret, hook.secret]),
        (23, [new.secret, hook.secret]),
        (2, [new.secret]),
    ]:
        clock.advance(hours=hours)
        try_webhook(house, hook.webhook_id)
        Deliverer(house, settings).deliver_due()
        headers, body = receiver.got[-1]
        stamp = int(headers["webhook-timestamp"])
        expected = [signature(secret, headers["webhook-id"], stamp, body) for secret in secrets]
        assert headers["webhook-signature"].split(" ") == expected


def test_a_secret_lies_sealed_in_the_records(house: House, hook: Webhook):
    kept = endpoint_named(house.database, hook.webhook_id).secret
    assert hook.secret is not None
    raw = base64.b64decode(hook.secret.removeprefix("whsec_"))
    house.close()
    written = b"".join(file.read_bytes() for file in house.home.glob("fieldmark.db*"))
    assert kept.encode() in written
    assert hook.secret.removeprefix("whsec_").encode() not in written
    assert raw not in written


def test_a_secret_that_cannot_be_opened_is_told_and_nothing_is_sent(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    told(house, "run_1")
    (house.home / "secret.key").write_bytes(b"k" * 32)
    Deliverer(house, settings).deliver_due()
    (delivery,) = of(house, hook)
    assert (delivery.status, delivery.last_error, receiver.got) == ("dead", "secret", [])


def test_what_was_told_twice_is_sent_once(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    told(house, "run_1", "run_1")
    told(house, "run_1")
    assert Deliverer(house, settings).deliver_due() == 1
    assert len(of(house, hook)) == len(receiver.got) == 1


def test_a_replay_keeps_the_id_and_begins_the_ladder_anew(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver, clock: Clock
):
    told(house, "run_1")
    Deliverer(house, settings).deliver_due()
    (delivery,) = of(house, hook)
    clock.advance(days=1)
    assert replay_one(house, delivery.delivery_id).status == "pending"
    assert Deliverer(house, settings).deliver_due() == 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert of(house, hook)[0].attempts == 1
    with pytest.raises(NotFound):
        replay_one(house, "dlv_none")


def test_only_what_died_since_a_time_is_replayed(house: House, hook: Webhook, clock: Clock):
    for number in range(4):
        told(house, f"run_{number}")
        (claimed,) = claim_due(house.everywhere, house.now(), f"c{number}", 1, 1)
        settle(house.everywhere, claimed, house.now(), status=500, error="refused" if number != 2 else "")
        clock.advance(hours=1)
    since = house.now() - timedelta(hours=3)
    assert (
        replay_all_dead(house, hook.webhook_id, since) == 2
    )  # the second and the fourth: the third was taken
    assert Counter(one.status for one in of(house, hook)) == {"pending": 2, "dead": 1, "sent": 1}


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


def test_what_a_removed_receiver_was_to_be_sent_is_forgotten(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    told(house, "run_1")
    remove_webhook(house, hook.webhook_id)
    assert Deliverer(house, settings).deliver_due() == 0
    assert receiver.got == []
    with pytest.raises(NotFound):
        remove_webhook(house, hook.webhook_id)


def test_messages_are_forgotten_after_30_days_unless_they_are_still_tried(
    house: House, settings: Settings, hook: Webhook, clock: Clock
):
    told(house, "run_1")
    Deliverer(house, settings, Scripted(clock, Answer(200))).deliver_due()
    told(house, "run_2")
    clock.advance(days=29)
    told(house, "run_3")
    assert forget_old(house.everywhere, house.now()) == 0
    clock.advance(days=2)
    assert forget_old(house.everywhere, house.now()) == 1
    assert {one.status for one in of(house, hook)} == {"pending"}
    assert len(of(house, hook)) == 2


def test_an_organisation_is_told_of_its_own_only(
    house: House, settings: Settings, make_receiver: Callable[[], Receiver]
):
    ours, theirs = make_receiver(), make_receiver()
    here, there = house.of("org_1"), house.of("org_2")
    our_hook, their_hook = listening(here, ours), listening(there, theirs)
    told(here, "run_1")
    assert Deliverer(house, settings).deliver_due() == 1
    assert (len(ours.got), len(theirs.got)) == (1, 0)
    (delivery,) = of(here, our_hook)
    for asked in (
        lambda: try_webhook(there, our_hook.webhook_id),
        lambda: remove_webhook(there, our_hook.webhook_id),
        lambda: rotate_webhook(there, our_hook.webhook_id),
        lambda: replay_one(there, delivery.delivery_id),
        lambda: change_webhook(there, LAPTOP, our_hook.webhook_id, WebhookChange(enabled=False)),
    ):
        with pytest.raises(NotFound):
            asked()
    assert of(there, our_hook) == []
    assert of(there, their_hook) == []
    told(there, "run_1")  # the same key is another organisation's own
    assert Deliverer(house, settings).deliver_due() == 1
    assert len(theirs.got) == 1


def test_a_thread_delivers_until_it_is_told_to_stop(
    house: House, settings: Settings, hook: Webhook, receiver: Receiver
):
    arrived, stop = threading.Event(), threading.Event()

    def take(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        answer(handler, 200)
        arrived.set()

    receiver.answering = take
    deliverer = Deliverer(house, settings, poll_seconds=0.01)
    running = threading.Thread(target=deliverer.run, args=(stop,))
    running.start()
    try:
        told(house, "run_1")
        assert arrived.wait(BOUND_S)
    finally:
        stop.set()
        running.join(BOUND_S)
    assert not running.is_alive()
    assert of(house, hook)[0].status == "sent"


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
